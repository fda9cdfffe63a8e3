// Expect: narrowfp::pack reads arrays: give the list a name, const float in.. = {...}
#include <narrowfp/narrowfp.hpp>
#include <vector>

int main() {
  std::vector<narrowfp::fp8_e4m3> c(2);
  const float in[] = {1, 2};
#if defined(NARROWFP_TEST_FAULT)
  narrowfp::pack({1.0F, 2.0F}, c);
#else
  narrowfp::pack(in, c);
#endif
}
