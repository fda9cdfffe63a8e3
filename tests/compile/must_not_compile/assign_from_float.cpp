// Expect: narrowfp: an assignment does not round .T . 2 is a float.: write x = T(...)
#include <narrowfp/types.hpp>

int main() {
  narrowfp::hif8 x;
#if defined(NARROWFP_TEST_FAULT)
  x = 1.0F;
#else
  x = narrowfp::hif8(1.0F);
#endif
}
