// Expect: narrowfp::hadamard writes what it reads: let the elements of out have the type of those of in
#include <narrowfp/narrowfp.hpp>
#include <vector>

int main() {
  std::vector<float> x(32);
  std::vector<float> y(32);
  std::vector<narrowfp::bfloat16> narrow(32);
#if defined(NARROWFP_TEST_FAULT)
  narrowfp::hadamard(x, narrow);
#else
  static_cast<void>(narrow);
  narrowfp::hadamard(x, y);
#endif
}
