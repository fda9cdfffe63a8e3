// Expect: narrowfp::unpack writes to out: its elements must not be const
#include <narrowfp/narrowfp.hpp>
#include <vector>

int main() {
  const std::vector<float> constants(32);
  std::vector<float> floats(32);
  std::vector<narrowfp::fp8_e4m3> values(32);
#if defined(NARROWFP_TEST_FAULT)
  narrowfp::unpack(values, constants);
#else
  static_cast<void>(constants);
  narrowfp::unpack(values, floats);
#endif
}
