// Layer: kernels/neon. The words of exact products: vector/products.hpp is written in them.
#pragma once

#include "../facts/product_tables.hpp"
#include "half.hpp"
#include "environment.hpp"
#include "unpack.hpp"
#include "words.hpp"

#include "open.hpp"

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// A vector of bytes, and of signed 16-bit words.
using byte_vector = uint8x16_t;
using word_vector = int16x8_t;
inline constexpr std::size_t vector_bytes = 16;

NARROWFP_INLINE byte_vector bytes_of(int x) noexcept { return vdupq_n_u8(static_cast<std::uint8_t>(x)); }
/// Whether the set loads dense codes of such a width.
constexpr bool loads_codes(int bits) noexcept { return is_common_width(bits); }

/// A vector's bytes in Parts pieces that lie `stride` apart.
template <std::size_t Parts>
NARROWFP_INLINE byte_vector load_bytes(const std::uint8_t* p, [[maybe_unused]] std::size_t stride) noexcept {
  if constexpr (Parts == 1) {
    return vld1q_u8(p);
  } else {
    static_assert(Parts == 2);
    return vcombine_u8(vld1_u8(p), vld1_u8(p + stride));
  }
}

/// A vector of codes, one a byte, from Parts pieces of dense streams.
template <int Bits, std::size_t Parts>
NARROWFP_INLINE byte_vector load_code_bytes(const std::uint8_t* p, std::size_t stride) noexcept {
  if constexpr (Bits == 8) {
    return load_bytes<Parts>(p, stride);
  } else if constexpr (Bits == 4) {
    const uint8x8_t pairs = vld1_u8(p);
    const uint8x8_t even = vand_u8(pairs, vdup_n_u8(0x0F));
    return vcombine_u8(vzip1_u8(even, vshr_n_u8(pairs, 4)), vzip2_u8(even, vshr_n_u8(pairs, 4)));
  } else {
    static_assert(Bits == 6 && Parts == 1);
    std::uint8_t bytes[16] = {};
    __builtin_memcpy(bytes, p, 12);
    return vandq_u8(spread_six_bits(vld1q_u8(bytes)), vdupq_n_u8(0x3F));
  }
}

NARROWFP_INLINE byte_vector even_nibbles(byte_vector x) noexcept { return vandq_u8(x, vdupq_n_u8(0x0F)); }
NARROWFP_INLINE byte_vector odd_nibbles(byte_vector x) noexcept { return vshrq_n_u8(x, 4); }

/// Every second byte of two vectors.
NARROWFP_INLINE byte_vector even_bytes(byte_vector a, byte_vector b) noexcept { return vuzp1q_u8(a, b); }
NARROWFP_INLINE byte_vector odd_bytes(byte_vector a, byte_vector b) noexcept { return vuzp2q_u8(a, b); }
NARROWFP_INLINE void store_bytes(std::uint8_t* out, byte_vector x) noexcept { vst1q_u8(out, x); }
NARROWFP_INLINE void store_words(std::uint8_t* out, word_vector x) noexcept {
  vst1q_u8(out, vreinterpretq_u8_s16(x));
}
NARROWFP_INLINE word_vector load_words(const std::uint8_t* in) noexcept {
  return vreinterpretq_s16_u8(vld1q_u8(in));
}

/// Entries of a table of 16 * Parts bytes.
template <int Parts>
NARROWFP_INLINE byte_vector look_up_bytes(const std::uint8_t* table, byte_vector index) noexcept {
  const std::uint8_t* entries = unknown(table);
  if constexpr (Parts == 2) {
    return vqtbl2q_u8({{vld1q_u8(entries), vld1q_u8(entries + 16)}}, index);
  } else {
    return look_up(load_table<Parts>(entries), index);
  }
}

