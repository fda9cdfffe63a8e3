// Expect: narrowfp::unpack fills float, double or value types: let out have such elements
#include <array>
#include <narrowfp/narrowfp.hpp>
#include <vector>

int main() {
  const std::array<narrowfp::fp8_e4m3, 2> in = {};
  std::array<float, 2> floats = {};
  std::array<int, 2> integers = {};
#if defined(NARROWFP_TEST_FAULT)
  narrowfp::unpack(in, integers);
#else
  static_cast<void>(integers);
  narrowfp::unpack(in, floats);
#endif
}
