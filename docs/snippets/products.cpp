// Products of packed data, quoted by docs/products.md and docs/cookbook.md; each part is checked by what
// follows it.
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <limits>
#include <span>
#include <thread>
#include <vector>

#include <narrowfp/narrowfp.hpp>

using namespace narrowfp;

namespace {

std::vector<float> some_values(std::size_t count, std::uint32_t seed) {
  std::vector<float> values(count);
  for (float& x : values) {
    seed = seed * 1664525U + 1013904223U;
    x = static_cast<float>(static_cast<std::int32_t>(seed)) * 0x1p-31F;
  }
  return values;
}

template <class B>
std::vector<B> in_blocks(std::span<const float> values) {
  std::vector<B> blocks(block_count<B>(values.size()));
  quantize(values, blocks);
  return blocks;
}

bool dots_are_right() {
  const std::vector<float> x = some_values(1000, 1), y = some_values(1000, 2);
  // [dot]
  const std::vector<mxfp4> weights = in_blocks<mxfp4>(x);        // 1000 elements in 32 blocks
  const std::vector<mxint8> activations = in_blocks<mxint8>(y);  // another format
  const float sum = dot(weights, activations);                   // exact, then rounded once to float
  const double wide = dot<double>(weights, activations, 1000);   // the same sum rounded to double
  const float with_floats = dot(weights, y, 1000);               // an operand may be an array of float
  const float scaled = dot(weights, activations, {.tensor_scale_a = 0.125F});  // an exact factor
  // [end dot]
  return sum == static_cast<float>(wide) && scaled == 0.125F * sum && std::fabs(with_floats - sum) < 0.1F &&
         dot(activations, weights, {.use = isa::scalar}) == sum;
}

bool matrices_are_right() {
  const std::size_t rows = 6, cols = 100;
  const std::vector<float> w = some_values(rows * cols, 3), v = some_values(3 * cols, 4),
                           row_scales(rows, 0.1F);
  block_matrix<nvfp4> blocks(rows, cols);
  blocks.quantize(w);
  packed_vector<fp4_e2m1> codes(3 * cols);
  pack(v, codes);
  // [matrix]
  const matrix_view a(blocks);          // 6 x 100, of a block_matrix<nvfp4>
  const matrix_view b(codes, 3, cols);  // 3 x 100, of values stored without gaps
  std::vector<float> c(rows * 3);
  matrix_product(a, b, c);  // c = a b^T, 6 x 3

  std::vector<bfloat16> y(rows, bfloat16(1.0F));
  matrix_vector_product(a, b.rows(0, 1), y, {.row_scales_a = row_scales, .accumulate = true});  // y = 1 + ...
  // [end matrix]
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = 0; j < 3; ++j) {
      if (c[3 * i + j] != dot(a.rows(i, 1), b.rows(j, 1))) {
        return false;
      }
    }
    if (std::fabs(static_cast<float>(y[i]) - 1 - 0.1F * c[3 * i]) > 0.02F) {
      return false;
    }
  }
  return true;
}

// [accumulator]
/// What an accumulator makes of a row that keeps `bits` bits below the leading bit of the largest product of
/// 32, cuts what lies lower, and adds these sums in float.
float truncating_dot(std::span<const fp8_e4m3> a, std::span<const fp8_e4m3> b, int bits) {
  float total = 0;
  for (std::size_t i = 0; i < a.size(); i += 32) {
    const std::size_t n = std::min<std::size_t>(32, a.size() - i);
    double product[32] = {}, largest = 0, sum = 0;
    for (std::size_t j = 0; j < n; ++j) {
      product[j] = dot_block(a[i + j], b[i + j]);  // of two values: exact
      largest = std::max(largest, std::fabs(product[j]));
    }
    if (largest > 0) {
      const double unit = std::ldexp(1.0, std::ilogb(largest) - bits);
      for (std::size_t j = 0; j < n; ++j) {
        sum += std::trunc(product[j] / unit) * unit;
      }
    }
    total += static_cast<float>(sum);
  }
  return total;
}

/// By how much it is wrong, as a share of the exact sum.
double error_of_accumulator(std::span<const fp8_e4m3> a, std::span<const fp8_e4m3> b, int bits) {
  const double exact = dot<double>(a, b);
  return std::fabs(truncating_dot(a, b, bits) - exact) / std::fabs(exact);
}
// [end accumulator]

bool accumulators_are_told_apart() {
  std::vector<float> x = some_values(4096, 5), y = some_values(4096, 6);
  for (std::size_t i = 0; i < x.size(); ++i) {  // positive sums, so that a share means something
    x[i] = std::fabs(x[i]);
    y[i] = std::fabs(y[i]);
  }
  std::vector<fp8_e4m3> a(4096), b(4096);
  pack(x, a);
  pack(y, b);
  const double with_5 = error_of_accumulator(a, b, 5), with_13 = error_of_accumulator(a, b, 13),
               with_30 = error_of_accumulator(a, b, 30);
  return with_5 > 1e-2 && with_13 < with_5 && with_13 > with_30 && with_30 < 1e-6;
}

// [golden]
/// The answer that a design must give: accumulator + a . b, rounded once to float.
float golden(const mxfp8_e4m3& a, const mxfp8_e4m3& b, float accumulator) {
  matrix_vector_product(matrix_view(std::span(&a, 1), 1, mxfp8_e4m3::elements), std::span(&b, 1),
                        std::span(&accumulator, 1), {.accumulate = true});
  return accumulator;
}

