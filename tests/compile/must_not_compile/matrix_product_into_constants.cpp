// Expect: narrowfp::matrix_product writes to c: its elements must not be const
#include <narrowfp/products.hpp>

#include <vector>

int main() {
  using namespace narrowfp;
  const std::vector<mxfp4> a(2);
#if defined(NARROWFP_TEST_FAULT)
  const std::vector<float> c(4);
  matrix_product(matrix_view(a, 2, 32), matrix_view(a, 2, 32), c);
#else
  std::vector<float> c(4);
  matrix_product(matrix_view(a, 2, 32), matrix_view(a, 2, 32), c);
#endif
}
