// Expect: constraint|requirement
#include <narrowfp/quantize.hpp>

int main() {
#if defined(NARROWFP_TEST_FAULT)
  return narrowfp::bfp<16, 16>::elements == 16 ? 0 : 1;
#else
  return narrowfp::bfp<15, 16>::elements == 16 ? 0 : 1;
#endif
}
