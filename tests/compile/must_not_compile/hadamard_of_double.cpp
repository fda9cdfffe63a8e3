// Expect: narrowfp::hadamard transforms float, bfloat16 or float16: convert the elements of in
#include <narrowfp/narrowfp.hpp>
#include <vector>

int main() {
  std::vector<float> x(32);
  std::vector<float> y(32);
  const std::vector<double> wide(32);
#if defined(NARROWFP_TEST_FAULT)
  narrowfp::hadamard(wide, y);
#else
  static_cast<void>(wide);
  narrowfp::hadamard(x, y);
#endif
}
