// Misuse is reported before anything is written, with function, argument, what it got and what it wants.
#include <limits>
#include <stdexcept>

#include <narrowfp/block_matrix.hpp>

#include "block_support.hpp"

namespace {

using namespace block_test;
using narrowfp::hif4;
using narrowfp::mxfp4;
using narrowfp::nvfp4;
using narrowfp::recipe;
using narrowfp::scale_rule;

/// The message of the exception that `call` must throw.
template <class Call>
std::string message_of(Call call) {
  try {
    call();
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "nothing was thrown";
}

void expect_parts(const std::string& message, std::initializer_list<const char*> parts) {
  for (const char* part : parts) {
    EXPECT_NE(message.find(part), std::string::npos) << "'" << part << "' in: " << message;
  }
}

/// Calls quantize<B> with the options and expects its output untouched.
template <class B>
std::string quantize_message(const narrowfp::quantize_options& options) {
  const std::vector<float> x(100, 1.0F);
  std::vector<B> out(narrowfp::block_count<B>(x.size()));
  for (B& block : out) {
    block.bytes.fill(0xA5);
  }
  const auto before = out;
  const std::string message = message_of([&] { narrowfp::quantize(x, out, options); });
  EXPECT_EQ(out, before) << message;
  const std::string one = message_of([&] { (void)narrowfp::quantize_block<B>(block_span<B>(x), options); });
  EXPECT_EQ(one, "narrowfp::quantize_block" + message.substr(message.find(':', 10)));
  return message;
}

TEST(BlockErrors, wrong_number_of_blocks) {
  const std::vector<float> x(65);
  std::vector<mxfp4> out(2);
  expect_parts(message_of([&] { narrowfp::quantize(x, out); }),
               {"narrowfp::quantize: out", "has 2", "3 are needed"});
  out.resize(4);
  expect_parts(message_of([&] { narrowfp::quantize(x, out); }), {"has 4", "3 are needed"});
  std::vector<float> y(64);
  expect_parts(message_of([&] { narrowfp::dequantize(out, y); }),
               {"narrowfp::dequantize: in", "has 4", "2 are needed"});
}

TEST(BlockErrors, mismatched_split_buffers) {
  const std::vector<float> x(64, 1.0F);
  std::vector<std::byte> codes(32), scales(2), wrong(3);
  expect_parts(message_of([&] {
                 narrowfp::quantize<mxfp4>(x, narrowfp::split_blocks{wrong, scales});
               }),
               {"narrowfp::quantize: split.codes", "has 3 bytes", "32 are needed"});
  expect_parts(message_of([&] {
                 narrowfp::quantize<mxfp4>(x, narrowfp::split_blocks{codes, wrong});
               }),
               {"narrowfp::quantize: split.scales", "has 3 bytes", "2 are needed"});
  EXPECT_EQ(codes, std::vector<std::byte>(32)) << "nothing is written";
  std::vector<float> y(64);
  expect_parts(message_of([&] {
                 narrowfp::dequantize<mxfp4>(narrowfp::const_split_blocks{codes, wrong}, y);
               }),
               {"narrowfp::dequantize: split.scales"});
}

TEST(BlockErrors, a_rule_that_the_format_lacks) {
  expect_parts(quantize_message<mxfp4>({.scale = static_cast<scale_rule>(77)}), {"none of the scale rules"});
  expect_parts(
      quantize_message<nvfp4>({.scale = scale_rule::floor}),
      {"narrowfp::quantize: scale is scale_rule::floor", "scale_rule::rceil", "scale_rule::four_over_six"});
  expect_parts(quantize_message<narrowfp::q8_0>({.scale = scale_rule::four_over_six}),
               {"scale is scale_rule::four_over_six", "scale_rule::rceil, scale_rule::search_mse"});
  expect_parts(quantize_message<hif4>({.scale = scale_rule::four_over_six}), {"scale_rule::search_mse"});
  expect_parts(quantize_message<narrowfp::mxfp8_e4m3>({.scale = scale_rule::four_over_six}), {"scale"});
  expect_parts(quantize_message<narrowfp::mxint8>({.scale = scale_rule::four_over_six}), {"scale"});
  for (const scale_rule rule : {scale_rule::floor, scale_rule::ceil, scale_rule::rceil, scale_rule::even,
                                scale_rule::four_over_six}) {
    expect_parts(quantize_message<narrowfp::msfp12>({.scale = rule}), {"scale"});
    expect_parts(quantize_message<narrowfp::mx9>({.scale = rule}), {"scale"});
    expect_parts(quantize_message<narrowfp::hif5>({.scale = rule}), {"scale"});
  }
}

TEST(BlockErrors, recipes_go_with_their_formats_alone) {
  expect_parts(quantize_message<hif4>({.as = recipe::ggml}),
               {"narrowfp::quantize: as is recipe::ggml", "recipe::hif4_bf16"});
  expect_parts(quantize_message<narrowfp::hif5>({.as = recipe::hif4_bf16}), {"as is recipe::hif4_bf16"});
  expect_parts(quantize_message<mxfp4>({.as = recipe::transformer_engine}), {"as is"});
  expect_parts(quantize_message<mxfp4>({.as = recipe::model_optimizer}), {"as is"});
  expect_parts(quantize_message<narrowfp::mxfp8_e4m3>({.as = recipe::ggml}), {"as is"});
  expect_parts(quantize_message<narrowfp::mxint8>({.as = recipe::torchao}), {"as is"});
  expect_parts(quantize_message<nvfp4>({.as = recipe::microxcaling}), {"as is"});
  expect_parts(quantize_message<narrowfp::mx6>({.as = recipe::microxcaling}), {"as is"});
  expect_parts(quantize_message<narrowfp::q8_0>({.as = recipe::torchao}), {"as is", "recipe::ggml"});
  expect_parts(quantize_message<narrowfp::q8_0>({.scale = scale_rule::rceil, .as = recipe::ggml}),
               {"scale is scale_rule::rceil", "recipe::ggml"});
  expect_parts(
      quantize_message<narrowfp::q8_0>({.round = narrowfp::rounding::nearest_even, .as = recipe::ggml}),
      {"round"});
  expect_parts(quantize_message<nvfp4>({.scale = scale_rule::rceil, .as = recipe::torchao}),
               {"scale is scale_rule::rceil", "recipe::torchao"});
  expect_parts(quantize_message<nvfp4>({.scale = scale_rule::search_mse, .as = recipe::torchao}),
               {"scale is scale_rule::search_mse", "recipe::torchao"});
  expect_parts(quantize_message<mxfp4>({.round = narrowfp::rounding::stochastic, .as = recipe::ggml}),
               {"round"});
}

TEST(BlockErrors, rounding_that_blocks_lack) {
  expect_parts(quantize_message<mxfp4>({.round = narrowfp::rounding::hybrid}), {"round is rounding::hybrid"});
  expect_parts(quantize_message<mxfp4>({.round = static_cast<narrowfp::rounding>(99)}), {"round is none"});
  expect_parts(quantize_message<mxfp4>({.over = static_cast<narrowfp::overflow>(2)}), {"over is none"});
}

TEST(BlockErrors, bad_tensor_scales) {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  for (const float bad : {0.0F, -0.0F, -1.0F, infinity, -infinity, std::numeric_limits<float>::quiet_NaN()}) {
    expect_parts(quantize_message<nvfp4>({.tensor_scale = bad}),
                 {"narrowfp::quantize: tensor_scale is", "positive and finite"});
    std::vector<nvfp4> blocks(1);
    std::vector<float> y(16, 7.0F);
    expect_parts(message_of([&] { narrowfp::dequantize(blocks, y, {.tensor_scale = bad}); }),
                 {"narrowfp::dequantize: tensor_scale is"});
    EXPECT_EQ(y, std::vector<float>(16, 7.0F));
  }
}

TEST(BlockErrors, an_instruction_set_that_is_not_available) {
  const auto missing =
      narrowfp::isa_available(narrowfp::isa::neon) ? narrowfp::isa::avx2 : narrowfp::isa::neon;
  const std::vector<float> x(32);
  std::vector<mxfp4> out(1);
  expect_parts(message_of([&] { narrowfp::quantize(x, out, {.use = missing}); }),
               {"narrowfp::quantize: use is isa::", "scalar"});
  std::vector<float> y(32);
  expect_parts(message_of([&] { narrowfp::dequantize(out, y, {.use = missing}); }),
               {"narrowfp::dequantize: use is isa::"});
}

TEST(BlockErrors, matrices) {
  using narrowfp::block_matrix;
  block_matrix<nvfp4> m(4, 40);
  const std::vector<float> x(161, 1.0F);
  std::vector<float> y(159);
  expect_parts(message_of([&] { m.quantize(x); }),
               {"block_matrix::quantize: in", "has 161", "160 are needed"});
  expect_parts(message_of([&] { m.dequantize(y); }), {"block_matrix::dequantize: out", "has 159"});
  expect_parts(message_of([&] { m.quantize_tiles(std::span(x).first(160), 24); }),
               {"quantize_tiles: edge is 24", "multiple of B::elements = 16"});
  expect_parts(message_of([&] { m.quantize_tiles(std::span(x).first(160), 0); }), {"edge is 0"});
  expect_parts(message_of([&] { m.quantize_tiles(std::span(x).first(160), 16, {.as = recipe::torchao}); }),
               {"quantize_tiles: as"});
  constexpr std::size_t half = std::size_t{1} << (std::numeric_limits<std::size_t>::digits / 2 + 1);
  expect_parts(message_of([&] { block_matrix<nvfp4> too_large(half, half); }),
               {"block_matrix", "rows * cols"});
  std::vector<float> slope(160);
  for (std::size_t i = 0; i < slope.size(); ++i) {
    slope[i] = static_cast<float>(i * i);
  }
  m.quantize(slope);
  expect_parts(message_of([&] { (void)m.transposed(); }), {"transposed", "quantize_tiles"});
}

TEST(BlockErrors, bytes_that_are_no_blocks) {
  std::vector<std::byte> bytes(18);
  expect_parts(message_of([&] { (void)narrowfp::as_blocks<mxfp4>(std::span<std::byte>(bytes)); }),
               {"narrowfp::as_blocks: bytes", "18"});
  EXPECT_EQ(narrowfp::as_blocks<nvfp4>(std::span<std::byte>(bytes)).size(), 2U);
  EXPECT_EQ(narrowfp::as_blocks<nvfp4>(std::span<const std::byte>(bytes)).size(), 2U);
}

}  // namespace
