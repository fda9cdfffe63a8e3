// Expect: narrowfp::quantize fills blocks such as mxfp4: for values call narrowfp::pack.in, out.
#include <narrowfp/narrowfp.hpp>
#include <vector>

int main() {
  std::vector<float> x(32);
  std::vector<narrowfp::fp8_e4m3> c(32);
#if defined(NARROWFP_TEST_FAULT)
  narrowfp::quantize<narrowfp::fp8_e4m3>(x, c);
#else
  narrowfp::pack(x, c);
#endif
}
