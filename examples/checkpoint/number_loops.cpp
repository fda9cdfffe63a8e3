// Numbers are looked at as patterns, so that loops have no branches and no flag changes what a NaN does.
#include "number_loops.hpp"

#include <bit>

#if defined(__x86_64__) && defined(__GNUC__)
#define CHECKPOINT_AVX2 1
#define CHECKPOINT_INLINE [[gnu::always_inline]] inline
#else
#define CHECKPOINT_AVX2 0
#define CHECKPOINT_INLINE inline
#endif

namespace checkpoint {

namespace {

constexpr std::int32_t infinite_bits = 0x7F80'0000;

/// Without the sign: ordered as the magnitudes are, infinity and then NaN last. Signed, as vectors compare.
CHECKPOINT_INLINE std::int32_t magnitude_bits(float x) noexcept {
  return std::bit_cast<std::int32_t>(x) & 0x7FFF'FFFF;
}

/// 1 for less, without a branch: the sign of the difference, for numbers that are not negative.
CHECKPOINT_INLINE std::uint32_t is_less(std::int32_t a, std::int32_t b) noexcept {
  return static_cast<std::uint32_t>(a - b) >> 31;
}

// Counts of 32 bits: a call has fewer elements than that.

CHECKPOINT_INLINE float largest_plain(const float* values, std::size_t n) noexcept {
  std::int32_t largest = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const std::int32_t bits = magnitude_bits(values[i]);
    const std::int32_t counted = bits < infinite_bits ? bits : 0;
    largest = counted > largest ? counted : largest;
  }
  return std::bit_cast<float>(largest);
}

CHECKPOINT_INLINE std::uint16_t largest_half_plain(const std::uint16_t* patterns, std::size_t n,
                                                   std::uint16_t infinity) noexcept {
  // Signed numbers, which vectors compare in one instruction; magnitudes have 15 bits.
  std::int16_t largest = 0;
  const auto infinite = static_cast<std::int16_t>(infinity);
  for (std::size_t i = 0; i < n; ++i) {
    const auto bits = static_cast<std::int16_t>(patterns[i] & 0x7FFF);
    const auto counted = static_cast<std::int16_t>(bits < infinite ? bits : 0);
    largest = counted > largest ? counted : largest;
  }
  return static_cast<std::uint16_t>(largest);
}

CHECKPOINT_INLINE void divide_plain(const float* in, float divisor, float* out, std::size_t n) noexcept {
  for (std::size_t i = 0; i < n; ++i) {
    out[i] = in[i] / divisor;
  }
}

CHECKPOINT_INLINE void multiply_plain(float* values, float factor, std::size_t n) noexcept {
  for (std::size_t i = 0; i < n; ++i) {
    values[i] *= factor;
  }
}

template <std::size_t Group>
CHECKPOINT_INLINE void multiply_groups_of(float* __restrict values, const float* __restrict scales,
                                          std::size_t groups) noexcept {
  for (std::size_t g = 0; g < groups; ++g) {
    for (std::size_t i = 0; i < Group; ++i) {
      values[g * Group + i] *= scales[g];
    }
  }
}

CHECKPOINT_INLINE void multiply_groups_plain(float* values, std::size_t group, const float* scales,
                                             std::size_t groups) noexcept {
  if (group == 16) {
    multiply_groups_of<16>(values, scales, groups);
  } else if (group == 32) {
    multiply_groups_of<32>(values, scales, groups);
  } else {
    for (std::size_t g = 0; g < groups; ++g) {
      multiply_plain(values + g * group, scales[g], group);
    }
  }
}

/// What is enough for most pieces: whether anything can be lost but what became zero, and how much that is.
struct glance {
  std::int32_t largest = 0;   ///< magnitude on either side, as a pattern
  std::int32_t other = 0;     ///< the same of what else is looked at
  std::uint32_t flushed = 0;  ///< where all are finite
};

CHECKPOINT_INLINE std::int32_t larger(std::int32_t a, std::int32_t b) noexcept { return a > b ? a : b; }

/// 1 where x is not zero and y is: both signs are those of negative numbers.
CHECKPOINT_INLINE std::uint32_t is_flushed(std::int32_t x, std::int32_t y) noexcept {
  return static_cast<std::uint32_t>((0 - x) & (y - 1)) >> 31;
}

CHECKPOINT_INLINE glance glance_values_plain(const float* values, std::size_t n) noexcept {
  glance seen;
  for (std::size_t i = 0; i < n; ++i) {
    const std::int32_t x = magnitude_bits(values[i]);
    seen.largest = larger(seen.largest, x);
    seen.flushed += is_less(0, x);
  }
  return seen;
}

CHECKPOINT_INLINE std::uint64_t magnitudes_plain(const std::byte* bytes, std::size_t n) noexcept {
  // Sums of 8 bits, which vectors have the most of: 127 rounds of at most 2.
  constexpr std::size_t lanes = 64;
  constexpr std::size_t rounds = 127;
  std::uint64_t count = 0;
  for (std::size_t done = 0; done < n; done += lanes * rounds) {
    std::uint8_t sums[lanes] = {};
    const std::size_t end = n - done < lanes * rounds ? n : done + lanes * rounds;
    std::size_t i = done;
    for (; i + lanes <= end; i += lanes) {
      for (std::size_t lane = 0; lane < lanes; ++lane) {
        const auto pair = static_cast<std::uint8_t>(bytes[i + lane]);
        const auto bits = static_cast<std::uint8_t>((pair | pair >> 1 | pair >> 2) & 0x11);
        sums[lane] = static_cast<std::uint8_t>(sums[lane] + (bits & 1) + (bits >> 4));
      }
    }
    for (; i < end; ++i) {
      const auto pair = static_cast<std::uint32_t>(bytes[i]);
      count += ((pair & 7U) != 0 ? 1U : 0U) + ((pair & 0x70U) != 0 ? 1U : 0U);
    }
    for (const std::uint8_t sum : sums) {
      count += sum;
    }
  }
  return count;
}

CHECKPOINT_INLINE glance glance_floats_plain(const float* values, const float* restored,
                                             std::size_t n) noexcept {
  glance seen;
  for (std::size_t i = 0; i < n; ++i) {
    const std::int32_t x = magnitude_bits(values[i]);
    const std::int32_t y = magnitude_bits(restored[i]);
    seen.largest = larger(seen.largest, larger(x, y));
    seen.flushed += is_flushed(x, y);
  }
  return seen;
}

CHECKPOINT_INLINE glance glance_halves_plain(const float* values, const std::uint16_t* patterns,
                                             std::size_t n) noexcept {
  glance seen;
  for (std::size_t i = 0; i < n; ++i) {
    const std::int32_t x = magnitude_bits(values[i]);
    const std::int32_t y = patterns[i] & 0x7FFF;
    seen.largest = larger(seen.largest, x);
    seen.other = larger(seen.other, y);
    seen.flushed += is_flushed(x, y);
  }
  return seen;
}

CHECKPOINT_INLINE glance glance_bytes_plain(const float* values, const float* scaled,
                                            const std::uint8_t* codes, std::size_t n,
                                            std::uint8_t mask) noexcept {
  glance seen;
  const std::int32_t magnitude = mask;
  for (std::size_t i = 0; i < n; ++i) {
    const std::int32_t x = magnitude_bits(values[i]);
    seen.largest = larger(seen.largest, x);
    seen.other = larger(seen.other, magnitude_bits(scaled[i]));
    seen.flushed += is_flushed(x, codes[i] & magnitude);
  }
  return seen;
}

CHECKPOINT_INLINE losses lost_floats_plain(const float* values, const float* restored, std::size_t n,
                                           bool keeps_infinity) noexcept {
  std::uint32_t not_finite = 0;
  std::uint32_t saturated = 0;
  std::uint32_t flushed = 0;
  const std::uint32_t infinity_lost = keeps_infinity ? 0U : 1U;
  for (std::size_t i = 0; i < n; ++i) {
    const std::int32_t x = magnitude_bits(values[i]);
    const std::int32_t y = magnitude_bits(restored[i]);
    const std::uint32_t x_finite = is_less(x, infinite_bits);
    const std::uint32_t y_finite = is_less(y, infinite_bits);
    const std::uint32_t x_nan = is_less(infinite_bits, x);
    const std::uint32_t y_nan = is_less(infinite_bits, y);
    const std::uint32_t kind_changed = y_finite | (x_nan ^ y_nan);
    not_finite += (1U - x_finite) & (kind_changed | (infinity_lost & (1U - x_nan)));
    saturated += x_finite & (1U - y_finite);
    flushed += x_finite & is_less(0, x) & is_less(y, 1);
  }
  return {not_finite, saturated, flushed};
}

CHECKPOINT_INLINE losses lost_halves_plain(const float* values, const std::uint16_t* patterns, std::size_t n,
                                           std::uint16_t infinity, float reach) noexcept {
  std::uint32_t not_finite = 0;
  std::uint32_t saturated = 0;
  std::uint32_t flushed = 0;
  const std::int32_t reach_bits = magnitude_bits(reach);
  const std::int32_t infinite = infinity;
  for (std::size_t i = 0; i < n; ++i) {
    const std::int32_t x = magnitude_bits(values[i]);
    const std::int32_t y = patterns[i] & 0x7FFF;
    const std::uint32_t x_finite = is_less(x, infinite_bits);
    const std::uint32_t y_finite = is_less(y, infinite);
    const std::uint32_t nan_changed = is_less(infinite_bits, x) ^ is_less(infinite, y);
    not_finite += (1U - x_finite) & (y_finite | nan_changed);
    saturated += x_finite & ((1U - y_finite) | is_less(reach_bits, x));
    flushed += x_finite & is_less(0, x) & is_less(y, 1);
  }
  return {not_finite, saturated, flushed};
}

CHECKPOINT_INLINE losses lost_bytes_plain(const float* values, const float* scaled, const std::uint8_t* codes,
                                          std::size_t n, std::uint8_t mask, float reach) noexcept {
  std::uint32_t not_finite = 0;
  std::uint32_t saturated = 0;
  std::uint32_t flushed = 0;
  const std::int32_t reach_bits = magnitude_bits(reach);
  const std::int32_t magnitude = mask;
  for (std::size_t i = 0; i < n; ++i) {
    const std::int32_t x = magnitude_bits(values[i]);
    const std::uint32_t x_finite = is_less(x, infinite_bits);
    not_finite += 1U - (x_finite | is_less(infinite_bits, x));  // NaN stays NaN
    saturated += x_finite & is_less(reach_bits, magnitude_bits(scaled[i]));
    flushed += x_finite & is_less(0, x) & is_less(codes[i] & magnitude, 1);
  }
  return {not_finite, saturated, flushed};
}

}  // namespace

