// Expect: narrowfp::unpack needs to know sizes: write unpack.std::span.in, n., std::span.out, n..
#include <narrowfp/narrowfp.hpp>
#include <span>
#include <vector>

int main() {
  std::vector<float> x(32);
  std::vector<narrowfp::fp8_e4m3> c(32);
  float* out = x.data();
  narrowfp::fp8_e4m3* in = c.data();
  const std::size_t n = 32;
#if defined(NARROWFP_TEST_FAULT)
  narrowfp::unpack(in, out, n, {.scale = 2});
#else
  narrowfp::unpack(std::span(in, n), std::span(out, n), {.scale = 2});
#endif
}
