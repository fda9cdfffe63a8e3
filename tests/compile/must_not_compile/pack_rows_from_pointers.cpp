// Expect: narrowfp::pack_rows needs to know sizes: give spans, such as std::span.in, n.
#include <narrowfp/narrowfp.hpp>
#include <span>
#include <vector>

int main() {
  std::vector<float> x(32);
  std::vector<narrowfp::fp8_e4m3> c(32);
  const std::vector<float> scales(2, 1.0F);
  const float* in = x.data();
#if defined(NARROWFP_TEST_FAULT)
  narrowfp::pack_rows(in, c, 16, scales);
#else
  narrowfp::pack_rows(std::span(in, 32), c, 16, scales);
#endif
}
