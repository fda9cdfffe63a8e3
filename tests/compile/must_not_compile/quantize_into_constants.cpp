// Expect: narrowfp::quantize writes to out: its blocks must not be const
#include <narrowfp/quantize.hpp>

#include <array>

int main() {
  const std::array<float, 32> in = {};
  std::array<narrowfp::mxfp4, 1> out = {};
  const std::array<narrowfp::mxfp4, 1> constants = {};
#if defined(NARROWFP_TEST_FAULT)
  narrowfp::quantize(in, constants);
#else
  static_cast<void>(constants);
  narrowfp::quantize(in, out);
#endif
}
