// Arrays on which a product can go wrong, made from the oracle's facts of a type.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <vector>

#include "exact_dot.hpp"

namespace products {

enum class inputs {
  near,      ///< scales within a few binades of 1, or of their middle
  any,       ///< any finite scale and code
  low,       ///< the smallest scales
  high,      ///< the largest
  most,      ///< codes of the largest magnitude alone, scales near 1
  zeros,     ///< zero blocks, zero codes and, where there are such, zero scales among others
  nan,       ///< one NaN, of a code or a scale
  infinity,  ///< one infinity
  raw,       ///< any bytes
};
inline constexpr inputs all_inputs[] = {inputs::near, inputs::any,      inputs::low,
                                        inputs::high, inputs::most,     inputs::zeros,
                                        inputs::nan,  inputs::infinity, inputs::raw};
const char* name_of(inputs kind);

using generator = std::mt19937_64;

/// The bytes of n elements. Kinds that a type lacks are as `any`.
std::vector<std::uint8_t> make_array(const oracle::packed_type& type, inputs kind, std::size_t n,
                                     generator& random);

/// Reads and writes the codes of an array of a type.
class editor {
 public:
  editor(const oracle::packed_type& type, std::vector<std::uint8_t>& array) : type_(type), array_(array) {}

  [[nodiscard]] std::uint32_t code(std::size_t i) const;
  void set_code(std::size_t i, std::uint32_t code);
  /// Of the block that holds element i.
  [[nodiscard]] std::uint32_t scale(std::size_t i) const;
  void set_scale(std::size_t i, std::uint32_t code);

 private:
  [[nodiscard]] std::size_t code_bit(std::size_t i) const;

  const oracle::packed_type& type_;
  std::vector<std::uint8_t>& array_;
};

/// The code of minus the value, if there is one.
std::optional<std::uint32_t> negated(const oracle::packed_type& type, std::uint32_t code);

/// Makes element i 2^exponent times one of +1 and -1, its block's own bits being zero. Says whether it can.
bool set_power(const oracle::packed_type& type, std::vector<std::uint8_t>& array, std::size_t i, int exponent,
               bool negative);
/// Exponents that set_power can reach, ascending; not all of them for types with floats.
const std::vector<int>& powers(const oracle::packed_type& type);

/// The bits of a positive, finite float: any; near 1; or extreme.
std::uint32_t any_factor(generator& random);
std::uint32_t usual_factor(generator& random);
std::uint32_t extreme_factor(generator& random);

/// A number below n.
inline std::size_t below(std::size_t n, generator& random) { return static_cast<std::size_t>(random() % n); }

}  // namespace products
