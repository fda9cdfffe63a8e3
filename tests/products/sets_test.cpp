// Every instruction set gives the scalar definition's bits: of every length, wherever rows begin, however
// they are divided, and of rows so long that sums are carried over.
#include <array>
#include <bit>
#include <cstring>

#include "make_product_probe.hpp"
#include "product_inputs.hpp"
#include "support/instruction_sets.hpp"
#include "support/report.hpp"

namespace products {
namespace {

using narrowfp::isa;
using narrowfp::matrix_view;
using narrowfp::packed_span;

void expect_equal_sets(support::mismatches& report, const pair_probe& pair, byte_view a, byte_view b,
                       std::size_t n, const std::string& what, std::size_t shift = 0) {
  narrowfp::dot_options options;
  options.use = isa::scalar;
  const std::uint64_t want = pair.dot(result::f64, a, b, n, options, 0);
  for (const isa use : support::available_isas()) {
    options.use = use;
    report.expect_equal(pair.dot(result::f64, a, b, n, options, shift), want, [&] {
      return pair.name() + ", " + what + ", n " + std::to_string(n) + ", shift " + std::to_string(shift) +
             ", " + isa_name(use);
    });
  }
}

TEST(ProductSets, GiveTheSameBitsOfEveryLength) {
  for (const pair_probe& pair : pairs()) {
    generator random(11);
    support::mismatches report(pair.name());
    for (const inputs kind : {inputs::near, inputs::any, inputs::most}) {
      const byte_vector a = make_array(pair.a_type(), kind, 300, random);
      const byte_vector b = make_array(pair.b_type(), kind, 300, random);
      for (std::size_t n = 0; n <= 300; ++n) {
        // Of prefixes the elements from n on are finite; in the definition's tests they are anything.
        expect_equal_sets(report, pair, byte_view(a).first(pair.a_type().bytes_of(n)),
                          byte_view(b).first(pair.b_type().bytes_of(n)), n, name_of(kind), n % 9);
      }
    }
  }
}

TEST(ProductSets, GiveTheSameBitsOfAnyBytes) {
  for (const pair_probe& pair : pairs()) {
    generator random(12);
    support::mismatches report(pair.name());
    for (int repeat = 0; repeat < 100; ++repeat) {
      const std::size_t n = below(400, random);
      const inputs kind = all_inputs[below(std::size(all_inputs), random)];
      const byte_vector a = make_array(pair.a_type(), kind, n, random);
      const byte_vector b = make_array(pair.b_type(), repeat % 2 == 0 ? inputs::near : kind, n, random);
      expect_equal_sets(report, pair, a, b, n, name_of(kind));
    }
  }
}

/// One far larger and one far smaller scale among usual ones, at each place: what leaves a kernel's window.
TEST(ProductSets, GiveTheSameBitsWhereverOneScaleIsFar) {
  for (const pair_probe& pair : pairs()) {
    const oracle::packed_type& type = pair.a_type();
    if (!type.is_block() || powers(type).empty()) {
      continue;
    }
    generator random(13);
    support::mismatches report(pair.name());
    const std::size_t blocks = 24;
    const std::size_t n = blocks * type.elements;
    const byte_vector usual = make_array(type, inputs::near, n, random);
    const byte_vector b = make_array(pair.b_type(), inputs::near, n, random);
    for (std::size_t block = 0; block < blocks; ++block) {
      for (const inputs kind : {inputs::low, inputs::high, inputs::any}) {
        byte_vector a = usual;
        const byte_vector other = make_array(type, kind, type.elements, random);
        std::copy(other.begin(), other.end(), a.begin() + static_cast<std::ptrdiff_t>(block * type.bytes()));
        expect_equal_sets(report, pair, a, b, n, std::string("a block of ") + name_of(kind));
      }
    }
  }
}

TEST(ProductSets, GiveTheSameBitsOfLongRows) {
  struct of_pair {
    const char* a;
    const char* b;
  };
  for (const of_pair& names :
       {of_pair{"mxfp4", "mxfp4"}, of_pair{"mxint8", "mxint8"}, of_pair{"nvfp4", "nvfp4"},
        of_pair{"hif4", "hif4"}, of_pair{"fp8_e5m2", "fp8_e5m2"}, of_pair{"hif8", "hif8"},
        of_pair{"mxfp4", "float"}, of_pair{"fp8_e4m3", "fp8_e4m3"}}) {
    const pair_probe& pair = find_pair(names.a, names.b);
    generator random(14);
    support::mismatches report(pair.name());
    for (const inputs kind : {inputs::near, inputs::most, inputs::any}) {
      const std::size_t n = kind == inputs::most ? 1'000'000 : 100'003;
      const byte_vector a = make_array(pair.a_type(), kind, n, random);
      const byte_vector b = make_array(pair.b_type(), kind, n, random);
      expect_equal_sets(report, pair, a, b, n, name_of(kind));
    }
    // All products alike and of one sign: no lane may run over.
    byte_vector a(pair.a_type().bytes_of(1'000'000));
    byte_vector b(pair.b_type().bytes_of(1'000'000));
    const byte_vector a_one = make_array(pair.a_type(), inputs::most, pair.a_type().elements, random);
    const byte_vector b_one = make_array(pair.b_type(), inputs::most, pair.b_type().elements, random);
    for (std::size_t i = 0; i < a.size(); ++i) {
      a[i] = a_one[i % a_one.size()];
    }
    for (std::size_t i = 0; i < b.size(); ++i) {
      b[i] = b_one[i % b_one.size()];
    }
    expect_equal_sets(report, pair, a, b, 1'000'000, "one block again and again");
  }
}

// Dense storage: rows begin inside a byte.

template <class T>
class DenseProducts : public testing::Test {};
struct e2m1_e4m3 {
  using a = narrowfp::fp4_e2m1;
  using b = narrowfp::fp8_e4m3;
};
struct e2m3_mxfp4 {
  using a = narrowfp::fp6_e2m3;
  using b = narrowfp::mxfp4;
};
struct user_user {
  using a = support::e3m3b3_fn;
  using b = support::e3m3b3_fn;
};
struct seven_bits {
  using a = narrowfp::ue4m3;
  using b = float;
};
using dense_pairs = testing::Types<e2m1_e4m3, e2m3_mxfp4, user_user, seven_bits>;
TYPED_TEST_SUITE(DenseProducts, dense_pairs);

/// Rows of a dense matrix equal their codes in whole bytes, by the scalar definition; then all sets equal
/// that.
TYPED_TEST(DenseProducts, RowsMayBeginInsideAByte) {
  using A = typename TypeParam::a;
  using B = typename TypeParam::b;
  const oracle::packed_type& a_type = oracle::find_packed_type(type_name<A>);
  const oracle::packed_type& b_type = oracle::find_packed_type(type_name<B>);
  generator random(15);
  support::mismatches report(a_type.name + " dense");
  constexpr std::size_t rows = 9;
  for (const std::size_t cols : {1U, 2U, 3U, 5U, 7U, 31U, 33U, 63U, 65U, 127U, 129U, 255U, 257U, 301U}) {
    const byte_vector codes = make_array(a_type, inputs::any, rows * cols, random);
    narrowfp::packed_vector<A> dense(rows * cols);
    for (std::size_t i = 0; i < rows * cols; ++i) {
      dense[i] = A::from_bits(codes[i]);
    }
    const byte_vector b = make_array(b_type, inputs::near, cols, random);
    const array_of<B> x(b, 0);
    for (const isa use : support::available_isas()) {
      for (std::size_t first = 0; first < rows; first += 1 + first % 3) {
        const auto view = matrix_view<A>(packed_span<const A>(dense), rows, cols).rows(first, rows - first);
        ASSERT_EQ(view.rows(), rows - first);
        ASSERT_EQ(view.cols(), cols);
        std::vector<double> y(rows - first);
        narrowfp::matrix_vector_product(view, x.view(), y, {.use = use});
        for (std::size_t row = first; row < rows; ++row) {
          const std::uint64_t want =
              sum_of_products(a_type, byte_view(codes).subspan(row * cols, cols), b_type, b, cols)
                  .rounded(oracle::binary64);
          report.expect_equal(bits_of(y[row - first]), want, [&] {
            return "cols " + std::to_string(cols) + ", row " + std::to_string(row) + " of those from " +
                   std::to_string(first) + ", " + isa_name(use);
          });
        }
        if (first == 0) {
          const packed_span<const A> row_0(dense.bytes(), cols);
          report.expect_equal(bits_of(narrowfp::dot<double>(row_0, x.view(), {.use = use})), bits_of(y[0]),
                              [&] { return std::string("dot of a packed_span, ") + isa_name(use); });
        }
      }
    }
  }
}

// However rows are divided among calls.

TEST(ProductSets, GiveTheSameBitsOfPartsOfAMatrix) {
  using narrowfp::mxfp4;
  generator random(16);
  constexpr std::size_t rows = 23;
  constexpr std::size_t cols = 170;
  const oracle::packed_type& type = oracle::find_packed_type("mxfp4");
  byte_vector bytes;
  for (std::size_t row = 0; row < rows; ++row) {
    const byte_vector line = make_array(type, inputs::any, cols, random);
    bytes.insert(bytes.end(), line.begin(), line.end());
  }
  const array_of<mxfp4> a(bytes, 0);
  const array_of<mxfp4> x(make_array(type, inputs::any, cols, random), 0);
  const matrix_view<mxfp4> view(a.view(), rows, cols);
  std::vector<float> row_scales;
  for (std::size_t row = 0; row < rows; ++row) {
    row_scales.push_back(std::bit_cast<float>(usual_factor(random)));
  }
  std::vector<float> whole(rows, 3.0F);
  narrowfp::matrix_vector_product(view, x.view(), whole,
                                  {.row_scales_a = row_scales, .accumulate = true, .use = isa::scalar});
  support::mismatches report("parts");
  for (const isa use : support::available_isas()) {
    for (std::size_t count = 1; count <= rows; ++count) {
      std::vector<float> y(rows, 3.0F);
      for (std::size_t first = 0; first < rows; first += count) {
        const std::size_t some = std::min(count, rows - first);
        narrowfp::matrix_vector_product(
            view.rows(first, some), x.view(), std::span(y).subspan(first, some),
            {.row_scales_a = std::span(row_scales).subspan(first, some), .accumulate = true, .use = use});
      }
      for (std::size_t row = 0; row < rows; ++row) {
        report.expect_equal(bits_of(y[row]), bits_of(whole[row]), [&] {
          return std::to_string(count) + " rows at a time, row " + std::to_string(row) + ", " + isa_name(use);
        });
      }
    }
  }
  EXPECT_EQ(view.rows(3, 7).rows(2, 4).rows(), 4U);
  const matrix_view<mxfp4> part = view.rows(3, 7).rows(2, 4);
  std::vector<float> y(4);
  narrowfp::matrix_vector_product(part, x.view(), y);
  std::vector<float> all(rows);
  narrowfp::matrix_vector_product(view, x.view(), all);
  EXPECT_EQ(std::memcmp(y.data(), all.data() + 5, sizeof(float) * 4), 0) << "rows of rows";
}

/// Elements from n on do not count, whatever they are: under a scale that is infinite, zeros among them are
/// no NaN.
TEST(ProductSets, GiveTheSameBitsWhateverFollowsTheElements) {
  for (const pair_probe& pair : pairs()) {
    generator random(17);
    support::mismatches report(pair.name());
    for (const inputs kind : {inputs::near, inputs::infinity, inputs::nan}) {
      for (const std::size_t n : {1U, 2U, 5U, 17U, 40U, 70U, 130U}) {
        byte_vector a = make_array(pair.a_type(), kind, n, random);
        byte_vector b = make_array(pair.b_type(), inputs::near, n, random);
        const std::uint64_t want =
            sum_of_products(pair.a_type(), a, pair.b_type(), b, n).rounded(oracle::binary64);
        for (int repeat = 0; repeat < 5; ++repeat) {
          const auto fill = [&](const oracle::packed_type& type, byte_vector& array) {
            editor edit(type, array);
            for (std::size_t i = n; i % type.elements != 0; ++i) {
              edit.set_code(i, repeat == 0 ? ~0U : repeat == 1 ? 0U : static_cast<std::uint32_t>(random()));
            }
          };
          fill(pair.a_type(), a);
          fill(pair.b_type(), b);
          for (const isa use : support::available_isas()) {
            report.expect_equal(pair.dot(result::f64, a, b, n, {.use = use}, 0), want, [&] {
              return std::string(name_of(kind)) + ", n " + std::to_string(n) + ", " + isa_name(use);
            });
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace products
