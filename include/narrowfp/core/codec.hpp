// Layer: core. Encode and decode one code of any format: the scalar definition of truth.
#pragma once

#include <cstdint>

#include "bits.hpp"
#include "format.hpp"
#include "real.hpp"
#include "rounding.hpp"

#include "../detail/config.hpp"

namespace narrowfp::inline v0::core {

/// A binade below every value of every format that is exact in double.
inline constexpr int far_below = -4096;

/// The smallest positive value of F.
template <scalar_format F>
inline constexpr real min_positive = F::has_zero ? finite(1, F::ulp_exponent(far_below)) : F::from_code(0);

template <scalar_format F>
NARROWFP_INLINE constexpr typename F::code_type encode_overflow(bool negative, bool to_largest) noexcept {
  if (!to_largest && F::native_overflow == overflow_result::infinity) {
    return F::to_code(infinity(negative));
  }
  if (!to_largest && F::native_overflow == overflow_result::nan) {
    return F::to_code(nan(negative));
  }
  return F::to_code(with_sign(F::max_finite, negative));
}

/// A finite magnitude beyond the largest value stays there where the mode must not round outward.
NARROWFP_INLINE constexpr bool stays_finite(rounding mode, bool negative) noexcept {
  return mode == rounding::toward_zero || mode == rounding::to_odd ||
         (mode == rounding::toward_positive && negative) || (mode == rounding::toward_negative && !negative);
}

/// The largest value in units of the spacing of its binade.
template <scalar_format F>
inline constexpr std::uint64_t largest_in_top_spacing =
    truncate(F::max_finite, F::ulp_exponent(binade_of(F::max_finite))).quotient;

/// Rounds x once to a code of F. `mode` is neither native nor hybrid; `addend` as in rounds_up.
template <scalar_format F>
NARROWFP_INLINE constexpr typename F::code_type encode(real x, rounding mode, overflow policy,
                                                       std::uint64_t addend = 0) noexcept {
  const bool saturate = policy == overflow::saturate;
  // 1. NaN: a format without one takes the largest value, whatever the sign.
  if (x.kind == real_kind::nan) {
    return F::to_code(F::has_nan ? x : F::max_finite);
  }
  // 2. Below an unsigned format: only -0 has a code.
  if (!F::is_signed && x.negative) {
    if (!is_zero(x)) {
      return F::has_nan && !saturate ? F::to_code(nan()) : typename F::code_type{0};
    }
    x.negative = false;
  }
  if (x.kind == real_kind::infinity) {
    return encode_overflow<F>(x.negative, saturate);
  }
  // 3. The lower end: zero, or the smallest value where a format has no zero.
  if constexpr (!F::has_zero) {
    if (compare_magnitudes(x, min_positive<F>) < 0) {
      x = with_sign(min_positive<F>, x.negative);
    }
  } else if (is_zero(x)) {
    return F::to_code(x);
  }
  // 4. Round to the spacing of x's binade. A carry lands on a power of two, which the next binade
  //    holds as well. A binade above the largest value cannot come back below it, and one below it
  //    cannot go past it.
  constexpr int top_binade = binade_of(F::max_finite);
  const int binade = binade_of(x);
  const bool to_largest = saturate || stays_finite(mode, x.negative);
  if (binade > top_binade) {
    return encode_overflow<F>(x.negative, to_largest);
  }
  const int spacing = F::ulp_exponent(binade);
  const truncation cut = truncate(x, spacing);
  const bool can_overflow = binade == top_binade;
  real rounded = finite(cut.quotient, spacing, x.negative);
  if (can_overflow && rounded.significand > largest_in_top_spacing<F>) {
    return encode_overflow<F>(x.negative, to_largest);
  }
  const bool lower_is_odd = parity_decides(cut, mode) && (F::to_code(rounded) & 1) != 0;
  if (rounds_up(cut, mode, x.negative, lower_is_odd, addend)) {
    ++rounded.significand;
    if (can_overflow && rounded.significand > largest_in_top_spacing<F>) {
      return encode_overflow<F>(x.negative, to_largest);
    }
  }
  return F::to_code(rounded);
}

/// The value of a code of F, whose bits above the width are ignored.
template <scalar_format F>
NARROWFP_INLINE constexpr real decode(typename F::code_type code) noexcept {
  return F::from_code(static_cast<typename F::code_type>(code & low_mask(F::width)));
}

}  // namespace narrowfp::inline v0::core

#include "../detail/undef.hpp"
