// Layer: kernels. Which block formats vector kernels serve, and the facts of their scales.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>

#include "../block/block_format.hpp"
#include "../block/job.hpp"
#include "../core/bits.hpp"
#include "../core/codec.hpp"
#include "../core/real.hpp"
#include "../formats/fp4.hpp"
#include "../formats/scales.hpp"
#include "block_job.hpp"
#include "decode_lanes.hpp"
#include "encode_lanes.hpp"

#include "target.hpp"

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
struct lane_scales {
  float value[256];  ///< to multiply by
  scale_use use[256];
};

namespace {

template <block_type B>
inline constexpr lane_scales block_scales = [] {
  using F = typename B::element_format;
  using SF = typename B::scale_format;
  constexpr int least = core::binade_of(core::min_positive<F>);
  lane_scales result{};
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
                 core::binade_of(F::max_finite) < lift_exponent) {
        use = scale_use::lift;
        scale.exponent += lift_exponent;
      }
    }
    result.use[code] = use;
    result.value[code] = core::to_floating<float>(scale);
  }
  return result;
}();

/// Blocks of 16, 32 or 64 elements of 4, 6 or 8 bits under one scale of 8 bits or fewer, and in HiF4's
/// arrangement of bits below it or without any.
template <block_type B>
inline constexpr bool has_hif4_bits = [] {
  if constexpr (B::levels == 3 && B::elements == 64) {
    return B::layout::group_elements[1] == 8 && B::layout::group_elements[2] == 4;
  } else {
    return false;
  }
}();

/// What vector quantizers read: numbers that are floats.
template <class S>
concept lane_block_source = std::same_as<S, float> || std::same_as<S, narrow_float<formats::bfloat16>> ||
    std::same_as<S, narrow_float<formats::float16>>;

template <block_type B>
inline constexpr bool is_lane_block = [] {
  using F = typename B::element_format;
  using SF = typename B::scale_format;
  if constexpr (SF::width <= 8 && exact_in_float<SF> &&
                (B::elements == 16 || B::elements == 32 || B::elements == 64) &&
                (B::levels == 1 || (has_hif4_bits<B> && F::width == 4)) &&
                is_lane_target<F, F::width, float>) {
    return exact_in_float<F> && lane_decoder<F, float>::shape != decode_shape::eight_bits;
  } else {
    return false;
  }
}();