// Each loop twice: for any processor, and for those with AVX2.
#if CHECKPOINT_AVX2
#define CHECKPOINT_LOOP(type, name, parameters, arguments)                                        \
  namespace {                                                                                     \
  [[gnu::target("avx2")]] type name##_avx2 parameters noexcept { return name##_plain arguments; } \
  type name##_best parameters noexcept {                                                          \
    static const bool has_avx2 = __builtin_cpu_supports("avx2") != 0;                             \
    return has_avx2 ? name##_avx2 arguments : name##_plain arguments;                             \
  }                                                                                               \
  }
#else
#define CHECKPOINT_LOOP(type, name, parameters, arguments)                \
  namespace {                                                             \
  type name##_best parameters noexcept { return name##_plain arguments; } \
  }
#endif

CHECKPOINT_LOOP(float, largest, (const float* values, std::size_t n), (values, n))
CHECKPOINT_LOOP(std::uint16_t, largest_half,
                (const std::uint16_t* patterns, std::size_t n, std::uint16_t infinity),
                (patterns, n, infinity))
CHECKPOINT_LOOP(void, divide, (const float* in, float divisor, float* out, std::size_t n),
                (in, divisor, out, n))
CHECKPOINT_LOOP(void, multiply, (float* values, float factor, std::size_t n), (values, factor, n))
CHECKPOINT_LOOP(void, multiply_groups,
                (float* values, std::size_t group, const float* scales, std::size_t groups),
                (values, group, scales, groups))
