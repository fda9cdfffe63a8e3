// Products of pairs of every kind are the exact sum of exact products, rounded once: against the oracle.
#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

#include "product_inputs.hpp"
#include "product_probe.hpp"
#include "support/instruction_sets.hpp"
#include "support/report.hpp"

namespace products {
namespace {

using oracle::exact_dot;
using oracle::packed_type;

/// A pair with its arrays of n elements and its two tensor scales, bits of floats.
struct example {
  const pair_probe& pair;
  std::size_t n;
  byte_vector a, b;
  std::uint32_t tensor_a = 0x3F800000, tensor_b = 0x3F800000;

  [[nodiscard]] exact_dot exact() const {
    exact_dot sum = sum_of_products(pair.a_type(), a, pair.b_type(), b, n);
    sum.multiply(oracle::binary32.decode(tensor_a));
    sum.multiply(oracle::binary32.decode(tensor_b));
    return sum;
  }
};

void expect_exact(support::mismatches& report, const example& x, const std::string& what) {
  const exact_dot exact = x.exact();
  for (const narrowfp::isa use : support::available_isas()) {
    for (const result out : all_results) {
      const std::uint64_t got = x.pair.dot(out, x.a, x.b, x.n,
                                           {.tensor_scale_a = std::bit_cast<float>(x.tensor_a),
                                            .tensor_scale_b = std::bit_cast<float>(x.tensor_b),
                                            .use = use},
                                           0);
      report.expect_equal(got, exact.rounded(layout_of(out)), [&] {
        return what + ", n " + std::to_string(x.n) + ", scales " + support::hex(x.tensor_a, 8) + ' ' +
               support::hex(x.tensor_b, 8) + ", " + layout_of(out).name + ", " + isa_name(use);
      });
    }
  }
}

class ProductDefinition : public testing::TestWithParam<std::size_t> {
 protected:
  static const pair_probe& pair() { return pairs()[GetParam()]; }
  /// The same data whatever other tests have run.
  generator random{20261130 + GetParam()};
};

std::string test_name(const pair_probe& pair) {
  std::string name = std::string(pair.a) + "_" + pair.b;
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c == '<' || c == '>' || c == ','; }, '_');
  return name;
}

TEST_P(ProductDefinition, OfEveryKindOfDataAndLength) {
  support::mismatches report(pair().name());
  const std::size_t lengths[] = {1, 2, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100, 127, 128, 129, 200, 256, 300};
  for (const inputs of_a : all_inputs) {
    for (const inputs of_b : all_inputs) {
      const std::size_t n = lengths[below(std::size(lengths), random)];
      const example x = {pair(), n, make_array(pair().a_type(), of_a, n, random),
                         make_array(pair().b_type(), of_b, n, random)};
      expect_exact(report, x, std::string(name_of(of_a)) + " . " + name_of(of_b));
    }
  }
}

TEST_P(ProductDefinition, OfNoElementsIsZero) {
  support::mismatches report(pair().name());
  expect_exact(report, {pair(), 0, {}, {}}, "nothing");
  for (const result out : all_results) {
    report.expect_equal(pair().dot(out, {}, {}, 0, {}, 0), 0U, [&] { return layout_of(out).name; });
  }
}

TEST_P(ProductDefinition, UnderUsualAndExtremeTensorScales) {
  support::mismatches report(pair().name());
  for (int repeat = 0; repeat < 24; ++repeat) {
    const std::size_t n = 1 + below(150, random);
    example x = {pair(), n,
                 make_array(pair().a_type(), repeat % 3 == 0 ? inputs::any : inputs::near, n, random),
                 make_array(pair().b_type(), repeat % 5 == 0 ? inputs::zeros : inputs::near, n, random)};
    const auto factor = repeat % 2 == 0 ? usual_factor : repeat % 4 == 1 ? extreme_factor : any_factor;
    x.tensor_a = factor(random);
    x.tensor_b = factor(random);
    expect_exact(report, x, "scaled");
  }
}

/// Tensor scales that bring the result to a binade.
void scale_to(example& x, int binade, generator& random) {
  const oracle::number sum = oracle::binary64.decode(
      sum_of_products(x.pair.a_type(), x.a, x.pair.b_type(), x.b, x.n).rounded(oracle::binary64));
  if (sum.kind != oracle::kind::finite || is_zero(sum)) {
    return;
  }
  int left = binade - binade_of(sum.numerator);
  for (std::uint32_t* scale : {&x.tensor_a, &x.tensor_b}) {
    const int exponent = std::clamp(left, -126, 127);
    left -= exponent;
    *scale = static_cast<std::uint32_t>(exponent + 127) << 23 |
             (random() % 2 == 0 ? static_cast<std::uint32_t>(random() & 0x7FFFFF) : 0);
  }
}

