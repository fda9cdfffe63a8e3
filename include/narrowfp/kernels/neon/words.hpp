// Layer: kernels/neon. Tables in registers, and how elements become lanes.
#pragma once

#include "../vector/includes.hpp"

#include "open.hpp"

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// A vector of 32-bit lanes: the patterns of floats, or integers.
using dwords = uint32x4_t;

/// Two and four vectors, for 8 and 16 elements; as many codes of a byte each as four have are one vector.
struct pair {
  dwords a, b;
};
struct quad {
  dwords a, b, c, d;
};
inline constexpr std::size_t quad_elements = 16;
inline constexpr std::size_t lanes = quad_elements / 4;

/// A vector of 16-bit numbers: a pair has as many lanes.
using half_vector = uint16x8_t;
inline constexpr std::size_t half_elements = 8;

/// Stores never go past the caches.
inline constexpr std::size_t streaming_size = ~std::size_t{0};
NARROWFP_INLINE std::size_t elements_to_line(const void*, std::size_t) noexcept { return 1; }
NARROWFP_INLINE void finish_streaming() noexcept {}

NARROWFP_INLINE dwords broadcast(std::uint32_t x) noexcept { return vdupq_n_u32(x); }
NARROWFP_INLINE dwords broadcast_float(float x) noexcept {
  return broadcast(core::bit_cast<std::uint32_t>(x));
}

/// Without the sign.
NARROWFP_INLINE dwords magnitude(dwords x) noexcept { return vandq_u32(x, vdupq_n_u32(0x7FFFFFFF)); }

NARROWFP_INLINE dwords difference(dwords a, dwords b) noexcept { return vsubq_u32(a, b); }
/// `yes` where x is above the limit, else `no`.
NARROWFP_INLINE dwords where_above(dwords x, std::uint32_t limit, dwords yes, dwords no) noexcept {
  return vbslq_u32(vcgtq_u32(x, broadcast(limit)), yes, no);
}
NARROWFP_INLINE dwords both(dwords a, dwords b) noexcept { return vandq_u32(a, b); }
NARROWFP_INLINE dwords either_not_both(dwords a, dwords b) noexcept { return veorq_u32(a, b); }
/// Lane i ^ Distance in lane i.
template <std::size_t Distance>
NARROWFP_INLINE dwords swapped(dwords x) noexcept {
  static_assert(Distance == 1 || Distance == 2);
  return Distance == 1 ? vrev64q_u32(x) : vextq_u32(x, x, 2);
}
template <int N>
NARROWFP_INLINE dwords shifted_left(dwords x) noexcept {
  return vshlq_n_u32(x, N);
}
template <int N>
NARROWFP_INLINE dwords shifted_right(dwords x) noexcept {
  return vshrq_n_u32(x, N);
}
/// To the left by n, or to the right by -n.
NARROWFP_INLINE dwords shifted(dwords x, dwords n) noexcept {
  // The instruction reads the lowest byte of n.
  const int32x4_t left = vreinterpretq_s32_u32(n);
  return vshlq_u32(x, vminq_s32(vmaxq_s32(left, vdupq_n_s32(-32)), vdupq_n_s32(32)));
}
/// All ones where a + b, without sign, is 2^32 or more.
NARROWFP_INLINE dwords carries(dwords a, dwords b) noexcept { return vcgtq_u32(b, vmvnq_u32(a)); }
NARROWFP_INLINE dwords either(dwords a, dwords b) noexcept { return vorrq_u32(a, b); }
NARROWFP_INLINE dwords sum(dwords a, dwords b) noexcept { return vaddq_u32(a, b); }
NARROWFP_INLINE dwords smaller(dwords a, dwords b) noexcept { return vminq_u32(a, b); }
NARROWFP_INLINE dwords larger(dwords a, dwords b) noexcept { return vmaxq_u32(a, b); }
NARROWFP_INLINE dwords sign_in_all_bits(dwords x) noexcept {
  return vreinterpretq_u32_s32(vshrq_n_s32(vreinterpretq_s32_u32(x), 31));
}
/// To 32-bit integers, toward zero.
NARROWFP_INLINE dwords truncated(dwords x) noexcept {
  return vreinterpretq_u32_s32(vcvtq_s32_f32(vreinterpretq_f32_u32(x)));
}

NARROWFP_INLINE std::uint32_t largest_lane(dwords x) noexcept { return vmaxvq_u32(x); }

NARROWFP_INLINE bool has_nan(const quad& v) noexcept {
  const dwords of_ab = larger(magnitude(v.a), magnitude(v.b));
  const dwords of_cd = larger(magnitude(v.c), magnitude(v.d));
  return largest_lane(larger(of_ab, of_cd)) > 0x7F800000;
}

