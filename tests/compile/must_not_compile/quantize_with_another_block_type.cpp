// Expect: narrowfp::quantize<B>: the blocks of out are of another type: leave B out
#include <narrowfp/quantize.hpp>

#include <array>

int main() {
  const std::array<float, 32> in = {};
  std::array<narrowfp::mxfp4, 1> out = {};
#if defined(NARROWFP_TEST_FAULT)
  narrowfp::quantize<narrowfp::nvfp4>(in, out);
#else
  narrowfp::quantize<narrowfp::mxfp4>(in, out);
#endif
}