TEST_P(ProductDefinition, WhereResultsOverflowAndUnderflow) {
  support::mismatches report(pair().name());
  // The ends of float16, of float and bfloat16, and of double as far as two tensor scales reach.
  const int ends[] = {-25, -24, -15, -14, 15, 16, -150, -149, -134, -133, -127, -126, 126, 127, 128, -1075};
  for (const int end : ends) {
    for (int repeat = 0; repeat < 3; ++repeat) {
      const std::size_t n = 1 + below(80, random);
      example x = {pair(), n, make_array(pair().a_type(), inputs::near, n, random),
                   make_array(pair().b_type(), inputs::near, n, random)};
      scale_to(x, end, random);
      expect_exact(report, x, "at 2^" + std::to_string(end));
    }
  }
}

/// The second half of a negates the first, and one element of it is then another.
TEST_P(ProductDefinition, WhereHalvesCancel) {
  support::mismatches report(pair().name());
  const packed_type& a = pair().a_type();
  const packed_type& b = pair().b_type();
  const std::size_t unit = std::lcm(a.elements, b.elements);
  for (int repeat = 0; repeat < 12; ++repeat) {
    const std::size_t half = unit * (1 + below(std::max<std::size_t>(128 / unit, 1), random));
    example x = {pair(), 2 * half, make_array(a, repeat % 2 == 0 ? inputs::any : inputs::near, half, random),
                 make_array(b, repeat % 3 == 0 ? inputs::any : inputs::near, half, random)};
    for (byte_vector* array : {&x.a, &x.b}) {
      const byte_vector first = *array;
      array->insert(array->end(), first.begin(), first.end());
    }
    editor edit(a, x.a);
    for (std::size_t i = half; i < 2 * half; ++i) {
      if (const auto code = negated(a, edit.code(i))) {
        edit.set_code(i, *code);
      }
    }
    if (repeat % 4 != 0) {
      const std::size_t at = below(2 * half, random);
      edit.set_code(at, edit.code(at) ^ 1U);
    }
    expect_exact(report, x, "cancelling");
  }
}

/// An exponent of a product that both types can state, and how.
struct split_power {
  int a, b;
};
std::optional<split_power> split(const packed_type& a, const packed_type& b, int exponent,
                                 generator& random) {
  const std::vector<int>& of_a = powers(a);
  const std::vector<int>& of_b = powers(b);
  const std::size_t first = of_a.empty() ? 0 : below(of_a.size(), random);
  for (std::size_t i = 0; i < of_a.size(); ++i) {
    const int power = of_a[(first + i) % of_a.size()];
    if (std::binary_search(of_b.begin(), of_b.end(), exponent - power)) {
      return split_power{power, exponent - power};
    }
  }
  return std::nullopt;
}

