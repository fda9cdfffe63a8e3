// Expect: narrowfp::quantize reads float, bfloat16 or float16: convert the elements of in to float
#include <narrowfp/quantize.hpp>

#include <array>

int main() {
  const std::array<float, 32> in = {};
  const std::array<int, 32> integers = {};
  std::array<narrowfp::mxfp4, 1> out = {};
#if defined(NARROWFP_TEST_FAULT)
  narrowfp::quantize(integers, out);
#else
  static_cast<void>(integers);
  narrowfp::quantize(in, out);
#endif
}
