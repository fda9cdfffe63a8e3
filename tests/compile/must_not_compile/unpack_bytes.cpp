// Expect: narrowfp::unpack reads value types such as fp8_e4m3: view raw bytes by as_values<T>.bytes.
#include <narrowfp/narrowfp.hpp>
#include <vector>

int main() {
  std::vector<std::byte> bytes(32);
  std::vector<float> floats(32);
#if defined(NARROWFP_TEST_FAULT)
  narrowfp::unpack(bytes, floats);
#else
  narrowfp::unpack(narrowfp::as_values<narrowfp::fp8_e4m3>(bytes), floats);
#endif
}
