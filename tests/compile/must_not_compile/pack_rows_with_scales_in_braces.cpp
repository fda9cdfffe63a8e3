// Expect: narrowfp::pack_rows: give the list of scales a name, const float scales.. = {...}
#include <narrowfp/narrowfp.hpp>
#include <vector>

int main() {
  std::vector<float> x(32);
  std::vector<narrowfp::fp8_e4m3> c(32);
  const std::vector<float> scales(2, 1.0F);
#if defined(NARROWFP_TEST_FAULT)
  narrowfp::pack_rows(x, c, 16, {1.0F, 2.0F});
#else
  narrowfp::pack_rows(x, c, 16, scales);
#endif
}
