// Layer: kernels/neon. Stochastic rounding: draws, and elements moved up to where
// rounding toward zero then gives what the draws decide.
#pragma once

#include "environment.hpp"
#include "half.hpp"
#include "pack.hpp"
#include "words.hpp"

#include "open.hpp"

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// Four counters: word i of all of them.
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

/// Writes the draws of `groups` groups from `first` on; a multiple of 8 groups. Two vectors at a time hide
/// the latency of the multiplications.
NARROWFP_INLINE void fill_draws(std::uint64_t seed, std::uint64_t first, std::uint32_t* draws,
                                std::size_t groups) noexcept {
  for (std::size_t g = 0; g < groups; g += 8) {
    philox_counters a = counters_from(first + g);
    philox_counters b = counters_from(first + g + 4);
    auto key_0 = static_cast<std::uint32_t>(seed);
    auto key_1 = static_cast<std::uint32_t>(seed >> 32);
    for (int round = 0; round < core::philox_rounds; ++round) {
      next_round(a, key_0, key_1);
      next_round(b, key_0, key_1);
      key_0 += core::philox_key_step_0;
      key_1 += core::philox_key_step_1;
    }
    vst4q_u32(draws + 4 * g, {{a.word[0], a.word[1], a.word[2], a.word[3]}});
    vst4q_u32(draws + 4 * g + 16, {{b.word[0], b.word[1], b.word[2], b.word[3]}});
  }
}

/// Adds a spacing to those of 4 elements whose discarded fraction, 32 bits of it, and draw carry; in
/// default_environment, toward zero.
///
/// The fraction is the significand shifted so that a spacing weighs 2^32. Denormal elements are further below
/// the spacing than that. The sum need not be exact: rounded toward zero it passes no number of the format.
NARROWFP_INLINE uint32x4_t move_up(uint32x4_t x, const std::uint32_t* draws, const byte_table<3>& spacings,
                                   std::uint8_t base) noexcept {
  const uint32x4_t magnitude = vandq_u32(x, vdupq_n_u32(0x7FFFFFFF));
  const uint32x4_t fields = vshrq_n_u32(magnitude, 23);
  const uint8x16_t row = vqsubq_u8(vreinterpretq_u8_u32(fields), vreinterpretq_u8_u32(vdupq_n_u32(base)));
  const uint32x4_t spacing = vandq_u32(vreinterpretq_u32_u8(look_up(spacings, row)), vdupq_n_u32(0xFF));
  const uint32x4_t significand =
      vorrq_u32(vandq_u32(magnitude, vdupq_n_u32(0x007FFFFF)), vdupq_n_u32(0x00800000));
  int32x4_t left = vreinterpretq_s32_u32(vsubq_u32(vaddq_u32(fields, vdupq_n_u32(9)), spacing));
  left = vminq_s32(vmaxq_s32(left, vdupq_n_s32(-32)), vdupq_n_s32(32));  // to the right where negative
  const uint32x4_t fraction = vshlq_u32(significand, left);
  const uint32x4_t up = vcgtq_u32(vld1q_u32(draws), vmvnq_u32(fraction));  // fraction + draw >= 2^32
  const uint32x4_t step = vandq_u32(up, vshlq_n_u32(spacing, 23));
  const dwords sum = float_sum(magnitude, step);
  return vbslq_u32(vdupq_n_u32(0x80000000), x, sum);
}

/// Elements that pass through buffers at a time.
inline constexpr std::size_t draws_at_a_time = 512;

/// Moves count elements, and up to 7 more, by the draws from first_index on.
template <class S>
[[gnu::noinline]] void move_elements(const S* in, float* out, std::size_t count, std::uint64_t seed,
                                     std::uint64_t first_index, const word_rows& rows) noexcept {
  std::uint32_t draws[draws_at_a_time + 32];
  const byte_table<3> spacings = load_table(rows.spacing);
  const std::size_t skipped = first_index % 4;
  const std::size_t read = (count + 7) / 8 * 8 + skipped;  // whole vectors of draws
  fill_draws(seed, first_index / 4, draws, (read + 31) / 32 * 8);
  for (std::size_t i = 0; i < count; i += 8) {
    S rest[8] = {};
    const S* from = in + i;
    if (count - i < 8) {
      __builtin_memcpy(static_cast<void*>(rest), in + i, (count - i) * sizeof(S));
      from = rest;
    }
    const pair x = load_pair(from);
    const std::uint32_t* random = draws + skipped + i;
    store_dwords<false>(out + i, move_up(x.a, random, spacings, rows.base));
    store_dwords<false>(out + i + 4, move_up(x.b, random + 4, spacings, rows.base));
  }
}

/// Encodes n elements by random bits.
template <unsigned Flags, int Bits, class S>
void pack_stochastic(const S* in, std::uint8_t* out, std::size_t n, const encode_job& job,
                     const word_rows& rows) noexcept {
  const default_environment guard(rounding::toward_zero);
  float moved[draws_at_a_time];
  for (std::size_t done = 0; done < n; done += draws_at_a_time) {
    const std::size_t count = n - done < draws_at_a_time ? n - done : draws_at_a_time;
    move_elements(in + done, moved, count, job.seed, job.first_index + done, rows);
    pack_elements<Flags, Bits>(static_cast<const float*>(moved), out + done / 8 * Bits, count, 1, rows);
  }
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#include "close.hpp"
