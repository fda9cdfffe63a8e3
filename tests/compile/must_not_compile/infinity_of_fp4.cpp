// Expect: infinity
#include <limits>
#include <narrowfp/types.hpp>

int main() {
#if defined(NARROWFP_TEST_FAULT)
  return std::numeric_limits<narrowfp::fp4_e2m1>::infinity().bits();
#else
  return std::numeric_limits<narrowfp::fp4_e2m1>::has_infinity ? 1 : 0;
#endif
}
