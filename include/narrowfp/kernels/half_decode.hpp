// Layer: kernels. Formats of 7 or 8 bits that are float16 but for a power of two: exponent and fraction,
// shifted, are exponent and fraction of a float16, subnormals included, and the hardware converts those.
#pragma once

#include <cstddef>
#include <cstdint>

#include "../block/scale_rule.hpp"
#include "../core/codec.hpp"
#include "../core/real.hpp"
#include "../formats/fp16.hpp"
#include "decode_lanes.hpp"

namespace narrowfp::inline v0::kernels {

/// Which codes are NaN: none, that of the largest magnitude, those beyond infinity, or that of -0.
enum class half_nan : std::uint8_t { none, last, beyond_infinity, negative_zero };

namespace {

template <scalar_format F>
struct half_decoder {
  static constexpr std::uint32_t sign_mask = F::is_signed ? 1U << (F::width - 1) : 0;
  static constexpr std::uint32_t magnitude_mask = (1U << (F::width - (F::is_signed ? 1 : 0))) - 1;
  static constexpr int shift = 10 - core::fraction_bits_at_top<F>;
  static constexpr int binade = core::binade_of(core::min_positive<F>) + 24 - shift;
  static constexpr std::uint32_t infinity = 0x7C00;

  /// Before NaN is put right.
  static constexpr std::uint32_t shifted(std::uint32_t code) noexcept {
    return (code & sign_mask) << (16 - F::width) | (code & magnitude_mask) << shift;
  }
  static constexpr bool is_nan(std::uint32_t code, half_nan kind) noexcept {
    const std::uint32_t magnitude = shifted(code) & 0x7FFF;
    return (kind == half_nan::last && (code & magnitude_mask) == magnitude_mask) ||
           (kind == half_nan::beyond_infinity && magnitude > infinity) ||
           (kind == half_nan::negative_zero && code == sign_mask);
  }
  /// Whether conversion and multiplication by 2^binade give the value of each code.
  static constexpr bool holds(half_nan kind) noexcept {
    for (std::uint32_t code = 0; code < 1U << F::width; ++code) {
      core::real want = core::decode<F>(static_cast<typename F::code_type>(code));
      core::real got = core::decode<formats::float16>(static_cast<std::uint16_t>(shifted(code)));
      if (got.kind == core::real_kind::nan && !is_nan(code, kind)) {
        return false;  // it would keep a payload
      }
      if (is_nan(code, kind)) {
        got = core::nan(kind != half_nan::negative_zero && (code & sign_mask) != 0);
      }
      got.exponent += binade;
      if (got.kind != want.kind || got.negative != want.negative ||
          (want.kind == core::real_kind::finite && core::compare_magnitudes(got, want) != 0)) {
        return false;
      }
    }
    return true;
  }

  static constexpr half_nan nan = holds(half_nan::none)              ? half_nan::none
                                  : holds(half_nan::last)            ? half_nan::last
                                  : holds(half_nan::beyond_infinity) ? half_nan::beyond_infinity
                                                                     : half_nan::negative_zero;
  static constexpr bool exists = holds(nan);
};

/// Whether F is decoded in this way; narrower formats have small tables.
template <scalar_format F>
inline constexpr bool is_scaled_half = [] {
  if constexpr (F::width == 8 || (F::width == 7 && !F::is_signed)) {  // a sign is the byte's top bit
    constexpr int fraction_bits = core::fraction_bits_at_top<F>;
    if constexpr (fraction_bits >= 2 && F::has_zero && core::binade_of(core::min_positive<F>) > -100 &&
                  core::binade_of(F::max_finite) < 100) {
      return half_decoder<F>::exists;
    }
  }
  return false;
}();

}  // namespace
}  // namespace narrowfp::inline v0::kernels
