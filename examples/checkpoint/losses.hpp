// What is lost by writing numbers in a narrower format.
#pragma once

#include <cstdint>

namespace checkpoint {

struct losses {
  std::uint64_t not_finite = 0;  ///< NaN and infinities that the format does not keep
  std::uint64_t saturated = 0;   ///< finite, and beyond the format's reach
  std::uint64_t flushed = 0;     ///< not zero, written as zero

  losses& operator+=(const losses& other) noexcept {
    not_finite += other.not_finite;
    saturated += other.saturated;
    flushed += other.flushed;
    return *this;
  }
  [[nodiscard]] bool any() const noexcept { return (not_finite | saturated | flushed) != 0; }
};

}  // namespace checkpoint
