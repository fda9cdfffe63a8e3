// Compiled with -O3 -ffast-math -fno-exceptions -fno-rtti and, on x86-64, -mavx2 -mfma.
#include "unit.hpp"

void pack_in_another_unit(std::span<const float> values, std::span<narrowfp::fp8_e4m3> codes) {
  narrowfp::pack(values, codes, {.over = narrowfp::overflow::saturate});
}
