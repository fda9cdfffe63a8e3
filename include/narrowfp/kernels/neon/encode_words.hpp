// Layer: kernels/neon. Words to codes of 8 bits or fewer, 16 at a time; see word_rows and
// docs/kernels/words.md.
#pragma once

#include "words.hpp"

#include "open.hpp"

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// word_rows in registers.
template <unsigned Flags>
struct word_constants {
  byte_table<3> factor, offset;
  byte_table<8> codes;
  uint8x16_t base, nan_code, sign_bit;
  int8x16_t sign_shift;
  uint16x8_t high, nan_bits, inf_bits, negative_bits;
};

template <unsigned Flags>
NARROWFP_INLINE word_constants<Flags> load_constants(const word_rows& rows) noexcept {
  word_constants<Flags> c;
  c.factor = load_table(rows.factor);
  c.offset = load_table(rows.offset);
  c.codes = load_table(rows.codes);
  c.base = vdupq_n_u8(rows.base);
  c.nan_code = vdupq_n_u8(rows.nan_code);
  c.sign_bit = vdupq_n_u8(static_cast<std::uint8_t>(1 << (rows.width - 1)));
  c.sign_shift = vdupq_n_s8(static_cast<std::int8_t>(rows.width - 8));
  c.high = vdupq_n_u16(rows.high);
  c.nan_bits = vdupq_n_u16(rows.nan_bits);
  c.inf_bits = vdupq_n_u16(rows.inf_bits);
  c.negative_bits = vdupq_n_u16(rows.negative_bits);
  return c;
}

/// Magnitudes with NaN, infinity and the format's range folded in. Signs that do not count are removed from
/// x; is_nan gets all ones where NaN was.
template <unsigned Flags>
NARROWFP_INLINE uint16x8_t clamp(uint16x8_t& x, uint16x8_t& is_nan, const word_constants<Flags>& c) noexcept {
  const uint16x8_t infinity = vdupq_n_u16(0x7F80);
  if constexpr ((Flags & flag_unsigned) != 0) {
    // Negative numbers but -0, and -infinity; not NaN.
    const uint16x8_t negative = vcltq_u16(vsubq_u16(x, vdupq_n_u16(0x8001)), infinity);
    x = vbslq_u16(negative, c.negative_bits, x);
  }
  const uint16x8_t magnitude = vandq_u16(x, vdupq_n_u16(0x7FFF));
  uint16x8_t m = vminq_u16(magnitude, c.high);
  if constexpr ((Flags & (flag_nan_apart | flag_nan_positive | flag_nan_last)) != 0) {
    is_nan = vcgtq_u16(magnitude, infinity);
  }
  if constexpr ((Flags & flag_inf_apart) != 0) {
    m = vbslq_u16(vceqq_u16(magnitude, infinity), c.inf_bits, m);
  }
  if constexpr ((Flags & flag_nan_apart) != 0) {
    m = vbslq_u16(is_nan, c.nan_bits, m);
  }
  if constexpr ((Flags & flag_nan_positive) != 0) {
    x = vbicq_u16(x, is_nan);
  }
  return m;
}

/// From counts of spacings with 8 fraction bits: rounded.
template <unsigned Flags>
NARROWFP_INLINE uint8x8_t round_counts(uint16x8_t count) noexcept {
  if constexpr ((Flags & flag_ties_away) != 0) {
    return vrshrn_n_u16(count, 8);
  } else if constexpr ((Flags & flag_toward_zero) != 0) {
    return vshrn_n_u16(count, 8);
  } else {
    const uint16x8_t odd = vandq_u16(vshrq_n_u16(count, 8), vdupq_n_u16(1));
    return vaddhn_u16(vaddq_u16(count, odd), vdupq_n_u16(0x7F));
  }
}

/// The magnitudes of words less an exponent, between 0 and `high`.
NARROWFP_INLINE uint16x8_t words_less(uint16x8_t x, int16x8_t offset, uint16x8_t high) noexcept {
  const int16x8_t magnitude = vreinterpretq_s16_u16(vandq_u16(x, vdupq_n_u16(0x7FFF)));
  const int16x8_t m = vmaxq_s16(vsubq_s16(magnitude, offset), vdupq_n_s16(0));
  return vminq_u16(vreinterpretq_u16_s16(m), high);
}

/// The codes of 16 clamped magnitudes, m and then n, with the signs of x and y.
template <unsigned Flags>
NARROWFP_INLINE uint8x16_t encode_magnitudes(uint16x8_t m, uint16x8_t n, uint16x8_t x, uint16x8_t y,
                                             const word_constants<Flags>& c) noexcept {
  const uint8x16_t fields = vshrn_high_n_u16(vshrn_n_u16(m, 7), n, 7);
  const uint8x16_t significands = vorrq_u8(low_bytes(m, n), vdupq_n_u8(0x80));
  const uint8x16_t row = vsubq_u8(vmaxq_u8(fields, c.base), c.base);
  const uint8x16_t factor = look_up(c.factor, row);
  const uint8x8_t first = round_counts<Flags>(vmull_u8(vget_low_u8(significands), vget_low_u8(factor)));
  const uint8x8_t second = round_counts<Flags>(vmull_high_u8(significands, factor));
  uint8x16_t codes = vaddq_u8(vcombine_u8(first, second), look_up(c.offset, row));
  if constexpr ((Flags & flag_mapped) != 0) {
    codes = look_up(c.codes, codes);
  }
  if constexpr ((Flags & flag_unsigned) == 0) {
    uint8x16_t signs = high_bytes(x, y);
    if constexpr ((Flags & flag_narrow) != 0) {
      signs = vshlq_u8(signs, c.sign_shift);  // to the right
    }
    signs = vandq_u8(signs, c.sign_bit);
    if constexpr ((Flags & flag_unsigned_zero) != 0) {
      signs = vbicq_u8(signs, vceqzq_u8(codes));
    }
    codes = vorrq_u8(codes, signs);
  }
  return codes;
}

/// 16 codes, one a byte.
template <unsigned Flags>
NARROWFP_INLINE uint8x16_t encode_16(uint16x8_t x, uint16x8_t y, const word_constants<Flags>& c) noexcept {
  uint16x8_t x_nan = vdupq_n_u16(0);
  uint16x8_t y_nan = vdupq_n_u16(0);
  const uint16x8_t m = clamp<Flags>(x, x_nan, c);
  const uint16x8_t n = clamp<Flags>(y, y_nan, c);
  uint8x16_t codes = encode_magnitudes<Flags>(m, n, x, y, c);
  if constexpr ((Flags & flag_nan_last) != 0) {
    codes = vbslq_u8(low_bytes(x_nan, y_nan), c.nan_code, codes);
  }
  return codes;
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#include "close.hpp"