/// Compares bits; design(a, b, accumulator) is a simulator's wrapper.
template <class Design>
bool equals_golden(const mxfp8_e4m3& a, const mxfp8_e4m3& b, float accumulator, const Design& design) {
  return std::bit_cast<std::uint32_t>(design(a, b, accumulator)) ==
         std::bit_cast<std::uint32_t>(golden(a, b, accumulator));
}
// [end golden]

// [golden_constant]
/// Constant expressions, for a table of cases in a test bench: 1 + 1 + ... + 1 under the scales 2^127 and
/// 2^-127.
constexpr double of_ones = [] {
  mxfp8_e4m3 a = {}, b = {};
  a.set_scale_code(254);
  b.set_scale_code(0);
  for (std::size_t i = 0; i < mxfp8_e4m3::elements; ++i) {
    a.set_code(i, fp8_e4m3(1).bits());
    b.set_code(i, fp8_e4m3(1).bits());
  }
  return dot_block(a, b);  // the exact sum rounded once to double
}();
static_assert(of_ones == 32);
// [end golden_constant]

bool golden_models_are_right() {
  std::uint32_t state = 7;
  const auto right_design = [](const mxfp8_e4m3& a, const mxfp8_e4m3& b, float accumulator) {
    return dot<float>(std::span(&a, 1), std::span(&b, 1)) + accumulator;  // two roundings
  };
  int equal = 0, different = 0;
  for (int i = 0; i < 2000; ++i) {
    mxfp8_e4m3 a = {}, b = {};
    a.set_scale_code(127);
    b.set_scale_code(115);
    for (std::size_t j = 0; j < mxfp8_e4m3::elements; ++j) {
      state = state * 1664525U + 1013904223U;
      a.set_code(j, state >> 24 & 0xF7);
      b.set_code(j, state >> 16 & 0xF7);
    }
    (equals_golden(a, b, 1.1F, right_design) ? equal : different) += 1;
  }
  return equal > 1000 && different > 0;
}

bool split_blocks_are_multiplied() {
  const std::size_t rows = 5, cols = 96;
  const std::vector<float> w = some_values(rows * cols, 8), x = some_values(cols, 9);
  const std::vector<mxfp4> together = in_blocks<mxfp4>(w);
  std::vector<std::uint8_t> codes(together.size() * 16), scales(together.size());
  quantize<mxfp4>(w, split_blocks(codes, scales));
  // [split]
  // As checkpoints keep them: codes, 16 bytes a block, in one tensor, scales, a byte a block, in another.
  const matrix_view<mxfp4> weights(const_split_blocks(codes, scales), rows, cols);
  std::vector<float> y(rows);
  matrix_vector_product(weights, x, y);
  // [end split]
  std::vector<float> same(rows);
  matrix_vector_product(matrix_view(together, rows, cols), x, same);
  return y == same;
}

bool threads_change_nothing() {
  const std::size_t rows = 37, cols = 320;
  const std::vector<nvfp4> blocks = in_blocks<nvfp4>(some_values(rows * cols, 10));
  const std::vector<nvfp4> x = in_blocks<nvfp4>(some_values(cols, 11));
  const matrix_view a(blocks, rows, cols);
  std::vector<float> alone(rows), y(rows);
  matrix_vector_product(a, x, alone);
  // [threads]
  std::vector<std::jthread> workers;
  const std::size_t share = 8;
  for (std::size_t first = 0; first < rows; first += share) {
    workers.emplace_back([&, first, count = std::min(share, rows - first)] {
      matrix_vector_product(a.rows(first, count), x, std::span(y).subspan(first, count));
    });
  }
  workers.clear();  // joins
  // [end threads]
  return y == alone;
}

bool specials_are_right() {
  // [specials]
  const float infinity = std::numeric_limits<float>::infinity();
  const std::vector<fp8_e4m3> ones(2, fp8_e4m3(1.0F));
  const float nan = dot(ones, std::vector<float>{infinity, -infinity});  // both signs: NaN
  const float huge = dot(ones, std::vector<float>{infinity, -1.0F});     // one sign: infinity
  const float zero = dot(ones, std::vector<float>{1.0F, -1.0F});         // an exact zero: +0
  const float kept = dot(ones, std::vector<float>{0x1p100F, 1.0F});      // 2^100: 1 is rounded away ...
  const float found = dot(std::vector<fp8_e4m3>(3, fp8_e4m3(1.0F)),
                          std::vector<float>{0x1p100F, 1.0F, -0x1p100F});  // ... at the end: here it is left
  // [end specials]
  return nan != nan && huge == infinity && zero == 0 && !std::signbit(zero) && kept == 0x1p100F && found == 1;
}

}  // namespace

int main() {
  const auto check = [](bool right, const char* what) {
    if (!right) {
      std::cout << what << ": not as the page says\n";
    }
    return right;
  };
  bool right = check(dots_are_right(), "dots");
  right &= check(matrices_are_right(), "matrices");
  right &= check(accumulators_are_told_apart(), "accumulators");
  right &= check(golden_models_are_right(), "golden models");
  right &= check(split_blocks_are_multiplied(), "split blocks");
  right &= check(threads_change_nothing(), "threads");
  right &= check(specials_are_right(), "specials");
  return right ? 0 : 1;
}
