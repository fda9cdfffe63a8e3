// Expect: narrowfp::unpack reads arrays of values: for blocks call narrowfp::dequantize.in, out.
#include <narrowfp/narrowfp.hpp>
#include <vector>

int main() {
  std::vector<float> floats(32);
  std::vector<narrowfp::fp8_e4m3> values(32);
  std::vector<narrowfp::mxfp4> blocks(1);
#if defined(NARROWFP_TEST_FAULT)
  narrowfp::unpack(blocks, floats);
#else
  static_cast<void>(blocks);
  narrowfp::unpack(values, floats);
#endif
}
