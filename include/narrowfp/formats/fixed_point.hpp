// Layer: formats. Two's complement fixed point: the elements of MXINT8 and Q8_0.
#pragma once

#include <cstdint>

#include "../core/bits.hpp"
#include "../core/format.hpp"
#include "../core/real.hpp"

#include "../detail/config.hpp"

namespace narrowfp::inline v0::formats {

/// Two's complement integers of `Width` bits in units of 2^-FractionBits.
///
/// Encoding keeps to the symmetric range: the most negative code is decoded, never produced.
template <int Width, int FractionBits>
struct fixed_point {
  static constexpr int width = Width;
  using code_type = core::code_type_t<Width>;
  static constexpr bool is_signed = true;
  static constexpr bool sign_is_a_bit = false;
  static constexpr bool has_zero = true;
  static constexpr bool has_negative_zero = false;
  static constexpr bool has_infinity = false;
  static constexpr bool has_nan = false;
  static constexpr rounding native_rounding = rounding::nearest_even;
  static constexpr overflow_result native_overflow = overflow_result::largest;
  static constexpr core::real max_finite = core::finite(core::low_mask(Width - 1), -FractionBits);
  static constexpr int min_normal_binade = -FractionBits;

  NARROWFP_INLINE static constexpr int ulp_exponent(int) noexcept { return -FractionBits; }

  NARROWFP_INLINE static constexpr code_type to_code(const core::real& r) noexcept {
    if (r.significand == 0) {
      return 0;
    }
    const int shift = r.exponent + FractionBits;
    const std::uint64_t units = shift >= 0 ? r.significand << shift : r.significand >> -shift;
    return static_cast<code_type>((r.negative ? ~units + 1 : units) & core::low_mask(Width));
  }

  NARROWFP_INLINE static constexpr core::real from_code(code_type code) noexcept {
    const bool negative = (code >> (Width - 1) & 1) != 0;
    const std::uint64_t units = code;
    return core::finite(negative ? (~units + 1) & core::low_mask(Width) : units, -FractionBits, negative);
  }
};

/// MXINT8's element: units of 2^-6.
struct int8 : fixed_point<8, 6> {
  static constexpr const char* name = "int8";
};
/// Q8_0's element: the integer itself.
struct integer8 : fixed_point<8, 0> {
  static constexpr const char* name = "integer8";
};

}  // namespace narrowfp::inline v0::formats

#include "../detail/undef.hpp"
