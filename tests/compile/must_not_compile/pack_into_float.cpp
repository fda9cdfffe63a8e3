// Expect: narrowfp::pack fills value types such as fp8_e4m3
#include <array>
#include <narrowfp/narrowfp.hpp>
#include <vector>

int main() {
  std::vector<float> in(4);
  std::vector<float> floats(4);
  std::vector<narrowfp::bfloat16> out(4);
#if defined(NARROWFP_TEST_FAULT)
  narrowfp::pack(in, floats);
#else
  narrowfp::pack(in, out);
#endif
}
