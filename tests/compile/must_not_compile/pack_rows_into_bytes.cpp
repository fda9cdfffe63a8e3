// Expect: narrowfp::pack_rows fills value types such as fp8_e4m3: view raw bytes by as_values<T>.bytes.
#include <narrowfp/narrowfp.hpp>
#include <vector>

int main() {
  std::vector<float> x(32);
  std::vector<unsigned char> bytes(32);
  const std::vector<float> scales(2, 1.0F);
#if defined(NARROWFP_TEST_FAULT)
  narrowfp::pack_rows(x, bytes, 16, scales);
#else
  narrowfp::pack_rows(x, narrowfp::as_values<narrowfp::fp8_e4m3>(bytes), 16, scales);
#endif
}
