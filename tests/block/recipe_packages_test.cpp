// Recipes against blocks that the stacks themselves wrote and read: tests/golden/recipes, made by
// tests/peers/recipe_vectors.py. Codes are compared bit for bit, the sign of a zero included.
#include <cstring>

#include <narrowfp/layouts.hpp>

#include "block_support.hpp"

namespace {

using namespace block_test;
using narrowfp::recipe;
using narrowfp::rounding;
using narrowfp::scale_rule;

/// Bits of a float, all NaN alike.
std::uint32_t number_bits(float x) { return x != x ? 0x7FC00000 : std::bit_cast<std::uint32_t>(x); }

std::string row_of(std::size_t row, const support::golden_table& table) {
  return "row " + std::to_string(row) + " (" + table.text(row, "kind") + ")";
}

/// The codes of a block, and those of a row.
template <class B>
void expect_codes(support::mismatches& report, const B& block, const std::vector<std::uint32_t>& codes,
                  const std::string& where) {
  ASSERT_EQ(codes.size(), B::elements) << where;
  for (std::size_t i = 0; i < B::elements; ++i) {
    report.expect_equal(block.code(i), codes[i], [&] { return where + ", element " + std::to_string(i); });
  }
}
void expect_values(support::mismatches& report, const std::vector<float>& got, const std::vector<float>& want,
                   const std::string& where) {
  ASSERT_EQ(got.size(), want.size()) << where;
  for (std::size_t i = 0; i < got.size(); ++i) {
    report.expect_equal(number_bits(got[i]), number_bits(want[i]),
                        [&] { return where + ", value " + std::to_string(i); });
  }
}

TEST(RecipePackages, torchao_nvfp4) {
  using narrowfp::nvfp4;
  const support::golden_table table("recipes/torchao_nvfp4.csv");
  support::mismatches report("torchao_nvfp4.csv");
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::string t = table.text(row, "tensor_scale_f32");
    const float tensor_scale = t == "none" ? 1.0F : hex_floats(t).front();
    const auto x = hex_floats(table.text(row, "x_f32"));
    const nvfp4 block = quantize_both_ways<nvfp4>(x, {.as = recipe::torchao, .tensor_scale = tensor_scale});
    const std::string where = row_of(row, table);
    report.expect_equal(block.scale_code(0, 0), table.hex(row, "e4m3_scale_code"), [&] { return where; });
    expect_codes(report, block, hex_groups(table.text(row, "e2m1_codes"), 1), where);
    const narrowfp::dequantize_options back = {.as = recipe::torchao, .tensor_scale = tensor_scale};
    expect_values(report, dequantize_both_ways(block, back), hex_floats(table.text(row, "y_f32")), where);
    std::array<narrowfp::bfloat16, nvfp4::elements> halves{};
    narrowfp::dequantize(std::array<nvfp4, 1>{block}, halves, back);
    const auto want = hex_groups(table.text(row, "y_bf16"), 4);
    for (std::size_t i = 0; i < halves.size(); ++i) {
      report.expect_equal(halves[i].bits(), want[i], [&] { return where + ", as bfloat16"; });
    }
  }
}

TEST(RecipePackages, model_optimizer_nvfp4) {
  using narrowfp::nvfp4;
  const support::golden_table table("recipes/model_optimizer_nvfp4.csv");
  support::mismatches report("model_optimizer_nvfp4.csv");
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const float tensor_scale = hex_floats(table.text(row, "tensor_scale_f32")).front();
    const nvfp4 block = quantize_both_ways<nvfp4>(
        hex_floats(table.text(row, "x_f32")), {.as = recipe::model_optimizer, .tensor_scale = tensor_scale});
    const std::string where = row_of(row, table);
    report.expect_equal(block.scale_code(0, 0), table.hex(row, "e4m3_scale_code"), [&] { return where; });
    expect_codes(report, block, hex_groups(table.text(row, "e2m1_codes"), 1), where);
  }
}

/// Rows of one format; a block whose scale is NaN holds no numbers, and only that is compared.
template <class B>
void check_torchao_mx(const std::string& name) {
  const support::golden_table table("recipes/torchao_mx.csv");
  support::mismatches report("torchao_mx.csv, " + name);
  const std::pair<std::string, scale_rule> rules[] = {{"floor", scale_rule::floor},
                                                      {"ceil", scale_rule::ceil},
                                                      {"rceil", scale_rule::rceil},
                                                      {"even", scale_rule::even}};
  std::size_t rows = 0;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    if (table.text(row, "format") != name) {
      continue;
    }
    ++rows;
    const auto x = hex_floats(table.text(row, "x_f32"));
    const std::string where = row_of(row, table) + ", " + table.text(row, "rule");
    for (const auto& [rule_name, rule] : rules) {
      if (rule_name != table.text(row, "rule")) {
        continue;
      }
      const B block = quantize_both_ways<B>(x, {.scale = rule, .as = recipe::torchao});
      const auto scale = table.hex(row, "e8m0_scale_code");
      report.expect_equal(block.scale_code(0, 0), scale, [&] { return where; });
      expect_codes(report, block,
                   scale == 0xFF ? std::vector<std::uint32_t>(B::elements, 0)
                                 : hex_groups(table.text(row, "element_codes"), 2),
                   where);
    }
  }
  EXPECT_GE(rows, 100U);
}
TEST(RecipePackages, torchao_mx) {
  check_torchao_mx<narrowfp::mxfp8_e4m3>("mxfp8_e4m3");
  check_torchao_mx<narrowfp::mxfp8_e5m2>("mxfp8_e5m2");
  check_torchao_mx<narrowfp::mxfp6_e3m2>("mxfp6_e3m2");
  check_torchao_mx<narrowfp::mxfp6_e2m3>("mxfp6_e2m3");
  check_torchao_mx<narrowfp::mxfp4>("mxfp4");
}

