// block_matrix: blocks that never straddle rows, blocks down columns, tiles under one scale.
#include <algorithm>
#include <bit>
#include <random>
#include <utility>

#include <narrowfp/block_matrix.hpp>

#include "block_probe.hpp"
#include "block_support.hpp"

namespace {

using namespace block_test;
using namespace narrowfp;

std::vector<float> gaussian(std::size_t n, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::normal_distribution<float> normal(0, 1);
  std::vector<float> x(n);
  std::generate(x.begin(), x.end(), [&] { return normal(random); });
  return x;
}

std::vector<float> transposed(const std::vector<float>& x, std::size_t rows, std::size_t cols) {
  std::vector<float> y(x.size());
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t c = 0; c < cols; ++c) {
      y[c * rows + r] = x[r * cols + c];
    }
  }
  return y;
}

template <class B>
void expect_rows_like_single_calls(const quantize_options& options) {
  constexpr std::size_t rows = 5, cols = 3 * B::elements + 7;
  const auto x = gaussian(rows * cols, 41);
  block_matrix<B> m(rows, cols);
  EXPECT_EQ(m.rows(), rows);
  EXPECT_EQ(m.cols(), cols);
  EXPECT_EQ(m.blocks_per_row(), 4U);
  EXPECT_EQ(m.blocks().size(), 20U);
  m.quantize(x, options);
  for (std::size_t r = 0; r < rows; ++r) {
    std::vector<B> row(4);
    auto own = options;
    own.first_index += r * cols;
    narrowfp::quantize(std::span(x).subspan(r * cols, cols), row, own);
    EXPECT_TRUE(std::equal(row.begin(), row.end(), m.row(r).begin())) << "row " << r;
  }
  std::vector<float> y(x.size());
  m.dequantize(y);
  for (std::size_t r = 0; r < rows; ++r) {
    std::vector<float> row(cols);
    narrowfp::dequantize(m.row(r), row);
    EXPECT_TRUE(std::equal(row.begin(), row.end(), y.begin() + static_cast<std::ptrdiff_t>(r * cols)));
  }
}

TEST(BlockMatrix, rows_are_quantized_on_their_own) {
  expect_rows_like_single_calls<mxfp4>({});
  expect_rows_like_single_calls<hif4>({});
  expect_rows_like_single_calls<nvfp4>({.round = rounding::stochastic, .seed = 7, .first_index = 1000});
}

template <class B>
void expect_columns_like_the_transpose(std::size_t rows, std::size_t cols) {
  const auto x = gaussian(rows * cols, 42);
  block_matrix<B> down(rows, cols, block_axis::column), across(cols, rows);
  down.quantize(x);
  across.quantize(transposed(x, rows, cols));
  EXPECT_EQ(down.blocks_per_row(), block_count<B>(rows));
  EXPECT_TRUE(std::equal(down.blocks().begin(), down.blocks().end(), across.blocks().begin()));
  std::vector<float> y(x.size()), t(x.size());
  down.dequantize(y);
  across.dequantize(t);
  EXPECT_EQ(y, transposed(t, cols, rows));
}

TEST(BlockMatrix, blocks_down_columns_are_those_of_the_transpose) {
  for (const std::size_t cols : {1U, 9U, 16U, 17U, 50U}) {
    for (const std::size_t rows : {1U, 70U, 256U, 257U, 600U}) {
      expect_columns_like_the_transpose<mxfp6_e2m3>(rows, cols);
    }
  }
  expect_columns_like_the_transpose<hif4>(700, 33);
  using long_blocks = block_format<fp8_e4m3, shared_scale<float, 300>>;
  expect_columns_like_the_transpose<long_blocks>(901, 18);
}

TEST(BlockMatrix, stochastic_draws_go_by_the_place_in_the_matrix) {
  // Every element lies halfway, so that its code tells its draw.
  constexpr std::size_t rows = 320, cols = 41;
  const std::vector<float> x(rows * cols, 2.5F);
  const quantize_options options = {.round = rounding::stochastic, .seed = 11, .first_index = 3};
  block_matrix<mxint8> across(rows, cols), down(rows, cols, block_axis::column);
  across.quantize(x, options);
  down.quantize(x, options);
  std::vector<float> y(x.size()), z(x.size());
  across.dequantize(y);
  down.dequantize(z);
  EXPECT_EQ(y, z);
}

template <class B>
void expect_tiles(std::size_t rows, std::size_t cols, std::size_t edge, const quantize_options& options) {
  const auto x = gaussian(rows * cols, 43);
  block_matrix<B> m(rows, cols), t(cols, rows);
  m.quantize_tiles(x, edge, options);
  t.quantize_tiles(transposed(x, rows, cols), edge, options);
  std::vector<float> y(x.size()), z(x.size());
  m.dequantize(y);
  t.dequantize(z);
  EXPECT_EQ(transposed(y, rows, cols), z) << "a matrix and its transpose have the same values";
  EXPECT_EQ(m.transposed(), t) << "and the same blocks";
  EXPECT_EQ(m.transposed().transposed(), m);
  // The scale of a tile is that of a block that holds its largest magnitude.
  for (std::size_t top = 0; top < rows; top += edge) {
    for (std::size_t left = 0; left < cols; left += edge) {
      std::vector<float> block(B::elements, 0.0F);
      for (std::size_t r = top; r < std::min(rows, top + edge); ++r) {
        for (std::size_t c = left; c < std::min(cols, left + edge); ++c) {
          block[0] = std::max(block[0], std::abs(x[r * cols + c]));
        }
      }
      if (options.scale != scale_rule::search_mse && options.scale != scale_rule::four_over_six) {
        EXPECT_EQ(m.row(top)[left / B::elements].scale_code(0, 0),
                  quantize_both_ways<B>(block, options).scale_code(0, 0));
      }
    }
  }
}

