// Expect: narrowfp::dot multiplies two rows: of a block_matrix take m.row.r.
#include <narrowfp/narrowfp.hpp>

#include <vector>

int main() {
  const narrowfp::block_matrix<narrowfp::mxfp4> m(1, 32);
  const std::vector<float> x(32);
#if defined(NARROWFP_TEST_FAULT)
  return narrowfp::dot(m, x) > 0;
#else
  return narrowfp::dot(m.row(0), x) > 0;
#endif
}