/// x, or -x where a bit of the codes is set.
template <int Bit>
NARROWFP_INLINE byte_vector negated_by_bit(byte_vector x, byte_vector codes) noexcept {
  const byte_vector negative = vreinterpretq_u8_s8(vnegq_s8(vreinterpretq_s8_u8(x)));
  return vbslq_u8(vtstq_u8(codes, vdupq_n_u8(1 << Bit)), negative, x);
}
NARROWFP_INLINE byte_vector low_bits_of_bytes(byte_vector x, int mask) noexcept {
  return vandq_u8(x, bytes_of(mask));
}

NARROWFP_INLINE byte_vector magnitudes_of_bytes(byte_vector x) noexcept {
  return vreinterpretq_u8_s8(vabsq_s8(vreinterpretq_s8_u8(x)));
}
/// x, or -x where y is negative; anything where y is 0.
NARROWFP_INLINE byte_vector with_signs_of(byte_vector x, byte_vector y) noexcept {
  return negated_by_bit<7>(x, y);
}
NARROWFP_INLINE byte_vector difference_of_bytes(byte_vector a, byte_vector b) noexcept {
  return vsubq_u8(a, b);
}
/// a - b, or 0 where that is negative.
NARROWFP_INLINE byte_vector difference_or_0(byte_vector a, byte_vector b) noexcept { return vqsubq_u8(a, b); }
/// Bytes without so many low bits.
template <int Bits>
NARROWFP_INLINE byte_vector shifted_fields(byte_vector x) noexcept {
  if constexpr (Bits == 0) {
    return x;
  } else {
    return vshrq_n_u8(x, Bits);
  }
}

NARROWFP_INLINE byte_vector bytes_of_lanes(dwords x) noexcept { return vreinterpretq_u8_u32(x); }

/// As many words as a vector has bytes, in order.
struct word_pair {
  word_vector low, high;
};
struct weight_pair {
  dwords low, high;
};
/// Products of bytes: without sign, of 128 at most, and signed ones.
NARROWFP_INLINE word_pair products_with_magnitudes(byte_vector x, byte_vector y) noexcept {
  const int8x16_t b = vreinterpretq_s8_u8(y);
  return {vmulq_s16(vreinterpretq_s16_u16(vmovl_u8(vget_low_u8(x))), vmovl_s8(vget_low_s8(b))),
          vmulq_s16(vreinterpretq_s16_u16(vmovl_high_u8(x)), vmovl_high_s8(b))};
}
/// -2^x of bytes 0 to 15, 0 of others.
template <bool More>
NARROWFP_INLINE weight_pair negative_powers(byte_vector x) noexcept {
  const int16x8_t ones = vdupq_n_s16(-1);
  const uint8x16_t shift = vminq_u8(x, bytes_of(16));  // then nothing is left
  const int16x8_t low = vshlq_s16(ones, vreinterpretq_s16_u16(vmovl_u8(vget_low_u8(shift))));
  const int16x8_t high = vshlq_s16(ones, vreinterpretq_s16_u16(vmovl_high_u8(shift)));
  return {vreinterpretq_u32_s16(low), vreinterpretq_u32_s16(high)};
}

/// Whether signed bytes are multiplied as they are.
inline constexpr bool multiplies_signed_bytes = true;
NARROWFP_INLINE byte_vector either_not_both(byte_vector a, byte_vector b) noexcept { return veorq_u8(a, b); }

