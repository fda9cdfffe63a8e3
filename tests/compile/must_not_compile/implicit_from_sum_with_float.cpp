// Expect: float.*(fp8_e4m3|narrow_float)
#include <narrowfp/types.hpp>

int main() {
#if defined(NARROWFP_TEST_FAULT)
  const narrowfp::fp8_e4m3 sum = narrowfp::fp8_e4m3(1) + 1.0F;
  return sum > 0 ? 0 : 1;
#else
  const float sum = narrowfp::fp8_e4m3(1) + 1.0F;
  return sum > 0 ? 0 : 1;
#endif
}
