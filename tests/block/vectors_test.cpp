// Every row of tests/golden/block that the native arithmetic defines: scale codes, bits of lower levels,
// element codes, dequantized values.
#include "block_support.hpp"

namespace {

using namespace block_test;

/// Compares codes and dequantized values of one row.
template <class B>
void expect_elements(support::mismatches& report, const B& block, const std::vector<std::uint32_t>& codes,
                     const std::vector<float>& y, const std::string& where,
                     narrowfp::dequantize_options options = {}) {
  const auto values = dequantize_both_ways(block, options);
  ASSERT_EQ(codes.size(), B::elements);
  ASSERT_EQ(y.size(), B::elements);
  for (std::size_t i = 0; i < B::elements; ++i) {
    const auto at = [&] { return where + ", element " + std::to_string(i); };
    report.expect_equal(without_zero_sign<B>(block.code(i)), without_zero_sign<B>(codes[i]), at);
    report.expect_equal(value_bits(values[i]), value_bits(y[i]), [&] { return at() + ", dequantized"; });
    report.expect_equal(value_bits(block[i]), value_bits(y[i]), [&] { return at() + ", operator[]"; });
  }
}

/// Rows with one scale code of two digits and one code for each element.
template <class B>
void expect_single_scale_rows(const std::string& file, const std::string& scale_column,
                              const std::string& code_column, bool zero_scale_hides_codes) {
  const support::golden_table table("block/" + file);
  support::mismatches report(file);
  constexpr std::size_t digits = B::element_format::width > 4 ? 2 : 1;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const auto x = hex_floats(table.text(row, "x_f32"));
    const B block = quantize_both_ways<B>(x);
    const std::string where = "row " + std::to_string(row) + " (" + table.text(row, "kind") + ")";
    report.expect_equal(block.scale_code(0, 0), table.hex(row, scale_column),
                        [&] { return where + ", scale"; });
    auto codes = hex_groups(table.text(row, code_column), digits);
    if (zero_scale_hides_codes && block.scale_code(0, 0) == 0) {
      codes.assign(B::elements, 0);  // this library's choice; the file's codes carry no information
    }
    expect_elements(report, block, codes, hex_floats(table.text(row, "y_f32")), where);
  }
}

#define NARROWFP_MX_ROWS(format)                                                                           \
  TEST(BlockVectors, format) {                                                                             \
    expect_single_scale_rows<narrowfp::format>(#format ".csv", "e8m0_scale_code", "element_codes", false); \
  }
NARROWFP_MX_ROWS(mxfp4)
NARROWFP_MX_ROWS(mxfp6_e2m3)
NARROWFP_MX_ROWS(mxfp6_e3m2)
NARROWFP_MX_ROWS(mxfp8_e4m3)
NARROWFP_MX_ROWS(mxfp8_e5m2)
NARROWFP_MX_ROWS(mxint8)

TEST(BlockVectors, nvfp4) {
  expect_single_scale_rows<narrowfp::nvfp4>("nvfp4.csv", "e4m3_scale_code", "e2m1_codes", true);
}

TEST(BlockVectors, nvfp4_with_tensor_scale) {
  using narrowfp::nvfp4;
  const support::golden_table table("block/nvfp4_pts_f32.csv");
  support::mismatches report("nvfp4_pts_f32.csv");
  std::vector<float> tensor;  // 16 consecutive rows
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const auto x = hex_floats(table.text(row, "x_f32"));
    const auto tensor_scale = std::bit_cast<float>(static_cast<std::uint32_t>(table.hex(row, "pts_f32")));
    const std::string where = "row " + std::to_string(row) + " (" + table.text(row, "kind") + ")";
    const nvfp4 block = quantize_both_ways<nvfp4>(x, {.tensor_scale = tensor_scale});
    const nvfp4 inner = quantize_both_ways<nvfp4>(hex_floats(table.text(row, "xscaled_f32")));
    report.expect(block == inner, [&] { return where + ": dividing first gives another block"; });
    report.expect_equal(block.scale_code(0, 0), table.hex(row, "e4m3_scale_code"), [&] { return where; });
    auto codes = hex_groups(table.text(row, "e2m1_codes"), 1);
    if (block.scale_code(0, 0) == 0) {
      codes.assign(nvfp4::elements, 0);
    }
    support::mismatches elements(where);
    const auto values = dequantize_both_ways(block, {.tensor_scale = tensor_scale});
    const auto y = hex_floats(table.text(row, "y_f32"));
    for (std::size_t i = 0; i < nvfp4::elements; ++i) {
      elements.expect_equal(without_zero_sign<nvfp4>(block.code(i)), without_zero_sign<nvfp4>(codes[i]),
                            [&] { return "element " + std::to_string(i); });
      elements.expect_equal(value_bits(values[i]), value_bits(y[i]),
                            [&] { return "dequantized " + std::to_string(i); });
    }
    tensor.insert(tensor.end(), x.begin(), x.end());
    if (row % 16 == 15) {
      report.expect_equal(std::bit_cast<std::uint32_t>(narrowfp::nvfp4_tensor_scale(tensor)),
                          std::bit_cast<std::uint32_t>(tensor_scale), [&] { return where + ", pts"; });
      tensor.clear();
    }
  }
}

