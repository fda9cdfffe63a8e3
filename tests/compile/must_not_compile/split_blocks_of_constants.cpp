// Expect: no matching|no match|not satisfied|could not convert
#include <narrowfp/quantize.hpp>
#include <vector>

int main() {
  const std::vector<unsigned char> codes(16);
  std::vector<unsigned char> scales(1);
#if defined(NARROWFP_TEST_FAULT)
  return narrowfp::split_blocks(codes, scales).codes.size() == 16 ? 0 : 1;
#else
  return narrowfp::const_split_blocks(codes, scales).codes.size() == 16 ? 0 : 1;
#endif
}
