// A tensor scale for each line of a block_matrix: each line as quantize and dequantize have it by itself.
#include <gtest/gtest.h>

#include <bit>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include <narrowfp/narrowfp.hpp>

#include "support/array_probe.hpp"
#include "support/report.hpp"

namespace {

using namespace narrowfp;

std::vector<float> normal_values(std::size_t n) {
  std::mt19937 random(17);
  std::normal_distribution<float> normal(0, 5);
  std::vector<float> x(n);
  for (float& v : x) {
    v = normal(random);
  }
  return x;
}

constexpr float some_scales[] = {1.0F, 0.3F, 2.0F, 0x1.8p-3F, 1.0000001F, 7.7F, 0x1p20F};

/// Element i of a line, by its definition.
template <class B>
std::size_t place_of(const block_matrix<B>& matrix, std::size_t line, std::size_t i) {
  return matrix.axis() == block_axis::row ? line * matrix.cols() + i : i * matrix.cols() + line;
}

template <class B>
void check_lines(const char* name, const quantize_options& given) {
  constexpr std::size_t rows = 37, cols = 83;
  const std::vector<float> x = normal_values(rows * cols);
  support::mismatches found(name);
  for (const isa use : support::available_isas()) {
    for (const block_axis axis : {block_axis::row, block_axis::column}) {
      quantize_options options = given;
      options.use = use;
      block_matrix<B> matrix(rows, cols, axis);
      std::vector<float> scales(matrix.lines());
      for (std::size_t i = 0; i < scales.size(); ++i) {
        scales[i] = some_scales[i % 7];
      }
      matrix.quantize(x, scales, options);
      std::vector<float> out(x.size());
      std::vector<double> doubles(x.size());
      const dequantize_options back = {.as = options.as, .tensor_scale = options.tensor_scale, .use = use};
      matrix.dequantize(scales, out, back);
      matrix.dequantize(scales, doubles, back);
      for (std::size_t line = 0; line < matrix.lines(); ++line) {
        // The product of the two scales, rounded once: their exact product is a double.
        const float scale = static_cast<float>(double{scales[line]} * double{options.tensor_scale});
        std::vector<float> elements(matrix.line_elements());
        for (std::size_t i = 0; i < elements.size(); ++i) {
          elements[i] = x[place_of(matrix, line, i)];
        }
        std::vector<B> want(matrix.blocks_per_row());
        quantize_options of_line = options;
        of_line.tensor_scale = scale;
        const auto context = [&] { return std::string(isa_name(use)) + ", line " + std::to_string(line); };
        if (options.round != rounding::stochastic || axis == block_axis::row) {
          of_line.first_index += place_of(matrix, line, 0);
          quantize(elements, want, of_line);
          found.expect(std::equal(want.begin(), want.end(), matrix.row(line).begin()), context);
        }
        std::vector<float> restored(elements.size());
        std::vector<double> restored_doubles(elements.size());
        dequantize(matrix.row(line), restored, {.as = options.as, .tensor_scale = scale, .use = use});
        dequantize(matrix.row(line), restored_doubles, {.as = options.as, .tensor_scale = scale, .use = use});
        for (std::size_t i = 0; i < elements.size(); ++i) {
          found.expect_equal(std::bit_cast<std::uint32_t>(out[place_of(matrix, line, i)]),
                             std::bit_cast<std::uint32_t>(restored[i]), context);
          found.expect(doubles[place_of(matrix, line, i)] == restored_doubles[i], context);
        }
      }
    }
  }
}

TEST(RowScales, EachLineAsByItself) {
  check_lines<nvfp4>("nvfp4", {});
  check_lines<nvfp4>("nvfp4, tensor_scale", {.tensor_scale = 0.1F});
  check_lines<nvfp4>("nvfp4, torchao", {.as = recipe::torchao, .tensor_scale = 0.1F});
  check_lines<nvfp4>("nvfp4, stochastic", {.round = rounding::stochastic, .seed = 3, .first_index = 9});
  check_lines<mxfp4>("mxfp4, rule", {.scale = scale_rule::rceil, .tensor_scale = 3});
  check_lines<mxfp8_e4m3>("mxfp8_e4m3", {});
  check_lines<hif4>("hif4", {.tensor_scale = 0.7F});
  check_lines<mx6>("mx6", {});
  check_lines<bfp<3, 16>>("bfp", {.tensor_scale = 1.1F});
}

/// Scales of 1 are those of no scales; a power of two moves values and nothing else.
TEST(RowScales, OnesAndPowersOfTwo) {
  const std::vector<float> x = normal_values(6 * 48);
  block_matrix<nvfp4> plain(6, 48), ones(6, 48), powers(6, 48);
  plain.quantize(x);
  ones.quantize(x, std::vector<float>(6, 1.0F));
  EXPECT_EQ(ones, plain);
  std::vector<float> twice = x;
  const float factors[] = {2, 4, 0.5F, 1, 8, 0.25F};
  for (std::size_t i = 0; i < x.size(); ++i) {
    twice[i] = x[i] * factors[i / 48];
  }
  powers.quantize(twice, factors);
  EXPECT_EQ(powers, plain);
  std::vector<float> from_plain(x.size()), from_powers(x.size());
  plain.dequantize(from_plain);
  powers.dequantize(factors, from_powers);
  for (std::size_t i = 0; i < x.size(); ++i) {
    EXPECT_EQ(from_powers[i], from_plain[i] * factors[i / 48]);
  }
}

TEST(RowScales, SourcesAndTargets) {
  const std::vector<float> x = normal_values(3 * 20);
  std::vector<bfloat16> halves(x.size());
  pack(x, halves);
  const std::array<float, 3> scales{1, 2, 3};
  block_matrix<mxfp4> matrix(3, 20), want(3, 20);
  matrix.quantize(halves, scales);
  std::vector<float> floats(halves.begin(), halves.end());
  want.quantize(floats, std::span(scales), {});
  EXPECT_EQ(matrix, want);
  std::vector<float16> out(60);
  matrix.dequantize(std::span<const float>(scales), std::span(out), {});
  matrix.dequantize(scales, floats);
  for (std::size_t i = 0; i < 60; ++i) {
    EXPECT_EQ(out[i].bits(), float16(floats[i]).bits());
  }
}

template <class Call>
void expect_error(Call call, std::initializer_list<const char*> parts) {
  try {
    call();
    ADD_FAILURE() << "nothing was thrown";
  } catch (const std::invalid_argument& error) {
    for (const char* part : parts) {
      EXPECT_NE(std::string(error.what()).find(part), std::string::npos) << error.what();
    }
  }
}

TEST(RowScales, ErrorsComeBeforeAnythingIsWritten) {
  const std::vector<float> x(3 * 40, 1.0F);
  std::vector<float> out(x.size(), 77.0F);
  for (const block_axis axis : {block_axis::row, block_axis::column}) {
    block_matrix<nvfp4> matrix(3, 40, axis);
    const auto expect = [&](const std::vector<float>& scales, float common,
                            std::initializer_list<const char*> parts) {
      expect_error([&] { matrix.quantize(x, scales, {.tensor_scale = common}); }, parts);
      expect_error([&] { matrix.quantize(x, scales, {.tensor_scale = common}); },
                   {"narrowfp::block_matrix::quantize"});
      expect_error([&] { matrix.dequantize(scales, out, {.tensor_scale = common}); }, parts);
      expect_error([&] { matrix.dequantize(scales, out, {.tensor_scale = common}); },
                   {"narrowfp::block_matrix::dequantize"});
    };
    const std::size_t lines = matrix.lines();
    expect(std::vector<float>(lines - 1, 1.0F), 1, {"row_scales"});
    expect(std::vector<float>(lines + 1, 1.0F), 1, {"row_scales"});
    expect({}, 1, {"row_scales", "0"});
    const float infinity = std::numeric_limits<float>::infinity();
    for (const float bad :
         {0.0F, -0.0F, -2.0F, infinity, -infinity, std::numeric_limits<float>::quiet_NaN()}) {
      std::vector<float> scales(lines, 1.0F);
      scales.back() = bad;
      expect(scales, 1, {"row_scales", ("[" + std::to_string(lines - 1) + "]").c_str()});
      expect(std::vector<float>(lines, 1.0F), bad, {"tensor_scale"});
    }
    // Each is in range, their product is not: infinite, and zero.
    std::vector<float> scales(lines, 1.0F);
    scales[1] = 0x1p100F;
    expect(scales, 0x1p100F, {"row_scales", "[1]", "product"});
    scales[1] = 0x1p-100F;
    expect(scales, 0x1p-100F, {"row_scales", "[1]", "product"});
    EXPECT_EQ(matrix, block_matrix<nvfp4>(3, 40, axis));
  }
  for (const float v : out) {
    EXPECT_EQ(v, 77.0F);
  }
}

TEST(RowScales, EmptyMatrices) {
  std::vector<float> none;
  block_matrix<mxfp4> no_rows(0, 5), no_columns(2, 0);
  EXPECT_NO_THROW(no_rows.quantize(none, none));
  EXPECT_NO_THROW(no_rows.dequantize(none, none));
  const std::vector<float> two{1, 2};
  EXPECT_NO_THROW(no_columns.quantize(none, two));
  EXPECT_NO_THROW(no_columns.dequantize(two, none));
  EXPECT_THROW(no_columns.quantize(none, none), std::invalid_argument);
}

}  // namespace