// Float arithmetic that no compiler flag can change: under -ffast-math the operators and most intrinsics may
// be reordered, fused, or replaced by products with reciprocals. The results are integers to the compiler:
// clang 17 and later take for granted under that flag that a float which asm gives is neither NaN nor
// infinite.

NARROWFP_INLINE dwords product(dwords a, dwords b) noexcept {
  dwords result;
  __asm__("fmul %0.4s, %1.4s, %2.4s" : "=w"(result) : "w"(a), "w"(b));
  return result;
}
NARROWFP_INLINE dwords float_sum(dwords a, dwords b) noexcept {
  dwords result;
  __asm__("fadd %0.4s, %1.4s, %2.4s" : "=w"(result) : "w"(a), "w"(b));
  return result;
}
NARROWFP_INLINE dwords float_difference(dwords a, dwords b) noexcept {
  dwords result;
  __asm__("fsub %0.4s, %1.4s, %2.4s" : "=w"(result) : "w"(a), "w"(b));
  return result;
}
NARROWFP_INLINE dwords quotient(dwords a, dwords b) noexcept {
  dwords result;
  __asm__("fdiv %0.4s, %1.4s, %2.4s" : "=w"(result) : "w"(a), "w"(b));
  return result;
}
/// c + a * b, rounded once.
NARROWFP_INLINE dwords product_more(dwords c, dwords a, dwords b) noexcept {
  __asm__("fmla %0.4s, %1.4s, %2.4s" : "+w"(c) : "w"(a), "w"(b));
  return c;
}
/// c - a * b, rounded once.
NARROWFP_INLINE dwords product_less(dwords c, dwords a, dwords b) noexcept {
  __asm__("fmls %0.4s, %1.4s, %2.4s" : "+w"(c) : "w"(a), "w"(b));
  return c;
}
/// Products rounded to odd: toward zero, as FPCR says, with the last bit set where that is not the product.
NARROWFP_INLINE dwords product_to_odd(dwords a, dwords b) noexcept {
  const dwords bits = product(a, b);
  const dwords missing = product_less(bits, a, b);
  const uint32x4_t inexact = vtstq_u32(missing, vdupq_n_u32(0x7FFFFFFF));
  return vorrq_u32(bits, vandq_u32(inexact, vdupq_n_u32(1)));
}

/// The quotient of two numbers, as a float.
NARROWFP_INLINE float quotient(float a, float b) noexcept {
  return core::bit_cast<float>(vgetq_lane_u32(quotient(broadcast_float(a), broadcast_float(b)), 0));
}

/// Elements whose codes are encoded, or decoded, together: four vectors of words, or two of bytes.
inline constexpr std::size_t code_group = 32;

struct words_32 {
  uint16x8_t a, b, c, d;
};
struct bytes_32 {
  uint8x16_t first, second;
};

// Tables of 16, 48, 64 and 128 bytes. One instruction looks up as many as 64; where its index is larger it
// gives 0, or keeps what an instruction before it has found.
template <int Parts>
struct byte_table;
template <>
struct byte_table<1> {
  uint8x16_t bytes;
};
template <>
struct byte_table<3> {
  uint8x16x3_t bytes;
};
template <>
struct byte_table<4> {
  uint8x16x4_t bytes;
};
template <>
struct byte_table<8> {
  uint8x16x4_t low, high;
};

NARROWFP_INLINE uint8x16_t look_up(const byte_table<1>& t, uint8x16_t index) noexcept {
  return vqtbl1q_u8(t.bytes, index);
}
NARROWFP_INLINE uint8x16_t look_up(const byte_table<3>& t, uint8x16_t index) noexcept {
  return vqtbl3q_u8(t.bytes, index);
}
NARROWFP_INLINE uint8x16_t look_up(const byte_table<4>& t, uint8x16_t index) noexcept {
  return vqtbl4q_u8(t.bytes, index);
}
NARROWFP_INLINE uint8x16_t look_up(const byte_table<8>& t, uint8x16_t index) noexcept {
  return vqtbx4q_u8(vqtbl4q_u8(t.low, index), t.high, vsubq_u8(index, vdupq_n_u8(64)));
}

template <int Parts>
NARROWFP_INLINE byte_table<Parts> load_table(const std::uint8_t* bytes) noexcept {
  if constexpr (Parts == 1) {
    return {vld1q_u8(bytes)};
  } else if constexpr (Parts == 4) {
    return {vld1q_u8_x4(bytes)};
  } else {
    static_assert(Parts == 8);
    return {vld1q_u8_x4(bytes), vld1q_u8_x4(bytes + 64)};
  }
}

