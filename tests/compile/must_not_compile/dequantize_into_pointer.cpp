// Expect: narrowfp::dequantize needs to know sizes: give spans, such as std::span.in, n.
#include <narrowfp/narrowfp.hpp>
#include <span>
#include <vector>

int main() {
  std::vector<float> x(32);
  std::vector<narrowfp::mxfp4> b(1);
  float* out = x.data();
#if defined(NARROWFP_TEST_FAULT)
  narrowfp::dequantize(b, out);
#else
  narrowfp::dequantize(b, std::span(out, 32));
#endif
}
