// Layer: formats. The 4-bit formats; docs/formats/fp4.md.
#pragma once

#include "binary_layout.hpp"

namespace narrowfp::inline v0::formats {

// OCP Microscaling.
struct fp4_e2m1 : minifloat<2, 1, 1, specials::none> {
  static constexpr const char* name = "fp4_e2m1";
};

// HiF4's element S1P2: magnitudes in quarters, 0 to 1.75, which are just the values of E1M2.
struct fp4_e1m2 : minifloat<1, 2, 1, specials::none> {
  static constexpr const char* name = "fp4_e1m2";
  static constexpr rounding native_rounding = rounding::nearest_away;
};

}  // namespace narrowfp::inline v0::formats
