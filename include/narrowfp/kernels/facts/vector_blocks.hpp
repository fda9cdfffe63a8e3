// Layer: kernels/facts. Which block formats vector kernels serve, and the facts of their scales.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>

#include "../../block/block_format.hpp"
#include "../../block/job.hpp"
#include "../../core/bits.hpp"
#include "../../core/codec.hpp"
#include "../../core/real.hpp"
#include "../../formats/fp4.hpp"
#include "../../formats/scales.hpp"
#include "../block_job.hpp"
#include "magic_rows.hpp"
#include "value_tables.hpp"

#include "../target.hpp"

namespace narrowfp::inline v0::kernels {

/// How elements are multiplied by a scale, so that flushing denormal numbers to zero changes nothing.
enum class scale_use : std::uint8_t {
  multiply,  ///< float multiplication gives what the core gives
  lift,      ///< products may be denormal: multiply by the scale times 2^64, then bring the product back
  nan,       ///< all values are the scale's NaN
  other,     ///< left to the scalar path
};

inline constexpr int lift_exponent = 64;

/// The scales of a block format by code.
struct scale_factors {
  float value[256];  ///< to multiply by
  scale_use use[256];
};

namespace {

/// Nibbles are looked up as products, so that bits below the scale double those, which must not be denormal
/// then.
template <block_type B>
inline constexpr bool doubles_products = B::levels > 1 && B::element_format::width == 4;

template <block_type B>
inline constexpr scale_factors block_scales = [] {
  using F = typename B::element_format;
  using SF = typename B::scale_format;
  constexpr int least = core::binade_of(core::min_positive<F>);
  scale_factors result{};
  for (std::size_t code = 0; code < 256; ++code) {
    core::real scale = core::decode<SF>(static_cast<typename SF::code_type>(code));
    scale_use use = scale_use::other;
    if (scale.kind == core::real_kind::nan) {
      use = F::has_nan || B::levels > 1 ? scale_use::nan : scale_use::multiply;
    } else if (core::is_zero(scale)) {
      use = F::has_infinity ? scale_use::other : scale_use::multiply;
    } else if (scale.kind == core::real_kind::finite) {
      const int binade = core::binade_of(scale);
      if (binade >= min_float_binade && binade + least >= min_float_binade) {
        use = scale_use::multiply;
      } else if (scale.significand == 1 && binade + lift_exponent + least >= min_float_binade &&
                 core::binade_of(B::facts::largest) < lift_exponent && !doubles_products<B>) {
        use = scale_use::lift;
        scale.exponent += lift_exponent;
      }
    }
    result.use[code] = use;
    result.value[code] = core::to_floating<float>(scale);
  }
  return result;
}();

/// The same for kernels that add the bits below the scale to its exponent: neither zero nor NaN can be
/// doubled so, nor what comes near infinity.
template <block_type B>
inline constexpr scale_factors doubled_scales = [] {
  scale_factors result = block_scales<B>;
  for (std::size_t code = 0; B::levels > 1 && code < 256; ++code) {
    const std::uint32_t field = core::bit_cast<std::uint32_t>(result.value[code]) >> 23 & 0xFF;
    if (field == 0 || field + B::levels > 255) {
      result.use[code] = scale_use::other;
    }
  }
  return result;
}();

/// Bits below the scale in HiF4's arrangement.
template <block_type B>
inline constexpr bool has_hif4_bits = [] {
  if constexpr (B::levels == 3 && B::elements == 64) {
    return B::layout::group_elements[1] == 8 && B::layout::group_elements[2] == 4;
  } else {
    return false;
  }
}();

/// Blocks of 16, 32 or 64 elements of up to 8 bits under one scale of 8 bits or fewer; the bits below it fit
/// with it into a dword.
template <block_type B>
inline constexpr bool is_vector_block = [] {
  using F = typename B::element_format;
  using SF = typename B::scale_format;
  if constexpr (SF::width <= 8 && exact_in_float<SF> &&
                (B::elements == 16 || B::elements == 32 || B::elements == 64) && B::metadata_bytes <= 4 &&
                is_vector_target<F, F::width, float>) {
    return exact_in_float<F> && value_decoder<F, float>::shape != decode_shape::eight_bits;
  } else {
    return false;
  }
}();

/// Where each element's bit is in a block's metadata, read as a little-endian number, at one level below the
/// scale.
template <block_type B, std::size_t Level>
inline constexpr auto bit_place_of_element = [] {
  std::array<std::uint32_t, B::elements> place{};
  for (std::size_t i = 0; i < B::elements; ++i) {
    place[i] =
        static_cast<std::uint32_t>(8 * B::layout::offset[Level] + i / B::layout::group_elements[Level]);
  }
  return place;
}();

/// That bit.
template <block_type B, std::size_t Level>
inline constexpr auto bit_of_element = [] {
  std::array<std::uint32_t, B::elements> bit = bit_place_of_element<B, Level>;
  for (std::uint32_t& b : bit) {
    b = 1U << b;
  }
  return bit;
}();

/// Those that NEON's kernels decode too: of 4, 6 or 8 bits, and none below the scale but HiF4's.
template <block_type B>
inline constexpr bool is_common_block = [] {
  return is_vector_block<B> && is_common_width(B::element_format::width) &&
         (B::levels == 1 || (has_hif4_bits<B> && B::element_format::width == 4));
}();

/// Whether codes are integers of 8 bits in two's complement, in some unit.
template <scalar_format F>
inline constexpr bool is_integer_format = [] {
  if constexpr (F::width == 8 && !core::sign_is_a_bit<F>) {
    const core::real unit = core::min_positive<F>;
    for (int code = 0; code < 256; ++code) {
      const int n = code < 128 ? code : code - 256;
      const core::real value = core::finite(static_cast<std::uint64_t>(n < 0 ? -n : n), unit.exponent, n < 0);
      const core::real own = F::from_code(static_cast<typename F::code_type>(code));
      if (core::compare_magnitudes(value, own) != 0 || value.negative != own.negative) {
        return false;
      }
    }
    return core::binade_of(unit) <= 0 && core::binade_of(unit) > -100 &&
           F::native_rounding == rounding::nearest_even;
  } else {
    return false;
  }
}();

/// Blocks of 32 such integers under a power of two: MXINT8.
template <block_type B>
inline constexpr bool is_integer_block = [] {
  return std::same_as<typename B::scale_format, formats::e8m0> &&
         std::same_as<typename B::rule, scale_rules::power_of_two> && B::elements == 32 && B::levels == 1 &&
         is_integer_format<typename B::element_format>;
}();

/// Whether no element times a scale has more significant bits than bfloat16.
template <block_type B>
inline constexpr bool products_are_short = [] {
  constexpr int element_bits = core::fraction_bits_at_top<typename B::element_format> + 1;
  constexpr int scale_bits = core::fraction_bits_at_top<typename B::scale_format> + 1;
  return (scale_bits == 1 ? element_bits : element_bits + scale_bits) <= 8;
}();

/// Binades above the smallest normal float from which on what a product of floats of 8 and 24 bits lacks,
/// rounded to float, is a normal number or zero.
inline constexpr int odd_margin = 32;

/// Whether float multiplication by a tensor scale, after an exact one by the block's scale, gives what the
/// core gives: for nibbles whose products with every scale are normal floats, `margin` binades above the
/// denormal ones.
template <block_type B>
NARROWFP_INLINE bool fits_tensor_scale(float tensor_scale, int margin = 0) noexcept {
  using F = typename B::element_format;
  using SF = typename B::scale_format;
  constexpr int least = core::binade_of(core::min_positive<F>) + core::binade_of(core::min_positive<SF>);
  constexpr int most = core::binade_of(F::max_finite) + core::binade_of(SF::max_finite) + 4;
  const int field = field_of(tensor_scale);
  return is_vector_block<B> && F::width == 4 && least >= min_float_binade && most <= 127 && field > 0 &&
         field < 255 && least + field - 127 >= min_float_binade + margin;
}

}  // namespace

}  // namespace narrowfp::inline v0::kernels

#include "../target_end.hpp"
