// Layer: formats. The 16-bit formats, and binary32 and binary64 themselves: sources and targets go
// through the same core as every narrow format.
#pragma once

#include "binary_layout.hpp"

namespace narrowfp::inline v0::formats {

struct bfloat16 : minifloat<8, 7, 127, specials::ieee> {
  static constexpr const char* name = "bfloat16";
};
struct float16 : minifloat<5, 10, 15, specials::ieee> {
  static constexpr const char* name = "float16";
};

struct binary32 : binary_layout<8, 23, 127, specials::ieee> {};
struct binary64 : binary_layout<11, 52, 1023, specials::ieee> {};

}  // namespace narrowfp::inline v0::formats
