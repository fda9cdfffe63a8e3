// An oracle of exact dot products. It shares no code with the library: every product is an exact number, the
// sum one wide integer, and the result is cut from it once.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "support/oracle.hpp"

namespace oracle {

/// A sum of products, times factors, plus terms: in this order, as the calls are made.
class exact_dot {
 public:
  void add_product(const number& a, const number& b);
  /// Multiplies all that was added by a finite, positive factor of at most 32 bits.
  void multiply(const number& factor);
  void add(const number& term);

  /// The bits of the result in a type, rounded once, nearest even.
  [[nodiscard]] std::uint64_t rounded(const source_layout& out) const;

 private:
  // In two's complement, in units of 2^unit_; whatever is added outside of it throws. Wide enough for the
  // products of any two formats of this library, and for four floats' worth of factors and a double beside
  // them.
  static constexpr std::size_t words = 192;
  static constexpr int first_unit = -1400;

  void add_shifted(u128 magnitude, int exponent, bool negative);
  void shift_left(int n);
  void negate();
  [[nodiscard]] bool is_negative() const { return words_[words - 1] >> 31 != 0; }

  std::array<std::uint32_t, words> words_{};
  int unit_ = first_unit;
  bool nan_ = false;
  std::array<bool, 2> infinity_{};  ///< positive, negative
};

/// A type that arrays consist of: a block, a value in whole bytes, or float.
struct packed_type {
  std::string name{};
  int width = 0;                          ///< bits of an element's code
  std::vector<number> values{};           ///< by code; none: elements are floats
  std::size_t elements = 1;               ///< of a block
  std::size_t scale_bytes = 0;            ///< 0: not a block
  int scale_width = 0;                    ///< bits
  std::vector<number> scales{};           ///< by code; none: scales are floats
  std::vector<std::size_t> bit_groups{};  ///< elements under each bit, by level

  [[nodiscard]] bool is_block() const { return scale_bytes != 0; }
  /// Where the elements of a block begin.
  [[nodiscard]] std::size_t metadata_bytes() const;
  /// Of a block, or of a value.
  [[nodiscard]] std::size_t bytes() const;
  /// Of n elements.
  [[nodiscard]] std::size_t bytes_of(std::size_t n) const { return (n + elements - 1) / elements * bytes(); }

  /// Element i of an array. A NaN scale makes it NaN; an infinite one makes zeros NaN, the others infinite.
  [[nodiscard]] number value(std::span<const std::uint8_t> array, std::size_t i) const;
  /// Element i of a dense bit stream of values.
  [[nodiscard]] number dense_value(std::span<const std::uint8_t> stream, std::size_t i) const;
};

/// By the library's name: "fp8_e4m3", "float", "mxfp4" and the like, "bfp<3,16>", "fp8_per_128", and the
/// users' formats of oracle_formats.cpp.
const packed_type& find_packed_type(const std::string& name);

/// A block of the user's own. Scale and element are names of the oracle's formats or "float".
packed_type block_type(const std::string& name, const std::string& element, const std::string& scale,
                       std::size_t elements, std::vector<std::size_t> bit_groups = {});

/// The sum of the first n products. Tensor scales and the rest are up to the caller.
exact_dot sum_of_products(const packed_type& a, std::span<const std::uint8_t> a_bytes, const packed_type& b,
                          std::span<const std::uint8_t> b_bytes, std::size_t n);

/// The layout of a type of results by its name; throws if there is none.
const source_layout& find_result_type(const std::string& name);

/// The product of two values, or IEEE 754's special.
number exact_product(const number& a, const number& b);

}  // namespace oracle
