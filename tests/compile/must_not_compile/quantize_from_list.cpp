// Expect: narrowfp::quantize needs elements in a row, as in std::vector, std::array or std::span .not
// std::vector<bool>, std::list.: copy them there
#include <list>
#include <narrowfp/narrowfp.hpp>
#include <vector>

int main() {
  std::list<float> list(32);
  std::vector<float> x(32);
  std::vector<narrowfp::mxfp4> b(1);
#if defined(NARROWFP_TEST_FAULT)
  narrowfp::quantize(list, b);
#else
  narrowfp::quantize(x, b);
#endif
}
