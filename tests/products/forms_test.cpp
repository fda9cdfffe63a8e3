// Every kind of operand and result: what is said in one form is said in all.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <span>
#include <utility>
#include <vector>

#include <narrowfp/block_matrix.hpp>
#include <narrowfp/products.hpp>

namespace products {
namespace {

using namespace narrowfp;

/// Small integers, exact in every format here, and their products with any others.
std::vector<float> small_numbers(std::size_t n, int seed) {
  std::vector<float> values;
  for (std::size_t i = 0; i < n; ++i) {
    values.push_back(static_cast<float>((static_cast<int>(i) * 7 + seed) % 5 - 2));
  }
  return values;
}

double naive(const std::vector<float>& a, const std::vector<float>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    sum += static_cast<double>(a[i]) * b[i];
  }
  return sum;
}

/// The blocks of which a row consists, one after the other: without the kernels, which take long to compile.
template <class B>
std::vector<B> blocks_of(std::vector<float> values) {
  std::vector<B> blocks(block_count<B>(values.size()));
  values.resize(blocks.size() * B::elements);
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    blocks[i] = quantize_block<B>(
        std::span(std::as_const(values)).subspan(i * B::elements).template first<B::elements>());
  }
  return blocks;
}
template <class Range>
Range codes_of(const std::vector<float>& values) {
  Range codes(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    codes[i] = fp4_e2m1(values[i]);
  }
  return codes;
}

TEST(ProductForms, OperandsOfDot) {
  const std::vector<float> x = small_numbers(70, 1);
  const std::vector<float> w = small_numbers(70, 4);
  const double want = naive(x, w);
  const std::vector<mxfp4> blocks = blocks_of<mxfp4>(w);
  const auto codes = codes_of<std::vector<fp4_e2m1>>(w);
  auto dense = codes_of<packed_vector<fp4_e2m1>>(w);
  std::array<float, 70> array;
  float c_array[70];
  std::memcpy(array.data(), x.data(), sizeof array);
  std::memcpy(c_array, x.data(), sizeof c_array);
  const packed_vector<fp4_e2m1>& const_dense = dense;

  EXPECT_EQ(dot(blocks, x), static_cast<float>(want));
  EXPECT_EQ(dot<double>(x, blocks), want);
  EXPECT_EQ(dot<double>(blocks, blocks, 70), naive(w, w));
  EXPECT_EQ(dot<double>(blocks, blocks), naive(w, w)) << "the last block is completed with zeros";
  EXPECT_EQ(dot<double>(std::span(codes), array), want);
  EXPECT_EQ(dot<double>(std::span<const fp4_e2m1>(codes), c_array), want);
  EXPECT_EQ(dot<double>(std::vector<float>(x), std::vector<mxfp4>(blocks)), want);
  EXPECT_EQ(dot<double>(dense, x), want);
  EXPECT_EQ(dot<double>(const_dense, x), want);
  EXPECT_EQ(dot<double>(packed_span(dense), x), want);
  EXPECT_EQ(dot<double>(packed_span<const fp4_e2m1>(dense), dense), naive(w, w));
  EXPECT_EQ(dot<double>(matrix_view(blocks, 1, 70), x), want);
  EXPECT_EQ(dot<double>(matrix_view(codes, 1, 70), matrix_view(x, 1, 70)), want);
  EXPECT_EQ(dot<double>(matrix_view(dense, 1, 70), x), want);

  // n of any integer type; an option list is none.
  EXPECT_EQ(dot<double>(blocks, x, 70), want);
  EXPECT_EQ(dot<double>(blocks, x, std::size_t{70}), want);
  EXPECT_EQ(dot<double>(blocks, x, short{70}, {.tensor_scale_a = 2}), 2 * want);
  EXPECT_EQ(dot<double>(blocks, x, {}), want);
  EXPECT_EQ(dot<double>(blocks, x, {.tensor_scale_b = 0.5F, .use = isa::scalar}), want / 2);
  EXPECT_EQ(dot<double>(blocks, x, dot_options{}), want);
  static_assert(std::is_same_v<decltype(dot(blocks, x)), float>);
  static_assert(std::is_same_v<decltype(dot<bfloat16>(blocks, x)), bfloat16>);
  EXPECT_EQ(dot<bfloat16>(blocks, x), bfloat16(want));
  EXPECT_EQ(dot<float16>(blocks, x), float16(want));
}

TEST(ProductForms, SplitBlocksComeInAsAView) {
  const std::vector<float> x = small_numbers(70, 2);
  const std::vector<mxfp4> blocks = blocks_of<mxfp4>(small_numbers(70, 3));
  std::vector<std::byte> codes(blocks.size() * mxfp4::code_bytes);
  std::vector<std::byte> scales(blocks.size() * mxfp4::metadata_bytes);
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const auto* bytes = reinterpret_cast<const std::byte*>(&blocks[i]);
    std::memcpy(scales.data() + i * mxfp4::metadata_bytes, bytes, mxfp4::metadata_bytes);
    std::memcpy(codes.data() + i * mxfp4::code_bytes, bytes + mxfp4::metadata_bytes, mxfp4::code_bytes);
  }
  const split_blocks split(codes, scales);
  EXPECT_EQ(dot<double>(matrix_view<mxfp4>(split, 1, 70), x), dot<double>(blocks, x));
  EXPECT_EQ(dot<double>(x, matrix_view<mxfp4>(const_split_blocks(split), 1, 70)), dot<double>(blocks, x));
}

