// Expect: narrowfp::dequantize reads and writes ordinary memory: in and out must not be volatile
#include <narrowfp/narrowfp.hpp>
#include <vector>

int main() {
  volatile float out[32] = {};
  std::vector<float> x(32);
  std::vector<narrowfp::mxfp4> b(1);
#if defined(NARROWFP_TEST_FAULT)
  narrowfp::dequantize(b, out);
#else
  static_cast<void>(out);
  narrowfp::dequantize(b, x);
#endif
}
