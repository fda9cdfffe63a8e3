// Expect: narrowfp::dot reads ordinary memory
#include <narrowfp/products.hpp>

#include <vector>

int main() {
  const std::vector<narrowfp::mxfp4> a(1);
#if defined(NARROWFP_TEST_FAULT)
  volatile float b[32] = {};
  return narrowfp::dot(a, b) > 0;
#else
  float b[32] = {};
  return narrowfp::dot(a, b) > 0;
#endif
}
