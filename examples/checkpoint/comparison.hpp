// Two checkpoints of any conventions, parameter by parameter.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "parameter.hpp"

namespace checkpoint {

struct compared_parameter {
  std::string name;
  std::string types;            ///< of both
  std::string problem;          ///< why the numbers were not compared; empty: they were
  bool is_equal = false;        ///< every number, zeros and NaN by kind
  std::uint64_t different = 0;  ///< how many numbers are not
  double signal = 0;            ///< sum of squares of A's finite numbers
  double noise = 0;             ///< sum of squares of the differences, where both are finite
  double largest = 0;           ///< difference; infinite where one of the two is not finite and the other is
  std::uint64_t place = 0;      ///< of the first with the largest difference
  float in_a = 0;               ///< the numbers there
  float in_b = 0;
  std::vector<std::uint64_t> shape;

  [[nodiscard]] double snr_db() const noexcept;
};

struct comparison {
  std::vector<compared_parameter> parameters;  ///< of A's order, then those that only B has

  [[nodiscard]] bool is_equal() const noexcept;
};

comparison compare(const model& a, const model& b, unsigned threads);

}  // namespace checkpoint
