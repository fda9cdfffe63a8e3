// Wrong uses of array calls over an executor, each refused with one line that says what to do instead.
#pragma once

#include <concepts>
#include <cstddef>
#include <span>

#include "../block_arrays.hpp"
#include "../detail/ranges.hpp"
#include "../detail/wrong_use.hpp"
#include "../pack.hpp"
#include "../products.hpp"
#include "../quantize.hpp"
#include "../refusals/pack.hpp"
#include "../refusals/products.hpp"
#include "../refusals/quantize.hpp"
#include "../refusals/shapes.hpp"
#include "executor.hpp"

#include "../detail/config.hpp"

namespace narrowfp::inline v0 {

namespace detail {

template <class E>
concept no_executor = !parallel::executor<E>;

// Arguments that the function of one thread refuses, in words that say what is wrong with them.
template <class Out, class In>
concept refused_by_pack = pack_fault<In, Out>()
!= fault::none;
template <class Out, class In>
concept refused_by_unpack = unpack_fault<In, Out>()
!= fault::none;
template <class Out, class B, class In>
concept refused_by_quantize = quantize_fault<B, In, Out>()
!= fault::none;
template <class Out, class B, class In>
concept refused_by_dequantize = dequantize_fault<B, In, Out>()
!= fault::none;
constexpr bool is_refused(product_fault fault) {
  return fault != product_fault::none && fault != product_fault::unknown;
}
template <class Y, class A, class X>
concept refused_by_vector_product = is_refused(first_fault(matrix_fault<A>(), row_fault<X>(),
                                                           target_fault<Y>()));
template <class C, class A, class B>
concept refused_by_matrix_product = is_refused(first_fault(matrix_fault<A>(), matrix_fault<B>(),
                                                           target_fault<C>()));

}  // namespace detail

namespace parallel {

namespace {

template <detail::no_executor E, class In, class Out>
NARROWFP_REFUSAL(
    "narrowfp::parallel::pack: the first argument must be callable as execute(n, task), the second says how "
    "many tasks")
pack(E&& execute, std::size_t tasks, In&& in, Out&& out, pack_options options = {}) NARROWFP_REFUSED;
template <detail::no_executor In, class Out>
NARROWFP_REFUSAL(
    "narrowfp::parallel::pack needs an executor and a number of tasks: parallel::pack(execute, tasks, in, "
    "out)")
pack(In&& in, Out&& out, pack_options options = {}) NARROWFP_REFUSED;

template <parallel::executor E, class In, detail::refused_by_pack<In> Out>
NARROWFP_REFUSAL(
    "narrowfp::parallel::pack takes in, out and options as narrowfp::pack does: call that to read what is "
    "wrong with these")
pack(E&& execute, std::size_t tasks, In&& in, Out&& out, pack_options options = {}) NARROWFP_REFUSED;
template <parallel::executor E, class In, detail::refused_by_pack<In> Out, class Scales>
NARROWFP_REFUSAL(
    "narrowfp::parallel::pack_rows takes in, out, columns, scales and options as narrowfp::pack_rows does: "
    "call that to read what is wrong with these")
pack_rows(E&& execute, std::size_t tasks, In&& in, Out&& out, std::size_t columns, Scales&& scales,
          pack_options options = {}) NARROWFP_REFUSED;
template <parallel::executor E, class In, class Out, std::integral Count>
NARROWFP_REFUSAL("narrowfp::parallel::pack needs to know sizes: give spans, such as std::span(in, n)")
pack(E&& execute, std::size_t tasks, In&& in, Out&& out, Count n, pack_options options = {}) NARROWFP_REFUSED;

template <detail::no_executor E, class In, class Out>
NARROWFP_REFUSAL(
    "narrowfp::parallel::unpack: the first argument must be callable as execute(n, task), the second says "
    "how many tasks")
unpack(E&& execute, std::size_t tasks, In&& in, Out&& out, unpack_options options = {}) NARROWFP_REFUSED;
template <detail::no_executor In, class Out>
NARROWFP_REFUSAL(
    "narrowfp::parallel::unpack needs an executor and a number of tasks: parallel::unpack(execute, tasks, "
    "in, out)")
unpack(In&& in, Out&& out, unpack_options options = {}) NARROWFP_REFUSED;

template <parallel::executor E, class In, detail::refused_by_unpack<In> Out>
NARROWFP_REFUSAL(
    "narrowfp::parallel::unpack takes in, out and options as narrowfp::unpack does: call that to read what "
    "is wrong with these")
unpack(E&& execute, std::size_t tasks, In&& in, Out&& out, unpack_options options = {}) NARROWFP_REFUSED;
template <parallel::executor E, class In, detail::refused_by_unpack<In> Out, class Scales>
NARROWFP_REFUSAL(
    "narrowfp::parallel::unpack_rows takes in, out, columns, scales and options as narrowfp::unpack_rows "
    "does: call that to read what is wrong with these")
unpack_rows(E&& execute, std::size_t tasks, In&& in, Out&& out, std::size_t columns, Scales&& scales,
            unpack_options options = {}) NARROWFP_REFUSED;
template <parallel::executor E, class In, class Out, std::integral Count>
NARROWFP_REFUSAL("narrowfp::parallel::unpack needs to know sizes: give spans, such as std::span(in, n)")
unpack(E&& execute, std::size_t tasks, In&& in, Out&& out, Count n,
       unpack_options options = {}) NARROWFP_REFUSED;

template <detail::no_executor E, class In, class Out>
NARROWFP_REFUSAL(
    "narrowfp::parallel::quantize: the first argument must be callable as execute(n, task), the second says "
    "how many tasks")
quantize(E&& execute, std::size_t tasks, In&& in, Out&& out, quantize_options options = {}) NARROWFP_REFUSED;
template <class X, detail::no_executor E, class In, class Out>
NARROWFP_REFUSAL(
    "narrowfp::parallel::quantize: the first argument must be callable as execute(n, task), the second says "
    "how many tasks")
quantize(E&& execute, std::size_t tasks, In&& in, Out&& out, quantize_options options = {}) NARROWFP_REFUSED;
template <detail::no_executor In, class Out>
NARROWFP_REFUSAL(
    "narrowfp::parallel::quantize needs an executor and a number of tasks: parallel::quantize(execute, "
    "tasks, in, out)")
quantize(In&& in, Out&& out, quantize_options options = {}) NARROWFP_REFUSED;
template <class X, detail::no_executor In, class Out>
NARROWFP_REFUSAL(
    "narrowfp::parallel::quantize needs an executor and a number of tasks: parallel::quantize(execute, "
    "tasks, in, out)")
quantize(In&& in, Out&& out, quantize_options options = {}) NARROWFP_REFUSED;

template <parallel::executor E, class In, detail::refused_by_quantize<void, In> Out>
NARROWFP_REFUSAL(
    "narrowfp::parallel::quantize takes in, out and options as narrowfp::quantize does: call that to read "
    "what is wrong with these")
quantize(E&& execute, std::size_t tasks, In&& in, Out&& out, quantize_options options = {}) NARROWFP_REFUSED;
template <class B, parallel::executor E, class In, detail::refused_by_quantize<B, In> Out>
NARROWFP_REFUSAL(
    "narrowfp::parallel::quantize takes in, out and options as narrowfp::quantize does: call that to read "
    "what is wrong with these")
quantize(E&& execute, std::size_t tasks, In&& in, Out&& out, quantize_options options = {}) NARROWFP_REFUSED;
template <parallel::executor E, detail::quantize_source In>
NARROWFP_REFUSAL(
    "narrowfp::parallel::quantize into split_blocks needs a block type: write quantize<mxfp4>(execute, "
    "tasks, in, out)")
quantize(E&& execute, std::size_t tasks, In&& in, split_blocks out,
         quantize_options options = {}) NARROWFP_REFUSED;
template <parallel::executor E, detail::quantize_source In, class Out>
NARROWFP_REFUSAL(
    "narrowfp::parallel::quantize: .scale is a scale_rule; a factor for all of in is .tensor_scale")
quantize(E&& execute, std::size_t tasks, In&& in, Out&& out, detail::scale_given options) NARROWFP_REFUSED;
template <class B, parallel::executor E, detail::quantize_source In, class Out>
NARROWFP_REFUSAL(
    "narrowfp::parallel::quantize: .scale is a scale_rule; a factor for all of in is .tensor_scale")
quantize(E&& execute, std::size_t tasks, In&& in, Out&& out, detail::scale_given options) NARROWFP_REFUSED;

template <detail::no_executor E, class In, class Out>
NARROWFP_REFUSAL(
    "narrowfp::parallel::dequantize: the first argument must be callable as execute(n, task), the second "
    "says how many tasks")
dequantize(E&& execute, std::size_t tasks, In&& in, Out&& out,
           dequantize_options options = {}) NARROWFP_REFUSED;
template <class X, detail::no_executor E, class In, class Out>
NARROWFP_REFUSAL(
    "narrowfp::parallel::dequantize: the first argument must be callable as execute(n, task), the second "
    "says how many tasks")
dequantize(E&& execute, std::size_t tasks, In&& in, Out&& out,
           dequantize_options options = {}) NARROWFP_REFUSED;
template <detail::no_executor In, class Out>
NARROWFP_REFUSAL(
    "narrowfp::parallel::dequantize needs an executor and a number of tasks: parallel::dequantize(execute, "
    "tasks, in, out)")
dequantize(In&& in, Out&& out, dequantize_options options = {}) NARROWFP_REFUSED;
template <class X, detail::no_executor In, class Out>
NARROWFP_REFUSAL(
    "narrowfp::parallel::dequantize needs an executor and a number of tasks: parallel::dequantize(execute, "
    "tasks, in, out)")
dequantize(In&& in, Out&& out, dequantize_options options = {}) NARROWFP_REFUSED;

template <parallel::executor E, class In, detail::refused_by_dequantize<void, In> Out>
NARROWFP_REFUSAL(
    "narrowfp::parallel::dequantize takes in, out and options as narrowfp::dequantize does: call that to "
    "read what is wrong with these")
dequantize(E&& execute, std::size_t tasks, In&& in, Out&& out,
           dequantize_options options = {}) NARROWFP_REFUSED;
template <class B, parallel::executor E, class In, detail::refused_by_dequantize<B, In> Out>
NARROWFP_REFUSAL(
    "narrowfp::parallel::dequantize takes in, out and options as narrowfp::dequantize does: call that to "
    "read what is wrong with these")
dequantize(E&& execute, std::size_t tasks, In&& in, Out&& out,
           dequantize_options options = {}) NARROWFP_REFUSED;
template <parallel::executor E, class Out>
NARROWFP_REFUSAL(
    "narrowfp::parallel::dequantize of split blocks needs a block type: write dequantize<mxfp4>(execute, "
    "tasks, in, out)")
dequantize(E&& execute, std::size_t tasks, const_split_blocks in, Out&& out,
           dequantize_options options = {}) NARROWFP_REFUSED;
template <parallel::executor E, class In, detail::dequantize_target Out>
NARROWFP_REFUSAL("narrowfp::parallel::dequantize has no .scale: a factor for all of out is .tensor_scale")
dequantize(E&& execute, std::size_t tasks, In&& in, Out&& out, detail::scale_given options) NARROWFP_REFUSED;
template <class B, parallel::executor E, class In, detail::dequantize_target Out>
NARROWFP_REFUSAL("narrowfp::parallel::dequantize has no .scale: a factor for all of out is .tensor_scale")
dequantize(E&& execute, std::size_t tasks, In&& in, Out&& out, detail::scale_given options) NARROWFP_REFUSED;

template <detail::no_executor E, class A, class X, class Y>
NARROWFP_REFUSAL(
    "narrowfp::parallel::matrix_vector_product: the first argument must be callable as execute(n, task), the "
    "second says how many tasks")
matrix_vector_product(E&& execute, std::size_t tasks, A&& a, X&& x, Y&& y,
                      product_options options = {}) NARROWFP_REFUSED;
template <detail::no_executor A, class X, class Y>
NARROWFP_REFUSAL(
    "narrowfp::parallel::matrix_vector_product needs an executor and a number of tasks: "
    "parallel::matrix_vector_product(execute, tasks, a, x, y)")
matrix_vector_product(A&& a, X&& x, Y&& y, product_options options = {}) NARROWFP_REFUSED;
template <parallel::executor E, class A, class X, detail::refused_by_vector_product<A, X> Y>
NARROWFP_REFUSAL(
    "narrowfp::parallel::matrix_vector_product takes its operands as narrowfp::matrix_vector_product does: "
    "call that to read what is wrong with these")
matrix_vector_product(E&& execute, std::size_t tasks, A&& a, X&& x, Y&& y,
                      product_options options = {}) NARROWFP_REFUSED;

template <detail::no_executor E, class A, class B, class C>
NARROWFP_REFUSAL(
    "narrowfp::parallel::matrix_product: the first argument must be callable as execute(n, task), the second "
    "says how many tasks")
matrix_product(E&& execute, std::size_t tasks, A&& a, B&& b_transposed, C&& c,
               product_options options = {}) NARROWFP_REFUSED;
template <detail::no_executor A, class B, class C>
NARROWFP_REFUSAL(
    "narrowfp::parallel::matrix_product needs an executor and a number of tasks: "
    "parallel::matrix_product(execute, tasks, a, b_transposed, c)")
matrix_product(A&& a, B&& b_transposed, C&& c, product_options options = {}) NARROWFP_REFUSED;
template <parallel::executor E, class A, class B, detail::refused_by_matrix_product<A, B> C>
NARROWFP_REFUSAL(
    "narrowfp::parallel::matrix_product takes its operands as narrowfp::matrix_product does: call that to "
    "read what is wrong with these")
matrix_product(E&& execute, std::size_t tasks, A&& a, B&& b_transposed, C&& c,
               product_options options = {}) NARROWFP_REFUSED;

}  // namespace

}  // namespace parallel

}  // namespace narrowfp::inline v0

#include "../detail/undef.hpp"
