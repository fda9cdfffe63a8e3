// Expect: narrowfp::hadamard writes to out: its elements must not be const
#include <narrowfp/narrowfp.hpp>
#include <vector>

int main() {
  std::vector<float> x(32);
  std::vector<float> y(32);
  const std::vector<float> constants(32);
#if defined(NARROWFP_TEST_FAULT)
  narrowfp::hadamard(x, constants);
#else
  static_cast<void>(constants);
  narrowfp::hadamard(x, y);
#endif
}
