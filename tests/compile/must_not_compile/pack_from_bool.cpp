// Expect: narrowfp::pack reads float, double, integers .not bool or characters. or value types: convert the
// elements of in
#include <narrowfp/narrowfp.hpp>
#include <vector>

int main() {
  const bool flags[32] = {};
  const int numbers[32] = {};
  std::vector<narrowfp::fp8_e4m3> c(32);
#if defined(NARROWFP_TEST_FAULT)
  narrowfp::pack(flags, c);
#else
  static_cast<void>(flags);
  narrowfp::pack(numbers, c);
#endif
}
