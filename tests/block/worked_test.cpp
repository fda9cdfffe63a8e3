// Worked blocks: small examples that the references of tests/golden/block print in full.
#include <map>

#include "block_support.hpp"

namespace {

using namespace block_test;
using narrowfp::recipe;
using narrowfp::rounding;
using narrowfp::scale_rule;

template <class B>
void expect_codes(support::mismatches& report, const B& block, const std::vector<std::uint32_t>& codes,
                  const std::string& where) {
  ASSERT_EQ(codes.size(), B::elements);
  for (std::size_t i = 0; i < B::elements; ++i) {
    report.expect_equal(without_zero_sign<B>(block.code(i)), without_zero_sign<B>(codes[i]),
                        [&] { return where + ", element " + std::to_string(i); });
  }
}

TEST(WorkedBlocks, hif4_in_both_families) {
  using narrowfp::hif4;
  const support::golden_table table("block/worked_hif4.csv");
  support::mismatches report("worked_hif4.csv");
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const bool is_exact = table.text(row, "family") == "A";
    const hif4 block = quantize_both_ways<hif4>(hex_floats(table.text(row, "x_f32")),
                                                {.as = is_exact ? recipe::native : recipe::hif4_bf16});
    const std::string where = table.text(row, "block") + ", family " + table.text(row, "family");
    report.expect_equal(block.bytes[0], table.hex(row, "e6m2_code"), [&] { return where + ", E6M2"; });
    report.expect_equal(block.bytes[1], table.hex(row, "e1_8_byte"), [&] { return where + ", level 2"; });
    report.expect_equal(block.bytes[2] | block.bytes[3] << 8, table.hex(row, "e1_16_word"),
                        [&] { return where + ", level 3"; });
    expect_codes(report, block, hex_groups(table.text(row, "s1p2_codes"), 1), where);
  }
}

/// The recipe keeps a sign bit only where x < 0, so that here -0 is compared as well.
TEST(WorkedBlocks, hif4_bf16_keeps_no_negative_zero) {
  using narrowfp::hif4;
  std::vector<float> x(64, 1.0F);
  x[3] = -0.0F;
  x[5] = -0x1p-40F;
  const hif4 block = quantize_both_ways<hif4>(x, {.as = recipe::hif4_bf16});
  EXPECT_EQ(block.code(3), 0U);
  EXPECT_EQ(block.code(5), 8U);
  const hif4 native = quantize_both_ways<hif4>(x);
  EXPECT_EQ(native.code(3), 8U);
  EXPECT_EQ(native.code(5), 8U);
}

template <class B>
void expect_mx_row(support::mismatches& report, const support::golden_table& table, std::size_t row) {
  const std::string rule = table.text(row, "rule");
  const std::map<std::string, narrowfp::quantize_options> options = {
      {"floor", {.scale = scale_rule::floor}},
      {"ceil", {.scale = scale_rule::ceil}},
      {"rceil", {.scale = scale_rule::rceil}},
      {"even", B::element_format::has_negative_zero
                   ? narrowfp::quantize_options{.scale = scale_rule::even}
                   : narrowfp::quantize_options{.round = rounding::nearest_even}},  // the two INT8 lines
      {"away", {.round = rounding::nearest_away}},
  };
  const B block = quantize_both_ways<B>(hex_floats(table.text(row, "x_f32")), options.at(rule));
  const std::string where = table.text(row, "block") + ", " + table.text(row, "format") + ", " + rule;
  report.expect_equal(block.scale_code(0, 0), table.hex(row, "e8m0_scale_code"), [&] { return where; });
  expect_codes(report, block, hex_groups(table.text(row, "element_codes"), 2), where);
}

TEST(WorkedBlocks, mx_by_every_rule) {
  const support::golden_table table("block/worked_mx.csv");
  support::mismatches report("worked_mx.csv");
  using checker = void (*)(support::mismatches&, const support::golden_table&, std::size_t);
  const std::map<std::string, checker> check = {
      {"mxfp4", expect_mx_row<narrowfp::mxfp4>},
      {"mxfp6_e2m3", expect_mx_row<narrowfp::mxfp6_e2m3>},
      {"mxfp6_e3m2", expect_mx_row<narrowfp::mxfp6_e3m2>},
      {"mxfp8_e4m3", expect_mx_row<narrowfp::mxfp8_e4m3>},
      {"mxfp8_e5m2", expect_mx_row<narrowfp::mxfp8_e5m2>},
      {"mxint8", expect_mx_row<narrowfp::mxint8>},
  };
  for (std::size_t row = 0; row < table.rows(); ++row) {
    check.at(table.text(row, "format"))(report, table, row);
  }
}

TEST(WorkedBlocks, nvfp4_by_every_recipe) {
  using narrowfp::nvfp4;
  const support::golden_table table("block/worked_nvfp4.csv");
  support::mismatches report("worked_nvfp4.csv");
  const std::map<std::string, recipe> recipes = {{"native", recipe::native},
                                                 {"transformer_engine", recipe::transformer_engine},
                                                 {"model_optimizer", recipe::model_optimizer},
                                                 {"torchao", recipe::torchao}};
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const auto tensor_scale = hex_floats(table.text(row, "tensor_scale_f32"))[0];
    const nvfp4 block = quantize_both_ways<nvfp4>(
        hex_floats(table.text(row, "x_f32")),
        {.as = recipes.at(table.text(row, "recipe")), .tensor_scale = tensor_scale});
    const std::string where =
        table.text(row, "block") + ", part " + table.text(row, "part") + ", " + table.text(row, "recipe");
    report.expect_equal(block.scale_code(0, 0), table.hex(row, "e4m3_scale_code"), [&] { return where; });
    const auto codes = hex_groups(table.text(row, "e2m1_codes"), 1);
    for (std::size_t i = 0; i < codes.size(); ++i) {  // the sign of zero included
      report.expect_equal(block.code(i), codes[i], [&] { return where + ", element " + std::to_string(i); });
    }
  }
}

template <class B>
void expect_microexponents(support::mismatches& report, const support::golden_table& table, std::size_t row) {
  const B block = quantize_both_ways<B>(hex_floats(table.text(row, "x_f32")));
  const std::string where = table.text(row, "format") + ", from " + table.text(row, "first_element");
  report.expect_equal(block.scale_code(0, 0), table.hex(row, "e8_code"), [&] { return where; });
  const std::string bits = table.text(row, "e1");
  for (std::size_t pair = 0; pair < bits.size(); ++pair) {
    report.expect_equal(block.scale_code(1, pair), bits[pair] == '1' ? 1U : 0U,
                        [&] { return where + ", pair " + std::to_string(pair); });
  }
  expect_codes(report, block, hex_groups(table.text(row, "elements"), 2), where);
}

TEST(WorkedBlocks, microexponents) {
  const support::golden_table table("block/worked_microexponents.csv");
  support::mismatches report("worked_microexponents.csv");
  for (std::size_t row = 0; row < table.rows(); ++row) {
    if (table.text(row, "format") == "mx4") {
      expect_microexponents<narrowfp::mx4>(report, table, row);
    } else {
      expect_microexponents<narrowfp::mx6>(report, table, row);
    }
  }
}

}  // namespace
