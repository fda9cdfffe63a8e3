// Expect: narrowfp::hadamard needs to know sizes: write hadamard.std::span.in, n., std::span.out, n..
#include <narrowfp/narrowfp.hpp>
#include <span>
#include <vector>

int main() {
  std::vector<float> x(32);
  std::vector<float> y(32);
  float* in = x.data();
  float* out = y.data();
  const std::size_t n = 32;
#if defined(NARROWFP_TEST_FAULT)
  narrowfp::hadamard(in, out, n);
#else
  narrowfp::hadamard(std::span(in, n), std::span(out, n));
#endif
}
