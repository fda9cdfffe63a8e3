// Loops over numbers that a compiler turns into vector code; where the processor has AVX2, into that.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "losses.hpp"

namespace checkpoint {

/// The largest finite magnitude; 0 where there is none.
float largest_finite(std::span<const float> values) noexcept;
/// The same of floats of 16 bits, as a pattern; `infinity` is theirs. Patterns are ordered as magnitudes are.
std::uint16_t largest_finite(std::span<const std::uint16_t> patterns, std::uint16_t infinity) noexcept;

/// in / divisor, each rounded to float.
void divide(std::span<const float> in, float divisor, std::span<float> out) noexcept;
void multiply(std::span<float> values, float factor) noexcept;
/// Whole groups of `group` elements, each times a scale of its own.
void multiply_groups(std::span<float> values, std::size_t group, std::span<const float> scales) noexcept;

/// The largest magnitude, infinite where a value is not finite, and how many are not zero.
struct survey {
  float largest = 0;
  std::uint64_t not_zero = 0;
};
survey survey_of(std::span<const float> values) noexcept;
/// How many codes of 4 bits have a bit beside the sign: two a byte.
std::uint64_t magnitudes_in(std::span<const std::byte> nibbles) noexcept;

/// What is lost where values became `restored`. Infinities are kept where `keeps_infinity` says so.
losses lost_in(std::span<const float> values, std::span<const float> restored, bool keeps_infinity) noexcept;
/// The same of patterns of 16 bits. A value beyond `reach` is saturated, whatever became of it.
losses lost_in(std::span<const float> values, std::span<const std::uint16_t> patterns, std::uint16_t infinity,
               float reach) noexcept;
/// The same of codes in bytes that keep no infinity, and are zero where no bit of `mask` is set. `scaled` are
/// the values that were rounded.
losses lost_in(std::span<const float> values, std::span<const float> scaled,
               std::span<const std::uint8_t> codes, std::uint8_t mask, float reach) noexcept;

}  // namespace checkpoint
