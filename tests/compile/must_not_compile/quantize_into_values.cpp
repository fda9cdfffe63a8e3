// Expect: narrowfp::quantize fills blocks such as mxfp4: for values call narrowfp::pack.in, out.
#include <narrowfp/quantize.hpp>

#include <array>

int main() {
  const std::array<float, 32> in = {};
  std::array<narrowfp::mxfp4, 1> out = {};
  std::array<narrowfp::narrow_float<narrowfp::formats::fp4_e2m1>, 32> values = {};
#if defined(NARROWFP_TEST_FAULT)
  narrowfp::quantize(in, values);
#else
  static_cast<void>(values);
  narrowfp::quantize(in, out);
#endif
}
