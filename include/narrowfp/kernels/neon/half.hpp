// Layer: kernels/neon. Floats to and from bfloat16 and float16.
#pragma once

#include "words.hpp"

#include "open.hpp"

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// The leading bits of m, rounded; `shift` bits are dropped, 1 or more.
template <rounding Mode>
NARROWFP_INLINE uint32x4_t shift_right(uint32x4_t m, int32x4_t shift) noexcept {
  const int32x4_t right = vnegq_s32(shift);
  if constexpr (Mode == rounding::nearest_even) {
    // Adding just under half a unit of the last place, and one more where that place is odd, carries into it
    // where nearest even goes up.
    const uint32x4_t one = vdupq_n_u32(1);
    const uint32x4_t half = vshlq_u32(one, vsubq_s32(shift, vdupq_n_s32(1)));
    const uint32x4_t odd = vandq_u32(vshlq_u32(m, right), one);
    m = vaddq_u32(vaddq_u32(m, vsubq_u32(half, one)), odd);
  }
  return vshlq_u32(m, right);
}

/// 4 floats' magnitudes as bfloat16 or float16; what lies beyond the largest value becomes infinity or,
/// with Saturate, the largest value, but infinity itself becomes `infinity`. There is no NaN if they are
/// Numbers.
template <scalar_format F, rounding Mode, bool Saturate, bool Numbers>
NARROWFP_INLINE uint32x4_t half_magnitudes(uint32x4_t magnitude) noexcept {
  constexpr std::uint32_t largest = F::to_code(F::max_finite);
  constexpr std::uint32_t infinity = largest + 1;
  const uint32x4_t float_infinity = vdupq_n_u32(0x7F800000);
  uint32x4_t m;
  if constexpr (std::same_as<F, formats::bfloat16>) {
    m = shift_right<Mode>(magnitude, vdupq_n_s32(16));  // from the largest value to infinity by a carry
  } else {
    // Normal numbers, with the exponent's bias changed, lose 13 bits; subnormal ones, with their leading one,
    // a bit more for each binade, and from 25 on nothing is left of them.
    const uint32x4_t is_normal = vcgeq_u32(magnitude, vdupq_n_u32(std::uint32_t{127 - 14} << 23));
    const uint32x4_t leading_one = vdupq_n_u32(1U << 23);
    const uint32x4_t significand = vbslq_u32(vdupq_n_u32(0x7FFFFF), magnitude, leading_one);
    const int32x4_t field = vreinterpretq_s32_u32(vshrq_n_u32(magnitude, 23));
    const int32x4_t shift = vminq_s32(vsubq_s32(vdupq_n_s32(126), field), vdupq_n_s32(25));
    const uint32x4_t rebiased = vsubq_u32(magnitude, vdupq_n_u32(std::uint32_t{127 - 15} << 23));
    m = shift_right<Mode>(vbslq_u32(is_normal, rebiased, significand),
                          vbslq_s32(is_normal, vdupq_n_s32(13), shift));
  }
  m = vminq_u32(m, vdupq_n_u32(Saturate || Mode == rounding::toward_zero ? largest : infinity));
  if constexpr (!Saturate && Mode == rounding::toward_zero) {
    m = vbslq_u32(vceqq_u32(magnitude, float_infinity), vdupq_n_u32(infinity), m);
  }
  if constexpr (Numbers) {
    return m;
  }
  constexpr int dropped = 23 - F::fraction_bits;
  constexpr std::uint32_t quiet = infinity | 1U << (F::fraction_bits - 1);
  const uint32x4_t nan = vorrq_u32(vshrq_n_u32(magnitude, dropped), vdupq_n_u32(quiet));
  return vbslq_u32(vcgtq_u32(magnitude, float_infinity), nan, m);
}

template <scalar_format F, rounding Mode, bool Saturate, bool Numbers>
NARROWFP_INLINE uint16x8_t half_magnitudes(uint16x8_t x) noexcept {
  const uint32x4_t magnitude = vandq_u32(vreinterpretq_u32_u16(x), vdupq_n_u32(0x7FFFFFFF));
  return vreinterpretq_u16_u32(half_magnitudes<F, Mode, Saturate, Numbers>(magnitude));
}

/// Whether NaN takes more than numbers do.
template <scalar_format F, bool Saturate>
inline constexpr bool nan_costs = true;

/// 8 floats as F.
template <scalar_format F, rounding Mode, bool Saturate, bool Numbers = false>
NARROWFP_INLINE half_vector to_halves(dwords a, dwords b) noexcept {
  const uint16x8_t x = vreinterpretq_u16_u32(a);
  const uint16x8_t y = vreinterpretq_u16_u32(b);
  const uint16x8_t codes = vuzp1q_u16(half_magnitudes<F, Mode, Saturate, Numbers>(x),
                                      half_magnitudes<F, Mode, Saturate, Numbers>(y));
  return vbslq_u16(vdupq_n_u16(0x7FFF), codes, vuzp2q_u16(x, y));
}

