// Every pair of codes of two formats of up to eight bits, whose products are exact in double; and every pair
// of scales.
#include <bit>
#include <cmath>

#include "code_pairs.hpp"
#include "product_inputs.hpp"
#include "product_probe.hpp"
#include "support/instruction_sets.hpp"
#include "support/report.hpp"

namespace products {
namespace {

/// In double: no product of two such values has more than 16 bits or an exponent beyond double's.
double product_in_double(const oracle::number& a, const oracle::number& b) {
  const double product = oracle::to_double(a) * oracle::to_double(b);
  return std::isnan(product) ? std::bit_cast<double>(0x7FF8000000000000) : product == 0 ? 0 : product;
}

TEST(ProductsOfCodes, AreExact) {
  for (const code_pair& pair : code_pairs()) {
    support::mismatches report(std::string(pair.a) + " . " + pair.b);
    const oracle::format& a = oracle::find_format(pair.a);
    const oracle::format& b = oracle::find_format(pair.b);
    std::vector<double> want;
    for (const oracle::number& x : a.values) {
      for (const oracle::number& y : b.values) {
        want.push_back(product_in_double(x, y));
      }
    }
    const auto expect = [&](const std::vector<double>& got, const std::string& form) {
      ASSERT_EQ(got.size(), want.size());
      for (std::size_t i = 0; i < want.size(); ++i) {
        report.expect_equal(std::bit_cast<std::uint64_t>(got[i]), std::bit_cast<std::uint64_t>(want[i]), [&] {
          return form + ", codes " + support::hex(i / b.values.size(), 2) + " and " +
                 support::hex(i % b.values.size(), 2);
        });
      }
    };
    std::vector<double> got;
    pair.one_by_one(got);
    expect(got, "dot_block");
    for (const narrowfp::isa use : support::available_isas()) {
      pair.as_matrix(use, got);
      expect(got, isa_name(use));
    }
  }
}

/// A block under each scale with a block under each scale, and one pair of blocks under usual ones beside
/// them.
TEST(ProductsOfScales, AreExact) {
  struct of_pair {
    const char* a;
    const char* b;
  };
  for (const of_pair& names : {of_pair{"mxfp4", "mxfp4"}, of_pair{"nvfp4", "nvfp4"}, of_pair{"hif4", "hif4"},
                               of_pair{"mxint8", "mxint8"}}) {
    const pair_probe& pair = find_pair(names.a, names.b);
    support::mismatches report(pair.name());
    generator random(18);
    const std::size_t n = 2 * pair.a_type().elements;
    byte_vector a = make_array(pair.a_type(), inputs::near, n, random);
    byte_vector b = make_array(pair.b_type(), inputs::near, n, random);
    editor edit_a(pair.a_type(), a);
    editor edit_b(pair.b_type(), b);
    for (std::uint32_t scale_a = 0; scale_a < 256; ++scale_a) {
      edit_a.set_scale(0, scale_a);
      for (std::uint32_t scale_b = scale_a % 3; scale_b < 256; scale_b += 3) {
        edit_b.set_scale(0, scale_b);
        const std::uint64_t want =
            sum_of_products(pair.a_type(), a, pair.b_type(), b, n).rounded(oracle::binary64);
        for (const narrowfp::isa use : support::available_isas()) {
          report.expect_equal(pair.dot(result::f64, a, b, n, {.use = use}, 0), want, [&] {
            return "scales " + support::hex(scale_a, 2) + " and " + support::hex(scale_b, 2) + ", " +
                   isa_name(use);
          });
        }
      }
    }
  }
}

}  // namespace
}  // namespace products
