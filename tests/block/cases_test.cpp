// Inputs that went wrong once, each with the right answer and who gives it.
#include <cmath>

#include <narrowfp/block_matrix.hpp>

#include "block_support.hpp"

namespace {

using namespace block_test;
using namespace narrowfp;

/// A block of the given elements, completed with zeros.
template <class B>
std::vector<float> completed(std::vector<float> x) {
  x.resize(B::elements, 0.0F);
  return x;
}
template <class B>
std::string first_codes(const B& block, std::size_t n) {
  std::string text;
  for (std::size_t i = 0; i < n; ++i) {
    text += (i == 0 ? "" : " ") + support::hex(block.code(i), (B::element_format::width + 3) / 4);
  }
  return text;
}

// torchao 0.18.0, nvfp4_quantize: elements are x * ((1 / t) / s).

TEST(Cases, TorchaoNvfp4UnderTensorScale) {
  const float t = 12.0F / 2688.0F;
  const nvfp4 block = quantize_both_ways<nvfp4>(completed<nvfp4>({6, 3.5F, 1.75F, -1.75F}),
                                                {.as = recipe::torchao, .tensor_scale = t});
  EXPECT_EQ(block.scale_code(0, 0), 0x76U);
  EXPECT_EQ(first_codes(block, 5), "7 5 3 b 0");
}

TEST(Cases, TorchaoNvfp4WithoutTensorScale) {
  const nvfp4 block = quantize_both_ways<nvfp4>(completed<nvfp4>({5.625F, 4.6875F}), {.as = recipe::torchao});
  EXPECT_EQ(block.scale_code(0, 0), 0x37U);
  EXPECT_EQ(first_codes(block, 3), "7 7 0");
}

/// A block whose largest element brings about the scale.
std::string torchao_code(std::uint32_t t_bits, std::uint32_t x_bits, float scale, std::uint32_t scale_code) {
  const auto t = std::bit_cast<float>(t_bits);
  const nvfp4 block =
      quantize_both_ways<nvfp4>(completed<nvfp4>({6 * scale * t, std::bit_cast<float>(x_bits)}),
                                {.as = recipe::torchao, .tensor_scale = t});
  EXPECT_EQ(block.scale_code(0, 0), scale_code);
  return first_codes(block, 2);
}
TEST(Cases, TorchaoNvfp4TiesOfTheReciprocal) {
  EXPECT_EQ(torchao_code(0x39461862, 0x3DC30000, 288, 0x79), "7 3");
  EXPECT_EQ(torchao_code(0x3A492492, 0x3F1A0000, 224, 0x76), "7 5");
}

TEST(Cases, TorchaoNvfp4Dequantize) {
  nvfp4 block;
  block.set_code(0, 3);   // 1.5
  block.set_code(1, 15);  // -6
  bool differs = false;
  for (std::uint32_t code = 0; code < 0x7F; ++code) {
    block.set_scale_code(code);
    const float s = static_cast<float>(fp8_e4m3::from_bits(static_cast<std::uint8_t>(code)));
    const auto t = std::bit_cast<float>(0x3A492492U + 977 * code);
    const volatile float scale = t * s;  // rounded to float, and nothing fused with it
    const auto values = dequantize_both_ways(block, {.as = recipe::torchao, .tensor_scale = t});
    EXPECT_EQ(values[0], scale * 1.5F) << code;
    EXPECT_EQ(values[1], scale * -6.0F) << code;
    differs = differs || values[0] != dequantize_both_ways(block, {.tensor_scale = t})[0];
  }
  EXPECT_TRUE(differs) << "one rounding gives other floats";
}

// microxcaling's torch.sign makes +0 of -0.

template <class B>
void expect_no_negative_zero() {
  for (const rounding mode : {rounding::native, rounding::nearest_even, rounding::toward_zero,
                              rounding::toward_negative, rounding::stochastic}) {
    const B block =
        quantize_both_ways<B>(completed<B>({1.0F, -0.0F}), {.round = mode, .as = recipe::microxcaling});
    EXPECT_EQ(block.code(1), 0U);
    EXPECT_EQ(
        quantize_both_ways<B>(std::vector<float>(B::elements, -0.0F), {.as = recipe::microxcaling}).code(0),
        0U);
  }
}
TEST(Cases, MicroxcalingNegativeZero) {
  expect_no_negative_zero<mxfp8_e4m3>();
  expect_no_negative_zero<mxfp8_e5m2>();
  expect_no_negative_zero<mxfp6_e3m2>();
  expect_no_negative_zero<mxfp6_e2m3>();
  expect_no_negative_zero<mxfp4>();
  expect_no_negative_zero<mxint8>();
  // What rounds to zero keeps its sign.
  const auto block =
      quantize_both_ways<mxfp4>(completed<mxfp4>({6.0F, -1e-3F}), {.as = recipe::microxcaling});
  EXPECT_EQ(block.code(1), 8U);
}

// pytorch/ao at 36027d82: where `even` rounds amax out of the floats the scale is NaN's.

template <class B>
void expect_even_overflow(std::uint32_t native_code) {
  const auto x = completed<B>({3.4e38F, 1e38F});
  const B block = quantize_both_ways<B>(x, {.scale = scale_rule::even, .as = recipe::torchao});
  EXPECT_EQ(block.scale_code(0, 0), 0xFFU);
  B nan_block;
  nan_block.set_scale_code(0xFF);
  EXPECT_EQ(block, nan_block);
  EXPECT_EQ(quantize_both_ways<B>(x, {.scale = scale_rule::even}).scale_code(0, 0), native_code);
  // The largest float that stays one, and the next.
  const int m = core::fraction_bits_at_top<typename B::element_format>;
  const std::uint32_t first = 0x7F800000U - (1U << (22 - m));
  for (const std::uint32_t pattern : {first - 1, first}) {
    const B edge = quantize_both_ways<B>(completed<B>({std::bit_cast<float>(pattern)}),
                                         {.scale = scale_rule::even, .as = recipe::torchao});
    EXPECT_EQ(edge.scale_code(0, 0) == 0xFF, pattern == first) << support::hex(pattern, 8);
  }
}
TEST(Cases, TorchaoEvenNearTheLargestFloat) {
  expect_even_overflow<mxfp8_e4m3>(0xF7);
  expect_even_overflow<mxfp8_e5m2>(0xF0);
  expect_even_overflow<mxfp6_e3m2>(0xFB);
  expect_even_overflow<mxfp6_e2m3>(0xFD);
  expect_even_overflow<mxfp4>(0xFD);
}

// gguf 0.19.0, Q8_0.

TEST(Cases, GgmlQ8_0) {
  const auto x = completed<q8_0>({2.84945488F, 2.23217607F});
  EXPECT_EQ(first_codes(quantize_both_ways<q8_0>(x, {.as = recipe::ggml}), 2), "7f 63");
  EXPECT_EQ(first_codes(quantize_both_ways<q8_0>(x), 2), "7f 64") << "the block's own rule";
}

// cuDNN's NVFP4: the smallest scale that covers the block.

TEST(Cases, Nvfp4ByRceil) {
  const quantize_options rceil = {.scale = scale_rule::rceil};
  EXPECT_EQ(quantize_both_ways<nvfp4>(completed<nvfp4>({7, 1})).scale_code(0, 0), 0x39U);
  EXPECT_EQ(quantize_both_ways<nvfp4>(completed<nvfp4>({7, 1}), rceil).scale_code(0, 0), 0x3AU);
  EXPECT_EQ(quantize_both_ways<nvfp4>(std::vector<float>(16, 1.0F), rceil).scale_code(0, 0), 0x23U);
}

}  // namespace
