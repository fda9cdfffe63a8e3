// Expect: narrowfp::matrix_product needs rows and columns: write matrix_view
#include <narrowfp/products.hpp>

#include <vector>

int main() {
  using namespace narrowfp;
  const std::vector<mxfp4> a(2);
  std::vector<float> c(4);
#if defined(NARROWFP_TEST_FAULT)
  matrix_product(matrix_view(a, 2, 32), a, c);
#else
  matrix_product(matrix_view(a, 2, 32), matrix_view(a, 2, 32), c);
#endif
}