/// Part P of the entries themselves, of which a chained table holds differences.
template <int P, int Parts>
NARROWFP_INLINE uint8x16_t part_of(const chained_table<Parts>& t) noexcept {
  const uint8x16_t part = vld1q_u8(t.part[P]);
  if constexpr (P == 0) {
    return part;
  } else {
    return veorq_u8(part, part_of<P - 1>(t));
  }
}
NARROWFP_INLINE byte_table<3> load_table(const chained_table<3>& t) noexcept {
  return {{{part_of<0>(t), part_of<1>(t), part_of<2>(t)}}};
}
NARROWFP_INLINE byte_table<8> load_table(const chained_table<8>& t) noexcept {
  return {{{part_of<0>(t), part_of<1>(t), part_of<2>(t), part_of<3>(t)}},
          {{part_of<4>(t), part_of<5>(t), part_of<6>(t), part_of<7>(t)}}};
}

NARROWFP_INLINE dwords load_dwords(const float* in) noexcept { return vreinterpretq_u32_f32(vld1q_f32(in)); }
NARROWFP_INLINE dwords load_dwords(const std::uint32_t* in) noexcept { return vld1q_u32(in); }
NARROWFP_INLINE half_vector load_halves(const std::uint16_t* in) noexcept { return vld1q_u16(in); }
template <bool Stream>
NARROWFP_INLINE void store_dwords(float* out, dwords x) noexcept {
  vst1q_f32(out, vreinterpretq_f32_u32(x));
}
template <bool Stream>
NARROWFP_INLINE void store_halves(std::uint16_t* out, half_vector x) noexcept {
  vst1q_u16(out, x);
}
template <bool Stream>
NARROWFP_INLINE void store_quad(float* out, const quad& v) noexcept {
  store_dwords<Stream>(out, v.a);
  store_dwords<Stream>(out + 4, v.b);
  store_dwords<Stream>(out + 8, v.c);
  store_dwords<Stream>(out + 12, v.d);
}

NARROWFP_INLINE uint16x8_t load_8(const void* in) noexcept {
  return vreinterpretq_u16_u8(vld1q_u8(static_cast<const std::uint8_t*>(in)));
}

/// float16 as the leading 16 bits of the same value as a float, the last bit set if any bit below is.
NARROWFP_INLINE uint16x8_t words_of_halves(uint16x8_t x) noexcept {
  const uint16x8_t magnitude = vandq_u16(x, vdupq_n_u16(0x7FFF));
  // Subnormal numbers, whose leading one lies lower, are shifted until it is where normal ones have their
  // exponent's last bit.
  const uint16x8_t five = vdupq_n_u16(5);
  const uint16x8_t shift = vsubq_u16(vmaxq_u16(vclzq_u16(magnitude), five), five);
  const uint16x8_t m = vshlq_u16(magnitude, vreinterpretq_s16_u16(shift));
  const uint16x8_t below = vtstq_u16(m, vdupq_n_u16(7));
  const uint16x8_t fraction = vorrq_u16(vshrq_n_u16(m, 3), vshrq_n_u16(below, 15));
  const uint16x8_t bias = vsubq_u16(vdupq_n_u16((127 - 15) << 7), vshlq_n_u16(shift, 7));
  uint16x8_t word = vandq_u16(vaddq_u16(fraction, bias), vtstq_u16(m, m));
  const uint16x8_t special = vcgeq_u16(magnitude, vdupq_n_u16(0x7C00));
  word = vaddq_u16(word, vandq_u16(special, vdupq_n_u16((127 - 15) << 7)));
  return vorrq_u16(word, vandq_u16(x, vdupq_n_u16(0x8000)));
}

// The leading words of 32 elements as floats, the last bit set if any bit below is.

NARROWFP_INLINE uint16x8_t leading_words(uint16x8_t x, uint16x8_t y) noexcept {
  const uint16x8_t below = vminq_u16(vuzp1q_u16(x, y), vdupq_n_u16(1));
  return vorrq_u16(vuzp2q_u16(x, y), below);
}
NARROWFP_INLINE uint16x8_t leading_words(const float* in) noexcept {
  return leading_words(load_8(in), load_8(in + 4));
}
NARROWFP_INLINE uint16x8_t leading_words(const narrow_float<formats::bfloat16>* in) noexcept {
  return load_8(in);
}
NARROWFP_INLINE uint16x8_t leading_words(const narrow_float<formats::float16>* in) noexcept {
  return words_of_halves(load_8(in));
}
template <class S>
NARROWFP_INLINE words_32 load_32(const S* in) noexcept {
  return {leading_words(in), leading_words(in + 8), leading_words(in + 16), leading_words(in + 24)};
}

/// Bytes from pairs of vectors of words, in order.
NARROWFP_INLINE uint8x16_t low_bytes(uint16x8_t a, uint16x8_t b) noexcept {
  return vuzp1q_u8(vreinterpretq_u8_u16(a), vreinterpretq_u8_u16(b));
}
NARROWFP_INLINE uint8x16_t high_bytes(uint16x8_t a, uint16x8_t b) noexcept {
  return vuzp2q_u8(vreinterpretq_u8_u16(a), vreinterpretq_u8_u16(b));
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#include "close.hpp"
