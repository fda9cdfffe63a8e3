// Expect: narrowfp::quantize needs to know sizes: give spans, such as std::span.in, n.
#include <narrowfp/narrowfp.hpp>
#include <span>
#include <vector>

int main() {
  std::vector<float> x(32);
  std::vector<narrowfp::mxfp4> b(1);
  const float* in = x.data();
  const std::size_t n = 32;
#if defined(NARROWFP_TEST_FAULT)
  narrowfp::quantize(in, b, n);
#else
  narrowfp::quantize(std::span(in, n), b);
#endif
}
