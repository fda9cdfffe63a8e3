// Expect: narrowfp::pack fills arrays of values: for blocks call narrowfp::quantize.in, out.
#include <array>
#include <narrowfp/pack.hpp>
#include <narrowfp/quantize.hpp>

int main() {
  const std::array<float, 32> in = {};
  std::array<narrowfp::narrow_float<narrowfp::formats::fp4_e2m1>, 32> values = {};
  std::array<narrowfp::mxfp4, 32> blocks = {};
#if defined(NARROWFP_TEST_FAULT)
  narrowfp::pack(in, blocks);
#else
  static_cast<void>(blocks);
  narrowfp::pack(in, values);
#endif
}
