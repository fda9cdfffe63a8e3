// Blocks of zeros, NaN, infinities, subnormals, huge values and outliers: the table of docs/blocks.md. And
// inputs on which other libraries are known to answer wrongly.
#include <algorithm>
#include <cmath>
#include <limits>

#include "block_support.hpp"
#include "support/type_names.hpp"

namespace {

using namespace block_test;
using narrowfp::overflow;
using narrowfp::scale_rule;

constexpr float infinity = std::numeric_limits<float>::infinity();
constexpr float nan = std::numeric_limits<float>::quiet_NaN();
constexpr float largest = std::numeric_limits<float>::max();
constexpr float smallest = std::numeric_limits<float>::denorm_min();

template <class B>
class SpecialBlocks : public testing::Test {};

using fp8_float = narrowfp::block_format<narrowfp::fp8_e4m3, narrowfp::shared_scale<float, 128>>;
using fp4_bf16 = narrowfp::block_format<narrowfp::fp4_e2m1, narrowfp::shared_scale<narrowfp::bfloat16, 32>>;
using all_blocks = testing::Types<narrowfp::mxfp8_e4m3, narrowfp::mxfp8_e5m2, narrowfp::mxfp6_e3m2,
                                  narrowfp::mxfp6_e2m3, narrowfp::mxfp4, narrowfp::mxint8, narrowfp::nvfp4,
                                  narrowfp::hif4, narrowfp::hif5, narrowfp::mx9, narrowfp::mx6, narrowfp::mx4,
                                  narrowfp::msfp12, narrowfp::msfp16, fp8_float, fp4_bf16, narrowfp::q8_0>;
TYPED_TEST_SUITE(SpecialBlocks, all_blocks, support::type_names);

template <class B>
constexpr bool has_zero_scale = B::scale_format::has_zero;

/// The scale's own NaN: all ones for exponent bytes and E6M2, 7f for E4M3, the quiet NaN of floats.
template <class B>
std::uint32_t nan_scale() {
  if constexpr (std::is_same_v<typename B::scale_type, float>) {
    return 0x7FC00000;
  } else if constexpr (std::is_same_v<typename B::scale_type, narrowfp::bfloat16>) {
    return 0x7FC0;
  } else if constexpr (std::is_same_v<typename B::scale_type, narrowfp::float16>) {
    return 0x7E00;
  } else {
    return std::is_same_v<B, narrowfp::nvfp4> ? 0x7F : 0xFF;
  }
}

template <class B>
void expect_nan_block(const B& block) {
  EXPECT_EQ(block.scale_code(0, 0), nan_scale<B>()) << show(block);
  B without_scale = block;
  without_scale.set_scale_code(0);
  EXPECT_EQ(without_scale, B{}) << "all but the scale is zero: " << show(block);
  for (const float value : dequantize_both_ways(block)) {
    EXPECT_EQ(std::bit_cast<std::uint32_t>(value), 0x7FC00000U);
  }
}

TYPED_TEST(SpecialBlocks, zeros_give_zero_bytes) {
  EXPECT_EQ(quantize_both_ways<TypeParam>(std::vector<float>(TypeParam::elements, 0.0F)), TypeParam{});
}

TYPED_TEST(SpecialBlocks, negative_zeros_keep_their_sign_unless_the_scale_is_zero) {
  using B = TypeParam;
  std::vector<float> x(B::elements, 0.0F);
  x[1] = -0.0F;
  const B block = quantize_both_ways<B>(x);
  EXPECT_EQ(block.scale_code(0, 0), 0U);
  const std::uint32_t sign = 1U << (B::element_format::width - 1);
  const bool keeps = B::element_format::has_negative_zero && !has_zero_scale<B>;
  EXPECT_EQ(block.code(1), keeps ? sign : 0U);
  EXPECT_EQ(block.code(0), 0U);
}

TYPED_TEST(SpecialBlocks, one_nan_makes_a_nan_block) {
  std::vector<float> x(TypeParam::elements, 1.0F);
  x.back() = nan;
  expect_nan_block(quantize_both_ways<TypeParam>(x));
  x.back() = -nan;
  expect_nan_block(quantize_both_ways<TypeParam>(x, {.over = overflow::saturate}));
  x.back() = std::bit_cast<float>(0x7F800001U);  // signaling
  expect_nan_block(quantize_both_ways<TypeParam>(x));
}

TYPED_TEST(SpecialBlocks, one_infinity_makes_a_nan_block_or_saturates) {
  using B = TypeParam;
  std::vector<float> x(B::elements, 1.0F);
  x[2] = -infinity;
  expect_nan_block(quantize_both_ways<B>(x));
  const B saturated = quantize_both_ways<B>(x, {.over = overflow::saturate});
  x[2] = -largest;
  EXPECT_EQ(saturated, quantize_both_ways<B>(x));
  EXPECT_LT(saturated[2], 0);
}

TYPED_TEST(SpecialBlocks, subnormals_give_defined_values) {
  using B = TypeParam;
  std::vector<float> x(B::elements, 3 * smallest);
  x[0] = -smallest;
  const B block = quantize_both_ways<B>(x);
  for (const float value : dequantize_both_ways(block)) {
    EXPECT_LE(std::abs(double{value}), 1.5 * B::min_positive());
  }
}

TYPED_TEST(SpecialBlocks, huge_values_saturate_elements_and_never_the_sign) {
  using B = TypeParam;
  std::vector<float> x(B::elements, largest);
  x[1] = -largest;
  const B block = quantize_both_ways<B>(x);
  const auto values = dequantize_both_ways(block);
  const double bound = std::min(B::max_finite(), 1.1 * double{largest});
  EXPECT_GT(values[0], 0.7 * std::min(bound, double{largest}));
  EXPECT_EQ(values[1], -values[0]);
}

TYPED_TEST(SpecialBlocks, an_outlier_flushes_the_rest_with_its_sign) {
  using B = TypeParam;
  std::vector<float> x(B::elements, -1e-20F);
  x[3] = 1e10F;
  const B block = quantize_both_ways<B>(x);
  const auto values = dequantize_both_ways(block);
  EXPECT_GT(values[3], 0);
  EXPECT_EQ(values[0], 0);
  EXPECT_EQ(std::signbit(values[0]), B::element_format::has_negative_zero);
}

// Inputs on which other libraries are known to answer wrongly.

TEST(KnownWrongElsewhere, amax_one_ulp_below_a_power_of_two_keeps_its_binade) {
  // floor(log2f(x)) rounds up here.
  std::vector<float> x(32, 0.0F);
  x[0] = std::nextafter(0x1p120F, 0.0F);
  EXPECT_EQ(quantize_both_ways<narrowfp::mxfp4>(x).scale_code(0, 0), 119U - 2 + 127);
  EXPECT_EQ(quantize_both_ways<narrowfp::mxint8>(x).scale_code(0, 0), 119U + 127);
  x[0] = std::nextafter(0x1p-120F, 0.0F);
  EXPECT_EQ(quantize_both_ways<narrowfp::mxfp8_e4m3>(x).scale_code(0, 0), 0U);
}

TEST(KnownWrongElsewhere, a_subnormal_block_is_not_flushed_where_elements_reach_it) {
  std::vector<float> x(32, 0.0F);
  x[0] = 0x1.8p-127F;  // the scale clamps at 2^-127
  x[1] = -0x1p-128F;
  const auto block = quantize_both_ways<narrowfp::mxfp4>(x);
  EXPECT_EQ(block.scale_code(0, 0), 0U);
  EXPECT_EQ(block[0], 0x1.8p-127F);
  EXPECT_EQ(block[1], -0x1p-128F);
}

TEST(KnownWrongElsewhere, nvfp4_scales_from_248_to_448) {
  // ggml rounds all of them to 448.
  using narrowfp::nvfp4;
  const float scales[] = {248, 256, 264, 272, 287, 288, 400, 432, 433, 448, 449, 500};
  const std::uint32_t codes[] = {0x78, 0x78, 0x78, 0x78, 0x79, 0x79, 0x7C, 0x7E, 0x7E, 0x7E, 0x7E, 0x7E};
  for (std::size_t i = 0; i < std::size(scales); ++i) {
    std::vector<float> x(16, 6 * scales[i]);
    EXPECT_EQ(quantize_both_ways<nvfp4>(x).scale_code(0, 0), codes[i]) << scales[i];
  }
}

TEST(KnownWrongElsewhere, ties_of_e2m1_go_to_even) {
  // ggml takes the smaller magnitude, microxcaling the larger.
  std::vector<float> x(32, 4.0F);
  const float ties[] = {0.25F, 0.75F, 1.25F, 1.75F, 2.5F, 3.5F, 5.0F};
  const float want[] = {0.0F, 1.0F, 1.0F, 2.0F, 2.0F, 4.0F, 4.0F};
  for (std::size_t i = 0; i < std::size(ties); ++i) {
    x[i] = ties[i];
    x[i + 16] = -ties[i];
  }
  const auto block = quantize_both_ways<narrowfp::mxfp4>(x);
  for (std::size_t i = 0; i < std::size(ties); ++i) {
    EXPECT_EQ(block[i], want[i]) << ties[i];
    EXPECT_EQ(block[i + 16], -want[i]) << -ties[i];
  }
}

TEST(KnownWrongElsewhere, a_product_that_float_rounds_onto_a_tie_does_not_decide) {
  // 0.49999997 / 2^-1 + 0.5 rounds to 1.5 in float; the element must stay below the tie.
  std::vector<float> x(32, 1.75F);
  x[1] = std::nextafter(0.25F, 0.0F);
  x[2] = 0.25F;
  x[3] = std::nextafter(0.25F, 1.0F);
  const auto block = quantize_both_ways<narrowfp::mxfp4>(x);  // scale 2^-2: 0.25 is 1
  EXPECT_EQ(block.code(1), block.code(2));
  EXPECT_EQ(block.code(3), block.code(2));
  x[1] = std::nextafter(0.0625F, 0.0F);  // the tie between 0 and 0.5, from below and above
  x[3] = std::nextafter(0.0625F, 1.0F);
  const auto small = quantize_both_ways<narrowfp::mxfp4>(x);
  EXPECT_EQ(small.code(1), 0U);
  EXPECT_EQ(small.code(3), 1U);
}

TEST(KnownWrongElsewhere, q8_0_never_writes_80_and_reads_it_as_minus_128) {
  using narrowfp::q8_0;
  std::vector<float> x(32, -128.0F);
  for (const scale_rule rule : {scale_rule::native, scale_rule::rceil, scale_rule::search_mse}) {
    EXPECT_EQ(quantize_both_ways<q8_0>(x, {.scale = rule}).code(0), 0x81U);
  }
  EXPECT_EQ(quantize_both_ways<q8_0>(x, {.as = narrowfp::recipe::ggml}).code(0), 0x81U);
  q8_0 written{};
  written.set_scale_code(0x3C00);
  written.set_code(5, 0x80);
  EXPECT_EQ(written[5], -128.0F);
}

TEST(KnownWrongElsewhere, mxint8_never_writes_80_and_reads_it_as_minus_two) {
  using narrowfp::mxint8;
  std::vector<float> x(32, -1.9999F);
  const mxint8 block = quantize_both_ways<mxint8>(x);
  EXPECT_EQ(block.code(0), 0x81U);
  mxint8 written{};
  written.set_scale_code(127);
  written.set_code(5, 0x80);
  EXPECT_EQ(written[5], -2.0F);
}

}  // namespace
