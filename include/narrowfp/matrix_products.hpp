// Products of matrices of packed data: matrix_vector_product and matrix_product. docs/products.md.
#pragma once

#include <cstddef>
#include <span>

#include "core/real.hpp"
#include "detail/error.hpp"
#include "detail/ranges.hpp"
#include "dispatch/isa.hpp"
#include "dispatch/products.hpp"
#include "dispatch/row_scales.hpp"
#include "matrix_view.hpp"
#include "product_operands.hpp"

namespace narrowfp::inline v0 {

/// What products of matrices may be told.
struct product_options {
  float tensor_scale_a = 1;                  ///< an exact factor of all sums, positive and finite
  float tensor_scale_b = 1;                  ///< the same
  std::span<const float> row_scales_a = {};  ///< one factor for each row of a; none: 1
  std::span<const float> row_scales_b = {};  ///< one for each row of b_transposed, or one for the vector
  bool accumulate = false;                   ///< adds what the result holds, before the one rounding
  isa use = isa::automatic;                  ///< an instruction set that is not available is an error
};

namespace detail {

// Internal linkage: see docs/architecture.md, "Units with different flags".
namespace {

inline void require_row_scales(const char* function, const char* argument, std::span<const float> scales,
                               std::size_t rows) {
  if (!scales.empty()) {
    require_size(function, argument, scales.size(), rows, "one for each row, or none");
    require_scales(function, argument, scales);
  }
}

/// A product whose arguments have been checked: out[i * b.rows() + j] is row i of a times row j of b.
template <class A, class B, class Out, bool HasOneB>
struct product_call {
  static constexpr bool has_one_b = HasOneB;  ///< known at compile time, so that less is compiled

  isa set;
  matrix_view<A> a;
  matrix_view<B> b;
  Out* out;
  product_options options;
  core::real tensors;  ///< the product of both tensor scales
};

/// Of operands and a result that fit.
template <bool HasOneB, class A, class B, class Out>
product_call<A, B, Out, HasOneB> checked_product(const char* function, const matrix_view<A>& a,
                                                 const matrix_view<B>& b, std::span<Out> out,
                                                 const product_options& options) {
  const isa set = dispatch::resolve(function, options.use);
  require_scale(function, "tensor_scale_a", options.tensor_scale_a);
  require_scale(function, "tensor_scale_b", options.tensor_scale_b);
  require_row_scales(function, "row_scales_a", options.row_scales_a, a.rows());
  require_row_scales(function, "row_scales_b", options.row_scales_b, b.rows());
  return {set, a, b, out.data(), options, exact_product(options.tensor_scale_a, options.tensor_scale_b)};
}

template <product_matrix A, product_row X, product_target Y>
auto checked_vector_product(const char* function, A& a, X& x, Y& y, const product_options& options) {
  const matrix_view view_a(a);
  const auto view_x = view_of_row(function, "x", x);
  using T = typename decltype(view_x)::value_type;
  require_size(function, "x", units_of<T>(view_x.cols()), units_of<T>(view_a.cols()),
               "block_count<B>(a.cols()) blocks, or a.cols() codes");
  const auto out = as_span(y);
  require_size(function, "y", out.size(), view_a.rows(), "a.rows()");
  return checked_product<true>(function, view_a, view_x, out, options);
}

template <product_matrix A, product_matrix B, product_target C>
auto checked_matrix_product(const char* function, A& a, B& b_transposed, C& c,
                            const product_options& options) {
  const matrix_view view_a(a);
  const matrix_view view_b(b_transposed);
  require_size(function, "b_transposed", view_b.cols(), view_a.cols(), "a.cols() in each row");
  const auto out = as_span(c);
  if (view_b.rows() != 0 && view_a.rows() > ~std::size_t{0} / view_b.rows()) {
    fail(function, "c", "would have more elements than std::size_t can count");
  }
  require_size(function, "c", out.size(), view_a.rows() * view_b.rows(), "a.rows() * b_transposed.rows()");
  return checked_product<false>(function, view_a, view_b, out, options);
}

/// Rows of an operand.
struct row_range {
  std::size_t first, end;