CHECKPOINT_LOOP(glance, glance_values, (const float* values, std::size_t n), (values, n))
CHECKPOINT_LOOP(std::uint64_t, magnitudes, (const std::byte* bytes, std::size_t n), (bytes, n))
CHECKPOINT_LOOP(glance, glance_floats, (const float* values, const float* restored, std::size_t n),
                (values, restored, n))
CHECKPOINT_LOOP(glance, glance_halves, (const float* values, const std::uint16_t* patterns, std::size_t n),
                (values, patterns, n))
CHECKPOINT_LOOP(glance, glance_bytes,
                (const float* values, const float* scaled, const std::uint8_t* codes, std::size_t n,
                 std::uint8_t mask),
                (values, scaled, codes, n, mask))
CHECKPOINT_LOOP(losses, lost_floats,
                (const float* values, const float* restored, std::size_t n, bool keeps_infinity),
                (values, restored, n, keeps_infinity))
CHECKPOINT_LOOP(losses, lost_halves,
                (const float* values, const std::uint16_t* patterns, std::size_t n, std::uint16_t infinity,
                 float reach),
                (values, patterns, n, infinity, reach))
CHECKPOINT_LOOP(losses, lost_bytes,
                (const float* values, const float* scaled, const std::uint8_t* codes, std::size_t n,
                 std::uint8_t mask, float reach),
                (values, scaled, codes, n, mask, reach))

