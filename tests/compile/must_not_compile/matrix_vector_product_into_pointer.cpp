// Expect: narrowfp::matrix_vector_product needs to know sizes
#include <narrowfp/products.hpp>

#include <span>
#include <vector>

int main() {
  using namespace narrowfp;
  const std::vector<mxfp4> a(2);
  const std::vector<float> x(32);
  float y[2] = {};
  float* to = y;
#if defined(NARROWFP_TEST_FAULT)
  matrix_vector_product(matrix_view(a, 2, 32), x, to);
#else
  matrix_vector_product(matrix_view(a, 2, 32), x, std::span(to, 2));
#endif
}
