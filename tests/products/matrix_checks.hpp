// Products of matrices of two types by every instruction set, against the scalar path: forms that prepare
// rows, around the sizes of their tiles and parts.
#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <narrowfp/products.hpp>

#include "product_inputs.hpp"
#include "product_types.hpp"
#include "support/instruction_sets.hpp"
#include "support/report.hpp"
#include "typed_arrays.hpp"

namespace products {

/// Values without gaps; none of other types.
template <class T>
struct dense_values {
  struct type {};
};
template <narrowfp::narrow_value T>
struct dense_values<T> {
  using type = narrowfp::packed_vector<T>;
};

/// Rows of T in the places that a matrix_view takes: together; of blocks, codes and scales apart; of values,
/// without gaps.
template <class T>
class matrix_of {
 public:
  /// Lines of the kinds that `kind_of_row` says.
  template <class Kind>
  matrix_of(std::size_t rows, std::size_t cols, generator& random, const Kind& kind_of_row)
      : rows_(rows), cols_(cols), elements_(bytes_of(rows, cols, random, kind_of_row), 0) {
    if constexpr (narrowfp::block_type<T>) {
      for (const T& block : elements_.view()) {
        const auto* bytes = reinterpret_cast<const std::byte*>(&block);
        scales_.insert(scales_.end(), bytes, bytes + T::metadata_bytes);
        codes_.insert(codes_.end(), bytes + T::metadata_bytes, bytes + sizeof block);
      }
    } else if constexpr (narrowfp::narrow_value<T>) {
      dense_ = narrowfp::packed_vector<T>(rows * cols);
      for (std::size_t i = 0; i < rows * cols; ++i) {
        dense_[i] = elements_.view()[i];
      }
    }
  }

  /// Calls use(view, name) for all places.
  template <class Use>
  void with_views(const Use& use) const {
    use(narrowfp::matrix_view<T>(elements_.view(), rows_, cols_), "together");
    if constexpr (narrowfp::block_type<T>) {
      use(narrowfp::matrix_view<T>(narrowfp::const_split_blocks(codes_, scales_), rows_, cols_), "apart");
    } else if constexpr (narrowfp::narrow_value<T>) {
      use(narrowfp::matrix_view<T>(dense_, rows_, cols_), "dense");
    }
  }

 private:
  template <class Kind>
  static std::vector<std::uint8_t> bytes_of(std::size_t rows, std::size_t cols, generator& random,
                                            const Kind& kind_of_row) {
    const oracle::packed_type& type = oracle::find_packed_type(type_name<T>);
    std::vector<std::uint8_t> all;
    for (std::size_t row = 0; row < rows; ++row) {
      const std::vector<std::uint8_t> line = make_array(type, kind_of_row(), cols, random);
      all.insert(all.end(), line.begin(), line.end());
    }
    return all;
  }

  std::size_t rows_, cols_;
  array_of<T> elements_;
  std::vector<std::byte> codes_, scales_;
  typename dense_values<T>::type dense_;
};

struct matrix_shape {
  std::size_t rows_a, rows_b, n;
};

/// What a form stores, with a guard before and behind it.
class guarded_results {
 public:
  explicit guarded_results(std::size_t n) : all_(n + 2, guard) {}
  [[nodiscard]] std::span<double> results() { return std::span(all_).subspan(1, all_.size() - 2); }
  [[nodiscard]] bool guards_hold() const { return all_.front() == guard && all_.back() == guard; }

 private:
  static constexpr double guard = -12345;
  std::vector<double> all_;
};

template <class A, class B>
void expect_forms(support::mismatches& report, const matrix_shape& shape, const narrowfp::matrix_view<A>& a,
                  const narrowfp::matrix_view<B>& b, const std::string& what) {
  using narrowfp::isa;
  std::vector<double> want(shape.rows_a * shape.rows_b);
  narrowfp::matrix_product(a, b, want, {.use = isa::scalar});
  for (const isa use : support::available_isas()) {
    const auto expect = [&](double got, std::size_t i, const char* form) {
      report.expect_equal(bits_of(got), bits_of(want[i]), [&] {
        return what + " as a " + form + ", " + std::to_string(shape.rows_a) + " x " +
               std::to_string(shape.rows_b) + ", n " + std::to_string(shape.n) + ", result " +
               std::to_string(i) + ", " + isa_name(use);
      });
    };
    guarded_results c(want.size());
    narrowfp::matrix_product(a, b, c.results(), {.use = use});
    for (std::size_t i = 0; i < want.size(); ++i) {
      expect(c.results()[i], i, "matrix");
    }
    EXPECT_TRUE(c.guards_hold()) << what;
    guarded_results y(shape.rows_a);
    const std::size_t column = shape.n % shape.rows_b;
    narrowfp::matrix_vector_product(a, b.rows(column, 1), y.results(), {.use = use});
    for (std::size_t i = 0; i < shape.rows_a; ++i) {
      expect(y.results()[i], i * shape.rows_b + column, "vector");
    }
    EXPECT_TRUE(y.guards_hold()) << what;
  }
}

/// All rows near, then some of them of any kind; few and many rows, with and without last parts.
template <class A, class B>
void check_matrices(std::uint64_t seed) {
  generator random(seed);
  support::mismatches report(std::string(type_name<A>) + " . " + type_name<B>);
  const auto any_kind = [&] {
    return below(2, random) == 0 ? inputs::near : all_inputs[below(std::size(all_inputs), random)];
  };
  const auto near = [] { return inputs::near; };
  const auto check = [&](const matrix_shape& shape, const auto& kind) {
    const matrix_of<A> a(shape.rows_a, shape.n, random, kind);
    const matrix_of<B> b(shape.rows_b, shape.n, random, kind);
    a.with_views([&](const auto& view_a, const char* of_a) {
      b.with_views([&](const auto& view_b, const char* of_b) {
        expect_forms(report, shape, view_a, view_b, std::string("a ") + of_a + ", b " + of_b);
      });
    });
  };
  for (std::size_t rows_a = 1; rows_a <= 9; ++rows_a) {
    for (const std::size_t rows_b : {std::size_t{1}, 10 - rows_a, rows_a}) {
      check({rows_a, rows_b, 64 + below(200, random)}, any_kind);
    }
  }
  for (const std::size_t n :
       {std::size_t{63}, std::size_t{64}, std::size_t{128}, std::size_t{129}, std::size_t{192},
        std::size_t{255}, std::size_t{256}, std::size_t{257}, std::size_t{1025}}) {
    check({5, 6, n}, near);
    check({4, 1 + below(9, random), n}, any_kind);
  }
  for (const std::size_t n : {std::size_t{2048}, std::size_t{2049}, std::size_t{4200}}) {
    check({4, 5, n}, near);
    check({5, 4, n}, any_kind);
  }
  // More rows of b than a block of them.
  check({4, 70, 70}, any_kind);
}

}  // namespace products
