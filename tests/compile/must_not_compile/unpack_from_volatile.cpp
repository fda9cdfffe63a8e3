// Expect: narrowfp::unpack reads and writes ordinary memory: in and out must not be volatile
#include <narrowfp/narrowfp.hpp>
#include <vector>

int main() {
  volatile narrowfp::fp8_e4m3 in[32] = {};
  std::vector<float> x(32);
  std::vector<narrowfp::fp8_e4m3> c(32);
#if defined(NARROWFP_TEST_FAULT)
  narrowfp::unpack(in, x);
#else
  static_cast<void>(in);
  narrowfp::unpack(c, x);
#endif
}
