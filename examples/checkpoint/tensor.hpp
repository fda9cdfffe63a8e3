// A tensor as a file declares it, checked against the file's size; its elements stay in the file.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "dtype.hpp"
#include "files.hpp"

namespace checkpoint {

struct tensor {
  std::string name;
  const dtype* type = nullptr;
  std::vector<std::uint64_t> shape;
  std::uint64_t elements = 0;
  std::uint64_t offset = 0;      ///< of the first byte in the file
  std::uint64_t size_bytes = 0;  ///< in the file
  bool fortran_order = false;    ///< the first axis runs fastest
  bool big_endian = false;
  std::shared_ptr<const input_file> file;

  /// The last axis, along which blocks run; 1 for a scalar.
  [[nodiscard]] std::uint64_t row_length() const noexcept { return shape.empty() ? 1 : shape.back(); }
};

/// What one or several files hold.
struct tensor_collection {
  std::vector<tensor> tensors;
  std::map<std::string, std::string> metadata;  ///< safetensors' __metadata__
};

/// The product of the axes; nothing where it is too large for elements of that width to be counted.
std::optional<std::uint64_t> element_count(const std::vector<std::uint64_t>& shape, int width_bits) noexcept;

/// The product of axes whose elements can be counted.
std::uint64_t product(std::span<const std::uint64_t> axes) noexcept;

std::string shape_text(const std::vector<std::uint64_t>& shape);

}  // namespace checkpoint
