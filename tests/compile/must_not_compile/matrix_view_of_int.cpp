// Expect: narrowfp: matrix_view<T> needs a block type, a value type or float
#include <narrowfp/products.hpp>

int main() {
#if defined(NARROWFP_TEST_FAULT)
  return narrowfp::matrix_view<int>().rows() == 0 ? 0 : 1;
#else
  return narrowfp::matrix_view<float>().rows() == 0 ? 0 : 1;
#endif
}
