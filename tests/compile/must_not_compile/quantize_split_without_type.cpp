// Expect: narrowfp::quantize into split_blocks needs a block type: write quantize<mxfp4>.in, out.
#include <cstddef>
#include <narrowfp/narrowfp.hpp>
#include <vector>

int main() {
  std::vector<float> x(32);
  std::vector<std::byte> codes(16);
  std::vector<std::byte> scales(1);
  const narrowfp::split_blocks split = {codes, scales};
#if defined(NARROWFP_TEST_FAULT)
  narrowfp::quantize(x, split);
#else
  narrowfp::quantize<narrowfp::mxfp4>(x, split);
#endif
}
