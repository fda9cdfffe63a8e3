// Expect: narrowfp::pack_rows: scales must be floats in a row, one for each row
#include <narrowfp/narrowfp.hpp>
#include <vector>

int main() {
  std::vector<float> x(32);
  std::vector<narrowfp::fp8_e4m3> c(32);
  const std::vector<float> scales(2, 1.0F);
  const std::vector<double> doubles(2, 1.0);
#if defined(NARROWFP_TEST_FAULT)
  narrowfp::pack_rows(x, c, 16, doubles);
#else
  static_cast<void>(doubles);
  narrowfp::pack_rows(x, c, 16, scales);
#endif
}
