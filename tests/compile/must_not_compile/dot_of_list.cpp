// Expect: narrowfp::dot needs elements in a row
#include <narrowfp/products.hpp>

#include <list>
#include <vector>

int main() {
  const std::list<float> a(32);
  const std::vector<narrowfp::mxfp4> b(1);
#if defined(NARROWFP_TEST_FAULT)
  return narrowfp::dot(a, b) > 0;
#else
  return narrowfp::dot(std::vector<float>(a.begin(), a.end()), b) > 0;
#endif
}
