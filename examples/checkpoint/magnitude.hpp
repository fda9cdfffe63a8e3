// Magnitudes by their bits, in loops without branches that a compiler turns into vector code.
#pragma once

#include <bit>
#include <cstdint>
#include <span>

namespace checkpoint {

inline constexpr std::uint32_t infinite_bits = 0x7F80'0000;

/// The bits without the sign: ordered as the magnitudes are, infinity and then NaN last.
inline std::uint32_t magnitude_bits(float x) noexcept {
  return std::bit_cast<std::uint32_t>(x) & 0x7FFF'FFFFU;
}

/// The largest finite magnitude; 0 where there is none.
inline float largest_finite(std::span<const float> values) noexcept {
  std::uint32_t largest = 0;
  for (const float x : values) {
    const std::uint32_t bits = magnitude_bits(x);
    const std::uint32_t counted = bits < infinite_bits ? bits : 0U;
    largest = counted > largest ? counted : largest;
  }
  return std::bit_cast<float>(largest);
}

}  // namespace checkpoint
