// Layer: formats. The 8-bit floating-point formats with fixed fields; docs/formats/.
#pragma once

#include "binary_layout.hpp"

namespace narrowfp::inline v0::formats {

// OCP OFP8. E4M3 gives up only S.1111.111 (NaN) and has no infinity, so its top binade keeps seven of
// eight fractions: the largest value is 1.75 * 2^8 = 448.
struct fp8_e4m3 : minifloat<4, 3, 7, specials::fn> {
  static constexpr const char* name = "fp8_e4m3";
};
struct fp8_e5m2 : minifloat<5, 2, 15, specials::ieee> {
  static constexpr const char* name = "fp8_e5m2";
};

// IEEE-style, as ml_dtypes defines them.
struct fp8_e3m4 : minifloat<3, 4, 3, specials::ieee> {
  static constexpr const char* name = "fp8_e3m4";
};
struct fp8_e4m3_ieee : minifloat<4, 3, 7, specials::ieee> {
  static constexpr const char* name = "fp8_e4m3_ieee";
};

// Finite, NaN at 80, unsigned zero.
struct fp8_e4m3fnuz : minifloat<4, 3, 8, specials::fnuz> {
  static constexpr const char* name = "fp8_e4m3fnuz";
};
struct fp8_e5m2fnuz : minifloat<5, 2, 16, specials::fnuz> {
  static constexpr const char* name = "fp8_e5m2fnuz";
};
struct fp8_e4m3b11fnuz : minifloat<4, 3, 11, specials::fnuz> {
  static constexpr const char* name = "fp8_e4m3b11fnuz";
};

}  // namespace narrowfp::inline v0::formats
