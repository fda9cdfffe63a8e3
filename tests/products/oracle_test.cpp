// The oracle itself: it gives every row of the published vectors, and sums that are known without it.
#include <bit>
#include <cmath>
#include <limits>

#include "dot_vectors.hpp"
#include "exact_dot.hpp"
#include "support/report.hpp"

namespace products {
namespace {

using oracle::exact_dot;
using oracle::number;

number from_float(float x) { return oracle::binary32.decode(std::bit_cast<std::uint32_t>(x)); }
number from_double(double x) { return oracle::binary64.decode(std::bit_cast<std::uint64_t>(x)); }
std::uint64_t bits_of(double x) { return std::bit_cast<std::uint64_t>(x); }

TEST(ExactDot, GivesThePublishedProducts) {
  for (const dot_file& file : dot_files) {
    support::mismatches report(file.name());
    const oracle::packed_type& a = oracle::find_packed_type(file.a);
    const oracle::packed_type& b = oracle::find_packed_type(file.b);
    const std::vector<dot_row> rows = file.rows();
    ASSERT_EQ(rows.size(), 300U) << file.name();
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const dot_row& row = rows[i];
      ASSERT_EQ(row.a.size(), a.bytes_of(row.n)) << file.name() << " row " << i;
      ASSERT_EQ(row.b.size(), b.bytes_of(row.n)) << file.name() << " row " << i;
      exact_dot sum = sum_of_products(a, row.a, b, row.b, row.n);
      sum.multiply(oracle::binary32.decode(row.tensor_a));
      sum.multiply(oracle::binary32.decode(row.tensor_b));
      const auto context = [&] { return "row " + std::to_string(i) + ", " + row.kind; };
      report.expect_equal(sum.rounded(oracle::binary32), row.as_float, context);
      report.expect_equal(sum.rounded(oracle::binary64), row.as_double, context);
      report.expect_equal(sum.rounded(oracle::brain16), row.as_bfloat16, context);
    }
  }
}

TEST(ExactDot, GivesThePublishedMatrixVectorProducts) {
  support::mismatches report("extra.csv");
  for (const extra_row& row : extra_rows()) {
    const oracle::source_layout& out = oracle::find_result_type(row.out);
    exact_dot sum = sum_of_products(oracle::find_packed_type(row.a_type), row.a,
                                    oracle::find_packed_type(row.b_type), row.b, row.n);
    for (const std::uint32_t factor : {row.tensor_a, row.tensor_b, row.row_a, row.row_b}) {
      sum.multiply(oracle::binary32.decode(factor));
    }
    if (row.accumulate) {
      sum.add(out.decode(row.y));
    }
    report.expect_equal(sum.rounded(out), row.result, [&] { return row.a_type + ", " + row.b_type; });
  }
}

TEST(ExactDot, IsOneProductWhereDoubleHoldsIt) {
  support::mismatches report("products of floats");
  const float values[] = {1.0F, -3.25F, 0x1.fffffep+127F, 0x1p-149F, -0x1.abcdefp-126F, 1e-30F, 1e30F};
  for (const float a : values) {
    for (const float b : values) {
      exact_dot sum;
      sum.add_product(from_float(a), from_float(b));
      report.expect_equal(sum.rounded(oracle::binary64), bits_of(static_cast<double>(a) * b),
                          [&] { return std::to_string(a) + " * " + std::to_string(b); });
      // Both the product and what double rounds it to lie on the same side of floats' middles here.
      exact_dot scaled;
      scaled.add(from_double(static_cast<double>(a) * b));
      report.expect_equal(scaled.rounded(oracle::binary32),
                          std::bit_cast<std::uint32_t>(static_cast<float>(static_cast<double>(a) * b)),
                          [&] { return std::to_string(a) + " * " + std::to_string(b) + " as float"; });
    }
  }
}

TEST(ExactDot, NeitherCancellationNorFactorsLoseAnything) {
  exact_dot sum;
  sum.add(from_double(0x1p1000));
  sum.add(from_double(-0x1p-1074));
  sum.add(from_double(-0x1p1000));
  EXPECT_EQ(sum.rounded(oracle::binary64), bits_of(-0x1p-1074));
  for (int i = 0; i < 4; ++i) {
    sum.multiply(from_float(0x1.fffffep+127F));
  }
  EXPECT_EQ(sum.rounded(oracle::binary64), bits_of(-0x1.fffff800000c0p-563));
  for (int i = 0; i < 8; ++i) {
    sum.multiply(from_float(0x1p-149F));
  }
  EXPECT_EQ(sum.rounded(oracle::binary64), bits_of(-0.0)) << "an underflow keeps its sign";
  sum.add(from_double(0x1p-1074));
  EXPECT_EQ(sum.rounded(oracle::binary64), bits_of(0x1p-1074));
}

TEST(ExactDot, TiesGoToEvenAndWhatIsFarBelowDecides) {
  for (const float tail : {0.0F, 0x1p-149F, -0x1p-149F}) {
    for (const float odd : {1.0F, 3.0F}) {
      exact_dot sum;
      sum.add(from_float(0x1p24F));
      sum.add(from_float(odd));
      sum.add(from_float(tail));
      const float below = 0x1p24F + (odd - 1);
      const bool up = tail > 0 || (tail == 0 && odd == 3.0F);
      EXPECT_EQ(sum.rounded(oracle::binary32),
                std::bit_cast<std::uint32_t>(up ? std::nextafter(below, 1e9F) : below))
          << odd << " and " << tail;
    }
  }
}

TEST(ExactDot, Specials) {
  const number infinity = oracle::infinity();
  const number zero = oracle::finite({}, true);
  const auto of = [](std::initializer_list<std::pair<number, number>> products) {
    exact_dot sum;
    for (const auto& [a, b] : products) {
      sum.add_product(a, b);
    }
    return sum.rounded(oracle::binary16);
  };
  const number one = from_float(1);
  const number minus = from_float(-1);
  EXPECT_EQ(of({}), 0U);
  EXPECT_EQ(of({{zero, one}}), 0U) << "a sum of -0 alone is +0";
  EXPECT_EQ(of({{infinity, minus}}), 0xFC00U);
  EXPECT_EQ(of({{infinity, zero}}), 0x7E00U);
  EXPECT_EQ(of({{infinity, one}, {infinity, minus}}), 0x7E00U);
  EXPECT_EQ(of({{oracle::nan(true), one}}), 0x7E00U);
  EXPECT_EQ(of({{from_float(65520), minus}}), 0xFC00U) << "the middle overflows";
  EXPECT_EQ(of({{from_float(0x1.ffdffep+15F), one}}), 0x7BFFU);
}

}  // namespace
}  // namespace products
