// Expect: narrowfp: an assignment does not round .T . 2 is a float.: write x = T(...)
#include <narrowfp/types.hpp>

int main() {
  narrowfp::fp8_e4m3 x;
  const narrowfp::fp8_e5m2 y(1);
#if defined(NARROWFP_TEST_FAULT)
  x = y;
#else
  x = narrowfp::fp8_e4m3(y);
#endif
}
