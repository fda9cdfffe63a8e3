// Expect: narrowfp::pack needs to know sizes: write pack.std::span.in, n., std::span.out, n..
#include <narrowfp/narrowfp.hpp>
#include <span>
#include <vector>

int main() {
  std::vector<float> x(32);
  std::vector<narrowfp::fp8_e4m3> c(32);
  float* in = x.data();
  narrowfp::fp8_e4m3* out = c.data();
  const std::size_t n = 32;
#if defined(NARROWFP_TEST_FAULT)
  narrowfp::pack(in, out, n);
#else
  narrowfp::pack(std::span(in, n), std::span(out, n));
#endif
}
