// Expect: deleted (function .*operator-|operator '-')
#include <narrowfp/types.hpp>

int main() {
#if defined(NARROWFP_TEST_FAULT)
  return (-narrowfp::e8m0(2)).bits();
#else
  return (+narrowfp::e8m0(2)).bits();
#endif
}
