// compare and error_report, against values worked out by hand.
#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include <narrowfp/narrowfp.hpp>

namespace {

using narrowfp::compare;
using narrowfp::error_report;
using narrowfp::overflow;

constexpr float infinity = std::numeric_limits<float>::infinity();
constexpr float nan = std::numeric_limits<float>::quiet_NaN();

TEST(Measure, SumsOverTheErrors) {
  const std::array original{1.0F, 2.0F, -4.0F, 8.0F};
  const std::array restored{1.5F, 2.0F, -4.0F, 7.0F};
  const error_report r = compare(original, restored);
  EXPECT_EQ(r.mse, (0.25 + 1.0) / 4);
  EXPECT_EQ(r.mean_error, (0.5 - 1.0) / 4);
  EXPECT_EQ(r.max_abs_error, 1.0);
  EXPECT_DOUBLE_EQ(r.sqnr_db, 10 * std::log10(85.0 / 1.25));
  EXPECT_DOUBLE_EQ(r.cosine, (1.5 + 4 + 16 + 56) / std::sqrt(85.0 * (2.25 + 4 + 16 + 49)));
  EXPECT_EQ(r.overflowed + r.flushed + r.nan + r.saturated, 0U);
}

TEST(Measure, EqualArrays) {
  const std::array x{1.0F, -3.0F, 0.0F};
  const error_report r = compare(x, x);
  EXPECT_EQ(r.mse, 0.0);
  EXPECT_EQ(r.max_abs_error, 0.0);
  EXPECT_EQ(r.sqnr_db, std::numeric_limits<double>::infinity());
  EXPECT_DOUBLE_EQ(r.cosine, 1.0);
}

// Decided on bits, as tests/mutation/measures_check.cpp does under -ffast-math.
TEST(Measure, TheRatioIsInfiniteWhereAnArrayOrTheErrorIsZero) {
  const std::array x{1.0F, 2.0F, 3.0F, -4.0F};
  const std::array zeros{0.0F, 0.0F, 0.0F, 0.0F};
  EXPECT_EQ(std::bit_cast<std::uint64_t>(compare(x, x).sqnr_db), 0x7FF0000000000000U);
  EXPECT_EQ(std::bit_cast<std::uint64_t>(compare(zeros, x).sqnr_db), 0xFFF0000000000000U);
  EXPECT_EQ(compare(zeros, x).mse, 7.5);
}

TEST(Measure, CountsWhatCannotBeMeasured) {
  const std::array original{1.0F, 5.0F, 1e-9F, nan, -0.0F, infinity};
  const std::array restored{1.0F, infinity, 0.0F, nan, 0.0F, infinity};
  const error_report r = compare(original, restored);
  EXPECT_EQ(r.overflowed, 1U);
  EXPECT_EQ(r.flushed, 1U);
  EXPECT_EQ(r.nan, 1U);
}

TEST(Measure, ErrorsOfAType) {
  // 0.3 rounds to 0.3125 in E4M3; 1000 becomes NaN natively and 448 saturating; 1e-5 becomes 0.
  const std::vector<float> x{1.0F, 0.3F, 1000.0F, 1e-5F, nan};
  const error_report native = compare<narrowfp::fp8_e4m3>(x);
  EXPECT_EQ(native.overflowed, 1U);
  EXPECT_EQ(native.flushed, 1U);
  EXPECT_EQ(native.nan, 1U);
  EXPECT_EQ(native.saturated, 0U);
  EXPECT_EQ(native.max_abs_error, 0.3125 - double{0.3F});
  const error_report saturated =
      compare<narrowfp::fp8_e4m3>(x, narrowfp::pack_options{.over = overflow::saturate});
  EXPECT_EQ(saturated.saturated, 1U);
  EXPECT_EQ(saturated.overflowed, 0U);
  EXPECT_EQ(saturated.max_abs_error, 552.0);
}

TEST(Measure, TheScaleIsTakenBackOut) {
  const std::vector<float> x{0.001F, -0.002F, 0.0035F};
  const error_report r = compare<narrowfp::fp4_e2m1>(x, narrowfp::pack_options{.scale = 1024.0F});
  // 1.024 -> 1, -2.048 -> -2, 3.584 -> 4 in units of 2^-10.
  EXPECT_EQ(r.max_abs_error, 4.0 / 1024 - double{0.0035F});
}

TEST(Measure, DifferentSizesAreAnError) {
  const std::vector<float> a(3);
  const std::vector<float> b(4);
  EXPECT_THROW((void)compare(a, b), std::invalid_argument);
}

TEST(Measure, LongArraysAreMeasuredInOnePass) {
  std::vector<float> x;
  for (int i = 0; i < 10000; ++i) {
    x.push_back(static_cast<float>(i % 97) * 0.37F - 17.0F);
  }
  std::vector<narrowfp::hif8> codes(x.size());
  const narrowfp::pack_options options{.round = narrowfp::rounding::stochastic, .seed = 5};
  narrowfp::pack(x, codes, options);
  std::vector<float> restored(x.size());
  narrowfp::unpack(codes, restored);
  EXPECT_EQ(compare<narrowfp::hif8>(x, options).mse, compare(x, restored).mse);
}

}  // namespace