/// Stores floats as F, in order.
template <bool Stream, scalar_format F, rounding Mode, bool Saturate, bool Numbers = false>
NARROWFP_INLINE void store_as_halves(std::uint16_t* out, dwords a, dwords b) noexcept {
  store_halves<Stream>(out, to_halves<F, Mode, Saturate, Numbers>(a, b));
}

/// Whether any of 16 numbers of F is NaN.
template <scalar_format F>
NARROWFP_INLINE bool has_nan(uint16x8_t x, uint16x8_t y) noexcept {
  constexpr std::uint16_t infinity = F::to_code(F::max_finite) + 1;
  const uint16x8_t larger = vmaxq_u16(vshlq_n_u16(x, 1), vshlq_n_u16(y, 1));  // without signs, and doubled
  return vmaxvq_u16(larger) > 2 * infinity;
}

/// 4 floats of the low halves of dwords; NaN without its payload, unless they are Numbers.
template <scalar_format F, bool Numbers>
NARROWFP_INLINE uint32x4_t from_half(uint32x4_t x) noexcept {
  uint32x4_t magnitude = vshlq_n_u32(vandq_u32(x, vdupq_n_u32(0x7FFF)), 23 - F::fraction_bits);
  const uint32x4_t sign = vshlq_n_u32(vandq_u32(x, vdupq_n_u32(0x8000)), 16);
  if constexpr (std::same_as<F, formats::float16>) {
    // Subnormal numbers are shifted until their leading one is where normal ones have their exponent's last
    // bit.
    const uint32x4_t eight = vdupq_n_u32(8);
    const uint32x4_t shift = vsubq_u32(vmaxq_u32(vclzq_u32(magnitude), eight), eight);
    const uint32x4_t m = vshlq_u32(magnitude, vreinterpretq_s32_u32(shift));
    const uint32x4_t bias = vsubq_u32(vdupq_n_u32(std::uint32_t{127 - 15} << 23), vshlq_n_u32(shift, 23));
    const uint32x4_t special = vcgeq_u32(magnitude, vdupq_n_u32(0x7C00 << 13));
    const uint32x4_t more = vandq_u32(special, vdupq_n_u32(std::uint32_t{127 - 15} << 23));
    magnitude = vandq_u32(vaddq_u32(vaddq_u32(m, bias), more), vtstq_u32(m, m));
  }
  if constexpr (Numbers) {
    return vorrq_u32(magnitude, sign);
  }
  const uint32x4_t is_nan = vcgtq_u32(magnitude, vdupq_n_u32(0x7F800000));
  return vorrq_u32(vbslq_u32(is_nan, vdupq_n_u32(0x7FC00000), magnitude), sign);
}

template <scalar_format F, bool Numbers = false>
NARROWFP_INLINE pair from_halves(uint16x8_t x) noexcept {
  return {from_half<F, Numbers>(vmovl_u16(vget_low_u16(x))), from_half<F, Numbers>(vmovl_high_u16(x))};
}

// 8 elements as floats.
NARROWFP_INLINE pair load_pair(const float* in) noexcept { return {load_dwords(in), load_dwords(in + 4)}; }
template <scalar_format F>
NARROWFP_INLINE pair load_pair(const narrow_float<F>* in) noexcept {
  return from_halves<F>(load_8(in));
}

/// A quad of elements.
template <class S>
NARROWFP_INLINE quad load_elements(const S* in, std::size_t) noexcept {
  const pair first = load_pair(in);
  const pair second = load_pair(in + 8);
  return {first.a, first.b, second.a, second.b};
}

/// Their leading 16 bits.
NARROWFP_INLINE uint16x8_t high_words(const pair& x) noexcept {
  return vuzp2q_u16(vreinterpretq_u16_u32(x.a), vreinterpretq_u16_u32(x.b));
}

/// The largest magnitude of n elements, a multiple of 8, as a float pattern; NaN and infinity are larger than
/// numbers.
template <std::size_t N, class S>
NARROWFP_INLINE std::uint32_t largest_magnitude(const S* in) noexcept {
  uint32x4_t largest = vdupq_n_u32(0);
#pragma GCC unroll 8
  for (std::size_t i = 0; i < N; i += 8) {
    const pair x = load_pair(in + i);
    const uint32x4_t mask = vdupq_n_u32(0x7FFFFFFF);
    largest = vmaxq_u32(largest, vmaxq_u32(vandq_u32(x.a, mask), vandq_u32(x.b, mask)));
  }
  return vmaxvq_u32(largest);
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#include "close.hpp"
