// Layer: kernels/neon. Arrays of elements to arrays of codes.
#pragma once

#include "encode_words.hpp"
#include "half.hpp"
#include "loops.hpp"
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

template <int Bits, bool Stream>
NARROWFP_INLINE void store_group(std::uint8_t* out, const bytes_32& codes) noexcept {
  store_32<Bits>(out, codes);
}

/// A source of encode_groups.
template <unsigned Flags>
struct word_encoding {
  word_constants<Flags> c;
  float scale;

  template <class S>
  NARROWFP_INLINE bytes_32 operator()(const S* in, const std::uint32_t*) const noexcept {
    words_32 x;
    if constexpr ((Flags & flag_scaled) != 0) {
      x = {scaled_words(in, scale), scaled_words(in + 8, scale), scaled_words(in + 16, scale),
           scaled_words(in + 24, scale)};
    } else {
      x = load_32(in);
    }
    return {encode_16<Flags>(x.a, x.b, c), encode_16<Flags>(x.c, x.d, c)};
  }
};

/// Encodes n elements. If they are scaled, it runs in default_environment.
template <unsigned Flags, int Bits, class S>
[[gnu::noinline]] void pack_elements(const S* in, std::uint8_t* out, std::size_t n, float scale,
                                     const word_rows& rows) noexcept {
  std::size_t left = n;
  if (n >= code_group) {
    const word_encoding<Flags> encoding = {load_constants<Flags>(*unknown(&rows)), scale};
    left = encode_groups<Bits, false>(in, out, n, nullptr, encoding);
  }
  if (left != 0) {
    const std::size_t done = n - left;
    encode_last<Bits>(in + done, out + done * Bits / 8, left, [&](const S* elements, std::uint8_t* codes) {
      pack_elements<Flags, Bits>(elements, codes, code_group, scale, rows);
    });
  }
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#include "close.hpp"
