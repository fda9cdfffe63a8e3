// Layer: kernels/neon. Codes of blocks, and the bits below their scales: the words of vector/dequantize.hpp.
#pragma once

#include "environment.hpp"
#include "half.hpp"
#include "unpack.hpp"
#include "words.hpp"

#include "open.hpp"

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// 16 codes of a dense stream, one a byte, with anything above their width. Reads no other bytes.
template <int Bits>
NARROWFP_INLINE uint8x16_t load_codes_16(const std::uint8_t* in) noexcept {
  if constexpr (Bits == 8) {
    return vld1q_u8(in);
  } else if constexpr (Bits == 4) {
    const uint8x8_t pairs = vld1_u8(in);
    const uint8x8x2_t codes = vzip_u8(pairs, vshr_n_u8(pairs, 4));
    return vcombine_u8(codes.val[0], codes.val[1]);
  } else {
    std::uint32_t last = 0;
    __builtin_memcpy(&last, in + 8, 4);
    return spread_six_bits(vcombine_u8(vld1_u8(in), vreinterpret_u8_u32(vdup_n_u32(last))));
  }
}

/// What HiF4's elements are multiplied by. After the scale's byte, one bit for each 8 elements and one for
/// each 4 double the scale: a binade more.
template <block_type B>
struct bit_factors {
  static_assert(has_hif4_bits<B>);
  dwords of_fours[4];

  NARROWFP_INLINE bit_factors(const std::byte* metadata, float scale) noexcept {
    constexpr std::uint32_t eights[4] = {1, 1, 2, 2};
    constexpr std::uint32_t fours[4] = {1, 2, 4, 8};
#pragma GCC unroll 4
    for (std::size_t i = 0; i < 4; ++i) {
      const dwords of_eights = broadcast(static_cast<std::uint32_t>(metadata[1]) >> 2 * i);
      const dwords of_four = broadcast(static_cast<std::uint32_t>(metadata[2 + i / 2]) >> i % 2 * 4);
      const dwords minus_bits =
          vaddq_u32(vtstq_u32(of_eights, vld1q_u32(eights)), vtstq_u32(of_four, vld1q_u32(fours)));
      of_fours[i] = vsubq_u32(broadcast_float(scale), vshlq_n_u32(minus_bits, 23));
    }
  }
  NARROWFP_INLINE dwords at(std::size_t i) const noexcept {
    const dwords factors = of_fours[i / 4];
    return i % 4 == 0   ? vdupq_laneq_u32(factors, 0)
           : i % 4 == 1 ? vdupq_laneq_u32(factors, 1)
           : i % 4 == 2 ? vdupq_laneq_u32(factors, 2)
                        : vdupq_laneq_u32(factors, 3);
  }
};

/// Stores 4 values as elements of S. Brief ones are 0 below the leading 16 bits.
template <bool Brief, class S>
NARROWFP_INLINE void store_values(S* out, dwords x) noexcept {
  if constexpr (std::same_as<S, float>) {
    store_dwords<false>(out, x);
  } else {
    using F = typename S::format;
    auto* to = reinterpret_cast<std::uint16_t*>(out);
    if constexpr (Brief && std::same_as<F, formats::bfloat16>) {
      vst1_u16(to, vshrn_n_u32(x, 16));
    } else {
      const dwords rounded = half_magnitudes<F, rounding::nearest_even, false, false>(
          magnitude(x));  // a NaN fills more than 15 bits
      vst1_u16(to, vmovn_u32(vbslq_u32(vdupq_n_u32(0x7FFF), rounded, vshrq_n_u32(x, 16))));
    }
  }
}

/// Stores a quad of elements as elements of S.
template <bool Stream, bool Brief = false, class S>
NARROWFP_INLINE void store_elements(S* out, std::size_t, const quad& v) noexcept {
  store_values<Brief>(out, v.a);
  store_values<Brief>(out + 4, v.b);
  store_values<Brief>(out + 8, v.c);
  store_values<Brief>(out + 12, v.d);
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#include "close.hpp"
