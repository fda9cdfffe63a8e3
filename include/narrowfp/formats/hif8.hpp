// Layer: formats. HiFloat8, the tapered 8-bit format of arXiv 2409.16626; docs/formats/hif8.md.
#pragma once

#include <cstdint>

#include "../core/bits.hpp"
#include "../core/format.hpp"
#include "../core/real.hpp"

#include "../detail/config.hpp"

namespace narrowfp::inline v0::formats {

/// Sign, a prefix code ("dot") that tells how many exponent bits follow, exponent, fraction.
///
/// binade       exponent bits D   prefix (7-bit code)   fraction bits
/// +-8 .. +-15  4                 11 Seee f             1
/// +-4 .. +-7   3                 10 Seeff              2
/// +-2, +-3     2                 01 Sefff              3
/// +-1          1                 001 Sfff              3
/// 0            0                 0001 fff              3
/// -22 .. -16   denormal          0000 mmm              0: the value is 2^(m - 23)
///
/// S is the exponent's sign; its magnitude has an implied leading one, so that e holds D - 1 bits.
struct hif8 {
  static constexpr const char* name = "hif8";
  static constexpr int width = 8;
  using code_type = std::uint8_t;
  static constexpr bool is_signed = true;
  static constexpr bool has_zero = true;
  static constexpr bool has_negative_zero = false;
  static constexpr bool has_infinity = true;
  static constexpr bool has_nan = true;
  static constexpr rounding native_rounding = rounding::nearest_away;
  static constexpr overflow_result native_overflow = overflow_result::infinity;

  static constexpr int min_normal_binade = -15;
  static constexpr int min_binade = -22;
  /// The code after it in the top binade, 1.5 * 2^15, stands for infinity.
  static constexpr core::real max_finite = core::finite(1, 15);

  NARROWFP_INLINE static constexpr int ulp_exponent(int binade) noexcept {
    if (binade < min_normal_binade) {
      return core::larger(binade, min_binade);
    }
    return binade - fraction_bits(exponent_bits(binade));
  }

  NARROWFP_INLINE static constexpr code_type to_code(const core::real& r) noexcept {
    if (r.kind == core::real_kind::nan) {
      return nan_code;
    }
    if (core::is_zero(r)) {
      return 0;
    }
    const int sign = r.negative ? sign_mask : 0;
    if (r.kind == core::real_kind::infinity) {
      return static_cast<code_type>(sign | infinity_code);
    }
    const int binade = core::binade_of(r);
    if (binade < min_normal_binade) {
      return static_cast<code_type>(sign | (binade - min_binade + 1));
    }
    const int exponent_width = exponent_bits(binade);
    const int fraction_width = fraction_bits(exponent_width);
    const int shift = r.exponent - (binade - fraction_width);
    const std::uint64_t significand = shift >= 0 ? r.significand << shift : r.significand >> -shift;
    const int fraction = static_cast<int>(significand & core::low_mask(fraction_width));
    return static_cast<code_type>(sign | prefix(exponent_width) |
                                  exponent_field(binade, exponent_width) << fraction_width | fraction);
  }

  NARROWFP_INLINE static constexpr core::real from_code(code_type code) noexcept {
    if (code == nan_code) {
      return core::nan();
    }
    const bool negative = (code & sign_mask) != 0;
    const int magnitude = code & (sign_mask - 1);
    if (magnitude == 0) {
      return core::finite(0, 0);
    }
    if (magnitude == infinity_code) {
      return core::infinity(negative);
    }
    if (magnitude < prefix(0)) {
      return core::finite(1, magnitude - 1 + min_binade, negative);
    }
    const int exponent_width = magnitude >= prefix(4)   ? 4
                               : magnitude >= prefix(3) ? 3
                               : magnitude >= prefix(2) ? 2
                               : magnitude >= prefix(1) ? 1
                                                        : 0;
    const int fraction_width = fraction_bits(exponent_width);
    const int field = (magnitude - prefix(exponent_width)) >> fraction_width;
    const auto fraction = static_cast<std::uint64_t>(magnitude) & core::low_mask(fraction_width);
    return core::finite(fraction | std::uint64_t{1} << fraction_width,
                        exponent_of(field, exponent_width) - fraction_width, negative);
  }

  /// Hybrid rounding (HR): the binades in which the source's own low bits take the place of random
  /// bits; elsewhere it is nearest away.
  NARROWFP_INLINE static constexpr bool hybrid_draws(int binade) noexcept {
    return binade >= 4 || (binade <= -4 && binade >= min_binade - 1);
  }

 private:
  static constexpr code_type nan_code = 0x80;
  static constexpr int sign_mask = 0x80;
  static constexpr int infinity_code = 0b0'11'0111'1;

  NARROWFP_INLINE static constexpr int exponent_bits(int binade) noexcept {
    return core::bit_width(static_cast<std::uint64_t>(binade < 0 ? -binade : binade));
  }
  NARROWFP_INLINE static constexpr int fraction_bits(int exponent_width) noexcept {
    return core::smaller(5 - exponent_width, 3);
  }
  /// The smallest magnitude code of the group with that many exponent bits.
  NARROWFP_INLINE static constexpr int prefix(int exponent_width) noexcept {
    return exponent_width >= 2 ? (exponent_width - 1) << 5 : 8 << exponent_width;
  }
  /// Exponent sign, then the magnitude without its leading one.
  NARROWFP_INLINE static constexpr int exponent_field(int binade, int exponent_width) noexcept {
    if (exponent_width == 0) {
      return 0;
    }
    const int leading_one = 1 << (exponent_width - 1);
    return binade >= 0 ? binade - leading_one : -binade;
  }
  NARROWFP_INLINE static constexpr int exponent_of(int field, int exponent_width) noexcept {
    if (exponent_width == 0) {
      return 0;
    }
    const int leading_one = 1 << (exponent_width - 1);
    return field < leading_one ? field + leading_one : -field;
  }
};

}  // namespace narrowfp::inline v0::formats

#include "../detail/undef.hpp"
