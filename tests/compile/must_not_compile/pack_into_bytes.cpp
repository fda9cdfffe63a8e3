// Expect: narrowfp::pack fills value types such as fp8_e4m3: view raw bytes by as_values<T>.bytes.
#include <array>
#include <narrowfp/narrowfp.hpp>
#include <vector>

int main() {
  std::vector<float> in(4);
  std::vector<unsigned char> bytes(4);
  std::vector<narrowfp::fp8_e4m3> out(4);
#if defined(NARROWFP_TEST_FAULT)
  narrowfp::pack(in, bytes);
#else
  static_cast<void>(bytes);
  narrowfp::pack(in, out);
#endif
}
