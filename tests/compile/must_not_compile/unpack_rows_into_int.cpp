// Expect: narrowfp::unpack_rows fills float, double or value types: let out have such elements
#include <narrowfp/narrowfp.hpp>
#include <vector>

int main() {
  std::vector<int> numbers(32);
  std::vector<float> x(32);
  std::vector<narrowfp::fp8_e4m3> c(32);
  const std::vector<float> scales(2, 1.0F);
#if defined(NARROWFP_TEST_FAULT)
  narrowfp::unpack_rows(c, numbers, 16, scales);
#else
  narrowfp::unpack_rows(c, x, 16, scales);
#endif
}
