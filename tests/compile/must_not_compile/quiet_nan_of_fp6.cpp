// Expect: quiet_NaN
#include <limits>
#include <narrowfp/types.hpp>

int main() {
#if defined(NARROWFP_TEST_FAULT)
  return std::numeric_limits<narrowfp::fp6_e3m2>::quiet_NaN().bits();
#else
  return std::numeric_limits<narrowfp::fp8_e4m3>::quiet_NaN().bits();
#endif
}
