// Layer: formats. The OCP 6-bit formats; docs/formats/fp6.md.
#pragma once

#include "binary_layout.hpp"

namespace narrowfp::inline v0::formats {

struct fp6_e3m2 : minifloat<3, 2, 3, specials::none> {
  static constexpr const char* name = "fp6_e3m2";
};
struct fp6_e2m3 : minifloat<2, 3, 1, specials::none> {
  static constexpr const char* name = "fp6_e2m3";
};

}  // namespace narrowfp::inline v0::formats
