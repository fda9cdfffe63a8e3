// Expect: narrowfp::dot needs to know sizes: give spans
#include <narrowfp/products.hpp>

#include <array>
#include <span>

int main() {
  const std::array<narrowfp::mxfp4, 2> blocks = {};
  const narrowfp::mxfp4* a = blocks.data();
#if defined(NARROWFP_TEST_FAULT)
  return narrowfp::dot(a, a, 64) > 0;
#else
  return narrowfp::dot(std::span(a, 2), std::span(a, 2), 64) > 0;
#endif
}
