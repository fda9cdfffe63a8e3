// Expect: narrowfp::matrix_product fills float, double, bfloat16 or float16
#include <narrowfp/products.hpp>

#include <vector>

int main() {
  using namespace narrowfp;
  const std::vector<mxfp4> a(2);
#if defined(NARROWFP_TEST_FAULT)
  std::vector<fp8_e4m3> c(4);
  matrix_product(matrix_view(a, 2, 32), matrix_view(a, 2, 32), c);
#else
  std::vector<bfloat16> c(4);
  matrix_product(matrix_view(a, 2, 32), matrix_view(a, 2, 32), c);
#endif
}
