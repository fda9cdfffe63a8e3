// compare over block types: what it restores, and what it counts.
#include <cmath>
#include <limits>
#include <random>

#include <narrowfp/measure.hpp>

#include "block_support.hpp"

namespace {

using namespace block_test;
using namespace narrowfp;

std::vector<float> gaussian(std::size_t n) {
  std::mt19937_64 random(91);
  std::normal_distribution<float> normal(0, 1);
  std::vector<float> x(n);
  for (float& v : x) {
    v = normal(random);
  }
  return x;
}

template <class B>
void expect_report_of_restored(const quantize_options& options) {
  const auto x = gaussian(10000);  // not a multiple of any block, several chunks
  std::vector<B> blocks(block_count<B>(x.size()));
  std::vector<float> y(x.size());
  quantize(x, blocks, options);
  dequantize(blocks, y, {.as = options.as, .tensor_scale = options.tensor_scale});
  const error_report want = compare(x, y);
  const error_report got = compare<B>(x, options);
  EXPECT_EQ(got.mse, want.mse);
  EXPECT_EQ(got.sqnr_db, want.sqnr_db);
  EXPECT_EQ(got.max_abs_error, want.max_abs_error);
  EXPECT_EQ(got.flushed, want.flushed);
  EXPECT_EQ(got.count, x.size());
}

TEST(CompareBlocks, equals_quantize_and_dequantize) {
  expect_report_of_restored<mxfp4>({});
  expect_report_of_restored<hif4>({.round = rounding::stochastic, .seed = 5});
  expect_report_of_restored<nvfp4>({.tensor_scale = 0.002F});
  expect_report_of_restored<nvfp4>({.as = recipe::transformer_engine, .tensor_scale = 600.0F});
}

TEST(CompareBlocks, counts_saturated_elements) {
  std::vector<float> x(64, 1.0F);
  x[0] = 7.9F;  // the floor rule leaves 6
  x[1] = -6.5F;
  x[2] = 6.0F;  // exactly the largest
  x[40] = -7.0F;
  const error_report r = compare<mxfp4>(x);
  EXPECT_EQ(r.saturated, 3U);
  EXPECT_EQ(compare<mxfp4>(x, {.scale = scale_rule::rceil}).saturated, 0U);
  EXPECT_NEAR(r.max_abs_error, 1.9, 1e-6);
}

TEST(CompareBlocks, counts_nan_and_flushed) {
  std::vector<float> x(64, 1e-3F);
  x[0] = 100;
  x[40] = std::numeric_limits<float>::quiet_NaN();
  const error_report r = compare<mxfp4>(x);
  EXPECT_EQ(r.nan, 1U);
  EXPECT_EQ(r.overflowed, 31U) << "the rest of the NaN block";
  EXPECT_EQ(r.flushed, 31U);
}

TEST(CompareBlocks, finer_formats_have_smaller_errors) {
  const auto x = gaussian(1 << 16);
  const double mx4_error = compare<mx4>(x).mse, mx6_error = compare<mx6>(x).mse,
               mx9_error = compare<mx9>(x).mse;
  EXPECT_GT(mx4_error, 4 * mx6_error);
  EXPECT_GT(mx6_error, 16 * mx9_error);
  EXPECT_GT(compare<mxfp4>(x).mse, compare<nvfp4>(x).mse);
  EXPECT_GT(compare<hif4>(x).mse, compare<hif5>(x).mse);
}

}  // namespace
