// Expect: narrowfp::dequantize fills float, double or value types: let out have such elements
#include <narrowfp/narrowfp.hpp>
#include <vector>

int main() {
  std::vector<int> ints(32);
  std::vector<float> floats(32);
  std::vector<narrowfp::mxfp4> blocks(1);
#if defined(NARROWFP_TEST_FAULT)
  narrowfp::dequantize(blocks, ints);
#else
  static_cast<void>(ints);
  narrowfp::dequantize(blocks, floats);
#endif
}
