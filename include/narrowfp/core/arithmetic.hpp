// Layer: core. Sum, product and quotient of two exact numbers, exact up to the sticky bit.
#pragma once

#include <cstdint>

#include "bits.hpp"
#include "real.hpp"

#include "../detail/config.hpp"

namespace narrowfp::inline v0::core {

/// The NaN of an operation on a NaN: the first operand's, if it is one.
NARROWFP_INLINE constexpr real propagate_nan(const real& a, const real& b) noexcept {
  return a.kind == real_kind::nan ? a : b;
}

NARROWFP_INLINE constexpr bool either_nan(const real& a, const real& b) noexcept {
  return a.kind == real_kind::nan || b.kind == real_kind::nan;
}

/// a + b for finite numbers with |a| >= |b| > 0, at most 62 bits each and no sticky bit.
NARROWFP_INLINE constexpr real add_ordered(const real& a, const real& b) noexcept {
  constexpr int top = 62;  // one bit is left for the carry
  const int shift = top - bit_width(a.significand);
  const std::uint64_t larger_side = a.significand << shift;
  const int exponent = a.exponent - shift;
  const int distance = exponent - b.exponent;
  std::uint64_t smaller_side = 0;
  bool sticky = false;
  if (distance <= 0) {
    smaller_side = b.significand << -distance;
  } else if (distance < 64) {
    smaller_side = b.significand >> distance;
    sticky = (b.significand & low_mask(distance)) != 0;
  } else {
    sticky = true;
  }
  real sum = finite(0, exponent, a.negative);
  sum.sticky = sticky;
  if (a.negative == b.negative) {
    sum.significand = larger_side + smaller_side;
  } else {
    // l - (m + s) = (l - m - 1) + (1 - s) for a discarded part s in (0, 1).
    sum.significand = larger_side - smaller_side - (sticky ? 1 : 0);
  }
  return sum;
}

/// IEEE 754 addition for round-to-nearest: an exact zero from opposite signs is +0.
NARROWFP_INLINE constexpr real add(const real& a, const real& b) noexcept {
  if (either_nan(a, b)) {
    return propagate_nan(a, b);
  }
  if (a.kind == real_kind::infinity || b.kind == real_kind::infinity) {
    const bool invalid = a.kind == b.kind && a.negative != b.negative;
    return invalid ? nan() : a.kind == real_kind::infinity ? a : b;
  }
  if (is_zero(a) || is_zero(b)) {
    const bool both = is_zero(a) && is_zero(b);
    return both ? finite(0, 0, a.negative && b.negative) : is_zero(a) ? b : a;
  }
  const auto order = compare_magnitudes(a, b);
  if (order == 0 && a.negative != b.negative) {
    return finite(0, 0);
  }
  return order >= 0 ? add_ordered(a, b) : add_ordered(b, a);
}

NARROWFP_INLINE constexpr real negated(const real& x) noexcept { return with_sign(x, !x.negative); }

/// a - b; a NaN operand keeps its sign.
NARROWFP_INLINE constexpr real subtract(const real& a, const real& b) noexcept {
  return either_nan(a, b) ? propagate_nan(a, b) : add(a, negated(b));
}

/// The product of two significands and of two powers of two; exact up to 64 bits, then sticky.
NARROWFP_INLINE constexpr real multiply_significands(const real& a, const real& b, bool negative) noexcept {
  const int width = bit_width(a.significand) + bit_width(b.significand);
  if (width <= 64) {
    return finite(a.significand * b.significand, a.exponent + b.exponent, negative);
  }
  // 128-bit product by 32-bit halves, then its leading 64 bits at most and whether the rest is zero.
  const std::uint64_t a1 = a.significand >> 32, a0 = a.significand & low_mask(32);
  const std::uint64_t b1 = b.significand >> 32, b0 = b.significand & low_mask(32);
  const std::uint64_t middle = (a0 * b0 >> 32) + (a1 * b0 & low_mask(32)) + (a0 * b1 & low_mask(32));
  const std::uint64_t high = a1 * b1 + (a1 * b0 >> 32) + (a0 * b1 >> 32) + (middle >> 32);
  const std::uint64_t low = a.significand * b.significand;
  const int shift = width - 64;  // 1 to 64
  const std::uint64_t kept = shift == 64 ? high : high << (64 - shift) | low >> shift;
  real product = finite(kept, a.exponent + b.exponent + shift, negative);
  product.sticky = (low & low_mask(shift)) != 0;
  return product;
}

/// a * b; no sticky bits.
NARROWFP_INLINE constexpr real multiply(const real& a, const real& b) noexcept {
  if (either_nan(a, b)) {
    return propagate_nan(a, b);
  }
  const bool negative = a.negative != b.negative;
  if (a.kind == real_kind::infinity || b.kind == real_kind::infinity) {
    return is_zero(a) || is_zero(b) ? nan() : infinity(negative);
  }
  return multiply_significands(a, b, negative);
}

/// a / b; significands of at most 32 bits each, no sticky bit.
NARROWFP_INLINE constexpr real divide(const real& a, const real& b) noexcept {
  if (either_nan(a, b)) {
    return propagate_nan(a, b);
  }
  const bool negative = a.negative != b.negative;
  if (a.kind == real_kind::infinity) {
    return b.kind == real_kind::infinity ? nan() : infinity(negative);
  }
  if (b.kind == real_kind::infinity) {
    return finite(0, 0, negative);
  }
  if (b.significand == 0) {
    return a.significand == 0 ? nan() : infinity(negative);
  }
  if (a.significand == 0) {
    return finite(0, 0, negative);
  }
  const int shift = 64 - bit_width(a.significand);  // so that the quotient has 32 bits or more
  const std::uint64_t dividend = a.significand << shift;
  real quotient = finite(dividend / b.significand, a.exponent - shift - b.exponent, negative);
  quotient.sticky = dividend % b.significand != 0;
  return quotient;
}

}  // namespace narrowfp::inline v0::core

#include "../detail/undef.hpp"
