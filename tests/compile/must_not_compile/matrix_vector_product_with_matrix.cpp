// Expect: narrowfp::matrix_vector_product: x is one row
#include <narrowfp/narrowfp.hpp>

#include <vector>

int main() {
  using namespace narrowfp;
  const std::vector<mxfp4> a(2);
  const block_matrix<mxfp4> x(1, 32);
  std::vector<float> y(2);
#if defined(NARROWFP_TEST_FAULT)
  matrix_vector_product(matrix_view(a, 2, 32), x, y);
#else
  matrix_vector_product(matrix_view(a, 2, 32), x.row(0), y);
#endif
}
