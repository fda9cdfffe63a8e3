// Layer: core. Natural numbers of a fixed capacity: what reading and writing decimal text needs to be exact.
#pragma once

#include <cstdint>

#include "bits.hpp"

#include "../detail/config.hpp"

namespace narrowfp::inline v0::core {

/// A natural number below 2^3584. No operation checks that its result fits: see who uses it.
struct natural {
  static constexpr int capacity = 112;
  std::uint32_t limbs[capacity] = {};  ///< the lowest first
  int size = 0;                        ///< without leading zeros

  NARROWFP_INLINE constexpr explicit natural(std::uint64_t x) noexcept {
    for (; x != 0; x >>= 32) {
      limbs[size++] = static_cast<std::uint32_t>(x);
    }
  }

  /// *this = *this * factor + addend.
  NARROWFP_INLINE constexpr void multiply_add(std::uint32_t factor, std::uint32_t addend) noexcept {
    std::uint64_t carry = addend;
    for (int i = 0; i < size; ++i) {
      carry += std::uint64_t{limbs[i]} * factor;
      limbs[i] = static_cast<std::uint32_t>(carry);
      carry >>= 32;
    }
    if (carry != 0) {
      limbs[size++] = static_cast<std::uint32_t>(carry);
    }
  }

  /// *this = *this * 5^n.
  NARROWFP_INLINE constexpr void multiply_by_power_of_five(int n) noexcept {
    for (; n >= 13; n -= 13) {
      multiply_add(1220703125, 0);
    }
    for (; n > 0; --n) {
      multiply_add(5, 0);
    }
  }

  /// *this = *this / divisor; the remainder.
  NARROWFP_INLINE constexpr std::uint32_t divide(std::uint32_t divisor) noexcept {
    std::uint64_t rest = 0;
    for (int i = size; i-- > 0;) {
      rest = rest << 32 | limbs[i];
      limbs[i] = static_cast<std::uint32_t>(rest / divisor);
      rest %= divisor;
    }
    drop_leading_zeros();
    return static_cast<std::uint32_t>(rest);
  }

  NARROWFP_INLINE constexpr natural& operator<<=(int n) noexcept {
    const int whole = n / 32;
    const int bits = n % 32;
    if (size == 0) {
      return *this;
    }
    size += whole + 1;
    for (int i = size; i-- > 0;) {
      const std::uint64_t high = i >= whole && i - whole < size - whole - 1 ? limbs[i - whole] : 0;
      const std::uint64_t low = i > whole ? limbs[i - whole - 1] : 0;
      limbs[i] = static_cast<std::uint32_t>((high << 32 | low) << bits >> 32);
    }
    drop_leading_zeros();
    return *this;
  }

  /// Needs *this >= other.
  NARROWFP_INLINE constexpr natural& operator-=(const natural& other) noexcept {
    std::uint64_t borrow = 0;
    for (int i = 0; i < size; ++i) {
      const std::uint64_t difference =
          limbs[i] - (i < other.size ? other.limbs[i] : std::uint64_t{0}) - borrow;
      limbs[i] = static_cast<std::uint32_t>(difference);
      borrow = difference >> 63;
    }
    drop_leading_zeros();
    return *this;
  }

  NARROWFP_INLINE friend constexpr bool operator<(const natural& a, const natural& b) noexcept {
    if (a.size != b.size) {
      return a.size < b.size;
    }
    for (int i = a.size; i-- > 0;) {
      if (a.limbs[i] != b.limbs[i]) {
        return a.limbs[i] < b.limbs[i];
      }
    }
    return false;
  }

 private:
  NARROWFP_INLINE constexpr void drop_leading_zeros() noexcept {
    while (size > 0 && limbs[size - 1] == 0) {
      --size;
    }
  }
};

NARROWFP_INLINE constexpr bool is_zero(const natural& x) noexcept { return x.size == 0; }
NARROWFP_INLINE constexpr bool is_zero(std::uint64_t x) noexcept { return x == 0; }

/// Number of bits up to and including the leading one; 0 for 0.
NARROWFP_INLINE constexpr int bit_width(const natural& x) noexcept {
  return x.size == 0 ? 0 : 32 * (x.size - 1) + bit_width(std::uint64_t{x.limbs[x.size - 1]});
}

}  // namespace narrowfp::inline v0::core

#include "../detail/undef.hpp"
