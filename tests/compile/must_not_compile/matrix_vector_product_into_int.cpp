// Expect: narrowfp::matrix_vector_product fills float, double, bfloat16 or float16
#include <narrowfp/products.hpp>

#include <vector>

int main() {
  using namespace narrowfp;
  const std::vector<mxfp4> a(2);
  const std::vector<float> x(32);
#if defined(NARROWFP_TEST_FAULT)
  std::vector<int> y(2);
  matrix_vector_product(matrix_view(a, 2, 32), x, y);
#else
  std::vector<double> y(2);
  matrix_vector_product(matrix_view(a, 2, 32), x, y);
#endif
}
