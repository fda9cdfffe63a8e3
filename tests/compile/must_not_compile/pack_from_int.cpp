// Expect: narrowfp::pack reads float, double or value types: convert the elements of in
#include <array>
#include <narrowfp/narrowfp.hpp>
#include <vector>

int main() {
  std::vector<int> in(4);
  std::vector<float> floats(4);
  std::vector<narrowfp::fp8_e4m3> out(4);
#if defined(NARROWFP_TEST_FAULT)
  narrowfp::pack(in, out);
#else
  static_cast<void>(in);
  narrowfp::pack(floats, out);
#endif
}
