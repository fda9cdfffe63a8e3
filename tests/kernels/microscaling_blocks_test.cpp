#include "block_suite.hpp"

namespace kernels {
namespace {

// One scale, a power of two: elements of 4, 6 and 8 bits, floats and integers.
using microscaling_types = testing::Types<mxfp4, mxfp6_e2m3, mxfp6_e3m2, mxfp8_e4m3, mxfp8_e5m2, mxint8,
                                          msfp12, msfp16, block_format<fp4_e2m1, shared_scale<e8m0, 64>>>;
INSTANTIATE_TYPED_TEST_SUITE_P(Microscaling, KernelBlocks, microscaling_types);

// Values of more than 32 MiB go past the caches, where the array is aligned.
template <class B>
void expect_many_values() {
  constexpr std::size_t n = (std::size_t{33} << 18) + 77;
  xorshift random;
  std::vector<B> blocks(block_count<B>(n));
  for (B& block : blocks) {
    for (std::uint8_t& byte : block.bytes) {
      byte = static_cast<std::uint8_t>(random() >> 56);
    }
  }
  std::vector<float> want(n);
  std::vector<float> got(n + 16);
  dequantize(blocks, want, {.use = isa::scalar});
  const std::size_t to_line = (64 - reinterpret_cast<std::uintptr_t>(got.data()) % 64) % 64 / sizeof(float);
  for (const isa use : support::available_vector_isas()) {
    const std::span<float> out(got.data() + to_line, n);
    std::fill(out.begin(), out.end(), 0.0F);
    dequantize(std::span<const B>(blocks), out, {.use = use});
    EXPECT_EQ(std::memcmp(want.data(), out.data(), 4 * n), 0) << isa_name(use);
  }
}

TEST(KernelMemoryOfManyElements, IsThatOfTheScalarPathForBlocks) {
  expect_many_values<mxfp4>();
  expect_many_values<mxfp8_e5m2>();
  expect_many_values<mxint8>();
}

}  // namespace
}  // namespace kernels
