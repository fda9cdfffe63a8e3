// Expect: narrowfp::quantize reads arrays: give the list a name, const float in.. = {...}
#include <narrowfp/narrowfp.hpp>
#include <vector>

int main() {
  std::vector<narrowfp::mxfp4> b(1);
  const float in[] = {1, 2};
#if defined(NARROWFP_TEST_FAULT)
  narrowfp::quantize({1.0F, 2.0F}, b);
#else
  narrowfp::quantize(in, b);
#endif
}
