// Vectors of other stacks: ggml's own rows, and the rows on which microxcaling is known to agree with exact
// arithmetic or not to.
#include "block_support.hpp"

namespace {

using namespace block_test;
using narrowfp::recipe;
using narrowfp::rounding;

TEST(RecipeVectors, ggml_mxfp4) {
  using narrowfp::mxfp4;
  const support::golden_table table("block/mxfp4_ggml.csv");
  support::mismatches report("mxfp4_ggml.csv");
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const mxfp4 block = quantize_both_ways<mxfp4>(hex_floats(table.text(row, "x_f32")), {.as = recipe::ggml});
    const auto values = dequantize_both_ways(block, {.as = recipe::ggml});
    const auto codes = hex_groups(table.text(row, "element_codes"), 1);
    const auto y = hex_floats(table.text(row, "y_f32"));
    const std::string where = "row " + std::to_string(row) + " (" + table.text(row, "kind") + ")";
    report.expect_equal(block.scale_code(0, 0), table.hex(row, "e8m0_scale_code"), [&] { return where; });
    for (std::size_t i = 0; i < mxfp4::elements; ++i) {
      const auto at = [&] { return where + ", element " + std::to_string(i); };
      report.expect_equal(block.code(i), codes[i], at);
      report.expect_equal(value_bits(values[i]), value_bits(y[i]), at);
    }
  }
}

TEST(RecipeVectors, ggml_nvfp4) {
  using narrowfp::nvfp4;
  const support::golden_table table("block/nvfp4_ggml.csv");
  support::mismatches report("nvfp4_ggml.csv");
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const auto x = hex_floats(table.text(row, "x_f32"));  // four blocks of 16
    std::array<nvfp4, 4> blocks{};
    narrowfp::quantize(x, blocks, {.as = recipe::ggml});
    std::vector<float> values(x.size());
    narrowfp::dequantize(blocks, values, {.as = recipe::ggml});
    const auto scales = hex_groups(table.text(row, "ue4m3_scale_codes"), 2);
    const auto codes = hex_groups(table.text(row, "e2m1_codes"), 1);
    const auto y = hex_floats(table.text(row, "y_f32"));
    const std::string where = "row " + std::to_string(row) + " (" + table.text(row, "kind") + ")";
    for (std::size_t i = 0; i < x.size(); ++i) {
      const auto at = [&] { return where + ", element " + std::to_string(i); };
      report.expect_equal(blocks[i / 16].scale_code(0, 0), scales[i / 16], at);
      report.expect_equal(blocks[i / 16].code(i % 16), codes[i], at);
      report.expect_equal(value_bits(values[i]), value_bits(y[i]), at);
    }
  }
}

/// The column `microxcaling_agrees` says where that stack's float arithmetic gives the exact values; with
/// its rounding set to half even the recipe must agree and differ on the same rows.
template <class B>
void expect_same_agreement(const std::string& file) {
  const support::golden_table table("block/" + file);
  support::mismatches report(file);
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const B block = quantize_both_ways<B>(hex_floats(table.text(row, "x_f32")),
                                          {.round = rounding::nearest_even, .as = recipe::microxcaling});
    const auto y = hex_floats(table.text(row, "y_f32"));
    bool agrees = true;
    for (std::size_t i = 0; i < B::elements; ++i) {
      agrees = agrees && value_bits(block[i]) == value_bits(y[i]);
    }
    report.expect_equal(agrees, table.text(row, "microxcaling_agrees") == "1", [&] {
      return "row " + std::to_string(row) + " (" + table.text(row, "kind") + "), agreement with exact values";
    });
  }
}

#define NARROWFP_MICROXCALING_ROWS(format) \
  TEST(RecipeVectors, microxcaling_##format) { expect_same_agreement<narrowfp::format>(#format ".csv"); }
NARROWFP_MICROXCALING_ROWS(mxfp4)
NARROWFP_MICROXCALING_ROWS(mxfp6_e2m3)
NARROWFP_MICROXCALING_ROWS(mxfp6_e3m2)
NARROWFP_MICROXCALING_ROWS(mxfp8_e4m3)
NARROWFP_MICROXCALING_ROWS(mxfp8_e5m2)
NARROWFP_MICROXCALING_ROWS(mxint8)

}  // namespace