/// Sums of two neighbours' products, as words: signed bytes, of which y has no -128.
NARROWFP_INLINE word_vector pair_sums(byte_vector x, byte_vector y) noexcept {
  const int8x16_t a = vreinterpretq_s8_u8(x);
  const int8x16_t b = vreinterpretq_s8_u8(y);
  return vpaddq_s16(vmull_s8(vget_low_s8(a), vget_low_s8(b)), vmull_high_s8(a, b));
}
/// The same where x, below 128, has no sign.
NARROWFP_INLINE word_vector sums_with_magnitudes(byte_vector x, byte_vector y) noexcept {
  return pair_sums(x, y);
}
NARROWFP_INLINE word_vector sum_of_words(word_vector a, word_vector b) noexcept { return vaddq_s16(a, b); }
NARROWFP_INLINE word_vector difference_of_words(word_vector a, word_vector b) noexcept {
  return vsubq_s16(a, b);
}
NARROWFP_INLINE dwords product_of_words(dwords a, dwords b) noexcept {
  return vreinterpretq_u32_u16(vmulq_u16(vreinterpretq_u16_u32(a), vreinterpretq_u16_u32(b)));
}
/// Sums of two neighbours' products of words.
NARROWFP_INLINE dwords weighted_sums(word_vector words, dwords weights) noexcept {
  const int16x8_t w = vreinterpretq_s16_u32(weights);
  return vreinterpretq_u32_s32(
      vpaddq_s32(vmull_s16(vget_low_s16(words), vget_low_s16(w)), vmull_high_s16(words, w)));
}
NARROWFP_INLINE dwords ones_of_words() noexcept { return broadcast(0x00010001); }

/// The smaller of signed bytes.
NARROWFP_INLINE byte_vector least_bytes(byte_vector a, byte_vector b) noexcept {
  return vreinterpretq_u8_s8(vminq_s8(vreinterpretq_s8_u8(a), vreinterpretq_s8_u8(b)));
}
NARROWFP_INLINE bool any_is_128(byte_vector x) noexcept { return vminvq_s8(vreinterpretq_s8_u8(x)) == -128; }

/// The first Groups of values, as many as lanes, that have just been computed, each in as many neighbouring
/// lanes.
template <std::size_t Groups>
NARROWFP_INLINE dwords spread(const std::uint32_t* values) noexcept {
  if constexpr (Groups == 1) {
    return broadcast(values[0]);
  } else if constexpr (Groups == 2) {
    const dwords all = vld1q_u32(values);
    return vzip1q_u32(all, all);
  } else {
    return vld1q_u32(values);
  }
}

/// Bytes of 1 where a bit is set in the byte of the same 32 bits that `byte` says.
NARROWFP_INLINE byte_vector found_bits(dwords metadata, const std::uint8_t* byte,
                                       const std::uint8_t* bit) noexcept {
  const byte_vector bytes = vqtbl1q_u8(vreinterpretq_u8_u32(metadata), vld1q_u8(unknown(byte)));
  return vminq_u8(vandq_u8(bytes, vld1q_u8(unknown(bit))), vdupq_n_u8(1));
}
NARROWFP_INLINE byte_vector sum_of_bytes(byte_vector a, byte_vector b) noexcept { return vaddq_u8(a, b); }
/// Words of 2^(both bytes), which are 7 together at most.
NARROWFP_INLINE dwords powers_of_bytes(byte_vector counts) noexcept {
  return vreinterpretq_u32_u16(vshlq_u16(vdupq_n_u16(1), vreinterpretq_s16_u16(vpaddlq_u8(counts))));
}

/// The sum of signed lanes.
NARROWFP_INLINE std::int64_t total_of_lanes(dwords x) noexcept {
  return vaddlvq_s32(vreinterpretq_s32_u32(x));
}
NARROWFP_INLINE void store_lanes(std::int32_t* out, dwords x) noexcept {
  vst1q_s32(out, vreinterpretq_s32_u32(x));
}

/// As many doubles as a vector has lanes.
struct double_lanes {
  float64x2_t low, high;
};
NARROWFP_INLINE double_lanes zero_doubles() noexcept { return {vdupq_n_f64(0), vdupq_n_f64(0)}; }
/// Groups values, each in as many neighbouring lanes.
template <std::size_t Groups>
NARROWFP_INLINE double_lanes spread(const double* values) noexcept {
  if constexpr (Groups == 1) {
    return {vdupq_n_f64(*values), vdupq_n_f64(*values)};
  } else if constexpr (Groups == 2) {
    return {vdupq_n_f64(values[0]), vdupq_n_f64(values[1])};
  } else {
    return {vld1q_f64(values), vld1q_f64(values + 2)};
  }
}
/// The sum of lanes that are integers in units of 1 / `per_unit`.
NARROWFP_INLINE std::int64_t total_of_doubles(double_lanes x, double per_unit) noexcept {
  const int64x2_t low = vcvtq_s64_f64(vmulq_n_f64(x.low, per_unit));
  const int64x2_t high = vcvtq_s64_f64(vmulq_n_f64(x.high, per_unit));
  return vaddvq_s64(vaddq_s64(low, high));
}

