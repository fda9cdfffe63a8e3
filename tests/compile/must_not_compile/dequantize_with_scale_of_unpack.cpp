// Expect: narrowfp::dequantize has no .scale: a factor for all of out is .tensor_scale
#include <narrowfp/narrowfp.hpp>
#include <vector>

int main() {
  std::vector<float> x(32);
  std::vector<narrowfp::mxfp4> b(1);
#if defined(NARROWFP_TEST_FAULT)
  narrowfp::dequantize(b, x, {.scale = 4.0F});
#else
  narrowfp::dequantize(b, x, {.tensor_scale = 4.0F});
#endif
}
