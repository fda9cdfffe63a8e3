// A brute-force oracle for block formats. It shares no code with the library: a block format is the list of
// its element magnitudes and the formulas of its scales, and every decision compares exact products.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "support/dyadic.hpp"

namespace oracle {

enum class block_rounding { even, away, zero, positive, negative, odd, stochastic };
enum class block_rule { native, floor, ceil, rceil, even, search_mse, four_over_six };

/// How the first scale is stored and chosen.
enum class block_scale {
  exponent,  ///< 2^(code - 127), floor(log2 amax) less the binade of the largest element
  e4m3,      ///< nearest even to amax / largest element
  float16,   ///< the same, in two bytes
  e6m2,      ///< nearest even to bf16(amax * bf16(1/7)); elements times bf16(1 / scale)
};

struct block_level {
  int group;
  int threshold;
};

struct block_facts {
  std::string name;
  int elements;
  int width;                      ///< bits of an element code
  bool twos_complement;           ///< else sign and magnitude
  std::vector<dyadic> magnitude;  ///< by magnitude code, ascending from 0
  block_rounding native;
  block_scale scale;
  std::vector<block_level> levels;  ///< one bit a group
  int fraction_bits;                ///< of the largest element, for block_rule::even

  [[nodiscard]] const dyadic& largest() const { return magnitude.back(); }
};

/// What is stored, before it is packed.
struct plain_block {
  std::uint32_t scale_code = 0;
  std::vector<std::vector<int>> bits;  ///< by level and group
  std::vector<std::uint32_t> codes;
};

struct block_request {
  block_rounding round;
  block_rule rule = block_rule::native;
  std::vector<std::uint32_t> random_bits;  ///< one an element, for stochastic
};

/// Quantizes finite floats, given as bit patterns.
plain_block quantize(const block_facts& facts, const std::vector<std::uint32_t>& x,
                     const block_request& request);

/// The bytes of a block: scale, bits of each level LSB first, codes as a little-endian bit stream.
std::vector<std::uint8_t> packed(const block_facts& facts, const plain_block& block);

/// The values of a block times a positive tensor scale, each rounded once to float, nearest even: bit
/// patterns. A NaN scale gives the pattern 7fc00000 with its sign for all, and so does an infinite one for 0.
std::vector<std::uint32_t> dequantize(const block_facts& facts, const std::vector<std::uint8_t>& bytes,
                                      std::uint32_t tensor_scale = 0x3F800000);

/// The formats by name: mxfp4 ... mxint8, nvfp4, q8_0, hif4, hif5, mx9, mx6, mx4, "bfp<3,16>" and the like.
const std::vector<block_facts>& block_formats();
const block_facts& find_block_format(const std::string& name);

/// The magnitude of a scale code; nothing for NaN and infinity.
std::optional<dyadic> scale_value(block_scale scale, std::uint32_t code);
/// bf16(1 / value) for an E6M2 value.
dyadic bfloat16_reciprocal(const dyadic& value);
/// A float's magnitude.
dyadic float_magnitude(std::uint32_t bits);
/// The pattern of the float nearest to x.
std::uint32_t nearest_float(const dyadic& x);

}  // namespace oracle
