// Expect: narrowfp::dequantize of split blocks needs a block type: write dequantize<mxfp4>.in, out.
#include <cstddef>
#include <narrowfp/narrowfp.hpp>
#include <vector>

int main() {
  std::vector<float> x(32);
  std::vector<std::byte> codes(16);
  std::vector<std::byte> scales(1);
  const narrowfp::split_blocks split = {codes, scales};
  const narrowfp::const_split_blocks in = split;
#if defined(NARROWFP_TEST_FAULT)
  narrowfp::dequantize(in, x);
#else
  narrowfp::dequantize<narrowfp::mxfp4>(in, x);
#endif
}
