// Layer: formats. Unsigned formats that scale a block; docs/formats/scales.md.
#pragma once

#include "binary_layout.hpp"

namespace narrowfp::inline v0::formats {

// OCP Microscaling: powers of two, 2^-127 to 2^127.
struct e8m0 : binary_layout<8, 0, 127, specials::fn, sign_bit::absent, lowest_binade::normal> {
  static constexpr const char* name = "e8m0";
  static constexpr rounding native_rounding = rounding::nearest_away;
};

// NVFP4's scale: E4M3 without its sign, 7 bits.
struct ue4m3 : binary_layout<4, 3, 7, specials::fn, sign_bit::absent> {
  static constexpr const char* name = "ue4m3";
};

struct ue5m3 : binary_layout<5, 3, 15, specials::fn, sign_bit::absent> {
  static constexpr const char* name = "ue5m3";
};

// HiF4's first-level scale. The conversion clamps at both ends, so that only NaN gives NaN.
struct e6m2 : binary_layout<6, 2, 48, specials::fn, sign_bit::absent, lowest_binade::normal> {
  static constexpr const char* name = "e6m2";
  static constexpr overflow_result native_overflow = overflow_result::largest;
};

}  // namespace narrowfp::inline v0::formats