TEST(ProductForms, MatricesOfBlocksByTheirLines) {
  constexpr std::size_t rows = 5;
  constexpr std::size_t cols = 36;
  const std::vector<float> values = small_numbers(rows * cols, 0);
  block_matrix<mxfp4> by_rows(rows, cols);
  for (std::size_t row = 0; row < rows; ++row) {
    const auto line = values.begin() + static_cast<std::ptrdiff_t>(row * cols);
    const auto blocks = blocks_of<mxfp4>({line, line + static_cast<std::ptrdiff_t>(cols)});
    std::copy(blocks.begin(), blocks.end(), by_rows.row(row).begin());
  }
  block_matrix<mxfp4> by_columns(rows, cols, block_axis::column);
  for (std::size_t col = 0; col < cols; ++col) {
    std::vector<float> line;
    for (std::size_t row = 0; row < rows; ++row) {
      line.push_back(values[row * cols + col]);
    }
    by_columns.row(col)[0] = blocks_of<mxfp4>(line)[0];
  }

  const std::vector<float> x = small_numbers(cols, 3);
  std::array<double, rows> y{};
  matrix_vector_product(by_rows, x, y);
  std::vector<bfloat16> narrow(rows);
  matrix_vector_product(matrix_view(by_rows), x, narrow);
  for (std::size_t row = 0; row < rows; ++row) {
    const std::vector<float> line(values.begin() + static_cast<std::ptrdiff_t>(row * cols),
                                  values.begin() + static_cast<std::ptrdiff_t>((row + 1) * cols));
    EXPECT_EQ(y[row], naive(line, x));
    EXPECT_EQ(narrow[row], bfloat16(naive(line, x)));
  }

  // The lines of the other matrix are its columns: the view is the transpose.
  const matrix_view<mxfp4> transposed(by_columns);
  EXPECT_EQ(transposed.rows(), cols);
  EXPECT_EQ(transposed.cols(), rows);
  const std::vector<float> left = small_numbers(2 * rows, 1);
  float c[2 * cols] = {};
  matrix_product(matrix_view(left, 2, rows), by_columns, c);
  for (std::size_t i = 0; i < 2; ++i) {
    for (std::size_t j = 0; j < cols; ++j) {
      double want = 0;
      for (std::size_t k = 0; k < rows; ++k) {
        want += static_cast<double>(left[i * rows + k]) * values[k * cols + j];
      }
      EXPECT_EQ(c[i * cols + j], static_cast<float>(want)) << i << ", " << j;
    }
  }
}

TEST(ProductForms, MatricesWithoutRowsOrColumns) {
  const std::vector<mxfp4> none;
  std::vector<float> y;
  matrix_vector_product(matrix_view<mxfp4>(none, 0, 40), std::vector<float>(40), y);
  y.assign(3, 77.0F);
  matrix_vector_product(matrix_view<mxfp4>(none, 3, 0), std::vector<float>(), y);
  EXPECT_EQ(y, std::vector<float>(3, 0.0F));
  y.assign(3, -5.0F);
  matrix_vector_product(matrix_view<mxfp4>(none, 3, 0), std::vector<float>(), y, {.accumulate = true});
  EXPECT_EQ(y, std::vector<float>(3, -5.0F));
  y.clear();
  matrix_product(matrix_view<mxfp4>(none, 0, 40), matrix_view<mxfp4>(std::vector<mxfp4>(4), 2, 40), y);
}

// Computed by the compiler.

constexpr fp8_e4m3 three = fp8_e4m3(3.0F);
static_assert(dot_block(three, fp4_e2m1(-0.5F)) == -1.5);
static_assert(dot_block(fp8_e5m2::from_bits(0x7C), three) == std::numeric_limits<double>::infinity());
static_assert(dot_block(mxfp4{}, mxint8{}) == 0);
constexpr std::array<float, 32> ones = [] {
  std::array<float, 32> values{};
  for (float& value : values) {
    value = 1;
  }
  return values;
}();
static_assert(dot_block(quantize_block<mxfp4>(ones), quantize_block<mxint8>(ones)) == 32);

TEST(ProductForms, BlocksAlone) {
  const std::vector<float> a = small_numbers(32, 1);
  const std::vector<float> b = small_numbers(32, 2);
  EXPECT_EQ(dot_block(blocks_of<mxfp4>(a)[0], blocks_of<mxint8>(b)[0]), naive(a, b));
  const double nan = dot_block(fp8_e4m3::from_bits(0xFF), three);
  EXPECT_TRUE(std::isnan(nan) && !std::signbit(nan));
}

}  // namespace
}  // namespace products
