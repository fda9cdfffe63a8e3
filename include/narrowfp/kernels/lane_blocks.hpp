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
#include "../formats/scales.hpp"
#include "block_job.hpp"
#include "decode_lanes.hpp"
#include "encode_lanes.hpp"

namespace narrowfp::inline v0::kernels {

/// The scales of a block format by code.
struct lane_scales {
  float value[256];
  /// Whether float multiplication by the scale gives what the core gives: no product that is a denormal
  /// number, whether or not such are flushed to zero, and no NaN but the element's.
  bool usual[256];
};

namespace {

template <block_type B>
inline constexpr lane_scales block_scales = [] {
  using F = typename B::element_format;
  using SF = typename B::scale_format;
  lane_scales result{};
  for (std::size_t code = 0; code < 256; ++code) {
    const core::real scale = core::decode<SF>(static_cast<typename SF::code_type>(code));
    if (scale.kind == core::real_kind::finite && !scale.sticky) {
      result.value[code] = core::to_floating<float>(scale);
      const bool is_zero = core::is_zero(scale);
      result.usual[code] =
          is_zero ? !F::has_infinity
                  : core::binade_of(scale) >= min_float_binade &&
                        core::binade_of(scale) + core::binade_of(core::min_positive<F>) >= min_float_binade;
    }
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

template <block_type B, class S>
inline constexpr bool is_lane_block = [] {
  using F = typename B::element_format;
  using SF = typename B::scale_format;
  if constexpr (std::same_as<S, float> && SF::width <= 8 && exact_in_float<SF> &&
                (B::elements == 16 || B::elements == 32 || B::elements == 64) &&
                (B::levels == 1 || (has_hif4_bits<B> && F::width == 4)) &&
                is_lane_target<F, F::width, float>) {
    return exact_in_float<F> && lane_decoder<F, float>::shape != decode_shape::eight_bits;
  } else {
    return false;
  }
}();

/// How a vector kernel chooses the scale: not at all, as a power of two, or as a ratio rounded to nearest.
enum class scale_way : std::uint8_t { none, power_of_two, ratio };

template <block_type B, class S>
inline constexpr scale_way lane_scale_way = [] {
  using F = typename B::element_format;
  using SF = typename B::scale_format;
  if constexpr (is_lane_block<B, S> && B::levels == 1) {
    constexpr bool elements_fit = lanes_of<F, rounding::nearest_even, overflow::saturate>.exists &&
                                  F::is_signed && F::has_zero && F::has_negative_zero;
    if constexpr (elements_fit && std::same_as<SF, formats::e8m0> &&
                  std::same_as<typename B::rule, scale_rules::power_of_two> && B::elements == 32) {
      return core::binade_of(F::max_finite) >= 1 ? scale_way::power_of_two : scale_way::none;
    } else if constexpr (elements_fit && std::same_as<typename B::rule, scale_rules::nearest_ratio> &&
                         B::elements == 16 && F::width == 4) {
      // Division decides exactly where no boundary of the element or the scale needs more than 8 bits.
      constexpr auto& scale = lanes_of<SF, rounding::nearest_even, overflow::saturate>;
      return scale.exists && (scale.flags & (lane_mapped | lane_many_rows | lane_low_value)) == 0
                 ? scale_way::ratio
                 : scale_way::none;
    }
  }
  return scale_way::none;
}();

}  // namespace

}  // namespace narrowfp::inline v0::kernels
