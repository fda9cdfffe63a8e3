// Expect: narrowfp::dot_block multiplies two blocks of equally many elements
#include <narrowfp/products.hpp>

int main() {
  const narrowfp::mxfp4 a = {};
#if defined(NARROWFP_TEST_FAULT)
  return narrowfp::dot_block(a, narrowfp::nvfp4{}) > 0;
#else
  return narrowfp::dot_block(a, narrowfp::mxint8{}) > 0;
#endif
}
