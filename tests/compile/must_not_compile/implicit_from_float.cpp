// Expect: float.*(fp8_e4m3|narrow_float)
#include <narrowfp/types.hpp>

int main() {
#if defined(NARROWFP_TEST_FAULT)
  const narrowfp::fp8_e4m3 x = 1.0F;
  return x.bits();
#else
  const narrowfp::fp8_e4m3 x(1.0F);
  return x.bits();
#endif
}
