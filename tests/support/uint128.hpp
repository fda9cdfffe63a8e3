// Integers of 128 bits where the compiler has none, as on 32-bit processors: what the oracles use of them.
#pragma once

#include <compare>
#include <concepts>
#include <cstdint>

namespace oracle {

class uint128 {
 public:
  constexpr uint128() = default;
  constexpr uint128(std::integral auto x) : low_(static_cast<std::uint64_t>(x)) {}  // not negative

  constexpr explicit operator std::uint64_t() const { return low_; }
  constexpr explicit operator std::uint32_t() const { return static_cast<std::uint32_t>(low_); }
  constexpr explicit operator int() const { return static_cast<int>(low_); }
  /// Rounded once if it has 53 significant bits.
  constexpr explicit operator double() const {
    return static_cast<double>(high_) * 0x1p64 + static_cast<double>(low_);
  }

  friend constexpr bool operator==(const uint128&, const uint128&) = default;
  friend constexpr std::strong_ordering operator<=>(const uint128& a, const uint128& b) = default;

  friend constexpr uint128 operator+(const uint128& a, const uint128& b) {
    const std::uint64_t low = a.low_ + b.low_;
    return {a.high_ + b.high_ + (low < a.low_ ? 1 : 0), low};
  }
  friend constexpr uint128 operator-(const uint128& a, const uint128& b) {
    return {a.high_ - b.high_ - (a.low_ < b.low_ ? 1 : 0), a.low_ - b.low_};
  }
  friend constexpr uint128 operator&(const uint128& a, const uint128& b) {
    return {a.high_ & b.high_, a.low_ & b.low_};
  }
  friend constexpr uint128 operator|(const uint128& a, const uint128& b) {
    return {a.high_ | b.high_, a.low_ | b.low_};
  }
  friend constexpr uint128 operator<<(const uint128& a, int n) {
    return n == 0    ? a
           : n >= 64 ? uint128(a.low_ << (n - 64), 0)
                     : uint128(a.high_ << n | a.low_ >> (64 - n), a.low_ << n);
  }
  friend constexpr uint128 operator>>(const uint128& a, int n) {
    return n == 0    ? a
           : n >= 64 ? uint128(0, a.high_ >> (n - 64))
                     : uint128(a.high_ >> n, a.high_ << (64 - n) | a.low_ >> n);
  }
  friend constexpr uint128 operator*(const uint128& a, const uint128& b) {
    constexpr std::uint64_t half = 0xFFFFFFFF;
    const std::uint64_t a1 = a.low_ >> 32, a0 = a.low_ & half, b1 = b.low_ >> 32, b0 = b.low_ & half;
    return uint128(a1 * b1 + a.high_ * b.low_ + a.low_ * b.high_, a0 * b0) + (uint128(a1 * b0) << 32) +
           (uint128(a0 * b1) << 32);
  }
  /// Bit by bit, b not 0.
  friend constexpr uint128 operator/(const uint128& a, const uint128& b) {
    uint128 quotient;
    uint128 rest;
    for (int bit = 127; bit >= 0; --bit) {
      const bool carry = rest.high_ >> 63 != 0;
      rest = (rest << 1) + ((a >> bit).low_ & 1);
      quotient = quotient << 1;
      if (carry || rest >= b) {
        rest = rest - b;
        quotient = quotient + 1;
      }
    }
    return quotient;
  }

  constexpr uint128& operator+=(const uint128& b) { return *this = *this + b; }
  constexpr uint128& operator-=(const uint128& b) { return *this = *this - b; }
  constexpr uint128& operator++() { return *this += 1; }

 private:
  constexpr uint128(std::uint64_t high, std::uint64_t low) : high_(high), low_(low) {}

  std::uint64_t high_ = 0;
  std::uint64_t low_ = 0;
};
static_assert((uint128(7) << 120) / (uint128(3) << 60) == (uint128(7) << 60) / uint128(3));
static_assert(uint128(~std::uint64_t{0}) * uint128(~std::uint64_t{0}) ==
              (uint128(1) << 127) - 1 - (uint128(1) << 65) + 2 + (uint128(1) << 127));

}  // namespace oracle
