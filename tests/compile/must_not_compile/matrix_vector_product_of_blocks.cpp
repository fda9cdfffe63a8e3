// Expect: narrowfp::matrix_vector_product needs rows and columns of a: write matrix_view.a, rows, cols.
#include <narrowfp/products.hpp>

#include <vector>

int main() {
  using namespace narrowfp;
  const std::vector<mxfp4> a(2);
  const std::vector<float> x(32);
  std::vector<float> y(2);
#if defined(NARROWFP_TEST_FAULT)
  matrix_vector_product(a, x, y);
#else
  matrix_vector_product(matrix_view(a, 2, 32), x, y);
#endif
}
