// Expect: narrowfp::dot gives float, double, bfloat16 or float16
#include <narrowfp/products.hpp>

#include <array>

int main() {
  const std::array<narrowfp::mxfp4, 2> a = {};
#if defined(NARROWFP_TEST_FAULT)
  return narrowfp::dot<int>(a, a);
#else
  return static_cast<int>(narrowfp::dot<double>(a, a));
#endif
}
