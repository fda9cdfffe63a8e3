// Layer: formats. Sign, exponent field, fraction field: every format but HiF8 and two's complement.
// Descriptors state facts; rounding is in core/codec.hpp.
#pragma once

#include <cstdint>

#include "../core/bits.hpp"
#include "../core/format.hpp"
#include "../core/real.hpp"

#include "../detail/config.hpp"

namespace narrowfp::inline v0 {

/// Which codes are not numbers.
enum class specials : std::uint8_t {
  ieee,  ///< exponent field all ones: infinity (fraction 0) and NaN
  fn,    ///< finite and NaN: NaN where all bits below the sign are ones
  fnuz,  ///< finite, NaN, unsigned zero: NaN in place of -0
  none,  ///< every code is a number
};

}  // namespace narrowfp::inline v0

namespace narrowfp::inline v0::formats {

enum class sign_bit : bool { absent, present };
/// What exponent field 0 means: zero and subnormals, or one more normal binade (scales without zero).
enum class lowest_binade : bool { normal, subnormal };

/// The facts of a format with E exponent bits, M fraction bits and the given bias.
///
/// Exponent field e > 0: (1 + f / 2^M) * 2^(e - bias). Field 0: f / 2^M * 2^(1 - bias), or as the others.
template <int E, int M, int Bias, specials S, sign_bit Sign = sign_bit::present,
          lowest_binade Lowest = lowest_binade::subnormal>
struct binary_layout {
  static constexpr bool is_signed = Sign == sign_bit::present;
  static constexpr int width = E + M + (is_signed ? 1 : 0);
  static_assert(E >= 0 && M >= 0, "narrowfp: a format's field widths must not be negative");
  static_assert(width >= 1 && width <= 64, "narrowfp: a format has 1 to 64 bits");
  static_assert(S != specials::ieee || (E >= 1 && M >= 1),
                "narrowfp: specials::ieee needs an exponent bit, for infinity, and a fraction bit, for NaN");
  static_assert(S != specials::fnuz || is_signed, "narrowfp: specials::fnuz needs a sign bit");
  using code_type = core::code_type_t<width>;

  static constexpr bool has_zero = Lowest == lowest_binade::subnormal;
  static constexpr bool has_negative_zero = is_signed && S != specials::fnuz;
  static constexpr bool has_infinity = S == specials::ieee;
  static constexpr bool has_nan = S != specials::none;
  static constexpr rounding native_rounding = rounding::nearest_even;
  static constexpr overflow_result native_overflow = has_infinity ? overflow_result::infinity
                                                     : has_nan    ? overflow_result::nan
                                                                  : overflow_result::largest;

  /// Codes of magnitudes count up with them, so that a code below the sign is the rank of its value.
  static constexpr bool codes_are_ranks = true;
  static constexpr int fraction_bits = M;

  /// The binade of exponent field 1, or of field 0 where that is normal.
  static constexpr int min_normal_binade = has_zero ? 1 - Bias : -Bias;

  NARROWFP_INLINE static constexpr int ulp_exponent(int binade) noexcept {
    return core::larger(binade, min_normal_binade) - M;
  }

  NARROWFP_INLINE static constexpr code_type to_code(const core::real& r) noexcept {
    const std::uint64_t sign = is_signed && r.negative ? sign_mask : 0;
    if (r.kind == core::real_kind::nan) {
      return static_cast<code_type>(nan_code(sign, r.significand));
    }
    if (r.kind == core::real_kind::infinity) {
      return static_cast<code_type>(sign | infinity_code);
    }
    if (r.significand == 0) {
      return static_cast<code_type>(has_negative_zero ? sign : 0);
    }
    const int binade = core::binade_of(r);
    const int shift = r.exponent - ulp_exponent(binade);
    const std::uint64_t units = shift >= 0 ? r.significand << shift : r.significand >> -shift;
    // In units of its spacing a subnormal is its own code, and a normal value starts at 2^M in each
    // binade; the sum carries that leading one into the exponent field.
    const auto binades_up = static_cast<std::uint64_t>(core::larger(binade - min_normal_binade, 0));
    const std::uint64_t magnitude = (binades_up << M) + units - (has_zero ? 0 : std::uint64_t{1} << M);
    return static_cast<code_type>(sign | magnitude);
  }

