// Every published row, by every instruction set.
#include <bit>

#include "dot_vectors.hpp"
#include "product_probe.hpp"
#include "support/instruction_sets.hpp"
#include "support/report.hpp"

namespace products {
namespace {

class ProductVectors : public testing::TestWithParam<dot_file> {};

TEST_P(ProductVectors, GiveThePublishedBits) {
  const pair_probe& pair = find_pair(GetParam().a, GetParam().b);
  support::mismatches report(pair.name());
  const std::vector<dot_row> rows = GetParam().rows();
  for (const narrowfp::isa use : support::available_isas()) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const dot_row& row = rows[i];
      const narrowfp::dot_options options = {.tensor_scale_a = std::bit_cast<float>(row.tensor_a),
                                             .tensor_scale_b = std::bit_cast<float>(row.tensor_b),
                                             .use = use};
      const auto expect = [&](result out, std::uint64_t want) {
        report.expect_equal(pair.dot(out, row.a, row.b, row.n, options, 0), want, [&] {
          return "row " + std::to_string(i) + " (" + row.kind + "), " + layout_of(out).name + ", " +
                 isa_name(use);
        });
      };
      expect(result::f32, row.as_float);
      expect(result::f64, row.as_double);
      expect(result::bf16, row.as_bfloat16);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Files, ProductVectors, testing::ValuesIn(dot_files),
                         [](const auto& instance) { return instance.param.name(); });

TEST(MatrixVectorVectors, GiveThePublishedBits) {
  support::mismatches report("extra.csv");
  for (const narrowfp::isa use : support::available_isas()) {
    for (const extra_row& row : extra_rows()) {
      const float row_a = std::bit_cast<float>(row.row_a);
      const float row_b = std::bit_cast<float>(row.row_b);
      const result out = result_named(row.out);
      const auto bytes = static_cast<std::size_t>(layout_of(out).width()) / 8;
      byte_vector y(bytes);
      for (std::size_t i = 0; i < bytes; ++i) {
        y[i] = static_cast<std::uint8_t>(row.y >> 8 * i);
      }
      find_pair(row.a_type, row.b_type)
          .matrix_vector({.out = out,
                          .cols = row.n,
                          .options = {.tensor_scale_a = std::bit_cast<float>(row.tensor_a),
                                      .tensor_scale_b = std::bit_cast<float>(row.tensor_b),
                                      .row_scales_a = std::span(&row_a, 1),
                                      .row_scales_b = std::span(&row_b, 1),
                                      .accumulate = row.accumulate,
                                      .use = use}},
                         row.a, row.b, y);
      std::uint64_t got = 0;
      for (std::size_t i = 0; i < bytes; ++i) {
        got |= std::uint64_t{y[i]} << 8 * i;
      }
      report.expect_equal(got, row.result, [&] {
        return row.a_type + " . " + row.b_type + ", n " + std::to_string(row.n) + ", " + row.out + ", " +
               isa_name(use);
      });
    }
  }
}

}  // namespace
}  // namespace products
