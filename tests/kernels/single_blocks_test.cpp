#include <cmath>

#include "block_suite.hpp"

namespace kernels {
namespace {

// Scales of more than 8 bits, and sizes that are not 16, 32 or 64.
using fp8_per_128 = block_format<fp8_e4m3, shared_scale<float, 128>>;
using fp6_per_64 = block_format<fp6_e3m2, shared_scale<bfloat16, 64>>;
using e5m2_per_32 = block_format<fp8_e5m2, shared_scale<float16, 32>>;
using hif8_per_128 = block_format<hif8, shared_scale<float, 128>>;
using fp4_per_96 = block_format<fp4_e2m1, shared_scale<float, 96>>;
using fp8_by_powers = block_format<fp8_e4m3, shared_scale<e8m0, 128>>;
using single_types =
    testing::Types<fp8_per_128, fp6_per_64, e5m2_per_32, hif8_per_128, fp4_per_96, fp8_by_powers,
                   block_format<narrow_float<formats::int8>, shared_scale<float16, 32>>, q8_0,
                   block_format<narrow_float<minifloat<3, 3, 3, specials::fn>>, shared_scale<ue5m3, 24>>>;
INSTANTIATE_TYPED_TEST_SUITE_P(Single, KernelBlocks, single_types, support::type_names);

template <class B>
class SingleBlocks : public KernelBlocks<B> {};
TYPED_TEST_SUITE(SingleBlocks, single_types, support::type_names);

/// The numbers half way between neighbours of a format, as far as they are positive.
template <class F>
std::vector<float> ties() {
  std::vector<float> numbers;
  for (unsigned code = 0; code < 1U << F::width; ++code) {
    const auto x = core::to_floating<float>(F::from_code(static_cast<typename F::code_type>(code)));
    if (x >= 0) {  // no NaN
      numbers.push_back(x);
    }
  }
  std::sort(numbers.begin(), numbers.end());
  std::vector<float> result;
  for (std::size_t i = 1; i < numbers.size() && std::isfinite(numbers[i]); ++i) {
    result.push_back((numbers[i - 1] + numbers[i]) / 2);
  }
  return result;
}

TYPED_TEST(SingleBlocks, DecideExactlyAtTies) {
  using B = TypeParam;
  const std::vector<float> all = ties<typename B::element_format>();
  xorshift random;
  std::vector<float> x(B::elements * 2000);
  for (std::size_t b = 0; b < x.size() / B::elements; ++b) {
    // The first element decides about the scale; with few bits in every other block, so that ties are floats.
    float* const block = x.data() + b * B::elements;
    const auto field = static_cast<std::uint32_t>(110 + random() % 30);
    const std::uint32_t fraction = static_cast<std::uint32_t>(random()) & (b % 2 == 0 ? 0x7FFFFF : 0x780000);
    std::fill(block, block + B::elements, 0.0F);
    block[0] = std::bit_cast<float>(field << 23 | fraction);
    std::vector<B> first(1);
    quantize(std::span<const float>(block, B::elements), first, {.use = isa::scalar});
    const auto scale = core::to_floating<double>(first[0].scale_of(0));
    for (std::size_t i = 1; i < B::elements; ++i) {
      const auto near = static_cast<float>(scale * all[random() % all.size()]);
      const auto bits = static_cast<std::uint32_t>(std::bit_cast<std::uint32_t>(near) + random() % 5 - 2);
      block[i] = std::min(std::bit_cast<float>(bits), block[0]) * (random() % 2 == 0 ? 1.0F : -1.0F);
    }
  }
  this->expect_equal(x, {});
}

TYPED_TEST(SingleBlocks, HaveTheScalarPathsValuesUnderEveryKindOfScale) {
  using B = TypeParam;
  using SF = typename B::scale_format;
  xorshift random;
  std::vector<B> blocks;
  const auto add = [&](std::uint32_t scale_code) {
    B block;
    for (std::size_t i = 0; i < B::elements; ++i) {
      block.set_code(i, static_cast<std::uint32_t>(random()) % (1U << B::element_format::width));
    }
    block.set_scale_code(scale_code & core::low_mask(SF::width));
    blocks.push_back(block);
  };
  for (int binade = -160; binade < 130; ++binade) {
    for (const std::uint32_t significand : {0x1000000U, 0x1000001U, 0x1FFFFFFU, 0x1555555U}) {
      for (const bool negative : {false, true}) {
        add(SF::to_code(core::decode<SF>(core::encode<SF>(core::finite(significand, binade - 24, negative),
                                                          rounding::nearest_even, overflow::native))));
      }
    }
  }
  for (const std::uint32_t code : {0U, 1U, ~0U, 1U << (SF::width - 1), 1U << (SF::width - 2)}) {
    add(code);
  }
  std::vector<float> want(blocks.size() * B::elements);
  std::vector<float> got(want.size());
  dequantize(blocks, want, {.use = isa::scalar});
  for (const isa use : support::available_vector_isas()) {
    dequantize(blocks, got, {.use = use});
    for (std::size_t i = 0; i < want.size(); ++i) {
      ASSERT_EQ(std::bit_cast<std::uint32_t>(want[i]), std::bit_cast<std::uint32_t>(got[i]))
          << isa_name(use) << ", scale " << blocks[i / B::elements].scale_code(0, 0) << ", element "
          << i % B::elements;
    }
  }
}

TYPED_TEST(SingleBlocks, FindEveryScale) {
  using B = TypeParam;
  xorshift random;
  std::vector<float> x(B::elements * 256 * 16);
  for (std::size_t b = 0; b < x.size() / B::elements; ++b) {
    const auto r = static_cast<std::uint32_t>(random() >> 32);
    const std::uint32_t fractions[] = {r & 7, 0x7FFFFF - (r & 7), r & 0x7F0000, r & 0x7FFFFF};
    x[b * B::elements + r % B::elements] =
        std::bit_cast<float>(static_cast<std::uint32_t>(b % 256) << 23 | fractions[b / 256 % 4]);
  }
  this->expect_equal(x, {});
}

// Stores of more than 32 MiB may go past the caches, where they begin at a cache line.
TEST(SingleBlocksOfManyElements, HaveTheScalarPathsValues) {
  using B = fp8_per_128;
  constexpr std::size_t n = std::size_t{9} << 20;
  const std::vector<float> x = adversarial(B::elements, 1024, 5);
  std::vector<B> some(1024);
  quantize(x, some);
  std::vector<B> blocks(n / B::elements);
  for (std::size_t b = 0; b < blocks.size(); ++b) {
    blocks[b] = some[b % some.size()];
  }
  std::vector<float> want(n);
  dequantize(blocks, want, {.use = isa::scalar});
  std::vector<float> memory(n + 32);
  float* const line = memory.data() + (64 - reinterpret_cast<std::uintptr_t>(memory.data()) % 64) % 64 / 4;
  for (const isa use : support::available_vector_isas()) {
    for (float* const got : {line, line + 1}) {
      std::fill(memory.begin(), memory.end(), 0.0F);
      dequantize(blocks, std::span<float>(got, n), {.use = use});
      EXPECT_TRUE(same_bytes(want.data(), got, 4 * n)) << isa_name(use);
    }
  }
}

}  // namespace
}  // namespace kernels
