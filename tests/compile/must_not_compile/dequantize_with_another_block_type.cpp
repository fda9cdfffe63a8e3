// Expect: narrowfp::dequantize<B>: the blocks of in are of another type: leave B out
#include <narrowfp/narrowfp.hpp>
#include <vector>

int main() {
  std::vector<float> floats(32);
  std::vector<narrowfp::mxfp4> blocks(1);
#if defined(NARROWFP_TEST_FAULT)
  narrowfp::dequantize<narrowfp::nvfp4>(blocks, floats);
#else
  narrowfp::dequantize<narrowfp::mxfp4>(blocks, floats);
#endif
}
