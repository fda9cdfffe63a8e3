// Expect: narrowfp: block_matrix needs a block format
#include <narrowfp/narrowfp.hpp>
#include <vector>

int main() {
  using namespace narrowfp;
#if defined(NARROWFP_TEST_FAULT)
  return block_matrix<fp8_e4m3>(1, 32).rows() == 1 ? 0 : 1;
#else
  return block_matrix<mxfp8_e4m3>(1, 32).rows() == 1 ? 0 : 1;
#endif
}
