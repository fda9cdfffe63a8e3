// Wrong uses of quantize and dequantize, each refused with one line that says what to do instead.
#pragma once

#include <concepts>
#include <type_traits>

#include "../detail/ranges.hpp"
#include "../detail/wrong_use.hpp"
#include "../quantize.hpp"

#include "../detail/config.hpp"

namespace narrowfp::inline v0 {

namespace detail {

template <class R>
concept not_quantize_source = contiguous_sized<R> && !quantize_source<R>;

template <class R>
concept array_of_values = contiguous_sized<R> && narrow_value<std::remove_cv_t<element_of<R>>>;

template <class R>
concept not_blocks = contiguous_sized<R> && !blocks_source<R> && !array_of_values<R>;

template <class R>
concept constant_blocks = blocks_source<R> && std::is_const_v<element_of<R>>;

template <class R, class B>
concept blocks_other_than = blocks_source<R> && !std::same_as<B, std::remove_cv_t<element_of<R>>>;

template <class R>
concept not_dequantize_target = contiguous_sized<R> && !dequantize_target<R>;

}  // namespace detail

namespace {

template <detail::not_quantize_source In, detail::contiguous_sized Out>
NARROWFP_REFUSAL("narrowfp::quantize reads float, bfloat16 or float16: convert the elements of in to float")
quantize(In&& in, Out&& out, quantize_options options = {}) NARROWFP_REFUSED;

template <detail::quantize_source In, detail::array_of_values Out>
NARROWFP_REFUSAL("narrowfp::quantize fills blocks such as mxfp4: for values call narrowfp::pack(in, out)")
quantize(In&& in, Out&& out, quantize_options options = {}) NARROWFP_REFUSED;

template <detail::quantize_source In, detail::not_blocks Out>
NARROWFP_REFUSAL("narrowfp::quantize fills blocks such as mxfp4: view raw bytes by as_blocks<B>(bytes)")
quantize(In&& in, Out&& out, quantize_options options = {}) NARROWFP_REFUSED;

template <detail::quantize_source In, detail::constant_blocks Out>
NARROWFP_REFUSAL("narrowfp::quantize writes to out: its blocks must not be const")
quantize(In&& in, Out&& out, quantize_options options = {}) NARROWFP_REFUSED;

template <class B, detail::quantize_source In, detail::blocks_other_than<B> Out>
NARROWFP_REFUSAL("narrowfp::quantize<B>: the blocks of out are of another type: leave B out")
quantize(In&& in, Out&& out, quantize_options options = {}) NARROWFP_REFUSED;

template <detail::array_of_values In, detail::contiguous_sized Out>
NARROWFP_REFUSAL("narrowfp::dequantize reads blocks such as mxfp4: for values call narrowfp::unpack(in, out)")
dequantize(In&& in, Out&& out, dequantize_options options = {}) NARROWFP_REFUSED;

template <detail::not_blocks In, detail::contiguous_sized Out>
NARROWFP_REFUSAL("narrowfp::dequantize reads blocks such as mxfp4: view raw bytes by as_blocks<B>(bytes)")
dequantize(In&& in, Out&& out, dequantize_options options = {}) NARROWFP_REFUSED;

template <detail::blocks_source In, detail::not_dequantize_target Out>
NARROWFP_REFUSAL("narrowfp::dequantize fills float, double or value types: let out have such elements")
dequantize(In&& in, Out&& out, dequantize_options options = {}) NARROWFP_REFUSED;

template <class B, detail::blocks_other_than<B> In, detail::contiguous_sized Out>
NARROWFP_REFUSAL("narrowfp::dequantize<B>: the blocks of in are of another type: leave B out")
dequantize(In&& in, Out&& out, dequantize_options options = {}) NARROWFP_REFUSED;

}  // namespace

}  // namespace narrowfp::inline v0

#include "../detail/undef.hpp"
