// The library under test behind function pointers that take and return bits, so that one run-time suite
// covers every format: laws and comparisons are then written once and instantiated by name, not by type.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <narrowfp/types.hpp>

#include "oracle.hpp"

namespace support {

using code = std::uint32_t;

/// Rounds a source given by its bits.
using convert_function = code (*)(std::uint64_t source_bits, narrowfp::rounding, narrowfp::overflow,
                                  std::uint32_t random_bits);
using binary_function = code (*)(code, code);
using unary_function = code (*)(code);
using predicate = bool (*)(code);

enum class ordering { less, equal, greater, unordered };

struct probe {
  std::string name;
  int width = 0;
  bool is_signed = true;

  convert_function from_f32 = nullptr;
  convert_function from_f64 = nullptr;
  convert_function from_f16 = nullptr;
  convert_function from_bf16 = nullptr;
  convert_function from_i64 = nullptr;
  convert_function from_u64 = nullptr;
  code (*construct)(std::uint32_t f32_bits) = nullptr;      ///< T(float)
  code (*construct_f64)(std::uint64_t f64_bits) = nullptr;  ///< T(double)

  std::uint32_t (*to_f32)(code) = nullptr;
  std::uint64_t (*to_f64)(code) = nullptr;

  predicate is_nan = nullptr;
  predicate is_inf = nullptr;
  predicate is_finite = nullptr;
  predicate sign_bit = nullptr;

  unary_function negate = nullptr;  ///< null where it is deleted
  unary_function absolute = nullptr;
  binary_function add = nullptr;
  binary_function subtract = nullptr;
  binary_function multiply = nullptr;
  binary_function divide = nullptr;
  binary_function copy_sign = nullptr;
  binary_function next_after = nullptr;

  ordering (*compare)(code, code) = nullptr;                ///< from <=>
  bool (*relations_agree)(code, code, ordering) = nullptr;  ///< == != < <= > >= say what the ordering says
  std::size_t (*hash)(code) = nullptr;

  /// The oracle's view of the same format.
  [[nodiscard]] const oracle::format& facts() const { return oracle::find_format(name); }
};

const probe& find_probe(const std::string& name);

/// For parameterised suites: every value type of the library and a number of user formats.
const std::vector<std::string>& value_types();
/// The same and the two's complement element of MXINT8, which has no value type of its own.
const std::vector<std::string>& encodable_formats();

}  // namespace support
