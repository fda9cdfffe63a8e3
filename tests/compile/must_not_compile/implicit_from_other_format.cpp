// Expect: narrow_float
#include <narrowfp/types.hpp>

int main() {
#if defined(NARROWFP_TEST_FAULT)
  const narrowfp::fp8_e4m3 x = narrowfp::fp8_e5m2(1);
  return x.bits();
#else
  const narrowfp::fp8_e4m3 x(narrowfp::fp8_e5m2(1));
  return x.bits();
#endif
}
