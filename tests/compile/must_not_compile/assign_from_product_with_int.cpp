// Expect: narrowfp: an assignment does not round .T . 2 is a float.: write x = T(...)
#include <narrowfp/narrowfp.hpp>
#include <vector>

int main() {
  std::vector<narrowfp::fp8_e4m3> c(32);
#if defined(NARROWFP_TEST_FAULT)
  c[0] = c[0] * 2;
#else
  c[0] = narrowfp::fp8_e4m3(c[0] * 2);
#endif
}
