// Wrong uses of products, each refused with one line that says what to do instead.
#pragma once

#include <concepts>
#include <cstddef>
#include <type_traits>

#include "../block_arrays.hpp"
#include "../detail/ranges.hpp"
#include "../detail/wrong_use.hpp"
#include "../products.hpp"
#include "shapes.hpp"

#include "../detail/config.hpp"

namespace narrowfp::inline v0 {

namespace detail {

/// The first thing that is wrong with the arguments of a product; `unknown` where an argument is nothing that
/// this library knows, so that the call may be meant for another function.
enum class product_fault {
  none,
  unknown,
  pointer,
  is_scattered,
  is_volatile,
  split,
  matrix,
  no_matrix,
  element,
  is_constant,
  target
};

template <class R>
concept split_operand = std::same_as<std::remove_cvref_t<R>, split_blocks> ||
    std::same_as<std::remove_cvref_t<R>, const_split_blocks>;

template <class T>
inline constexpr bool is_of_narrowfp = block_type<T> || narrow_value<T>;

/// What nobody else's function is called with: `dot` is a name that many programs have.
template <class R>
constexpr bool is_ours() {
  if constexpr (bare_pointer<R>) {
    return is_of_narrowfp<std::remove_cv_t<std::remove_pointer_t<std::remove_cvref_t<R>>>>;
  } else if constexpr (contiguous_sized<R>) {
    return is_of_narrowfp<std::remove_cv_t<element_of<R>>>;
  } else {
    return densely_stored<R> || split_operand<R> || product_matrix<R>;
  }
}

/// Faults that rows and targets have in common; unknown where there is none of them.
template <class R>
constexpr product_fault row_shape_fault() {
  if constexpr (bare_pointer<R>) {
    return product_fault::pointer;
  } else if constexpr (scattered<R>) {
    return product_fault::is_scattered;
  } else {
    return volatile_array<R> ? product_fault::is_volatile : product_fault::unknown;
  }
}

template <class R>
constexpr product_fault row_fault() {
  if constexpr (product_row<R>) {
    return product_fault::none;
  } else if constexpr (row_shape_fault<R>() != product_fault::unknown) {
    return row_shape_fault<R>();
  } else if constexpr (split_operand<R>) {
    return product_fault::split;
  } else if constexpr (product_matrix<R>) {
    return product_fault::matrix;
  } else {
    return any_array<R> ? product_fault::element : product_fault::unknown;
  }
}

template <class M>
constexpr product_fault matrix_fault() {
  if constexpr (product_matrix<M>) {
    return product_fault::none;
  } else {
    return bare_pointer<M> || scattered<M> || any_array<M> || split_operand<M> ? product_fault::no_matrix
                                                                               : product_fault::unknown;
  }
}

template <class Y>
constexpr product_fault target_fault() {
  if constexpr (product_target<Y>) {
    return product_fault::none;
  } else if constexpr (row_shape_fault<Y>() != product_fault::unknown) {
    return row_shape_fault<Y>();
  } else if constexpr (array_of_constants<Y>) {
    return product_fault::is_constant;
  } else {
    return any_array<Y> ? product_fault::target : product_fault::unknown;
  }
}

/// The first fault of all; unknown where any is.
template <class... Faults>
constexpr product_fault first_fault(Faults... faults) {
  product_fault first = product_fault::none;
  for (const product_fault each : {faults...}) {
    if (each == product_fault::unknown) {
      return each;
    }
    first = first == product_fault::none ? each : first;
  }
  return first;
}

template <class B, class A, product_fault Fault>
concept wrong_dot = (is_ours<A>() || is_ours<B>()) && first_fault(row_fault<A>(), row_fault<B>()) == Fault;
template <class Y, class A, class X, product_fault Fault>
concept wrong_vector_product = first_fault(matrix_fault<A>(), row_fault<X>(), target_fault<Y>())
== Fault;
template <class C, class A, class B, product_fault Fault>
concept wrong_matrix_product = first_fault(matrix_fault<A>(), matrix_fault<B>(), target_fault<C>())
== Fault;

/// What dot_block does not take: a block and a value, or blocks of different sizes.
template <class B, class A>
concept no_pair_of_blocks =
    is_of_narrowfp<A> && is_of_narrowfp<B> && !(narrow_value<A> && narrow_value<B>)&&!requires {
  requires A::elements == B::elements;
};

template <class Out>
concept no_result = !product_result<Out>;

}  // namespace detail

namespace {

// dot each twice: with a number of elements and without.

template <class Out = float, class A, detail::wrong_dot<A, detail::product_fault::pointer> B>
NARROWFP_REFUSAL("narrowfp::dot needs to know sizes: give spans, such as std::span(a, blocks)")
dot(A&& a, B&& b, dot_options options = {}) NARROWFP_REFUSED;
template <class Out = float, class A, detail::wrong_dot<A, detail::product_fault::pointer> B, std::integral N>
NARROWFP_REFUSAL("narrowfp::dot needs to know sizes: give spans, such as std::span(a, blocks)")
dot(A&& a, B&& b, N n, dot_options options = {}) NARROWFP_REFUSED;

template <class Out = float, class A, detail::wrong_dot<A, detail::product_fault::is_scattered> B>
NARROWFP_REFUSAL(
    "narrowfp::dot needs elements in a row, as in std::vector, std::array or std::span (not "
    "std::vector<bool>, std::list): copy them there")
dot(A&& a, B&& b, dot_options options = {}) NARROWFP_REFUSED;
template <class Out = float, class A, detail::wrong_dot<A, detail::product_fault::is_scattered> B,
          std::integral N>
NARROWFP_REFUSAL(
    "narrowfp::dot needs elements in a row, as in std::vector, std::array or std::span (not "
    "std::vector<bool>, std::list): copy them there")
dot(A&& a, B&& b, N n, dot_options options = {}) NARROWFP_REFUSED;

template <class Out = float, class A, detail::wrong_dot<A, detail::product_fault::is_volatile> B>
NARROWFP_REFUSAL("narrowfp::dot reads ordinary memory: a and b must not be volatile")
dot(A&& a, B&& b, dot_options options = {}) NARROWFP_REFUSED;
template <class Out = float, class A, detail::wrong_dot<A, detail::product_fault::is_volatile> B,
          std::integral N>
NARROWFP_REFUSAL("narrowfp::dot reads ordinary memory: a and b must not be volatile")
dot(A&& a, B&& b, N n, dot_options options = {}) NARROWFP_REFUSED;

template <class Out = float, class A, detail::wrong_dot<A, detail::product_fault::split> B>
NARROWFP_REFUSAL("narrowfp::dot of split blocks needs a block type: write matrix_view<mxfp4>(split, 1, n)")
dot(A&& a, B&& b, dot_options options = {}) NARROWFP_REFUSED;
template <class Out = float, class A, detail::wrong_dot<A, detail::product_fault::split> B, std::integral N>
NARROWFP_REFUSAL("narrowfp::dot of split blocks needs a block type: write matrix_view<mxfp4>(split, 1, n)")
dot(A&& a, B&& b, N n, dot_options options = {}) NARROWFP_REFUSED;

template <class Out = float, class A, detail::wrong_dot<A, detail::product_fault::matrix> B>
NARROWFP_REFUSAL("narrowfp::dot multiplies two rows: of a block_matrix take m.row(r)")
dot(A&& a, B&& b, dot_options options = {}) NARROWFP_REFUSED;
template <class Out = float, class A, detail::wrong_dot<A, detail::product_fault::matrix> B, std::integral N>
NARROWFP_REFUSAL("narrowfp::dot multiplies two rows: of a block_matrix take m.row(r)")
dot(A&& a, B&& b, N n, dot_options options = {}) NARROWFP_REFUSED;

template <class Out = float, class A, detail::wrong_dot<A, detail::product_fault::element> B>
NARROWFP_REFUSAL(
    "narrowfp::dot multiplies blocks, value types and float: view raw bytes by as_blocks<B>(bytes) or "
    "as_values<T>(bytes), convert other elements to float")
dot(A&& a, B&& b, dot_options options = {}) NARROWFP_REFUSED;
template <class Out = float, class A, detail::wrong_dot<A, detail::product_fault::element> B, std::integral N>
NARROWFP_REFUSAL(
    "narrowfp::dot multiplies blocks, value types and float: view raw bytes by as_blocks<B>(bytes) or "
    "as_values<T>(bytes), convert other elements to float")
dot(A&& a, B&& b, N n, dot_options options = {}) NARROWFP_REFUSED;

template <detail::no_result Out, detail::product_row A, detail::product_row B>
NARROWFP_REFUSAL("narrowfp::dot gives float, double, bfloat16 or float16: convert that")
dot(A&& a, B&& b, dot_options options = {}) NARROWFP_REFUSED;
template <detail::no_result Out, detail::product_row A, detail::product_row B, std::integral N>
NARROWFP_REFUSAL("narrowfp::dot gives float, double, bfloat16 or float16: convert that")
dot(A&& a, B&& b, N n, dot_options options = {}) NARROWFP_REFUSED;

template <class A, detail::no_pair_of_blocks<A> B>
NARROWFP_REFUSAL("narrowfp::dot_block multiplies two blocks of equally many elements, or two values")
dot_block(const A& a, const B& b) NARROWFP_REFUSED;

template <class A, class X, detail::wrong_vector_product<A, X, detail::product_fault::no_matrix> Y>
NARROWFP_REFUSAL(
    "narrowfp::matrix_vector_product needs rows and columns of a: write matrix_view(a, rows, cols)")
matrix_vector_product(A&& a, X&& x, Y&& y, product_options options = {}) NARROWFP_REFUSED;

template <class A, class X, detail::wrong_vector_product<A, X, detail::product_fault::pointer> Y>
NARROWFP_REFUSAL(
    "narrowfp::matrix_vector_product needs to know sizes: give spans, such as std::span(y, rows)")
matrix_vector_product(A&& a, X&& x, Y&& y, product_options options = {}) NARROWFP_REFUSED;

template <class A, class X, detail::wrong_vector_product<A, X, detail::product_fault::is_scattered> Y>
NARROWFP_REFUSAL(
    "narrowfp::matrix_vector_product needs elements in a row, as in std::vector, std::array or std::span "
    "(not "
    "std::vector<bool>, std::list): copy them there")
matrix_vector_product(A&& a, X&& x, Y&& y, product_options options = {}) NARROWFP_REFUSED;

template <class A, class X, detail::wrong_vector_product<A, X, detail::product_fault::is_volatile> Y>
NARROWFP_REFUSAL("narrowfp::matrix_vector_product reads and writes ordinary memory: nothing must be volatile")
matrix_vector_product(A&& a, X&& x, Y&& y, product_options options = {}) NARROWFP_REFUSED;

template <class A, class X, detail::wrong_vector_product<A, X, detail::product_fault::split> Y>
NARROWFP_REFUSAL(
    "narrowfp::matrix_vector_product: split blocks need a block type: write matrix_view<mxfp4>(x, 1, n)")
matrix_vector_product(A&& a, X&& x, Y&& y, product_options options = {}) NARROWFP_REFUSED;

template <class A, class X, detail::wrong_vector_product<A, X, detail::product_fault::matrix> Y>
NARROWFP_REFUSAL(
    "narrowfp::matrix_vector_product: x is one row: take m.row(r), or call matrix_product(a, b_transposed, "
    "c)")
matrix_vector_product(A&& a, X&& x, Y&& y, product_options options = {}) NARROWFP_REFUSED;

template <class A, class X, detail::wrong_vector_product<A, X, detail::product_fault::element> Y>
NARROWFP_REFUSAL(
    "narrowfp::matrix_vector_product multiplies blocks, value types and float: view raw bytes by "
    "as_blocks<B>(bytes) or as_values<T>(bytes), convert other elements to float")
matrix_vector_product(A&& a, X&& x, Y&& y, product_options options = {}) NARROWFP_REFUSED;

template <class A, class X, detail::wrong_vector_product<A, X, detail::product_fault::is_constant> Y>
NARROWFP_REFUSAL("narrowfp::matrix_vector_product writes to y: its elements must not be const")
matrix_vector_product(A&& a, X&& x, Y&& y, product_options options = {}) NARROWFP_REFUSED;

template <class A, class X, detail::wrong_vector_product<A, X, detail::product_fault::target> Y>
NARROWFP_REFUSAL(
    "narrowfp::matrix_vector_product fills float, double, bfloat16 or float16: let y have such elements")
matrix_vector_product(A&& a, X&& x, Y&& y, product_options options = {}) NARROWFP_REFUSED;

template <class A, class B, detail::wrong_matrix_product<A, B, detail::product_fault::no_matrix> C>
NARROWFP_REFUSAL(
    "narrowfp::matrix_product needs rows and columns: write matrix_view(a, rows, cols), and so for "
    "b_transposed")
matrix_product(A&& a, B&& b_transposed, C&& c, product_options options = {}) NARROWFP_REFUSED;

template <class A, class B, detail::wrong_matrix_product<A, B, detail::product_fault::pointer> C>
NARROWFP_REFUSAL("narrowfp::matrix_product needs to know sizes: write std::span(c, rows * cols)")
matrix_product(A&& a, B&& b_transposed, C&& c, product_options options = {}) NARROWFP_REFUSED;

template <class A, class B, detail::wrong_matrix_product<A, B, detail::product_fault::is_scattered> C>
NARROWFP_REFUSAL(
    "narrowfp::matrix_product needs elements in a row, as in std::vector, std::array or std::span (not "
    "std::vector<bool>, std::list): copy them there")
matrix_product(A&& a, B&& b_transposed, C&& c, product_options options = {}) NARROWFP_REFUSED;

template <class A, class B, detail::wrong_matrix_product<A, B, detail::product_fault::is_volatile> C>
NARROWFP_REFUSAL("narrowfp::matrix_product writes ordinary memory: c must not be volatile")
matrix_product(A&& a, B&& b_transposed, C&& c, product_options options = {}) NARROWFP_REFUSED;

template <class A, class B, detail::wrong_matrix_product<A, B, detail::product_fault::is_constant> C>
NARROWFP_REFUSAL("narrowfp::matrix_product writes to c: its elements must not be const")
matrix_product(A&& a, B&& b_transposed, C&& c, product_options options = {}) NARROWFP_REFUSED;

template <class A, class B, detail::wrong_matrix_product<A, B, detail::product_fault::target> C>
NARROWFP_REFUSAL(
    "narrowfp::matrix_product fills float, double, bfloat16 or float16: let c have such elements")
matrix_product(A&& a, B&& b_transposed, C&& c, product_options options = {}) NARROWFP_REFUSED;

}  // namespace

}  // namespace narrowfp::inline v0

#include "../detail/undef.hpp"
