// Layer: core. Hybrid rounding: in some binades the source's own low bits take the place of random
// bits. Which binades is a fact of the format; HiF8 is the one that has it.
#pragma once

#include <concepts>
#include <cstdint>

#include "codec.hpp"
#include "format.hpp"
#include "real.hpp"
#include "rounding.hpp"

#include "../detail/config.hpp"

namespace narrowfp::inline v0::core {

/// A format with hybrid rounding states the binades in which it draws.
template <class F>
concept hybrid_format = scalar_format<F> && requires(int binade) {
  { F::hybrid_draws(binade) } -> std::same_as<bool>;
};

/// Half a spacing above the largest value: from here on the nearest value is out of range.
template <scalar_format F>
inline constexpr real nearest_overflow = finite(
    (F::max_finite.significand << (F::max_finite.exponent - F::ulp_exponent(binade_of(F::max_finite))) << 1) +
        1,
    F::ulp_exponent(binade_of(F::max_finite)) - 1);

/// Rounds x by HR. `addend`, in units of 2^-32 of the spacing, is what the source's low bits add to the
/// discarded fraction; 2^32 moves even an exact value. Overflow is decided before drawing.
template <hybrid_format F>
NARROWFP_INLINE constexpr typename F::code_type encode_hybrid(const real& x, overflow policy,
                                                              std::uint64_t addend) noexcept {
  const bool draws = x.kind == real_kind::finite && x.significand != 0 && F::hybrid_draws(binade_of(x)) &&
                     compare_magnitudes(x, nearest_overflow<F>) < 0;
  return encode<F>(x, draws ? rounding::stochastic : F::native_rounding, policy, addend);
}

}  // namespace narrowfp::inline v0::core

#include "../detail/undef.hpp"