float largest_finite(std::span<const float> values) noexcept {
  return largest_best(values.data(), values.size());
}

std::uint16_t largest_finite(std::span<const std::uint16_t> patterns, std::uint16_t infinity) noexcept {
  return largest_half_best(patterns.data(), patterns.size(), infinity);
}

void divide(std::span<const float> in, float divisor, std::span<float> out) noexcept {
  divide_best(in.data(), divisor, out.data(), in.size());
}

void multiply(std::span<float> values, float factor) noexcept {
  multiply_best(values.data(), factor, values.size());
}

void multiply_groups(std::span<float> values, std::size_t group, std::span<const float> scales) noexcept {
  multiply_groups_best(values.data(), group, scales.data(), scales.size());
}

survey survey_of(std::span<const float> values) noexcept {
  const glance seen = glance_values_best(values.data(), values.size());
  return {std::bit_cast<float>(seen.largest < infinite_bits ? seen.largest : infinite_bits), seen.flushed};
}

std::uint64_t magnitudes_in(std::span<const std::byte> nibbles) noexcept {
  return magnitudes_best(nibbles.data(), nibbles.size());
}

losses lost_in(std::span<const float> values, std::span<const float> restored, bool keeps_infinity) noexcept {
  const glance seen = glance_floats_best(values.data(), restored.data(), values.size());
  if (seen.largest < infinite_bits) {
    return {0, 0, seen.flushed};
  }
  return lost_floats_best(values.data(), restored.data(), values.size(), keeps_infinity);
}

losses lost_in(std::span<const float> values, std::span<const std::uint16_t> patterns, std::uint16_t infinity,
               float reach) noexcept {
  const glance seen = glance_halves_best(values.data(), patterns.data(), values.size());
  if (seen.largest <= magnitude_bits(reach) && seen.other < infinity) {
    return {0, 0, seen.flushed};
  }
  return lost_halves_best(values.data(), patterns.data(), values.size(), infinity, reach);
}

losses lost_in(std::span<const float> values, std::span<const float> scaled,
               std::span<const std::uint8_t> codes, std::uint8_t mask, float reach) noexcept {
  const glance seen = glance_bytes_best(values.data(), scaled.data(), codes.data(), values.size(), mask);
  if (seen.largest < infinite_bits && seen.other <= magnitude_bits(reach)) {
    return {0, 0, seen.flushed};
  }
  return lost_bytes_best(values.data(), scaled.data(), codes.data(), values.size(), mask, reach);
}

}  // namespace checkpoint
