// Products of packed data without unpacking it: the exact sum, rounded once. docs/products.md.
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <span>
#include <type_traits>

#include "block/bfp.hpp"
#include "block/hif4.hpp"
#include "block/mx.hpp"
#include "block/nvfp4.hpp"
#include "block/q8_0.hpp"
#include "block_arrays.hpp"
#include "core/exact_sum.hpp"
#include "detail/error.hpp"
#include "detail/ranges.hpp"
#include "dispatch/isa.hpp"
#include "dispatch/products.hpp"
#include "dispatch/row_scales.hpp"
#include "matrix_view.hpp"
#include "packed.hpp"
#include "types.hpp"

#include "detail/config.hpp"

namespace narrowfp::inline v0 {

/// What dot may be told.
struct dot_options {
  float tensor_scale_a = 1;  ///< an exact factor of the sum, positive and finite
  float tensor_scale_b = 1;  ///< the same
  isa use = isa::automatic;  ///< an instruction set that is not available is an error
};

/// What products of matrices may be told.
struct product_options {
  float tensor_scale_a = 1;                  ///< an exact factor of all sums, positive and finite
  float tensor_scale_b = 1;                  ///< the same
  std::span<const float> row_scales_a = {};  ///< one factor for each row of a; none: 1
  std::span<const float> row_scales_b = {};  ///< one for each row of b_transposed, or one for the vector
  bool accumulate = false;                   ///< adds what the result holds, before the one rounding
  isa use = isa::automatic;                  ///< an instruction set that is not available is an error
};

/// What products are rounded to: float, double, bfloat16 or float16.
template <class Out>
concept product_result = std::same_as<Out, float> || std::same_as<Out, double> ||
    std::same_as<Out, bfloat16> || std::same_as<Out, float16>;

namespace detail {

template <class R>
inline constexpr bool is_matrix_view = false;
template <class T>
inline constexpr bool is_matrix_view<matrix_view<T>> = true;

/// One row: a contiguous range of blocks, values or floats, densely stored values, or a view of one row.
template <class R>
concept product_row = product_range<R> || packed_range<R> || is_matrix_view<std::remove_cvref_t<R>>;

/// Whose blocks, if there are any, lie one after the other.
template <class R>
inline constexpr bool lies_whole = product_range<R> || packed_range<R>;

/// matrix_view or block_matrix.
template <class M>
concept product_matrix = requires(const std::remove_cvref_t<M>& m) {
  matrix_view(m);
};

template <class R>
concept product_target =
    ordinary_range<R> && product_result<element_of<R>> && !std::is_const_v<element_of<R>>;

// Internal linkage from here on: see docs/architecture.md, "Units with different flags".
namespace {

inline constexpr const char* whole_blocks = "block_count<B>(n) blocks, or n codes";

/// Any operand that is one row, as a view.
template <product_row R>
auto view_of_row(const char* function, const char* argument, R& row) {
  if constexpr (is_matrix_view<std::remove_cvref_t<R>>) {
    if (row.rows() != 1) {
      fail_size(function, argument, row.rows(), 1, "rows of the view, as a vector is one row");
    }
    return row;
  } else if constexpr (packed_range<R>) {
    return matrix_view<packed_value<R>>(row, 1, row.size());
  } else {
    using T = std::remove_const_t<element_of<R>>;
    if constexpr (block_type<T>) {
      return matrix_view<T>(row, 1, std::size(row) * T::elements);
    } else {
      return matrix_view<T>(row, 1, std::size(row));
    }
  }
}

/// Whether a dense stream of F's codes is the same bytes as an array of them.
template <scalar_format F>
inline constexpr bool dense_is_array = F::width == 8 ||
                                       (F::width == 16 && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__);

/// Whether the blocks of a view lie one after the other.
template <class T>
bool is_whole(const matrix_view<T>& view) noexcept {
  if constexpr (block_type<T>) {
    const kernels::block_source& at = view.stored();
    return at.codes == at.metadata + T::metadata_bytes && at.metadata_stride == sizeof(T) &&
           at.code_stride == sizeof(T);
  } else {
    return true;
  }
}

/// Row r of a view, as kernels take it: of one of the types that row_types has.
template <class Row, class T>
NARROWFP_INLINE Row row_at(const matrix_view<T>& view, std::size_t r) noexcept {
  const std::size_t row = view.first_row() + r;
  if constexpr (block_type<T>) {
    const kernels::block_source at = kernels::from_block(view.stored(), row * block_count<T>(view.cols()));
    if constexpr (Row::is_whole) {
      return Row{at.metadata};
    } else {
      return Row{at};
    }
  } else {
    using F = typename Row::element_format;
    const std::byte* codes = view.stored().codes;
    if constexpr (std::is_same_v<Row, kernels::dense_row<F>>) {
      // From the byte on with which the row begins, or else from the last element that begins with one.
      const std::size_t first = row * view.cols();
      const std::size_t bits = first % 8 * std::size_t{F::width};
      const std::byte* const eight = codes + first / 8 * std::size_t{F::width};
      return bits % 8 == 0 ? Row{eight + bits / 8, 0} : Row{eight, first % 8};
    } else {
      return Row{codes + row * view.cols() * sizeof(typename F::code_type)};
    }
  }
}

/// Calls use(type), where type.of is what the rows of a view are: they all are of one type.
template <class Row>
struct row_type {
  using of = Row;
};
template <bool Whole, class T, class Use>
NARROWFP_INLINE void with_row_type(const matrix_view<T>& view, const Use& use) {
  if constexpr (block_type<T>) {
    use(row_type<std::conditional_t<Whole, kernels::whole_row<T>, kernels::block_row<T>>>{});
  } else {
    using F = typename format_of_value<T>::type;
    if constexpr (narrow_value<T>) {
      if constexpr (!dense_is_array<F> && F::width <= 16) {
        if (view.stored().is_dense) {
          use(row_type<kernels::dense_row<F>>{});
          return;
        }
      }
    }
    use(row_type<kernels::code_row<F>>{});
  }
}

/// Calls use(whole), a constant: whether the blocks of both operands lie one after the other. Known says that
/// they do.
template <bool Known, class A, class B, class Use>
NARROWFP_INLINE void with_layout(const matrix_view<A>& a, const matrix_view<B>& b, const Use& use) {
  if constexpr (Known || (!block_type<A> && !block_type<B>)) {
    use(std::true_type{});
  } else if (is_whole(a) && is_whole(b)) {
    use(std::true_type{});
  } else {
    use(std::false_type{});
  }
}

/// The exact factors of a sum: of both tensors, and of both rows.
struct sum_factors {
  core::real tensors, rows;
};
inline core::real exact_product(float a, float b) noexcept {
  constexpr std::uint32_t one = 0x3F800000;
  if (std::bit_cast<std::uint32_t>(a) == one && std::bit_cast<std::uint32_t>(b) == one) {  // as nearly always
    return core::finite(1, 0);
  }
  return core::without_trailing_zeros(core::multiply(core::read(a), core::read(b)));
}

/// Stores one element of a result.
template <class Out, int Digits>
void store_product(core::exact_sum<Digits>& sum, const sum_factors& factors, Out& out,
                   bool accumulate) noexcept {
  core::store(out, accumulate ? sum.total(factors.tensors, factors.rows, core::read(out))
                              : sum.total(factors.tensors, factors.rows));
}

template <class Out, bool Whole, class A, class B>
Out dot_of_rows(const matrix_view<A>& a, const matrix_view<B>& b, std::size_t n, const dot_options& options) {
  constexpr const char* function = "narrowfp::dot";
  const isa set = dispatch::resolve(function, options.use);
  require_size(function, "a", units_of<A>(a.cols()), units_of<A>(n), whole_blocks);
  require_size(function, "b", units_of<B>(b.cols()), units_of<B>(n), whole_blocks);
  require_scale(function, "tensor_scale_a", options.tensor_scale_a);
  require_scale(function, "tensor_scale_b", options.tensor_scale_b);
  const sum_factors factors = {exact_product(options.tensor_scale_a, options.tensor_scale_b),
                               core::finite(1, 0)};
  Out out{};
  with_layout<Whole>(a, b, [&](auto whole) {
    with_row_type<whole()>(a, [&](auto type_a) {
      with_row_type<whole()>(b, [&](auto type_b) {
        using row_a = typename decltype(type_a)::of;
        using row_b = typename decltype(type_b)::of;
        kernels::product_sum<row_a, row_b> sum(kernels::lowest_product<row_a, row_b>);
        dispatch::add_products(set, row_at<row_a>(a, 0), row_at<row_b>(b, 0), n, sum);
        store_product(sum, factors, out, false);
      });
    });
  });
  return out;
}

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

/// The dot product of the first n elements of a and b: the exact sum of exact products, times both tensor
/// scales, rounded once to Out, nearest even.
///
/// Shape     a, b: contiguous ranges of a block type, of a value type or of float, packed_span,
/// packed_vector,
///           or a matrix_view of one row; each has exactly `block_count<B>(n)` blocks, or n codes. Elements
///           from n on in a last block do not count.
/// Value     an element counts at its exact value, element * scales. A NaN element or scale, infinity * zero,
///           or infinities of both signs give the positive quiet NaN; else an infinity stays. An exact zero
///           and an empty sum are +0; a result that underflows keeps its sign; overflow is infinity. The same
///           bits from every instruction set, in every floating-point environment.
/// Errors    sizes, tensor scales that are not positive and finite, an instruction set that is not available:
///           std::invalid_argument. Does not allocate.
/// Cost      one pass; see docs/products.md.
template <class Out = float, detail::product_row A, detail::product_row B, std::integral N>
requires product_result<Out> Out dot(A&& a, B&& b, N n, dot_options options = {}) {
  constexpr const char* function = "narrowfp::dot";
  if (!std::in_range<std::size_t>(n)) {
    detail::fail(function, "n", "is negative");
  }
  constexpr bool whole = detail::lies_whole<A> && detail::lies_whole<B>;
  return detail::dot_of_rows<Out, whole>(detail::view_of_row(function, "a", a),
                                         detail::view_of_row(function, "b", b), static_cast<std::size_t>(n),
                                         options);
}

/// The same of as many elements as the shorter operand has.
template <class Out = float, detail::product_row A, detail::product_row B>
requires product_result<Out> Out dot(A&& a, B&& b, dot_options options = {}) {
  constexpr const char* function = "narrowfp::dot";
  const auto view_a = detail::view_of_row(function, "a", a);
  const auto view_b = detail::view_of_row(function, "b", b);
  const std::size_t n = view_a.cols() < view_b.cols() ? view_a.cols() : view_b.cols();
  constexpr bool whole = detail::lies_whole<A> && detail::lies_whole<B>;
  return detail::dot_of_rows<Out, whole>(view_a, view_b, n, options);
}

/// The dot product of two blocks of equally many elements: the exact sum rounded once to double. Specials as
/// dot. Cost: for tests and models of hardware, not for arrays.
template <block_type A, block_type B>
requires(A::elements == B::elements)
    [[nodiscard]] constexpr double dot_block(const A& a, const B& b) noexcept {
  using rows = kernels::product_sum<kernels::whole_row<A>, kernels::whole_row<B>>;
  rows sum(kernels::lowest_product<kernels::whole_row<A>, kernels::whole_row<B>>);
  for (std::size_t i = 0; i < A::elements; ++i) {
    kernels::scalar::add_product(sum, a.exact(i), b.exact(i));
  }
  return core::from_real<double>(sum.total());
}

/// The product of two values, rounded once to double.
template <narrow_value A, narrow_value B>
[[nodiscard]] constexpr double dot_block(const A& a, const B& b) noexcept {
  using row_a = kernels::code_row<typename A::format>;
  using row_b = kernels::code_row<typename B::format>;
  kernels::product_sum<row_a, row_b> sum(kernels::lowest_product<row_a, row_b>);
  kernels::scalar::add_product(sum, core::read(a), core::read(b));
  return core::from_real<double>(sum.total());
}

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

#include "detail/undef.hpp"
#include "refusals/products.hpp"  // needs what stands above