/// `e1_8` and the like: one binary digit for each group, group 0 first.
template <class B>
void expect_bits(support::mismatches& report, const B& block, std::size_t level, const std::string& digits,
                 const std::string& where) {
  ASSERT_EQ(digits.size(), B::elements / B::layout::group_elements[level]);
  for (std::size_t group = 0; group < digits.size(); ++group) {
    report.expect_equal(block.scale_code(level, group), digits[group] == '1' ? 1U : 0U, [&] {
      return where + ", level " + std::to_string(level) + ", group " + std::to_string(group);
    });
  }
}

TEST(BlockVectors, hif4) {
  using narrowfp::hif4;
  const support::golden_table table("block/hif4.csv");
  support::mismatches report("hif4.csv");
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const hif4 block = quantize_both_ways<hif4>(hex_floats(table.text(row, "x_f32")));
    const std::string where = "row " + std::to_string(row) + " (" + table.text(row, "kind") + ")";
    report.expect_equal(block.scale_code(0, 0), table.hex(row, "e6m2_code"),
                        [&] { return where + ", E6M2"; });
    expect_bits(report, block, 1, table.text(row, "e1_8"), where);
    expect_bits(report, block, 2, table.text(row, "e1_16"), where);
    expect_elements(report, block, hex_groups(table.text(row, "s1p2_codes"), 1),
                    hex_floats(table.text(row, "y_f32")), where);
  }
}

// Blocks of one element, which is amax, for every non-negative bfloat16.
TEST(BlockVectors, hif4_scale_of_every_amax) {
  using narrowfp::hif4;
  const auto want = support::golden_bytes("encode/hif4_scale_from_bf16_amax.bin");
  ASSERT_EQ(want.size(), 0x8000U);
  std::vector<float> x(want.size() * hif4::elements);
  for (std::uint32_t i = 0; i < want.size(); ++i) {
    x[i * hif4::elements + i % hif4::elements] = std::bit_cast<float>(i << 16);
  }
  std::vector<hif4> blocks(want.size());
  narrowfp::quantize(x, blocks);
  support::mismatches report("hif4_scale_from_bf16_amax.bin");
  for (std::size_t i = 0; i < want.size(); ++i) {
    report.expect_equal(blocks[i].scale_code(0, 0), std::uint32_t{want[i]},
                        [&] { return "bfloat16 " + support::hex(i, 4); });
  }
}

TEST(BlockVectors, hif4_reciprocal_of_every_scale) {
  using narrowfp::hif4;
  const support::golden_table table("decode/hif4_e6m2_reciprocal_bf16.csv");
  ASSERT_EQ(table.rows(), 255U);
  support::mismatches report("hif4_e6m2_reciprocal_bf16.csv");
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const auto code = static_cast<std::uint8_t>(table.hex(row, "e6m2_code"));
    const auto scale = narrowfp::core::decode<hif4::scale_format>(code);
    const auto ratio = hif4::rule::ratio<hif4::facts>(scale);
    ASSERT_FALSE(ratio.divides);
    report.expect_equal(narrowfp::core::from_real<narrowfp::bfloat16>(ratio.value).bits(),
                        static_cast<std::uint16_t>(table.hex(row, "bf16_bits")),
                        [&] { return "scale " + support::hex(code, 2); });
  }
}

template <class B>
void expect_microexponent_rows(const std::string& file) {
  const support::golden_table table("block/" + file);
  support::mismatches report(file);
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const B block = quantize_both_ways<B>(hex_floats(table.text(row, "x_f32")));
    const std::string where = "row " + std::to_string(row) + " (" + table.text(row, "kind") + ")";
    report.expect_equal(block.scale_code(0, 0), table.hex(row, "e8_code"), [&] { return where + ", e8"; });
    expect_bits(report, block, 1, table.text(row, "e1"), where);
    expect_elements(report, block, hex_groups(table.text(row, "elements"), 2),
                    hex_floats(table.text(row, "y_f32")), where);
  }
}

TEST(BlockVectors, mx4) { expect_microexponent_rows<narrowfp::mx4>("bfp_mx4.csv"); }
TEST(BlockVectors, mx6) { expect_microexponent_rows<narrowfp::mx6>("bfp_mx6.csv"); }

}  // namespace
