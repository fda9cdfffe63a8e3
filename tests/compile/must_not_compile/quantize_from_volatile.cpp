// Expect: narrowfp::quantize reads and writes ordinary memory: in and out must not be volatile
#include <narrowfp/narrowfp.hpp>
#include <vector>

int main() {
  volatile float in[32] = {};
  std::vector<float> x(32);
  std::vector<narrowfp::mxfp4> b(1);
#if defined(NARROWFP_TEST_FAULT)
  narrowfp::quantize(in, b);
#else
  static_cast<void>(in);
  narrowfp::quantize(x, b);
#endif
}
