// Products of packed data without unpacking it: the exact sum, rounded once. docs/products.md.
#pragma once

#include <concepts>
#include <cstddef>
#include <type_traits>
#include <utility>

#include "block/bfp.hpp"
#include "block/hif4.hpp"
#include "block/mx.hpp"
#include "block/nvfp4.hpp"
#include "block/q8_0.hpp"
#include "detail/error.hpp"
#include "dispatch/isa.hpp"
#include "dispatch/products.hpp"
#include "dispatch/row_scales.hpp"
#include "matrix_products.hpp"
#include "matrix_view.hpp"
#include "product_operands.hpp"
#include "types.hpp"

namespace narrowfp::inline v0 {

/// What dot may be told.
struct dot_options {
  float tensor_scale_a = 1;  ///< an exact factor of the sum, positive and finite
  float tensor_scale_b = 1;  ///< the same
  isa use = isa::automatic;  ///< an instruction set that is not available is an error
};

namespace detail {

// Internal linkage: see docs/architecture.md, "Units with different flags".
namespace {

inline constexpr const char* whole_blocks = "block_count<B>(n) blocks, or n codes";

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

}  // namespace

}  // namespace detail

// Internal linkage: a unit's array calls run that unit's code, whatever flags other units have.
namespace {

/// The dot product of the first n elements of a and b: the exact sum of exact products, times both tensor
/// scales, rounded once to Out, nearest even.
///
/// Shape     a, b: contiguous ranges of a block type, of a value type or of float, packed_span or
///           packed_vector, or a matrix_view of one row; each has exactly `block_count<B>(n)` blocks, or n
///           codes. Elements from n on in a last block do not count.
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

}  // namespace

}  // namespace narrowfp::inline v0

#include "refusals/products.hpp"  // needs what stands above