/// Blocks of 32 integers of 8 bits in two's complement under a power of two: MXINT8.
template <block_type B>
inline constexpr bool is_integer_block = [] {
  using F = typename B::element_format;
  if constexpr (std::same_as<typename B::scale_format, formats::e8m0> &&
                std::same_as<typename B::rule, scale_rules::power_of_two> && B::elements == 32 &&
                B::levels == 1 && F::width == 8 && !core::sign_is_a_bit<F>) {
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

/// How a vector kernel chooses the scale: not at all, as a power of two, as a ratio rounded to nearest, or as
/// HiF4 does.
enum class scale_way : std::uint8_t { none, power_of_two, ratio, hif4 };

template <block_type B>
inline constexpr scale_way lane_scale_way = [] {
  using F = typename B::element_format;
  using SF = typename B::scale_format;
  using rule = typename B::rule;
  if constexpr (is_lane_block<B> && B::levels == 1) {
    constexpr bool elements_fit = lanes_of<F, rounding::nearest_even, overflow::saturate>.exists &&
                                  F::is_signed && F::has_zero && F::has_negative_zero;
    if constexpr (elements_fit && std::same_as<SF, formats::e8m0> &&
                  std::derived_from<rule, scale_rules::shared_exponent>) {
      return core::binade_of(F::max_finite) >= 0 ? scale_way::power_of_two : scale_way::none;
    } else if constexpr (elements_fit && std::same_as<rule, scale_rules::nearest_ratio> && F::width == 4) {
      // Division decides exactly where no boundary of the element or the scale needs more than 8 bits.
      constexpr auto& scale = lanes_of<SF, rounding::nearest_even, overflow::saturate>;
      return scale.exists && (scale.flags & (lane_mapped | lane_many_rows | lane_low_value)) == 0
                 ? scale_way::ratio
                 : scale_way::none;
    }
  } else if constexpr (has_hif4_bits<B> && std::same_as<SF, formats::e6m2> &&
                       std::same_as<F, formats::fp4_e1m2>) {
    return scale_way::hif4;
  }
  return scale_way::none;
}();

/// The one rounding mode of elements for which there is a vector quantizer.
template <block_type B>
inline constexpr rounding lane_block_mode =
    lane_scale_way<B> == scale_way::hif4 ? rounding::nearest_away : rounding::nearest_even;

/// Whether a vector quantizer chooses scales by the rule.
NARROWFP_INLINE bool is_lane_rule(scale_rule rule) noexcept {
  return rule != scale_rule::search_mse && rule != scale_rule::four_over_six;
}

/// The rules that choose a power of two as one addition: the scale's exponent is that of amax + carry, taken
/// as integers, less that of the largest element. The carry reaches the exponent where the rule goes up.
template <block_type B>
NARROWFP_INLINE std::uint32_t scale_carry(scale_rule rule) noexcept {
  using F = typename B::element_format;
  constexpr std::uint32_t almost_one = 0x7FFFFF;
  constexpr std::uint32_t fraction_of_largest = float_bits_of(F::max_finite) & almost_one;
  switch (rule) {
    case scale_rule::ceil:
      return almost_one;
    case scale_rule::rceil:
      return almost_one - fraction_of_largest;
    case scale_rule::even:
      return 1U << (22 - core::fraction_bits_at_top<F>);
    default:
      return 0;
  }
}

/// HiF4's scale as a function of amax: the code rises by `codes_in_binade` from binade to binade and within a
/// binade at these fractions, for as long as it is not clamped. Found by asking the rule.
template <block_type B>
struct scale_steps {
  static constexpr int codes_in_binade = 4;
  std::uint32_t from_fraction[codes_in_binade];
  int code_of_one;

  static constexpr int code_at(std::uint32_t fraction) noexcept {
    const core::real amax = core::finite(std::uint64_t{fraction} + (1U << 23), -23);
    return static_cast<int>(core::nearest_scale<typename B::scale_format>(
        B::rule::template wanted<typename B::facts>(scale_rule::native, amax)));
  }
  static constexpr scale_steps find() noexcept {
    scale_steps steps{};
    steps.code_of_one = code_at(0);
    for (int step = 0; step < codes_in_binade; ++step) {
      std::uint32_t below = 0;
      std::uint32_t from = 1U << 23;  // never within this binade
      while (from - below > 1) {
        const std::uint32_t middle = (from + below) / 2;
        (code_at(middle) > steps.code_of_one + step ? from : below) = middle;
      }
      steps.from_fraction[step] = from;
    }
    return steps;
  }
};
template <block_type B>
inline constexpr scale_steps<B> scale_steps_of = scale_steps<B>::find();

/// The scale's code for a largest magnitude, given as a float pattern.
template <block_type B>
NARROWFP_INLINE std::uint32_t stepped_scale_code(std::uint32_t amax) noexcept {
  constexpr auto& steps = scale_steps_of<B>;
  constexpr int last = static_cast<int>(core::last_scale_code<typename B::scale_format>);
  const std::uint32_t fraction = amax & 0x7FFFFF;
  int code = steps.code_of_one + scale_steps<B>::codes_in_binade * (static_cast<int>(amax >> 23) - 127);
  for (const std::uint32_t from : steps.from_fraction) {
    code += fraction >= from ? 1 : 0;
  }
  return static_cast<std::uint32_t>(code < 0 ? 0 : code > last ? last : code);
}

/// What elements are multiplied by under each scale code.
template <block_type B>
inline constexpr std::array<float, 256> element_factors = [] {
  using SF = typename B::scale_format;
  std::array<float, 256> factors{};
  for (std::size_t code = 0; code <= core::last_scale_code<SF>; ++code) {
    const core::real scale = core::decode<SF>(static_cast<typename SF::code_type>(code));
    factors[code] = core::to_floating<float>(B::rule::template ratio<typename B::facts>(scale).value);
  }
  return factors;
}();

/// Whether float multiplication by a tensor scale, after an exact one by the block's scale, gives what the
/// core gives: for nibbles whose products with every scale are normal floats.
template <block_type B>
NARROWFP_INLINE bool fits_tensor_scale(float tensor_scale) noexcept {
  using F = typename B::element_format;
  using SF = typename B::scale_format;
  constexpr int least = core::binade_of(core::min_positive<F>) + core::binade_of(core::min_positive<SF>);
  constexpr int most = core::binade_of(F::max_finite) + core::binade_of(SF::max_finite) + 4;
  const int field = field_of(tensor_scale);
  return F::width == 4 && least >= min_float_binade && most <= 127 && field > 0 && field < 255 &&
         least + field - 127 >= min_float_binade;
}

/// Whether float division by a tensor scale may replace the core's before quantizing: what a denormal
/// quotient or operand becomes must lie far below the smallest element under the smallest scale.
template <block_type B>
NARROWFP_INLINE bool divides_by_tensor_scale(float tensor_scale) noexcept {
  using F = typename B::element_format;
  using SF = typename B::scale_format;
  constexpr int least = core::binade_of(core::min_positive<F>) + core::binade_of(core::min_positive<SF>);
  const int field = field_of(tensor_scale);
  return least > -60 && field > 127 - 60 && field < 255;
}

}  // namespace

}  // namespace narrowfp::inline v0::kernels

#include "target_end.hpp"
