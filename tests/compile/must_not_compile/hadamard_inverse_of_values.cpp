// Expect: narrowfp::hadamard_inverse transforms float, bfloat16 or float16: convert the elements of in
#include <narrowfp/narrowfp.hpp>
#include <vector>

int main() {
  std::vector<float> x(32);
  std::vector<float> y(32);
  std::vector<narrowfp::fp8_e4m3> codes(32);
#if defined(NARROWFP_TEST_FAULT)
  narrowfp::hadamard_inverse(codes, codes);
#else
  static_cast<void>(codes);
  narrowfp::hadamard_inverse(x, y);
#endif
}
