// Expect: bool
#include <narrowfp/types.hpp>

int main() {
#if defined(NARROWFP_TEST_FAULT)
  return narrowfp::fp8_e4m3(true).bits();
#else
  return narrowfp::fp8_e4m3(1).bits();
#endif
}
