// Layer: core. What a scalar format must say about itself, and what follows from that.
#pragma once

#include <concepts>
#include <cstdint>

#include "bits.hpp"
#include "real.hpp"
#include "rounding.hpp"

#include "../detail/config.hpp"

namespace narrowfp::inline v0 {

/// What happens to a magnitude beyond the largest finite value.
enum class overflow : std::uint8_t {
  native,    ///< infinity if the format has one, else NaN, else the largest value
  saturate,  ///< the largest finite value, for infinity too
};

/// Where overflow::native sends a value; a fact of each format.
enum class overflow_result : std::uint8_t { infinity, nan, largest };

/// A scalar format is a type that states facts; it contains no rounding.
///
/// width, code_type   bits of a code, and the unsigned integer that holds it in its low bits
/// is_signed          whether negative values have codes; the sign is then the top bit of the code
/// has_zero           whether a code stands for 0; without one, the smallest value takes its place
/// has_negative_zero  whether -0 has a code of its own
/// native_rounding    nearest_even or nearest_away
/// native_overflow    where overflow goes when it does not saturate
/// max_finite         the largest finite value
/// min_normal_binade  the binade of the smallest value with full precision
/// ulp_exponent(b)    log2 of the distance of neighbours in [2^b, 2^(b+1)), for every b up to that of
///                    max_finite; below the smallest value it is that of the smallest value
/// to_code(r)         the code of a representable r; of infinity or NaN where the format has them
/// from_code(c)       the value of code c, for every c of `width` bits
///
/// Optional: sign_is_a_bit = false (two's complement), hybrid_draws(b) (see core/hybrid.hpp), and for formats
/// wider than 8 bits codes_are_ranks with fraction_bits, which let array calls convert them by rows.
template <class F>
concept scalar_format = requires(int binade, core::real r, typename F::code_type code) {
  requires std::unsigned_integral<typename F::code_type>;
  { F::width } -> std::convertible_to<int>;
  { F::is_signed } -> std::convertible_to<bool>;
  { F::has_zero } -> std::convertible_to<bool>;
  { F::has_negative_zero } -> std::convertible_to<bool>;
  { F::has_infinity } -> std::convertible_to<bool>;
  { F::has_nan } -> std::convertible_to<bool>;
  { F::native_rounding } -> std::convertible_to<rounding>;
  { F::native_overflow } -> std::convertible_to<overflow_result>;
  { F::max_finite } -> std::convertible_to<core::real>;
  { F::min_normal_binade } -> std::convertible_to<int>;
  { F::ulp_exponent(binade) } -> std::same_as<int>;
  { F::to_code(r) } -> std::same_as<typename F::code_type>;
  { F::from_code(code) } -> std::same_as<core::real>;
};

}  // namespace narrowfp::inline v0

namespace narrowfp::inline v0::core {

/// Whether the top bit of a signed format's code is the sign, as it is unless the format states
/// `sign_is_a_bit` = false (two's complement).
template <scalar_format F>
inline constexpr bool sign_is_a_bit = [] {
  if constexpr (requires { F::sign_is_a_bit; }) {
    return bool{F::sign_is_a_bit};
  } else {
    return true;
  }
}();

}  // namespace narrowfp::inline v0::core

#include "../detail/undef.hpp"
