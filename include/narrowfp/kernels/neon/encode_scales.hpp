// Layer: kernels/neon. Elements to unsigned formats without zero, by integer rounding; see scale_grid.
#pragma once

#include "half.hpp"
#include "words.hpp"

#include "open.hpp"

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// 4 ranks, which are the codes.
template <rounding Mode>
NARROWFP_INLINE uint32x4_t scale_ranks(uint32x4_t x, const scale_grid& grid) noexcept {
  const uint32x4_t infinity = vdupq_n_u32(0x7F800000);
  const uint32x4_t negative = vcltq_u32(vsubq_u32(x, vdupq_n_u32(0x80000001)), infinity);
  x = vbslq_u32(negative, vdupq_n_u32(grid.negative_bits), x);
  const uint32x4_t magnitude = vandq_u32(x, vdupq_n_u32(0x7FFFFFFF));
  uint32x4_t m = vmaxq_u32(vminq_u32(magnitude, vdupq_n_u32(grid.high)), vdupq_n_u32(grid.low));
  m = vbslq_u32(vceqq_u32(magnitude, infinity), vdupq_n_u32(grid.inf_bits), m);
  if (grid.from_denormals) {
    // From 2^-127 to 2^-126 denormal numbers have twice the spacing; stretched, they become binade 0.
    const uint32x4_t first = vdupq_n_u32(0x00800000);
    m = vbslq_u32(vcltq_u32(m, first), vsubq_u32(vaddq_u32(m, m), first), m);
  }
  const int32x4_t shift = vdupq_n_s32(-grid.shift);  // to the right
  const std::uint32_t half = 1U << (grid.shift - 1);
  if constexpr (Mode == rounding::nearest_even) {
    const uint32x4_t odd = vandq_u32(vshlq_u32(m, shift), vdupq_n_u32(1));
    m = vaddq_u32(vaddq_u32(m, odd), vdupq_n_u32(half - 1));
  } else if constexpr (Mode == rounding::nearest_away) {
    m = vaddq_u32(m, vdupq_n_u32(half));
  }
  m = vsubq_u32(vshlq_u32(m, shift), vdupq_n_u32(grid.rank_of_0));
  return vbslq_u32(vcgtq_u32(magnitude, infinity), vdupq_n_u32(grid.nan_code), m);
}

template <rounding Mode, class S>
NARROWFP_INLINE void encode_8_scales(const S* in, std::uint8_t* out, const scale_grid& grid) noexcept {
  const pair x = load_pair(in);
  const uint16x4_t first = vmovn_u32(scale_ranks<Mode>(x.a, grid));
  const uint16x4_t second = vmovn_u32(scale_ranks<Mode>(x.b, grid));
  vst1_u8(out, vmovn_u16(vcombine_u16(first, second)));
}

template <rounding Mode, class S>
void pack_scales(const S* in, std::uint8_t* out, std::size_t n, const scale_grid& facts) noexcept {
  const scale_grid grid = facts;  // a copy that stores to `out` cannot change
  std::size_t i = 0;
  for (; n - i >= 8; i += 8) {
    encode_8_scales<Mode>(in + i, out + i, grid);
  }
  if (i < n) {
    S rest[8] = {};
    std::uint8_t codes[8];
    __builtin_memcpy(static_cast<void*>(rest), in + i, (n - i) * sizeof(S));
    encode_8_scales<Mode>(rest, codes, grid);
    __builtin_memcpy(out + i, codes, n - i);
  }
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#include "close.hpp"