/// 2^p + 1 or 2^p + 3 units, for results of p bits, alone or with one far smaller term of either sign.
TEST_P(ProductDefinition, AtTies) {
  const packed_type& a = pair().a_type();
  const packed_type& b = pair().b_type();
  if (powers(a).empty() || powers(b).empty()) {
    GTEST_SKIP() << "no powers of two";
  }
  const int least = powers(a).front() + powers(b).front();
  const int most = powers(a).back() + powers(b).back();
  const std::size_t step = std::lcm(a.elements, b.elements);
  support::mismatches report(pair().name());
  for (const int precision : {8, 11, 24, 53}) {
    if (most - least < precision) {
      expect_exact(report, {pair(), 0, {}, {}}, "nothing");
      continue;
    }
    for (int repeat = 0; repeat < 12; ++repeat) {
      const auto range = static_cast<std::size_t>(most - least - precision) + 1;
      const int unit = least + static_cast<int>(below(range, random));
      std::vector<int> exponents = {unit + precision, unit};
      if (repeat % 2 == 1 && unit + 1 <= most) {
        exponents.push_back(unit + 1);
      }
      if (repeat % 3 != 0) {
        exponents.push_back(least +
                            static_cast<int>(below(static_cast<std::size_t>(unit - least) + 1, random)));
      }
      const bool last_is_negative = repeat % 3 == 2;
      const bool all_negative = repeat % 4 == 3;
      const std::size_t n = (exponents.size() - 1) * step + 1;
      example x = {pair(), n, byte_vector(a.bytes_of(n)), byte_vector(b.bytes_of(n))};
      std::shuffle(exponents.begin(), exponents.end() - (repeat % 3 != 0 ? 1 : 0), random);
      for (std::size_t i = 0; i < exponents.size(); ++i) {
        if (const auto of = split(a, b, exponents[i], random)) {
          const bool negative = all_negative != (last_is_negative && i + 1 == exponents.size());
          set_power(b, x.b, i * step, of->b, false);
          if (!set_power(a, x.a, i * step, of->a, negative)) {
            set_power(a, x.a, i * step, of->a, false);
          }
        }
      }
      if (repeat % 4 == 0) {
        std::uniform_int_distribution<std::uint32_t> field(64, 190);
        x.tensor_a = field(random) << 23;
      }
      expect_exact(report, x, "tie of " + std::to_string(precision) + " bits");
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Pairs, ProductDefinition, testing::Range<std::size_t>(0, pairs().size()),
                         [](const auto& instance) { return test_name(pairs()[instance.param]); });

/// Little-endian element i of a result.
std::uint64_t element(const byte_vector& bytes, std::size_t width, std::size_t i) {
  std::uint64_t word = 0;
  for (std::size_t j = 0; j < width; ++j) {
    word |= std::uint64_t{bytes[i * width + j]} << 8 * j;
  }
  return word;
}

/// Two matrices with scales of rows, perhaps none.
struct matrix_example {
  const pair_probe& pair;
  std::size_t rows, columns, n;
  byte_vector a, b;
  std::uint32_t tensor_a, tensor_b;
  std::vector<float> row_scales_a, row_scales_b;

  [[nodiscard]] byte_view a_row(std::size_t row) const {
    const std::size_t line = pair.a_type().bytes_of(n);
    return byte_view(a).subspan(row * line, line);
  }
  [[nodiscard]] byte_view b_row(std::size_t row) const {
    const std::size_t line = pair.b_type().bytes_of(n);
    return byte_view(b).subspan(row * line, line);
  }
  [[nodiscard]] exact_dot exact(std::size_t row, std::size_t column) const {
    exact_dot sum = sum_of_products(pair.a_type(), a_row(row), pair.b_type(), b_row(column), n);
    sum.multiply(oracle::binary32.decode(tensor_a));
    sum.multiply(oracle::binary32.decode(tensor_b));
    if (!row_scales_a.empty()) {
      sum.multiply(oracle::binary32.decode(std::bit_cast<std::uint32_t>(row_scales_a[row])));
    }
    if (!row_scales_b.empty()) {
      sum.multiply(oracle::binary32.decode(std::bit_cast<std::uint32_t>(row_scales_b[column])));
    }
    return sum;
  }
  [[nodiscard]] matrix_call call(result out, bool accumulate, narrowfp::isa use) const {
    return {.out = out,
            .rows = rows,
            .cols = n,
            .b_rows = columns,
            .options = {.tensor_scale_a = std::bit_cast<float>(tensor_a),
                        .tensor_scale_b = std::bit_cast<float>(tensor_b),
                        .row_scales_a = row_scales_a,
                        .row_scales_b = row_scales_b,
                        .accumulate = accumulate,
                        .use = use}};
  }
};

matrix_example make_matrices(const pair_probe& pair, int repeat, generator& random) {
  const std::size_t rows = 1 + below(9, random);
  const std::size_t columns = 1 + below(9, random);
  matrix_example x = {.pair = pair,
                      .rows = rows,
                      .columns = columns,
                      .n = below(300, random),
                      .a = {},
                      .b = {},
                      .tensor_a = usual_factor(random),
                      .tensor_b = usual_factor(random),
                      .row_scales_a = std::vector<float>(repeat % 2 == 0 ? rows : 0),
                      .row_scales_b = std::vector<float>(repeat % 4 < 2 ? columns : 0)};
  const auto add_line = [&](const packed_type& type, byte_vector& all) {
    const byte_vector line = make_array(type, repeat % 3 == 0 ? inputs::any : inputs::near, x.n, random);
    all.insert(all.end(), line.begin(), line.end());
  };
  for (std::size_t row = 0; row < rows; ++row) {
    add_line(pair.a_type(), x.a);
  }
  for (std::size_t column = 0; column < columns; ++column) {
    add_line(pair.b_type(), x.b);
  }
  for (std::vector<float>* scales : {&x.row_scales_a, &x.row_scales_b}) {
    for (float& scale : *scales) {
      scale = std::bit_cast<float>(repeat % 5 == 4 ? extreme_factor(random) : usual_factor(random));
    }
  }
  return x;
}

/// Both forms into results of one type that hold any bytes before, NaN and infinities among them.
void expect_exact(support::mismatches& report, const matrix_example& x, result out, bool accumulate,
                  generator& random) {
  const oracle::source_layout& layout = layout_of(out);
  const auto width = static_cast<std::size_t>(layout.width()) / 8;
  byte_vector before(x.rows * x.columns * width);
  for (std::uint8_t& byte : before) {
    byte = static_cast<std::uint8_t>(random());
  }
  std::vector<std::uint64_t> want;
  for (std::size_t row = 0; row < x.rows; ++row) {
    for (std::size_t column = 0; column < x.columns; ++column) {
      exact_dot sum = x.exact(row, column);
      if (accumulate) {
        sum.add(layout.decode(element(before, width, want.size())));
      }
      want.push_back(sum.rounded(layout));
    }
  }
  for (const narrowfp::isa use : support::available_isas()) {
    const auto expect = [&](std::uint64_t got, std::size_t row, std::size_t column, const char* form) {
      report.expect_equal(got, want[row * x.columns + column], [&] {
        return x.pair.name() + " as a " + form + ", n " + std::to_string(x.n) + ", row " +
               std::to_string(row) + ", column " + std::to_string(column) + ", " + layout.name + ", " +
               isa_name(use);
      });
    };
    matrix_call call = x.call(out, accumulate, use);
    if (x.pair.matrix != nullptr) {
      byte_vector c = before;
      x.pair.matrix(call, x.a, x.b, c);
      for (std::size_t i = 0; i < want.size(); ++i) {
        expect(element(c, width, i), i / x.columns, i % x.columns, "matrix");
      }
    }
    for (std::size_t column = 0; column < x.columns; ++column) {
      byte_vector y;
      for (std::size_t row = 0; row < x.rows; ++row) {
        const auto at = before.begin() + static_cast<std::ptrdiff_t>((row * x.columns + column) * width);
        y.insert(y.end(), at, at + static_cast<std::ptrdiff_t>(width));
      }
      if (!x.row_scales_b.empty()) {
        call.options.row_scales_b = std::span(x.row_scales_b).subspan(column, 1);
      }
      x.pair.matrix_vector(call, x.a, x.b_row(column), y);
      for (std::size_t row = 0; row < x.rows; ++row) {
        expect(element(y, width, row), row, column, "vector");
      }
    }
  }
}

TEST(MatrixProducts, AreTheirExactSums) {
  generator random(7);
  support::mismatches report("matrices");
  for (const pair_probe& pair : pairs()) {
    if (pair.matrix_vector == nullptr) {
      continue;
    }
    for (int repeat = 0; repeat < 12; ++repeat) {
      const matrix_example x = make_matrices(pair, repeat, random);
      for (const result out : all_results) {
        for (const bool accumulate : {false, true}) {
          expect_exact(report, x, out, accumulate, random);
        }
      }
    }
  }
}

/// What a result holds is added after all scales: it may cancel the sum, or decide it from far below.
TEST(MatrixProducts, AddWhatIsThereBeforeTheyRound) {
  const pair_probe& pair = find_pair("fp8_e4m3", "fp8_e4m3");
  const auto product = [&](const std::vector<std::uint8_t>& a, const std::vector<std::uint8_t>& b,
                           float scale, float y) {
    byte_vector bytes(4);
    const auto before = std::bit_cast<std::uint32_t>(y);
    for (std::size_t i = 0; i < 4; ++i) {
      bytes[i] = static_cast<std::uint8_t>(before >> 8 * i);
    }
    pair.matrix_vector({.cols = a.size(), .options = {.tensor_scale_a = scale, .accumulate = true}}, a, b,
                       bytes);
    return static_cast<std::uint32_t>(element(bytes, 4, 0));
  };
  const auto bits = [](float x) { return std::bit_cast<std::uint32_t>(x); };
  constexpr std::uint8_t one = 0x38;
  constexpr std::uint8_t minus_zero = 0x80;
  // 1 - 2^-18 less 1.
  EXPECT_EQ(product({one, 0x01}, {one, 0x81}, 1, -1), bits(-0x1p-18F));
  EXPECT_EQ(product({one}, {one}, 0x1p-149F, 1), bits(1.0F));
  EXPECT_EQ(product({one}, {one}, 0x1p-149F, 0x1.000002p0F), bits(0x1.000002p0F));
  EXPECT_EQ(product({one}, {one}, 0x1p24F, 1.5F), bits(0x1.000002p24F));
  EXPECT_EQ(product({one}, {one}, 0x1.fffffep127F, 0x1.fffffep127F), bits(INFINITY));
  EXPECT_EQ(product({minus_zero}, {one}, 1, -0.0F), 0U) << "-0 and an exact zero are +0";
  EXPECT_EQ(product({}, {}, 1, -0.0F), 0U);
  EXPECT_EQ(product({one}, {one}, 1, -INFINITY), bits(-INFINITY));
  EXPECT_EQ(product({one}, {one}, 1, -std::bit_cast<float>(0x7FC12345U)), 0x7FC00000U);
}

}  // namespace
}  // namespace products
