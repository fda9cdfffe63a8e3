// Layer: kernels/neon. Stochastic rounding: the words of vector/draws.hpp and vector/moved.hpp.
#pragma once

#include "words.hpp"

#include "open.hpp"

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// Four counters: word i of all of them.
inline constexpr std::size_t philox_groups = 4;
struct philox_counters {
  uint32x4_t word[4];
};

/// The high halves of 32-bit products.
NARROWFP_INLINE uint32x4_t multiply_high(uint32x4_t x, std::uint32_t factor) noexcept {
  const uint64x2_t low = vmull_n_u32(vget_low_u32(x), factor);
  const uint64x2_t high = vmull_high_n_u32(x, factor);
  return vuzp2q_u32(vreinterpretq_u32_u64(low), vreinterpretq_u32_u64(high));
}

NARROWFP_INLINE void next_round(philox_counters& c, std::uint32_t key_0, std::uint32_t key_1) noexcept {
  const uint32x4_t high_0 = multiply_high(c.word[0], core::philox_multiplier_0);
  const uint32x4_t high_2 = multiply_high(c.word[2], core::philox_multiplier_2);
  const uint32x4_t low_0 = vmulq_n_u32(c.word[0], core::philox_multiplier_0);
  const uint32x4_t low_2 = vmulq_n_u32(c.word[2], core::philox_multiplier_2);
  c.word[0] = veorq_u32(veorq_u32(high_2, c.word[1]), vdupq_n_u32(key_0));
  c.word[2] = veorq_u32(veorq_u32(high_0, c.word[3]), vdupq_n_u32(key_1));
  c.word[1] = low_2;
  c.word[3] = low_0;
}

/// Four groups from `first` on. Indices wrap at 2^64, groups at 2^62.
NARROWFP_INLINE philox_counters counters_from(std::uint64_t first) noexcept {
  const uint64x2_t mask = vdupq_n_u64(0x3FFF'FFFF'FFFF'FFFF);
  const uint64x2_t step = vcombine_u64(vdup_n_u64(0), vdup_n_u64(1));
  const uint32x4_t a = vreinterpretq_u32_u64(vandq_u64(vaddq_u64(vdupq_n_u64(first), step), mask));
  const uint32x4_t b = vreinterpretq_u32_u64(vandq_u64(vaddq_u64(vdupq_n_u64(first + 2), step), mask));
  return {{vuzp1q_u32(a, b), vuzp2q_u32(a, b), vdupq_n_u32(0), vdupq_n_u32(0)}};
}

NARROWFP_INLINE void store_draws(const philox_counters& c, std::uint32_t* draws) noexcept {
  vst4q_u32(draws, {{c.word[0], c.word[1], c.word[2], c.word[3]}});
}

/// The spacings of a format, in registers.
template <class Facts>
struct spacings_of {
  byte_table<3> table;
  uint8x16_t base;

  NARROWFP_INLINE explicit spacings_of(const Facts& from) noexcept
      : table(load_table(from.spacing)), base(vreinterpretq_u8_u32(vdupq_n_u32(from.base))) {}
  NARROWFP_INLINE dwords at(dwords fields) const noexcept {
    const uint8x16_t row = vqsubq_u8(vreinterpretq_u8_u32(fields), base);
    return vandq_u32(vreinterpretq_u32_u8(look_up(table, row)), vdupq_n_u32(0xFF));
  }
};

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#include "close.hpp"
