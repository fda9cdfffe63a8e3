// Expect: infinity
#include <limits>
#include <narrowfp/types.hpp>

int main() {
#if defined(NARROWFP_TEST_FAULT)
  return std::numeric_limits<narrowfp::fp8_e4m3>::infinity().bits();
#else
  return std::numeric_limits<narrowfp::fp8_e5m2>::infinity().bits();
#endif
}