/// microxcaling gives values, not codes.
template <class B>
void check_microxcaling(const std::string& name) {
  const support::golden_table table("recipes/microxcaling.csv");
  support::mismatches report("microxcaling.csv, " + name);
  std::size_t rows = 0;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    if (table.text(row, "format") != name) {
      continue;
    }
    ++rows;
    const std::string round = table.text(row, "round");
    const rounding mode = round == "even"    ? rounding::nearest_even
                          : round == "floor" ? rounding::toward_zero
                                             : rounding::native;
    const B block = quantize_both_ways<B>(hex_floats(table.text(row, "x_f32")),
                                          {.round = mode, .as = recipe::microxcaling});
    const auto y = hex_floats(table.text(row, "y_f32"));
    for (std::size_t i = 0; i < B::elements; ++i) {
      // An integer has no -0 to keep.
      const bool keeps_sign = B::element_format::has_negative_zero;
      const auto bits = [&](float v) { return keeps_sign ? number_bits(v) : value_bits(v); };
      report.expect_equal(bits(block[i]), bits(y[i]), [&] {
        return row_of(row, table) + ", " + round + ", element " + std::to_string(i);
      });
    }
  }
  EXPECT_GE(rows, 100U);
}
TEST(RecipePackages, microxcaling) {
  check_microxcaling<narrowfp::mxfp8_e4m3>("mxfp8_e4m3");
  check_microxcaling<narrowfp::mxfp8_e5m2>("mxfp8_e5m2");
  check_microxcaling<narrowfp::mxfp6_e3m2>("mxfp6_e3m2");
  check_microxcaling<narrowfp::mxfp6_e2m3>("mxfp6_e2m3");
  check_microxcaling<narrowfp::mxfp4>("mxfp4");
  check_microxcaling<narrowfp::mxint8>("mxint8");
}

TEST(RecipePackages, ggml_q8_0) {
  using narrowfp::q8_0;
  const support::golden_table table("recipes/ggml_q8_0.csv");
  support::mismatches report("ggml_q8_0.csv");
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const q8_0 block = quantize_both_ways<q8_0>(hex_floats(table.text(row, "x_f32")), {.as = recipe::ggml});
    const std::string where = row_of(row, table);
    report.expect_equal(block.scale_code(0, 0), table.hex(row, "f16_scale_code"), [&] { return where; });
    expect_codes(report, block, hex_groups(table.text(row, "element_codes"), 2), where);
    const auto y = hex_floats(table.text(row, "y_f32"));
    expect_values(report, dequantize_both_ways(block), y, where);
    expect_values(report, dequantize_both_ways(block, {.as = recipe::ggml}), y, where);
  }
}

/// The bytes of a ggml block from its text, and back.
template <class Block>
Block ggml_block(const std::string& text) {
  const auto bytes = hex_groups(text, 2);
  Block block;
  EXPECT_EQ(bytes.size(), sizeof block);
  std::array<std::uint8_t, sizeof block> raw{};
  std::copy(bytes.begin(), bytes.end(), raw.begin());
  std::memcpy(&block, raw.data(), sizeof block);
  return block;
}

TEST(RecipePackages, ggml_mxfp4) {
  using narrowfp::mxfp4;
  const support::golden_table table("recipes/ggml_mxfp4.csv");
  support::mismatches report("ggml_mxfp4.csv");
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const mxfp4 block = quantize_both_ways<mxfp4>(hex_floats(table.text(row, "x_f32")), {.as = recipe::ggml});
    const auto want = ggml_block<narrowfp::ggml_block_mxfp4>(table.text(row, "block"));
    const std::string where = row_of(row, table);
    report.expect(block == narrowfp::from_ggml(want), [&] { return where + ": " + show(block); });
    expect_values(report, dequantize_both_ways(block, {.as = recipe::ggml}),
                  hex_floats(table.text(row, "y_f32")), where);
  }
}

/// Random bytes, and every scale of NVFP4.
TEST(RecipePackages, ggml_values) {
  const support::golden_table table("recipes/ggml_values.csv");
  support::mismatches report("ggml_values.csv");
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::string& bytes = table.text(row, "block");
    const std::string& format = table.text(row, "format");
    const auto y = hex_floats(table.text(row, "y_f32"));
    const std::string where = "row " + std::to_string(row);
    const narrowfp::dequantize_options as_ggml = {.as = recipe::ggml};
    std::vector<float> values;
    if (format == "nvfp4") {
      for (const auto& block : narrowfp::from_ggml(ggml_block<narrowfp::ggml_block_nvfp4>(bytes))) {
        const auto part = dequantize_both_ways(block, as_ggml);
        values.insert(values.end(), part.begin(), part.end());
      }
    } else if (format == "mxfp4") {
      values =
          dequantize_both_ways(narrowfp::from_ggml(ggml_block<narrowfp::ggml_block_mxfp4>(bytes)), as_ggml);
    } else {
      values = dequantize_both_ways(ggml_block<narrowfp::q8_0>(bytes), as_ggml);
    }
    expect_values(report, values, y, where);
  }
}

}  // namespace
