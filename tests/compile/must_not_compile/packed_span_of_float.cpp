// Expect: narrowfp|narrow
#include <narrowfp/narrowfp.hpp>

int main() {
#if defined(NARROWFP_TEST_FAULT)
  return narrowfp::packed_span<float>{}.size() == 0 ? 0 : 1;
#else
  return narrowfp::packed_span<narrowfp::fp4_e2m1>{}.size() == 0 ? 0 : 1;
#endif
}
