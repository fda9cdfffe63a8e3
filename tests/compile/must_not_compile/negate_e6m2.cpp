// Expect: deleted (function .*operator-|operator '-')
#include <narrowfp/types.hpp>

int main() {
#if defined(NARROWFP_TEST_FAULT)
  return (-narrowfp::e6m2(1)).bits();
#else
  return (-narrowfp::fp4_e1m2(1)).bits();
#endif
}