/// x, or twice x where a byte of `bits` is 1, not 0.
NARROWFP_INLINE byte_vector doubled_where(byte_vector x, byte_vector bits) noexcept {
  return vshlq_u8(x, vreinterpretq_s8_u8(bits));
}
NARROWFP_INLINE dwords floats_of_words(int16x4_t x) noexcept {
  return vreinterpretq_u32_f32(vcvtq_f32_s32(vmovl_s16(x)));
}
/// Signed bytes as floats.
NARROWFP_INLINE quad floats_of_bytes(byte_vector x) noexcept {
  const int8x16_t bytes = vreinterpretq_s8_u8(x);
  const int16x8_t low = vmovl_s8(vget_low_s8(bytes));
  const int16x8_t high = vmovl_high_s8(bytes);
  return {floats_of_words(vget_low_s16(low)), floats_of_words(vget_high_s16(low)),
          floats_of_words(vget_low_s16(high)), floats_of_words(vget_high_s16(high))};
}

/// Decodes a vector of codes to four of floats: the values times 2^exponent.
template <scalar_format F>
struct float_decoder {
  static constexpr int exponent = 0;
  value_bytes<F, float> high = load_values<F, float>(unknown(&value_decoder<F, float>::data)->high);
  value_bytes<F, float> low = load_values<F, float>(unknown(&value_decoder<F, float>::data)->low);

  NARROWFP_INLINE quad decode(byte_vector codes) const noexcept {
    return floats_of(look_up<true>(high, codes), look_up<false>(low, codes));
  }
};
NARROWFP_INLINE byte_vector least_unsigned_bytes(byte_vector a, byte_vector b) noexcept {
  return vminq_u8(a, b);
}
NARROWFP_INLINE byte_vector most_unsigned_bytes(byte_vector a, byte_vector b) noexcept {
  return vmaxq_u8(a, b);
}
NARROWFP_INLINE bool any_byte_is_above(byte_vector x, int limit) noexcept { return vmaxvq_u8(x) > limit; }
NARROWFP_INLINE bool any_byte_is_0(byte_vector x) noexcept { return vminvq_u8(x) == 0; }
/// Floats as doubles.
NARROWFP_INLINE double_lanes widened(dwords x) noexcept {
  const float32x4_t floats = vreinterpretq_f32_u32(x);
  return {vcvt_f64_f32(vget_low_f32(floats)), vcvt_high_f64_f32(floats)};
}
/// Signed lanes as doubles.
NARROWFP_INLINE double_lanes converted(dwords x) noexcept {
  const int32x4_t lane = vreinterpretq_s32_u32(x);
  return {vcvtq_f64_s64(vmovl_s32(vget_low_s32(lane))), vcvtq_f64_s64(vmovl_high_s32(lane))};
}

// Arithmetic of doubles. Kernels see to it that every result is exact, so that neither rounding nor the order
// that -ffast-math may choose matters.

NARROWFP_INLINE double_lanes sum(double_lanes a, double_lanes b) noexcept {
  return {vaddq_f64(a.low, b.low), vaddq_f64(a.high, b.high)};
}
NARROWFP_INLINE double_lanes product(double_lanes a, double_lanes b) noexcept {
  return {vmulq_f64(a.low, b.low), vmulq_f64(a.high, b.high)};
}
/// c + a * b.
NARROWFP_INLINE double_lanes product_more(double_lanes c, double_lanes a, double_lanes b) noexcept {
  return {vfmaq_f64(c.low, a.low, b.low), vfmaq_f64(c.high, a.high, b.high)};
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#include "close.hpp"
