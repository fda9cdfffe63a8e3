// Expect: narrowfp: an assignment does not round .T . 2 is a float.: write x = T(...)
#include <narrowfp/packed.hpp>

int main() {
  narrowfp::packed_vector<narrowfp::fp4_e2m1> c(2);
#if defined(NARROWFP_TEST_FAULT)
  c[0] = c[0] * 2;
#else
  c[0] = narrowfp::fp4_e2m1(c[0] * 2);
#endif
}