  [[nodiscard]] std::size_t count() const noexcept { return end - first; }
};

/// That part of a product which belongs to some rows of both operands: what dispatch::multiply computes.
template <class RowA, class RowB, class Call>
struct product_job {
  using row_a = RowA;
  using row_b = RowB;
  static constexpr bool has_one_b = Call::has_one_b;

  const Call& call;
  row_range part_a, part_b;

  [[nodiscard]] std::size_t rows_a() const noexcept { return part_a.count(); }
  [[nodiscard]] std::size_t rows_b() const noexcept { return part_b.count(); }
  [[nodiscard]] std::size_t n() const noexcept { return call.a.cols(); }
  [[nodiscard]] RowA a(std::size_t i) const noexcept { return row_at<RowA>(call.a, part_a.first + i); }
  [[nodiscard]] RowB b(std::size_t j) const noexcept { return row_at<RowB>(call.b, part_b.first + j); }
  void store(std::size_t i, std::size_t j, kernels::product_sum<RowA, RowB>& sum) const noexcept {
    const product_options& options = call.options;
    const std::size_t at_a = part_a.first + i;
    const std::size_t at_b = part_b.first + j;
    sum_factors factors = {call.tensors, core::finite(1, 0)};
    if (!options.row_scales_a.empty() || !options.row_scales_b.empty()) {
      factors.rows = exact_product(options.row_scales_a.empty() ? 1.0F : options.row_scales_a[at_a],
                                   options.row_scales_b.empty() ? 1.0F : options.row_scales_b[at_b]);
    }
    store_product(sum, factors, call.out[at_a * call.b.rows() + at_b], options.accumulate);
  }
};

template <class Call>
void multiply_rows(const Call& call, row_range rows_a, row_range rows_b) {
  with_layout<false>(call.a, call.b, [&](auto whole) {
    with_row_type<whole()>(call.a, [&](auto type_a) {
      with_row_type<whole()>(call.b, [&](auto type_b) {
        using job = product_job<typename decltype(type_a)::of, typename decltype(type_b)::of, Call>;
        dispatch::multiply(call.set, job{call, rows_a, rows_b});
      });
    });
  });
}
template <class Call>
void multiply_rows(const Call& call) {
  multiply_rows(call, {0, call.a.rows()}, {0, call.b.rows()});
}

}  // namespace

}  // namespace detail

// Internal linkage: a unit's array calls run that unit's code, whatever flags other units have.
namespace {

/// y = a x: each element the exact sum of a row's products, times all scales, rounded once.
///
/// Shape     a: rows x n, a matrix_view or block_matrix (whose lines are the rows). x: n elements, as an
///           operand of dot. y: a.rows() elements of float, double, bfloat16 or float16. y overlaps neither.
/// Scales    exact factors of the sums: both tensor scales, row_scales_a by row, row_scales_b[0].
/// Accumulate  y is one more term, added after all scales; its NaN and infinity count as a term's.
/// Threads   rows may be computed by several calls: a.rows(first, count) with the part of y.
/// Errors    sizes; scales that are not positive and finite; an instruction set that is not available:
///           std::invalid_argument before anything is written.
/// Memory    what is used for all rows may be prepared in memory, allocated before anything is written.
/// Cost      one pass over a; see docs/products.md.
template <detail::product_matrix A, detail::product_row X, detail::product_target Y>
void matrix_vector_product(A&& a, X&& x, Y&& y, product_options options = {}) {
  detail::multiply_rows(detail::checked_vector_product("narrowfp::matrix_vector_product", a, x, y, options));
}

/// c = a b^T: element (i, j) is the exact sum of the products of row i of a and row j of b_transposed, times
/// all scales, rounded once.
///
/// Shape     a: m x k, b_transposed: n x k, matrix_view or block_matrix (whose lines are the rows). c: m * n
///           elements, row-major. c overlaps neither.
/// Otherwise as matrix_vector_product.
template <detail::product_matrix A, detail::product_matrix B, detail::product_target C>
void matrix_product(A&& a, B&& b_transposed, C&& c, product_options options = {}) {
  detail::multiply_rows(
      detail::checked_matrix_product("narrowfp::matrix_product", a, b_transposed, c, options));
}

}  // namespace

}  // namespace narrowfp::inline v0
