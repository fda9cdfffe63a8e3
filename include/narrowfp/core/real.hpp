// Layer: core. The exact number on which all rounding is decided.
#pragma once

#include <compare>
#include <cstdint>

#include "bits.hpp"

#include "../detail/config.hpp"

namespace narrowfp::inline v0::core {

enum class real_kind : std::uint8_t { finite, infinity, nan };

/// An exact real number, or a special.
///
/// finite    (-1)^negative * (significand + s) * 2^exponent, where s is 0, or, when `sticky` is set,
///           some unknown part in (0, 1). A sticky significand has at least 2 bits more than any
///           precision it is rounded to.
/// nan       `significand` holds the payload, left-aligned: its top bit is the quiet bit.
struct real {
  std::uint64_t significand = 0;
  int exponent = 0;
  real_kind kind = real_kind::finite;
  bool negative = false;
  bool sticky = false;
};

NARROWFP_INLINE constexpr real finite(std::uint64_t significand, int exponent,
                                      bool negative = false) noexcept {
  return {significand, exponent, real_kind::finite, negative, false};
}
NARROWFP_INLINE constexpr real infinity(bool negative = false) noexcept {
  return {0, 0, real_kind::infinity, negative, false};
}
NARROWFP_INLINE constexpr real nan(bool negative = false, std::uint64_t payload = 0) noexcept {
  return {payload, 0, real_kind::nan, negative, false};
}

NARROWFP_INLINE constexpr bool is_zero(const real& x) noexcept {
  return x.kind == real_kind::finite && x.significand == 0;
}

/// The binade of a finite non-zero number: b with 2^b <= |x| < 2^(b+1).
NARROWFP_INLINE constexpr int binade_of(const real& x) noexcept {
  return x.exponent + bit_width(x.significand) - 1;
}

/// The same finite number, its significand odd.
NARROWFP_INLINE constexpr real without_trailing_zeros(real x) noexcept {
  if (x.significand != 0) {
    const int zeros = __builtin_ctzll(x.significand);
    x.significand >>= zeros;
    x.exponent += zeros;
  }
  return x;
}

NARROWFP_INLINE constexpr real with_sign(real x, bool negative) noexcept {
  x.negative = negative;
  return x;
}

/// Orders |a| and |b|, both finite.
NARROWFP_INLINE constexpr std::strong_ordering compare_magnitudes(const real& a, const real& b) noexcept {
  if (a.significand == 0 || b.significand == 0) {
    return (a.significand != 0) <=> (b.significand != 0);
  }
  if (binade_of(a) != binade_of(b)) {
    return binade_of(a) <=> binade_of(b);
  }
  const std::uint64_t top_a = a.significand << (64 - bit_width(a.significand));
  const std::uint64_t top_b = b.significand << (64 - bit_width(b.significand));
  return top_a != top_b ? top_a <=> top_b : a.sticky <=> b.sticky;
}

/// IEEE comparison: the zeros are equal, NaN is unordered.
NARROWFP_INLINE constexpr std::partial_ordering compare(const real& a, const real& b) noexcept {
  if (a.kind == real_kind::nan || b.kind == real_kind::nan) {
    return std::partial_ordering::unordered;
  }
  const int sign_a = is_zero(a) ? 0 : (a.negative ? -1 : 1);
  const int sign_b = is_zero(b) ? 0 : (b.negative ? -1 : 1);
  if (sign_a != sign_b || sign_a == 0) {
    return sign_a <=> sign_b;
  }
  const real& larger_side = sign_a > 0 ? a : b;  // of two negatives, the smaller magnitude is larger
  const real& other_side = sign_a > 0 ? b : a;
  if (a.kind == real_kind::infinity || b.kind == real_kind::infinity) {
    return (larger_side.kind == real_kind::infinity) <=> (other_side.kind == real_kind::infinity);
  }
  return compare_magnitudes(larger_side, other_side);
}

}  // namespace narrowfp::inline v0::core

#include "../detail/undef.hpp"
