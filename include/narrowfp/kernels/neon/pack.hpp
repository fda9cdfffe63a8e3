// Layer: kernels/neon. Arrays of elements to arrays of codes.
#pragma once

#include "encode_words.hpp"
#include "half.hpp"
#include "words.hpp"

#include "open.hpp"

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// The low 6 bits of 16 bytes, in 12.
NARROWFP_INLINE uint8x16_t six_bits(uint8x16_t codes) noexcept {
  const uint16x8_t bytes = vreinterpretq_u16_u8(codes);
  const uint32x4_t pairs = vreinterpretq_u32_u16(vsliq_n_u16(bytes, vshrq_n_u16(bytes, 8), 6));
  const uint32x4_t fours = vsliq_n_u32(pairs, vshrq_n_u32(pairs, 16), 12);
  constexpr std::uint8_t squeeze[16] = {0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 255, 255, 255, 255};
  return vqtbl1q_u8(vreinterpretq_u8_u32(fours), vld1q_u8(squeeze));
}

/// Writes 32 codes of a dense stream.
template <int Bits>
NARROWFP_INLINE void store_32(std::uint8_t* out, bytes_32 codes) noexcept {
  if constexpr (Bits == 8) {
    vst1q_u8(out, codes.first);
    vst1q_u8(out + 16, codes.second);
  } else if constexpr (Bits == 4) {
    const uint8x16_t even = vuzp1q_u8(codes.first, codes.second);
    vst1q_u8(out, vsliq_n_u8(even, vuzp2q_u8(codes.first, codes.second), 4));
  } else {
    const uint8x16_t first = six_bits(codes.first);
    const uint8x16_t second = six_bits(codes.second);
    const uint8x16_t zero = vdupq_n_u8(0);
    // 12 bytes and the 4 that follow, then the last 8.
    vst1q_u8(out, vorrq_u8(first, vextq_u8(zero, second, 4)));
    vst1_u8(out + 16, vget_low_u8(vextq_u8(second, zero, 4)));
  }
}

/// The leading words of 8 elements times `scale`, as floats.
template <class S>
NARROWFP_INLINE uint16x8_t scaled_words(const S* in, float scale) noexcept {
  const pair x = load_pair(in);
  const dwords a = product(x.a, broadcast_float(scale));
  const dwords b = product(x.b, broadcast_float(scale));
  return leading_words(vreinterpretq_u16_u32(a), vreinterpretq_u16_u32(b));
}

template <unsigned Flags, int Bits, class S>
NARROWFP_INLINE void encode_32(const S* in, std::uint8_t* out, float scale,
                               const word_constants<Flags>& c) noexcept {
  words_32 x;
  if constexpr ((Flags & flag_scaled) != 0) {
    x = {scaled_words(in, scale), scaled_words(in + 8, scale), scaled_words(in + 16, scale),
         scaled_words(in + 24, scale)};
  } else {
    x = load_32(in);
  }
  store_32<Bits>(out, {encode_16<Flags>(x.a, x.b, c), encode_16<Flags>(x.c, x.d, c)});
}

/// Encodes n elements. If they are scaled, it runs in default_environment.
template <unsigned Flags, int Bits, class S>
[[gnu::noinline]] void pack_words(const S* in, std::uint8_t* out, std::size_t n, float scale,
                                  const word_rows& rows) noexcept {
  const word_constants<Flags> c = load_constants<Flags>(*unknown(&rows));
  std::size_t i = 0;
  for (; n - i >= elements_at_once; i += elements_at_once) {
    encode_32<Flags, Bits>(in + i, out + i / 8 * Bits, scale, c);
  }
  if (i < n) {
    // The same on a copy, completed with zeros.
    S rest[elements_at_once] = {};
    std::uint8_t codes[elements_at_once];
    __builtin_memcpy(static_cast<void*>(rest), in + i, (n - i) * sizeof(S));
    encode_32<Flags, Bits>(rest, codes, scale, c);
    __builtin_memcpy(out + i / 8 * Bits, codes, ((n - i) * Bits + 7) / 8);
  }
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#include "close.hpp"
