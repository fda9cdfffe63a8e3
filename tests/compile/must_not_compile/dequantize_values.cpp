// Expect: narrowfp::dequantize reads blocks such as mxfp4: for values call narrowfp::unpack.in, out.
#include <narrowfp/narrowfp.hpp>
#include <vector>

int main() {
  std::vector<float> floats(32);
  std::vector<narrowfp::fp8_e4m3> values(32);
  std::vector<narrowfp::mxfp4> blocks(1);
#if defined(NARROWFP_TEST_FAULT)
  narrowfp::dequantize(values, floats);
#else
  static_cast<void>(values);
  narrowfp::dequantize(blocks, floats);
#endif
}
