// Wrong uses of quantize and dequantize, each refused with one line that says what to do instead.
#pragma once

#include <concepts>
#include <cstddef>
#include <type_traits>

#include "../detail/ranges.hpp"
#include "../detail/wrong_use.hpp"
#include "../quantize.hpp"
#include "shapes.hpp"

#include "../detail/config.hpp"

namespace narrowfp::inline v0 {

namespace detail {

template <class R, class B>
concept blocks_other_than =
    contiguous_sized<R> && !std::is_void_v<B> && !std::same_as<B, std::remove_cv_t<element_of<R>>>;

/// B is void where the call does not name it.
template <class B, class In, class Out>
constexpr fault quantize_fault() {
  if constexpr (quantize_source<In> && blocks_target<Out> && !blocks_other_than<Out, B>) {
    return fault::none;
  } else if constexpr (shape_fault<In, Out>() != fault::none) {
    return shape_fault<In, Out>();
  } else if constexpr (!any_array<In> || !any_array<Out>) {
    return fault::none;
  } else if constexpr (!quantize_source<In>) {
    return fault::source;
  } else if constexpr (array_of_values<Out> || densely_stored<Out>) {
    return fault::out_values;
  } else if constexpr (!blocks_source<Out>) {
    return fault::target;
  } else {
    return array_of_constants<Out> ? fault::is_constant : fault::other_block;
  }
}

template <class B, class In, class Out>
constexpr fault dequantize_fault() {
  if constexpr (blocks_source<In> && dequantize_target<Out> && !blocks_other_than<In, B>) {
    return fault::none;
  } else if constexpr (shape_fault<In, Out>() != fault::none) {
    return shape_fault<In, Out>();
  } else if constexpr (!any_array<In> || !any_array<Out>) {
    return fault::none;
  } else if constexpr (array_of_values<In> || densely_stored<In>) {
    return fault::in_values;
  } else if constexpr (!blocks_source<In>) {
    return fault::source;
  } else if constexpr (array_of_constants<Out>) {
    return fault::is_constant;
  } else {
    return dequantize_target<Out> ? fault::other_block : fault::target;
  }
}

template <class Out, class B, class In, fault Fault>
concept wrong_quantize = quantize_fault<B, In, Out>()
== Fault;
template <class Out, class B, class In, fault Fault>
concept wrong_dequantize = dequantize_fault<B, In, Out>()
== Fault;

}  // namespace detail

namespace {

// Each twice: with B named in the call and without.

template <class In, detail::wrong_quantize<void, In, detail::fault::pointer> Out>
NARROWFP_REFUSAL("narrowfp::quantize needs to know sizes: give spans, such as std::span(in, n)")
quantize(In&& in, Out&& out, quantize_options options = {}) NARROWFP_REFUSED;
template <class B, class In, detail::wrong_quantize<B, In, detail::fault::pointer> Out>
NARROWFP_REFUSAL("narrowfp::quantize needs to know sizes: give spans, such as std::span(in, n)")
quantize(In&& in, Out&& out, quantize_options options = {}) NARROWFP_REFUSED;

template <class In, class Out, std::integral Count>
NARROWFP_REFUSAL("narrowfp::quantize needs to know sizes: give spans, such as std::span(in, n)")
quantize(In&& in, Out&& out, Count n, quantize_options options = {}) NARROWFP_REFUSED;
template <class B, class In, class Out, std::integral Count>
NARROWFP_REFUSAL("narrowfp::quantize needs to know sizes: give spans, such as std::span(in, n)")
quantize(In&& in, Out&& out, Count n, quantize_options options = {}) NARROWFP_REFUSED;

template <class In, detail::wrong_quantize<void, In, detail::fault::is_scattered> Out>
NARROWFP_REFUSAL(
    "narrowfp::quantize needs elements in a row, as in std::vector, std::array or std::span (not "
    "std::vector<bool>, std::list): copy them there")
quantize(In&& in, Out&& out, quantize_options options = {}) NARROWFP_REFUSED;
template <class B, class In, detail::wrong_quantize<B, In, detail::fault::is_scattered> Out>
NARROWFP_REFUSAL(
    "narrowfp::quantize needs elements in a row, as in std::vector, std::array or std::span (not "
    "std::vector<bool>, std::list): copy them there")
quantize(In&& in, Out&& out, quantize_options options = {}) NARROWFP_REFUSED;

template <class In, detail::wrong_quantize<void, In, detail::fault::is_volatile> Out>
NARROWFP_REFUSAL("narrowfp::quantize reads and writes ordinary memory: in and out must not be volatile")
quantize(In&& in, Out&& out, quantize_options options = {}) NARROWFP_REFUSED;
template <class B, class In, detail::wrong_quantize<B, In, detail::fault::is_volatile> Out>
NARROWFP_REFUSAL("narrowfp::quantize reads and writes ordinary memory: in and out must not be volatile")
quantize(In&& in, Out&& out, quantize_options options = {}) NARROWFP_REFUSED;

template <class X, std::size_t N, class Out>
NARROWFP_REFUSAL("narrowfp::quantize reads arrays: give the list a name, const float in[] = {...}")
quantize(const X (&&in)[N], Out&& out, quantize_options options = {}) NARROWFP_REFUSED;
template <class B, class X, std::size_t N, class Out>
NARROWFP_REFUSAL("narrowfp::quantize reads arrays: give the list a name, const float in[] = {...}")
quantize(const X (&&in)[N], Out&& out, quantize_options options = {}) NARROWFP_REFUSED;

template <class In, detail::wrong_quantize<void, In, detail::fault::source> Out>
NARROWFP_REFUSAL("narrowfp::quantize reads float, bfloat16 or float16: convert the elements of in to float")
quantize(In&& in, Out&& out, quantize_options options = {}) NARROWFP_REFUSED;
template <class B, class In, detail::wrong_quantize<B, In, detail::fault::source> Out>
NARROWFP_REFUSAL("narrowfp::quantize reads float, bfloat16 or float16: convert the elements of in to float")
quantize(In&& in, Out&& out, quantize_options options = {}) NARROWFP_REFUSED;

template <class In, detail::wrong_quantize<void, In, detail::fault::out_values> Out>
NARROWFP_REFUSAL("narrowfp::quantize fills blocks such as mxfp4: for values call narrowfp::pack(in, out)")
quantize(In&& in, Out&& out, quantize_options options = {}) NARROWFP_REFUSED;
template <class B, class In, detail::wrong_quantize<B, In, detail::fault::out_values> Out>
NARROWFP_REFUSAL("narrowfp::quantize fills blocks such as mxfp4: for values call narrowfp::pack(in, out)")
quantize(In&& in, Out&& out, quantize_options options = {}) NARROWFP_REFUSED;

template <class In, detail::wrong_quantize<void, In, detail::fault::target> Out>
NARROWFP_REFUSAL("narrowfp::quantize fills blocks such as mxfp4: view raw bytes by as_blocks<B>(bytes)")
quantize(In&& in, Out&& out, quantize_options options = {}) NARROWFP_REFUSED;
template <class B, class In, detail::wrong_quantize<B, In, detail::fault::target> Out>
NARROWFP_REFUSAL("narrowfp::quantize fills blocks such as mxfp4: view raw bytes by as_blocks<B>(bytes)")
quantize(In&& in, Out&& out, quantize_options options = {}) NARROWFP_REFUSED;

template <class In, detail::wrong_quantize<void, In, detail::fault::is_constant> Out>
NARROWFP_REFUSAL("narrowfp::quantize writes to out: its blocks must not be const")
quantize(In&& in, Out&& out, quantize_options options = {}) NARROWFP_REFUSED;
template <class B, class In, detail::wrong_quantize<B, In, detail::fault::is_constant> Out>
NARROWFP_REFUSAL("narrowfp::quantize writes to out: its blocks must not be const")
quantize(In&& in, Out&& out, quantize_options options = {}) NARROWFP_REFUSED;

template <class B, class In, detail::wrong_quantize<B, In, detail::fault::other_block> Out>
NARROWFP_REFUSAL("narrowfp::quantize<B>: the blocks of out are of another type: leave B out")
quantize(In&& in, Out&& out, quantize_options options = {}) NARROWFP_REFUSED;

template <detail::quantize_source In>
NARROWFP_REFUSAL("narrowfp::quantize into split_blocks needs a block type: write quantize<mxfp4>(in, out)")
quantize(In&& in, split_blocks out, quantize_options options = {}) NARROWFP_REFUSED;

template <detail::quantize_source In, class Out>
NARROWFP_REFUSAL(
    "narrowfp::quantize: .scale is a scale_rule here; a factor for all of in is .tensor_scale, which divides")
quantize(In&& in, Out&& out, detail::scale_given options) NARROWFP_REFUSED;
template <class B, detail::quantize_source In, class Out>
NARROWFP_REFUSAL(
    "narrowfp::quantize: .scale is a scale_rule here; a factor for all of in is .tensor_scale, which divides")
quantize(In&& in, Out&& out, detail::scale_given options) NARROWFP_REFUSED;

template <class In, detail::wrong_dequantize<void, In, detail::fault::pointer> Out>
NARROWFP_REFUSAL("narrowfp::dequantize needs to know sizes: give spans, such as std::span(in, n)")
dequantize(In&& in, Out&& out, dequantize_options options = {}) NARROWFP_REFUSED;
template <class B, class In, detail::wrong_dequantize<B, In, detail::fault::pointer> Out>
NARROWFP_REFUSAL("narrowfp::dequantize needs to know sizes: give spans, such as std::span(in, n)")
dequantize(In&& in, Out&& out, dequantize_options options = {}) NARROWFP_REFUSED;

template <class In, class Out, std::integral Count>
NARROWFP_REFUSAL("narrowfp::dequantize needs to know sizes: give spans, such as std::span(in, n)")
dequantize(In&& in, Out&& out, Count n, dequantize_options options = {}) NARROWFP_REFUSED;
template <class B, class In, class Out, std::integral Count>
NARROWFP_REFUSAL("narrowfp::dequantize needs to know sizes: give spans, such as std::span(in, n)")
dequantize(In&& in, Out&& out, Count n, dequantize_options options = {}) NARROWFP_REFUSED;

template <class In, detail::wrong_dequantize<void, In, detail::fault::is_scattered> Out>
NARROWFP_REFUSAL(
    "narrowfp::dequantize needs elements in a row, as in std::vector, std::array or std::span (not "
    "std::vector<bool>, std::list): copy them there")
dequantize(In&& in, Out&& out, dequantize_options options = {}) NARROWFP_REFUSED;
template <class B, class In, detail::wrong_dequantize<B, In, detail::fault::is_scattered> Out>
NARROWFP_REFUSAL(
    "narrowfp::dequantize needs elements in a row, as in std::vector, std::array or std::span (not "
    "std::vector<bool>, std::list): copy them there")
dequantize(In&& in, Out&& out, dequantize_options options = {}) NARROWFP_REFUSED;

template <class In, detail::wrong_dequantize<void, In, detail::fault::is_volatile> Out>
NARROWFP_REFUSAL("narrowfp::dequantize reads and writes ordinary memory: in and out must not be volatile")
dequantize(In&& in, Out&& out, dequantize_options options = {}) NARROWFP_REFUSED;
template <class B, class In, detail::wrong_dequantize<B, In, detail::fault::is_volatile> Out>
NARROWFP_REFUSAL("narrowfp::dequantize reads and writes ordinary memory: in and out must not be volatile")
dequantize(In&& in, Out&& out, dequantize_options options = {}) NARROWFP_REFUSED;

template <class In, detail::wrong_dequantize<void, In, detail::fault::in_values> Out>
NARROWFP_REFUSAL("narrowfp::dequantize reads blocks such as mxfp4: for values call narrowfp::unpack(in, out)")
dequantize(In&& in, Out&& out, dequantize_options options = {}) NARROWFP_REFUSED;
template <class B, class In, detail::wrong_dequantize<B, In, detail::fault::in_values> Out>
NARROWFP_REFUSAL("narrowfp::dequantize reads blocks such as mxfp4: for values call narrowfp::unpack(in, out)")
dequantize(In&& in, Out&& out, dequantize_options options = {}) NARROWFP_REFUSED;

template <class In, detail::wrong_dequantize<void, In, detail::fault::source> Out>
NARROWFP_REFUSAL("narrowfp::dequantize reads blocks such as mxfp4: view raw bytes by as_blocks<B>(bytes)")
dequantize(In&& in, Out&& out, dequantize_options options = {}) NARROWFP_REFUSED;
template <class B, class In, detail::wrong_dequantize<B, In, detail::fault::source> Out>
NARROWFP_REFUSAL("narrowfp::dequantize reads blocks such as mxfp4: view raw bytes by as_blocks<B>(bytes)")
dequantize(In&& in, Out&& out, dequantize_options options = {}) NARROWFP_REFUSED;

template <class In, detail::wrong_dequantize<void, In, detail::fault::is_constant> Out>
NARROWFP_REFUSAL("narrowfp::dequantize writes to out: its elements must not be const")
dequantize(In&& in, Out&& out, dequantize_options options = {}) NARROWFP_REFUSED;
template <class B, class In, detail::wrong_dequantize<B, In, detail::fault::is_constant> Out>
NARROWFP_REFUSAL("narrowfp::dequantize writes to out: its elements must not be const")
dequantize(In&& in, Out&& out, dequantize_options options = {}) NARROWFP_REFUSED;

template <class In, detail::wrong_dequantize<void, In, detail::fault::target> Out>
NARROWFP_REFUSAL("narrowfp::dequantize fills float, double or value types: let out have such elements")
dequantize(In&& in, Out&& out, dequantize_options options = {}) NARROWFP_REFUSED;
template <class B, class In, detail::wrong_dequantize<B, In, detail::fault::target> Out>
NARROWFP_REFUSAL("narrowfp::dequantize fills float, double or value types: let out have such elements")
dequantize(In&& in, Out&& out, dequantize_options options = {}) NARROWFP_REFUSED;

template <class B, class In, detail::wrong_dequantize<B, In, detail::fault::other_block> Out>
NARROWFP_REFUSAL("narrowfp::dequantize<B>: the blocks of in are of another type: leave B out")
dequantize(In&& in, Out&& out, dequantize_options options = {}) NARROWFP_REFUSED;

template <class Out>
NARROWFP_REFUSAL("narrowfp::dequantize of split blocks needs a block type: write dequantize<mxfp4>(in, out)")
dequantize(const_split_blocks in, Out&& out, dequantize_options options = {}) NARROWFP_REFUSED;

template <class In, detail::dequantize_target Out>
NARROWFP_REFUSAL("narrowfp::dequantize has no .scale: a factor for all of out is .tensor_scale")
dequantize(In&& in, Out&& out, detail::scale_given options) NARROWFP_REFUSED;
template <class B, class In, detail::dequantize_target Out>
NARROWFP_REFUSAL("narrowfp::dequantize has no .scale: a factor for all of out is .tensor_scale")
dequantize(In&& in, Out&& out, detail::scale_given options) NARROWFP_REFUSED;

}  // namespace

}  // namespace narrowfp::inline v0

#include "../detail/undef.hpp"
