// Makes the probe of a pair of types.
#pragma once

#include <narrowfp/products.hpp>

#include "product_probe.hpp"
#include "product_types.hpp"
#include "typed_arrays.hpp"

namespace products {

/// Calls f with a value of the type.
template <class F>
auto with_result_type(result out, F f) {
  switch (out) {
    case result::f32:
      return f(float{});
    case result::f64:
      return f(double{});
    case result::bf16:
      return f(narrowfp::bfloat16{});
    default:
      return f(narrowfp::float16{});
  }
}

template <class A, class B>
std::uint64_t dot_bits(result out, byte_view a, byte_view b, std::size_t n, narrowfp::dot_options options,
                       std::size_t shift) {
  const array_of<A> x(a, shift);
  const array_of<B> y(b, shift);
  return with_result_type(
      out, [&]<class Out>(Out) { return bits_of(narrowfp::dot<Out>(x.view(), y.view(), n, options)); });
}

/// Calls f with a span of results that have these bytes, into which they are then written back.
template <class F>
void on_results(result out, byte_vector& bytes, F f) {
  with_result_type(out, [&]<class Out>(Out) {
    std::vector<Out> results(bytes.size() / sizeof(Out));
    for (std::size_t i = 0; i < results.size(); ++i) {
      results[i] = from_little_endian<Out>(bytes.data() + i * sizeof(Out));
    }
    f(std::span<Out>(results));
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      bytes[i] = static_cast<std::uint8_t>(bits_of(results[i / sizeof(Out)]) >> 8 * (i % sizeof(Out)));
    }
  });
}

template <class A, class B>
void matrix_vector(const matrix_call& call, byte_view a, byte_view x, byte_vector& y) {
  const array_of<A> left(a, 0);
  const array_of<B> right(x, 0);
  on_results(call.out, y, [&](auto out) {
    narrowfp::matrix_vector_product(narrowfp::matrix_view<A>(left.view(), call.rows, call.cols), right.view(),
                                    out, call.options);
  });
}

template <class A, class B>
void matrix(const matrix_call& call, byte_view a, byte_view b, byte_vector& c) {
  const array_of<A> left(a, 0);
  const array_of<B> right(b, 0);
  on_results(call.out, c, [&](auto out) {
    narrowfp::matrix_product(narrowfp::matrix_view<A>(left.view(), call.rows, call.cols),
                             narrowfp::matrix_view<B>(right.view(), call.b_rows, call.cols), out,
                             call.options);
  });
}

template <class A, class B>
constexpr pair_probe dot_probe() {
  return {.a = type_name<A>, .b = type_name<B>, .dot = dot_bits<A, B>};
}
/// With matrix forms, which take longer to compile.
template <class A, class B>
constexpr pair_probe vector_probe() {
  return {.a = type_name<A>, .b = type_name<B>, .dot = dot_bits<A, B>, .matrix_vector = matrix_vector<A, B>};
}
template <class A, class B>
constexpr pair_probe matrix_probe() {
  pair_probe probe = vector_probe<A, B>();
  probe.matrix = matrix<A, B>;
  return probe;
}

}  // namespace products
