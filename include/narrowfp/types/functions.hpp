// Layer: types. Classification, sign and neighbour functions, and std::hash.
#pragma once

#include <cstddef>
#include <cstdint>
#include <typeindex>  // the lightest header that declares std::hash

#include "../core/codec.hpp"
#include "../core/real.hpp"
#include "narrow_float.hpp"

namespace narrowfp::inline v0 {

/// Whether the code is a NaN; false for every code of a format without NaN.
template <scalar_format F>
[[nodiscard]] constexpr bool isnan(narrow_float<F> x) noexcept {
  return core::read(x).kind == core::real_kind::nan;
}

/// Whether the code is an infinity; false for every code of a format without infinities.
template <scalar_format F>
[[nodiscard]] constexpr bool isinf(narrow_float<F> x) noexcept {
  return core::read(x).kind == core::real_kind::infinity;
}

/// Whether the code is a number.
template <scalar_format F>
[[nodiscard]] constexpr bool isfinite(narrow_float<F> x) noexcept {
  return core::read(x).kind == core::real_kind::finite;
}

/// Whether the code is negative, -0 and a NaN with a sign included; the single NaN of hif8 and FNUZ is
/// positive.
template <scalar_format F>
[[nodiscard]] constexpr bool signbit(narrow_float<F> x) noexcept {
  return x.has_sign() && (x.bits() & narrow_float<F>::sign_mask) != 0;
}

/// x with a positive sign.
template <scalar_format F>
[[nodiscard]] constexpr narrow_float<F>(abs)(narrow_float<F> x) noexcept {
  if constexpr (F::is_signed) {
    return signbit(x) ? -x : x;
  } else {
    return x;
  }
}

/// The magnitude of x with the sign of y; a zero or NaN that has no sign stays.
template <scalar_format F>
[[nodiscard]] constexpr narrow_float<F> copysign(narrow_float<F> x, narrow_float<F> y) noexcept {
  if constexpr (F::is_signed) {
    return signbit(x) != signbit(y) ? -x : x;
  } else {
    return x;
  }
}

/// The neighbour of `from` in the direction of `to`; `to` if they are equal; NaN if either is.
///
/// Beyond the largest finite value lies infinity where the format has it; elsewhere the result stops
/// at the end. From zero in a format without -0 the step down is the negative neighbour.
template <scalar_format F>
[[nodiscard]] constexpr narrow_float<F> nextafter(narrow_float<F> from, narrow_float<F> to) noexcept {
  if (isnan(from) || from == to) {
    return isnan(from) ? from : to;
  }
  if (isnan(to)) {
    return to;
  }
  const bool upward = from < to;
  core::real x = core::read(from);
  if (x.kind == core::real_kind::infinity) {
    return narrow_float<F>::from_bits(F::to_code(core::with_sign(F::max_finite, x.negative)));
  }
  // Step by less than any spacing of the format, then round in the direction of the step.
  if (core::is_zero(x)) {
    x = core::finite(1, core::far_below, !upward);
  } else {
    const bool grows = upward != x.negative;
    x.significand = (x.significand << 32) + (grows ? 1 : -std::uint64_t{1});
    x.exponent -= 32;
  }
  const auto policy = F::has_infinity ? overflow::native : overflow::saturate;
  const auto mode = upward ? rounding::toward_positive : rounding::toward_negative;
  return narrow_float<F>::from_bits(core::encode<F>(x, mode, policy));
}

}  // namespace narrowfp::inline v0

/// @cond specializations are described at narrow_float
/// Equal values hash alike, -0 and +0 included.
template <narrowfp::scalar_format F>
struct std::hash<narrowfp::narrow_float<F>> {
  [[nodiscard]] std::size_t operator()(narrowfp::narrow_float<F> x) const noexcept {
    return narrowfp::core::is_zero(narrowfp::core::read(x)) ? 0 : std::size_t{x.bits()} + 1;
  }
};
/// @endcond
