// Expect: narrowfp::unpack needs elements in a row, as in std::vector, std::array or std::span .not
// std::vector<bool>, std::list.: copy them there
#include <narrowfp/narrowfp.hpp>
#include <vector>

int main() {
  std::vector<bool> bits(32);
  std::vector<float> x(32);
  std::vector<narrowfp::fp8_e4m3> c(32);
#if defined(NARROWFP_TEST_FAULT)
  narrowfp::unpack(c, bits);
#else
  narrowfp::unpack(c, x);
#endif
}
