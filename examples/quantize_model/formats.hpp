// The formats under test, each as one function that takes matrices there and back.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "model.hpp"

namespace demo {

/// Matrices as a format gives them back.
struct conversion {
  std::vector<std::vector<float>> restored;  // one for each matrix
  std::string scales;                        // how they were scaled, for the table
  std::size_t stored_bytes = 0;
  std::size_t saturated = 0;
};

struct number_format {
  std::string name;
  double smallest = 0;  // positive value
  double largest = 0;
  bool has_block_scales = false;
  std::function<conversion(std::span<const tensor>)> convert;
};

/// Every value type that makes sense for weights.
std::vector<number_format> value_formats();

/// Formats whose values share scales in blocks.
std::vector<number_format> block_formats();

}  // namespace demo
