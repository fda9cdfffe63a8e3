// Expect: narrowfp::pack writes to out: its elements must not be const
#include <array>
#include <narrowfp/narrowfp.hpp>
#include <vector>

int main() {
  const std::array<float, 2> in = {1, 2};
  std::array<narrowfp::fp8_e4m3, 2> out = {};
  const std::array<narrowfp::fp8_e4m3, 2> constants = {};
#if defined(NARROWFP_TEST_FAULT)
  narrowfp::pack(in, constants);
#else
  static_cast<void>(constants);
  narrowfp::pack(in, out);
#endif
}