/// Under its scale each block of a tile is what the exact codec makes of it, whatever way was taken.
template <class B>
void expect_exact_blocks_in_tiles(const quantize_options& options) {
  constexpr std::size_t edge = B::elements;
  std::mt19937_64 random(47);
  for (int round = 0; round < 60; ++round) {
    // Adversarial elements; magnitudes may differ much within a tile.
    std::vector<float> x(edge * edge);
    std::generate(x.begin(), x.end(), [&] {
      const auto bits = static_cast<std::uint32_t>(random());
      const auto field =
          static_cast<std::uint32_t>(random() % (round % 3 == 0 ? 250 : 20)) + (round % 2 == 0 ? 1U : 110U);
      return std::bit_cast<float>((bits & (round % 5 == 0 ? 0x80600000 : 0x807FFFFF)) | std::min(field, 254U)
                                                                                            << 23);
    });
    block_matrix<B> m(edge, edge);
    m.quantize_tiles(x, edge, options);
    for (std::size_t r = 0; r < edge; ++r) {
      const B& got = m.row(r)[0];
      blocks::inputs<B> bits;
      for (std::size_t i = 0; i < edge; ++i) {
        bits[i] = std::bit_cast<std::uint32_t>(x[r * edge + i]);
      }
      const B want = blocks::encode_with_scale<B>(bits, got.scale_code(0, 0), {.mode = options.round});
      ASSERT_TRUE(got == want) << "round " << round << ", row " << r;
    }
  }
}

TEST(BlockMatrix, blocks_of_tiles_are_exact) {
  for (const rounding mode : {rounding::native, rounding::nearest_away, rounding::toward_zero,
                              rounding::toward_positive, rounding::to_odd}) {
    expect_exact_blocks_in_tiles<mxfp4>({.round = mode});
    expect_exact_blocks_in_tiles<mxfp8_e5m2>({.round = mode});
    expect_exact_blocks_in_tiles<mxint8>({.round = mode});
    expect_exact_blocks_in_tiles<nvfp4>({.round = mode});
    expect_exact_blocks_in_tiles<nvfp4>({.round = mode, .scale = scale_rule::rceil});
    expect_exact_blocks_in_tiles<q8_0>({.round = mode});
    expect_exact_blocks_in_tiles<block_format<fp8_e4m3, shared_scale<float, 64>>>({.round = mode});
  }
}

// The arrays are null: the sanitizers would report any step from there.
TEST(BlockMatrix, nothing_to_convert) {
  std::vector<float> none;
  std::vector<hif4> no_blocks;
  quantize(none, no_blocks);
  dequantize(no_blocks, none);
  quantize<hif4>(none, split_blocks{});
  dequantize<hif4>(const_split_blocks{}, none);
  for (const auto axis : {block_axis::row, block_axis::column}) {
    for (const auto& [rows, cols] : {std::pair<std::size_t, std::size_t>{0, 0}, {0, 5}, {5, 0}}) {
      block_matrix<mxfp4> m(rows, cols, axis);
      m.quantize(none);
      m.dequantize(none);
      m.quantize_tiles(none);
      EXPECT_TRUE(m.blocks().empty());
      EXPECT_TRUE(m.transposed().blocks().empty());
    }
  }
}

TEST(BlockTiles, sixteen_by_sixteen) {
  expect_tiles<nvfp4>(48, 64, 16, {});
  expect_tiles<nvfp4>(41, 37, 16, {});
  expect_tiles<nvfp4>(64, 64, 32, {});
  expect_tiles<nvfp4>(41, 64, 16, {.scale = scale_rule::rceil});
}
TEST(BlockTiles, thirty_two_by_thirty_two) {
  expect_tiles<mxfp4>(64, 96, 32, {});
  expect_tiles<mxfp8_e4m3>(33, 65, 32, {.scale = scale_rule::rceil});
  expect_tiles<mxint8>(64, 32, 32, {.scale = scale_rule::even});
  expect_tiles<q8_0>(64, 33, 32, {});
  expect_tiles<q8_0>(64, 33, 32, {.scale = scale_rule::rceil});
}

TEST(BlockTiles, search_finds_no_larger_error_than_the_native_scale) {
  const auto x = gaussian(64 * 64, 44);
  const auto error_of = [&](scale_rule rule) {
    block_matrix<nvfp4> m(64, 64);
    m.quantize_tiles(x, 16, {.scale = rule});
    std::vector<float> y(x.size());
    m.dequantize(y);
    double sum = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      sum += (double{x[i]} - double{y[i]}) * (double{x[i]} - double{y[i]});
    }
    return sum;
  };
  EXPECT_LT(error_of(scale_rule::search_mse), error_of(scale_rule::native));
  EXPECT_LE(error_of(scale_rule::four_over_six), error_of(scale_rule::native));
}

TEST(BlockTiles, a_nan_makes_its_tile_nan_and_no_other) {
  auto x = gaussian(32 * 32, 45);
  x[3 * 32 + 20] = std::numeric_limits<float>::quiet_NaN();
  block_matrix<nvfp4> m(32, 32);
  m.quantize_tiles(x);
  for (std::size_t r = 0; r < 32; ++r) {
    EXPECT_NE(m.row(r)[0].scale_code(0, 0), 0x7FU);
    EXPECT_EQ(m.row(r)[1].scale_code(0, 0) == 0x7FU, r < 16);
  }
}

}  // namespace
