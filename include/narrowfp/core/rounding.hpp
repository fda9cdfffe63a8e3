// Layer: core. The rounding modes, and the only place in the library where a number is rounded.
#pragma once

#include <cstdint>

#include "bits.hpp"
#include "real.hpp"

#include "../detail/config.hpp"

namespace narrowfp::inline v0 {

/// How a value between two neighbours of the target format is rounded.
enum class rounding : std::uint8_t {
  native,           ///< the format's own: nearest even, or nearest away (hif8, e8m0, fp4_e1m2)
  nearest_even,     ///< nearest; a tie goes to the neighbour with the even code
  nearest_away,     ///< nearest; a tie goes away from zero
  toward_zero,      ///< the neighbour of smaller magnitude
  toward_positive,  ///< the neighbour above
  toward_negative,  ///< the neighbour below
  to_odd,           ///< an inexact value goes to the neighbour with the odd code
  stochastic,       ///< up in magnitude with the probability of the discarded fraction
  hybrid,           ///< HiF8's HR: nearest away near 1, elsewhere the source's low bits decide
};

}  // namespace narrowfp::inline v0

namespace narrowfp::inline v0::core {

/// A magnitude cut to a multiple of 2^spacing_exponent, and what was cut off, in units of that spacing.
struct truncation {
  std::uint64_t quotient;  ///< the multiple
  std::uint64_t fraction;  ///< the leading 64 bits of the discarded part
  bool rest;               ///< whether anything non-zero lies below those
};

/// Cuts the finite x; its quotient must fit in 64 bits.
NARROWFP_INLINE constexpr truncation truncate(const real& x, int spacing_exponent) noexcept {
  const int shift = spacing_exponent - x.exponent;
  if (shift <= 0) {
    return {x.significand << -shift, 0, x.sticky};
  }
  if (shift < 64) {
    return {x.significand >> shift, x.significand << (64 - shift), x.sticky};
  }
  if (shift < 128) {
    const int lost = shift - 64;
    const bool rest = (x.significand & low_mask(lost)) != 0;
    return {0, x.significand >> lost, rest || x.sticky};
  }
  return {0, 0, x.significand != 0 || x.sticky};
}

/// One unit in the 32-bit fraction of stochastic rounding is 2^-32 of the spacing.
inline constexpr std::uint64_t stochastic_unit = std::uint64_t{1} << 32;

/// Whether the mode needs to know if the truncated value has an odd code.
NARROWFP_INLINE constexpr bool parity_decides(const truncation& t, rounding mode) noexcept {
  constexpr std::uint64_t half = std::uint64_t{1} << 63;
  return mode == rounding::to_odd || (mode == rounding::nearest_even && t.fraction == half && !t.rest);
}

/// Whether the magnitude goes up to the next multiple of the spacing.
///
/// `mode` is neither native nor hybrid. `lower_is_odd` speaks of the code of the truncated value.
/// `addend` is added to the discarded fraction in units of 2^-32 by `stochastic`: 32 random bits; the
/// hybrid rule uses the value 2^32 as well, which moves even an exact number.
NARROWFP_INLINE constexpr bool rounds_up(const truncation& t, rounding mode, bool negative, bool lower_is_odd,
                                         std::uint64_t addend) noexcept {
  constexpr std::uint64_t half = std::uint64_t{1} << 63;
  const bool inexact = t.fraction != 0 || t.rest;
  switch (mode) {
    case rounding::nearest_even:
      return t.fraction > half || (t.fraction == half && (t.rest || lower_is_odd));
    case rounding::toward_positive:
      return inexact && !negative;
    case rounding::toward_negative:
      return inexact && negative;
    case rounding::to_odd:
      return inexact && !lower_is_odd;
    case rounding::stochastic:
      return (t.fraction >> 32) + addend >= stochastic_unit;
    case rounding::toward_zero:
      return false;
    default:
      return t.fraction >= half;  // nearest_away
  }
}

}  // namespace narrowfp::inline v0::core

#include "../detail/undef.hpp"