  NARROWFP_INLINE static constexpr core::real from_code(code_type code) noexcept {
    const bool negative = is_signed && (code & sign_mask) != 0;
    const std::uint64_t magnitude = code & magnitude_mask;
    if (S == specials::fnuz && code == sign_mask) {
      return core::nan();
    }
    if (S == specials::fn && magnitude == magnitude_mask) {
      return core::nan(negative);
    }
    if (S == specials::ieee && magnitude >= infinity_code) {
      return magnitude == infinity_code ? core::infinity(negative)
                                        : core::nan(negative, payload_of(magnitude));
    }
    const std::uint64_t fraction = magnitude & core::low_mask(M);
    const int field = static_cast<int>(magnitude >> M);
    if (has_zero && field == 0) {
      return core::finite(fraction, 1 - Bias - M, negative);
    }
    return core::finite(fraction | std::uint64_t{1} << M, field - Bias - M, negative);
  }

 private:
  static constexpr std::uint64_t sign_mask = is_signed ? std::uint64_t{1} << (width - 1) : 0;
  static constexpr std::uint64_t magnitude_mask = core::low_mask(E + M);
  static constexpr std::uint64_t infinity_code = core::low_mask(E) << M;
  /// The payload of a NaN is kept only in formats wider than 8 bits.
  static constexpr bool keeps_payload = width > 8;

  NARROWFP_INLINE static constexpr std::uint64_t payload_of(std::uint64_t magnitude) noexcept {
    if constexpr (keeps_payload) {
      return (magnitude & core::low_mask(M)) << (64 - M);
    } else {
      return 0;
    }
  }

  NARROWFP_INLINE static constexpr std::uint64_t nan_code(std::uint64_t sign,
                                                          std::uint64_t payload) noexcept {
    if constexpr (S == specials::ieee) {
      constexpr std::uint64_t quiet_bit = std::uint64_t{1} << (M - 1);
      return sign | infinity_code | quiet_bit | (keeps_payload ? payload >> (64 - M) : 0);
    } else {
      return S == specials::fnuz ? sign_mask : sign | magnitude_mask;
    }
  }

  static constexpr std::uint64_t max_code = S == specials::ieee ? infinity_code - 1
                                            : S == specials::fn ? magnitude_mask - 1
                                                                : magnitude_mask;

 public:
  static constexpr core::real max_finite = from_code(static_cast<code_type>(max_code));
};

}  // namespace narrowfp::inline v0::formats

namespace narrowfp::inline v0 {

/// A format of your own, in one line: `narrow_float<minifloat<3, 3, 3, specials::fn>>`.
///
/// Layout    sign, E exponent bits, M fraction bits; exponent field 0 holds zero and subnormals.
///           E = 0 is fixed point: the value is fraction * 2^(1 - Bias - M).
/// Limits    1 + E + M is 2 to 16 bits; every value is exact in double.
/// Rounding  native: nearest, ties to even.
template <int E, int M, int Bias, specials S>
struct minifloat : formats::binary_layout<E, M, Bias, S> {
  static_assert(E + M >= 1 && 1 + E + M <= 16, "narrowfp: a minifloat has 2 to 16 bits, its sign included");
  static_assert(1 - Bias - M >= -1074 && core::binade_of(minifloat::max_finite) <= 1023,
                "narrowfp: every value of a minifloat must be exact in double: choose a bias nearer to "
                "2^(E-1) - 1, or fewer exponent bits");
};

}  // namespace narrowfp::inline v0

#include "../detail/undef.hpp"
