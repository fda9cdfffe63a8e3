// Every recipe against a transcription of its stack in plain float arithmetic.
#include <cfloat>
#include <cmath>
#include <map>
#include <random>

#include "block_inputs.hpp"
#include "block_oracle.hpp"
#include "block_probe.hpp"
#include "block_support.hpp"
#include "stack_transcriptions.hpp"

#ifndef NARROWFP_TEST_RECIPE_BLOCKS
#define NARROWFP_TEST_RECIPE_BLOCKS 100000
#endif

namespace {

using namespace block_test;
using narrowfp::recipe;
using narrowfp::rounding;
using narrowfp::scale_rule;

constexpr int total = NARROWFP_TEST_RECIPE_BLOCKS;

/// Blocks of one format, some of them with bfloat16 inputs, on which ties are frequent.
class blocks_of {
 public:
  blocks_of(const char* format, std::uint64_t seed)
      : facts_(oracle::find_block_format(format)), random_(seed) {}
  std::vector<float> next() {
    auto x = adversarial_block(facts_, random_);
    if (random_() % 2 == 0) {
      for (auto& pattern : x) {
        pattern &= 0xFFFF0000;
      }
    }
    return as_floats(x);
  }
  std::mt19937_64& random() { return random_; }

 private:
  const oracle::block_facts& facts_;
  std::mt19937_64 random_;
};

std::string text_of(const std::vector<float>& x) {
  std::string text;
  for (const float v : x) {
    text += support::hex(std::bit_cast<std::uint32_t>(v), 8) + ' ';
  }
  return text;
}

template <class B>
void expect_block(support::mismatches& report, const B& got, const stacks::coded_block& want,
                  const std::vector<float>& x) {
  bool same = got.scale_code(0, 0) == want.scale;
  for (std::size_t i = 0; i < B::elements; ++i) {
    // two's complement and FP6/FP4 codes lie in the low bits; a zero keeps the sign that the stack gives
    same = same && got.code(i) == want.codes[i];
  }
  report.expect(same, [&] {
    std::string text = "got " + show(got) + ", want scale " + support::hex(want.scale, 2) + " codes ";
    for (const auto code : want.codes) {
      text += support::hex(code, 2) + ' ';
    }
    return text + ", input " + text_of(x);
  });
}

template <class B>
B quantized(const std::vector<float>& x, const narrowfp::quantize_options& options) {
  return narrowfp::quantize_block<B>(block_span<B>(x), options);
}

template <class B>
void check_torchao_mx(const char* format, const char* element) {
  support::mismatches report(std::string("torchao ") + format);
  blocks_of inputs(format, 61);
  const std::pair<scale_rule, stacks::mx_rule> rules[] = {{scale_rule::native, stacks::mx_rule::floor},
                                                          {scale_rule::floor, stacks::mx_rule::floor},
                                                          {scale_rule::ceil, stacks::mx_rule::ceil},
                                                          {scale_rule::rceil, stacks::mx_rule::rceil},
                                                          {scale_rule::even, stacks::mx_rule::even}};
  for (int i = 0; i < total; ++i) {
    const auto x = inputs.next();
    const auto& rule = rules[i % 5];
    expect_block(report, quantized<B>(x, {.scale = rule.first, .as = recipe::torchao}),
                 stacks::torchao_mx(stacks::find_element(element), x, rule.second), x);
  }
}
TEST(Recipes, torchao_mx) {
  check_torchao_mx<narrowfp::mxfp4>("mxfp4", "e2m1");
  check_torchao_mx<narrowfp::mxfp6_e2m3>("mxfp6_e2m3", "e2m3");
  check_torchao_mx<narrowfp::mxfp6_e3m2>("mxfp6_e3m2", "e3m2");
  check_torchao_mx<narrowfp::mxfp8_e4m3>("mxfp8_e4m3", "e4m3");
  check_torchao_mx<narrowfp::mxfp8_e5m2>("mxfp8_e5m2", "e5m2");
}

template <class B>
void check_transformer_engine_mx(const char* format, const char* element) {
  support::mismatches report(std::string("Transformer Engine ") + format);
  blocks_of inputs(format, 62);
  for (int i = 0; i < total; ++i) {
    const auto x = inputs.next();
    expect_block(report, quantized<B>(x, {.as = recipe::transformer_engine}),
                 stacks::transformer_engine_mx(stacks::find_element(element), x), x);
  }
}
TEST(Recipes, transformer_engine_mx) {
  check_transformer_engine_mx<narrowfp::mxfp8_e4m3>("mxfp8_e4m3", "e4m3");
  check_transformer_engine_mx<narrowfp::mxfp8_e5m2>("mxfp8_e5m2", "e5m2");
}

TEST(Recipes, transformer_engine_mx_scale_of_an_infinity) {
  std::vector<float> x(32, 1.0F);
  x[4] = std::numeric_limits<float>::infinity();
  const auto block = quantized<narrowfp::mxfp8_e4m3>(x, {.as = recipe::transformer_engine});
  EXPECT_EQ(block.scale_code(0, 0), 0xFEU);
  EXPECT_EQ(block.code(4), 0x7EU);
}

template <class B>
void expect_nan_block(recipe as, float special) {
  std::vector<float> x(B::elements, 1.0F);
  x[4] = special;
  const B block = quantized<B>(x, {.as = as});
  for (const float y : narrowfp::dequantize_block(block)) {
    EXPECT_NE(y, y);
  }
}

TEST(Recipes, blocks_that_hold_no_number) {
  constexpr float nan = std::numeric_limits<float>::quiet_NaN();
  constexpr float infinity = std::numeric_limits<float>::infinity();
  expect_nan_block<narrowfp::mxfp8_e4m3>(recipe::transformer_engine, nan);
  for (const float special : {nan, infinity, -infinity}) {
    expect_nan_block<narrowfp::mxfp4>(recipe::microxcaling, special);
    expect_nan_block<narrowfp::nvfp4>(recipe::torchao, special);
    expect_nan_block<narrowfp::nvfp4>(recipe::model_optimizer, special);
    expect_nan_block<narrowfp::nvfp4>(recipe::transformer_engine, special);
  }
}

template <class B>
void check_microxcaling(const char* format, const char* element) {
  support::mismatches report(std::string("microxcaling ") + format);
  blocks_of inputs(format, 63);
  for (int i = 0; i < total; ++i) {
    const auto x = inputs.next();
    const bool half_even = i % 3 == 0;
    expect_block(report,
                 quantized<B>(x, {.round = half_even ? rounding::nearest_even : rounding::native,
                                  .as = recipe::microxcaling}),
                 stacks::microxcaling(stacks::find_element(element), x, half_even), x);
  }
}
TEST(Recipes, microxcaling) {
  check_microxcaling<narrowfp::mxfp4>("mxfp4", "e2m1");
  check_microxcaling<narrowfp::mxfp6_e2m3>("mxfp6_e2m3", "e2m3");
  check_microxcaling<narrowfp::mxfp6_e3m2>("mxfp6_e3m2", "e3m2");
  check_microxcaling<narrowfp::mxfp8_e4m3>("mxfp8_e4m3", "e4m3");
  check_microxcaling<narrowfp::mxfp8_e5m2>("mxfp8_e5m2", "e5m2");
  check_microxcaling<narrowfp::mxint8>("mxint8", "int8");
}

TEST(Recipes, ggml) {
  {
    support::mismatches report("ggml mxfp4");
    blocks_of inputs("mxfp4", 64);
    for (int i = 0; i < total; ++i) {
      const auto x = inputs.next();
      expect_block(report, quantized<narrowfp::mxfp4>(x, {.as = recipe::ggml}), stacks::ggml_mxfp4(x), x);
    }
  }
  support::mismatches report("ggml nvfp4");
  blocks_of inputs("nvfp4", 65);
  for (int i = 0; i < total; ++i) {
    const auto x = inputs.next();
    expect_block(report, quantized<narrowfp::nvfp4>(x, {.as = recipe::ggml}), stacks::ggml_nvfp4(x), x);
  }
}

TEST(Recipes, ggml_reads_no_nan) {
  narrowfp::mxfp4 m{};
  m.set_scale_code(0xFF);
  m.set_code(0, 1);
  m.set_code(1, 9);
  m.set_code(2, 8);
  const auto values = dequantize_both_ways(m, {.as = recipe::ggml});
  EXPECT_EQ(values[0], 0x1p127F);
  EXPECT_EQ(values[1], -0x1p127F);
  EXPECT_FALSE(std::signbit(values[2]));
  narrowfp::nvfp4 n{};
  n.set_code(0, 7);
  for (const std::uint32_t zero : {0x00U, 0x7FU}) {
    n.set_scale_code(zero);
    EXPECT_EQ(dequantize_both_ways(n, {.as = recipe::ggml})[0], 0.0F);
  }
  n.set_scale_code(0x38);
  EXPECT_EQ(dequantize_both_ways(n, {.as = recipe::ggml})[0], 6.0F);
}

/// Tensors of eight blocks: their scales are those of the whole.
template <class Check>
void for_each_nvfp4_tensor(std::uint64_t seed, Check check) {
  blocks_of inputs("nvfp4", seed);
  for (int i = 0; i < total; i += 8) {
    std::vector<std::vector<float>> tensor;
    float amax = 0;
    const int exponent = static_cast<int>(inputs.random()() % 40) - 20;
    for (int b = 0; b < 8; ++b) {
      tensor.push_back(inputs.next());
      for (float& v : tensor.back()) {
        v = std::ldexp(v, exponent / 2);
        v = std::isinf(v) ? 1.0F : v;
        amax = std::fmax(amax, std::fabs(v));
      }
    }
    for (const auto& x : tensor) {
      check(x, amax);
    }
  }
}

TEST(Recipes, nvfp4_with_tensor_scales) {
  using narrowfp::nvfp4;
  support::mismatches report("nvfp4 recipes");
  for_each_nvfp4_tensor(66, [&](const std::vector<float>& x, float amax) {
    const float t = amax / 2688.0F;
    if (t > 0) {
      expect_block(report, quantized<nvfp4>(x, {.as = recipe::model_optimizer, .tensor_scale = t}),
                   stacks::model_optimizer_nvfp4(x, t), x);
      expect_block(report, quantized<nvfp4>(x, {.as = recipe::torchao, .tensor_scale = t}),
                   stacks::torchao_nvfp4(x, t), x);
    }
    float S = std::fmin(2688.0F / amax, FLT_MAX);
    S = amax == 0 || S == 0 ? 1.0F : S;
    const narrowfp::quantize_options options = {.as = recipe::transformer_engine, .tensor_scale = S};
    const nvfp4 block = quantized<nvfp4>(x, options);
    expect_block(report, block, stacks::transformer_engine_nvfp4(x, S), x);
    const auto values =
        narrowfp::dequantize_block(block, {.as = recipe::transformer_engine, .tensor_scale = S});
    const auto plain = narrowfp::dequantize_block(block, {.tensor_scale = 1.0F / S});
    report.expect(values == plain || std::isinf(1.0F / S), [] { return "decoded by something but 1 / S"; });
  });
}

TEST(Recipes, nvfp4_without_tensor_scale) {
  using narrowfp::nvfp4;
  support::mismatches report("nvfp4 recipes, tensor scale 1");
  blocks_of inputs("nvfp4", 67);
  for (int i = 0; i < total; ++i) {
    const auto x = inputs.next();
    expect_block(report, quantized<nvfp4>(x, {.as = recipe::transformer_engine}),
                 stacks::transformer_engine_nvfp4(x, 1), x);
    expect_block(report, quantized<nvfp4>(x, {.as = recipe::model_optimizer}),
                 stacks::model_optimizer_nvfp4(x, 1), x);
    expect_block(report, quantized<nvfp4>(x, {.as = recipe::torchao}), stacks::torchao_nvfp4(x, 1), x);
  }
}

TEST(Recipes, hif4_in_bfloat16) {
  using narrowfp::hif4;
  support::mismatches report("hif4_bf16");
  blocks_of inputs("hif4", 68);
  for (int i = 0; i < total; ++i) {
    const auto x = inputs.next();
    const hif4 got = quantized<hif4>(x, {.as = recipe::hif4_bf16});
    const stacks::coded_hif4 want = stacks::hif4_in_bfloat16(x);
    bool same = got.bytes[0] == want.scale && got.bytes[1] == want.bits1 &&
                (got.bytes[2] | static_cast<std::uint32_t>(got.bytes[3]) << 8) == want.bits2;
    for (std::size_t e = 0; e < hif4::elements; ++e) {
      same = same && got.code(e) == want.codes[e];
    }
    report.expect(same, [&] { return "got " + show(got) + ", input " + text_of(x); });
  }
}

TEST(Recipes, array_calls_equal_single_blocks) {
  using narrowfp::nvfp4;
  blocks_of inputs("nvfp4", 69);
  for (int i = 0; i < 300; ++i) {
    const auto x = inputs.next();
    for (const recipe as :
         {recipe::transformer_engine, recipe::torchao, recipe::model_optimizer, recipe::ggml}) {
      quantize_both_ways<nvfp4>(x, {.as = as, .tensor_scale = 0.25F});
    }
  }
}

}  // namespace
