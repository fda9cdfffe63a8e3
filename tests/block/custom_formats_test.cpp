// Block formats of the user's own: any element, any scale with a NaN, any size, any bits below it.
#include <algorithm>
#include <cmath>
#include <random>

#include <narrowfp/block_matrix.hpp>

#include "block_inputs.hpp"
#include "block_oracle.hpp"
#include "block_probe.hpp"
#include "both_ways.hpp"
#include "support/type_names.hpp"

namespace {

using namespace block_test;
using namespace narrowfp;

// What docs/blocks.md shows.
using fp8_per_128 = block_format<fp8_e4m3, shared_scale<float, 128>>;  // DeepSeek-style
using int8_in_half = block_format<narrow_float<formats::int8>, shared_scale<float16, 32>>;
using fp6_in_bf16 = block_format<fp6_e3m2, shared_scale<bfloat16, 64>>;
using hif8_blocks = block_format<hif8, shared_scale<e8m0, 32>>;
using wide_hif = hifx<sign_magnitude<7>>;
using own_element = block_format<narrow_float<minifloat<3, 3, 3, specials::fn>>, shared_scale<ue5m3, 24>>;
using fp4_bits = block_format<fp4_e2m1, shared_scale<e8m0, 32>, shared_bit<8>>;
using nvfp4_bits = block_format<fp4_e2m1, shared_scale<fp8_e4m3, 16>, shared_bit<4>>;
using half_elements = block_format<float16, shared_scale<float, 16>>;
using e5m2_in_half = block_format<fp8_e5m2, shared_scale<float16, 16>>;
using odd_size = block_format<fp6_e2m3, shared_scale<e8m0, 5>>;

static_assert(sizeof(fp8_per_128) == 132 && sizeof(int8_in_half) == 34 && sizeof(fp6_in_bf16) == 50);
static_assert(sizeof(own_element) == 1 + 21 && sizeof(fp4_bits) == 18 && sizeof(odd_size) == 5);
static_assert(fp8_per_128::max_finite() > 1e40 && int8_in_half::max_finite() == 65504 * 127.0 / 64);
static_assert(int8_in_half::min_positive() == 0x1p-24 * 0x1p-6);

template <class B>
class CustomBlocks : public testing::Test {};
using customs = testing::Types<fp8_per_128, int8_in_half, q8_0, fp6_in_bf16, hif8_blocks, wide_hif,
                               own_element, fp4_bits, nvfp4_bits, half_elements, e5m2_in_half, odd_size>;
TYPED_TEST_SUITE(CustomBlocks, customs, support::type_names);

/// Blocks like those of a built-in format, as many elements as B has.
template <class B>
std::vector<float> block_like(const oracle::block_facts& facts, std::mt19937_64& random) {
  std::vector<std::uint32_t> x;
  while (x.size() < B::elements) {
    const auto more = adversarial_block(facts, random);
    x.insert(x.end(), more.begin(), more.end());
  }
  x.resize(B::elements);
  return as_floats(x);
}

/// Array calls take short ways for many formats; the exact codec is the truth.
TYPED_TEST(CustomBlocks, array_calls_equal_the_exact_codec) {
  using B = TypeParam;
  std::mt19937_64 random(31);
  for (const char* like : {"mxfp8_e4m3", "nvfp4", "hif4", "mxint8"}) {
    const oracle::block_facts& facts = oracle::find_block_format(like);
    for (int i = 0; i < 1500; ++i) {
      const auto x = block_like<B>(facts, random);
      const rounding mode[] = {rounding::native,       rounding::native,      rounding::nearest_even,
                               rounding::nearest_away, rounding::toward_zero, rounding::to_odd};
      const bool has_rceil = blocks::offers_rule<B>(recipe::native, scale_rule::rceil);
      const scale_rule rule = i % 4 == 0 && has_rceil ? scale_rule::rceil : scale_rule::native;
      const B block = quantize_both_ways<B>(x, {.round = mode[i % 6], .scale = rule});
      dequantize_both_ways(block);
      dequantize_both_ways(block, {.tensor_scale = 0.3F});
      if (testing::Test::HasFailure()) {
        FAIL() << "like " << like << ", block " << i;
      }
    }
  }
}

TYPED_TEST(CustomBlocks, random_bytes_have_defined_values) {
  using B = TypeParam;
  std::mt19937_64 random(32);
  for (int i = 0; i < 1000; ++i) {
    B block;
    for (std::uint8_t& byte : block.bytes) {
      byte = static_cast<std::uint8_t>(random());
    }
    const auto values = dequantize_both_ways(block);
    EXPECT_EQ(std::bit_cast<std::uint32_t>(values[1]), std::bit_cast<std::uint32_t>(block[1]));
    dequantize_both_ways(block, {.tensor_scale = 1.7F});
    if (testing::Test::HasFailure()) {
      FAIL() << show(block);
    }
  }
}

/// The largest element of hif8 is a power of two, so that up to half of amax may be cut off; of the others
/// less.
TYPED_TEST(CustomBlocks, errors_are_as_small_as_the_element_allows) {
  using B = TypeParam;
  std::mt19937_64 random(33);
  std::normal_distribution<float> normal(0, 1);
  for (int i = 0; i < 50; ++i) {
    std::vector<float> x(B::elements);
    float amax = 0;
    for (float& element : x) {
      element = normal(random);
      amax = std::fmax(amax, std::fabs(element));
    }
    const auto y = dequantize_both_ways(quantize_both_ways<B>(x));
    for (std::size_t j = 0; j < x.size(); ++j) {
      EXPECT_LE(std::fabs(x[j] - y[j]), 0.5F * amax) << x[j];
    }
  }
}

TEST(CustomFormats, a_float_scale_is_amax_over_the_largest_element_rounded_once) {
  std::vector<float> x(128, 0.1F);
  x[7] = -1.7F;
  const fp8_per_128 block = quantize_both_ways<fp8_per_128>(x);
  const float scale = 1.7F / 448;  // one float division
  EXPECT_EQ(block.scale_code(0, 0), std::bit_cast<std::uint32_t>(scale));
  EXPECT_EQ(block.code(7), 0xFEU);
  EXPECT_EQ(block.code(0), fp8_e4m3(0.1F / scale).bits());
  EXPECT_EQ(block[0], static_cast<float>(double{scale} * double{static_cast<float>(fp8_e4m3(0.1F / scale))}));
}

/// A fact of the scale: it has a zero, and nothing below it doubles it.
template <class B>
inline constexpr bool has_rceil = blocks::offers_rule<B>(recipe::native, scale_rule::rceil);
template <class Scale>
inline constexpr bool covers = has_rceil<block_format<fp4_e2m1, shared_scale<Scale, 16>>>;
static_assert(covers<fp8_e4m3> && covers<ue4m3> && covers<ue5m3> && covers<float> && covers<bfloat16> &&
              covers<float16> && covers<e8m0> && !covers<e6m2>);
static_assert(!has_rceil<nvfp4_bits> && !has_rceil<hif4> && !has_rceil<mx9> && !has_rceil<msfp16>);

TEST(CustomFormats, rceil_is_the_smallest_scale_that_covers_the_block) {
  std::vector<float> x(128, 0.1F);
  for (const float amax : {1.7F, 448.0F, std::nextafter(448.0F, 500.0F), 0x1p-149F, 3e38F}) {
    x[7] = amax;
    const fp8_per_128 block = quantize_both_ways<fp8_per_128>(x, {.scale = scale_rule::rceil});
    const std::uint32_t code = block.scale_code(0, 0);
    const auto covers_amax = [amax = *std::max_element(x.begin(), x.end())](std::uint32_t scale) {
      return double{amax} <= 448 * double{std::bit_cast<float>(scale)};
    };
    EXPECT_TRUE(covers_amax(code) && !covers_amax(code - 1)) << amax;
  }
}

TEST(CustomFormats, rceil_takes_the_largest_scale_where_none_covers_the_block) {
  const quantize_options rceil = {.scale = scale_rule::rceil};
  EXPECT_EQ(quantize_both_ways<nvfp4>(std::vector<float>(16, 3000.0F), rceil).scale_code(0, 0), 0x7EU);
  EXPECT_EQ(quantize_both_ways<nvfp4>(std::vector<float>(16, 2688.0F), rceil).scale_code(0, 0), 0x7EU);
  EXPECT_EQ(quantize_both_ways<nvfp4>(std::vector<float>(16, 0x1p-149F), rceil).scale_code(0, 0), 1U);
  EXPECT_EQ(quantize_both_ways<nvfp4>(std::vector<float>(16, -0.0F), rceil), nvfp4{});
  EXPECT_EQ(quantize_both_ways<q8_0>(std::vector<float>(32, 1e30F), rceil).scale_code(0, 0), 0x7BFFU);
}

TEST(CustomFormats, a_scale_that_underflows_makes_all_codes_zero) {
  const std::vector<float> x(32, -1e-8F);
  EXPECT_EQ(quantize_both_ways<q8_0>(x), q8_0{});
  EXPECT_EQ(quantize_both_ways<int8_in_half>(x), int8_in_half{});
}

TEST(CustomFormats, bits_below_any_scale) {
  std::vector<float> x(32, 0.5F);
  x[9] = 11.9F;  // the second group of 8 needs its bit
  const fp4_bits block = quantize_both_ways<fp4_bits>(x);
  EXPECT_EQ(block.scale_code(0, 0), 127U);
  EXPECT_EQ(block.bytes[1], 0b0010);
  EXPECT_EQ(block[9], 12.0F);
  EXPECT_EQ(block[0], 0.5F);
  EXPECT_EQ(block[8], 0.0F) << "0.5 / 2 is the tie below the smallest element";
}

TEST(CustomFormats, tiles_of_128_with_one_float_each) {
  std::vector<float> x(256 * 130);
  for (std::size_t i = 0; i < x.size(); ++i) {
    x[i] = std::sin(static_cast<float>(i)) * static_cast<float>(1 + i / 5000);
  }
  block_matrix<fp8_per_128> m(256, 130);
  m.quantize_tiles(x, 128);
  for (std::size_t r = 1; r < 128; ++r) {
    ASSERT_EQ(m.row(r)[0].scale_code(0, 0), m.row(0)[0].scale_code(0, 0));
    ASSERT_EQ(m.row(128 + r)[1].scale_code(0, 0), m.row(128)[1].scale_code(0, 0));
  }
  EXPECT_NE(m.row(0)[0].scale_code(0, 0), m.row(128)[0].scale_code(0, 0));
}

TEST(TwosComplement, negation_saturates) {
  using value = narrowfp::narrow_float<narrowfp::formats::int8>;
  for (unsigned code = 0; code < 256; ++code) {
    const value x = value::from_bits(static_cast<std::uint8_t>(code));
    const int n = code < 128 ? static_cast<int>(code) : static_cast<int>(code) - 256;
    const int wanted = n == -128 ? 127 : -n;
    EXPECT_EQ((-x).bits(), static_cast<std::uint8_t>(wanted)) << "code " << code;
  }
}

}  // namespace
