// Blocks: quantize arrays of floats, dequantize them, one block or many. docs/blocks.md.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

#include "block/bfp.hpp"
#include "block/block_format.hpp"
#include "block/codec.hpp"
#include "block/hif4.hpp"
#include "block/job.hpp"
#include "block/mx.hpp"
#include "block/nvfp4.hpp"
#include "block/print.hpp"
#include "block/q8_0.hpp"
#include "block/recipes.hpp"
#include "block_arrays.hpp"
#include "detail/error.hpp"
#include "dispatch/kernel_elements.hpp"
#include "detail/ranges.hpp"
#include "dispatch/block_options.hpp"
#include "dispatch/blocks.hpp"
#include "dispatch/isa.hpp"
#include "types.hpp"

#include "detail/config.hpp"

namespace narrowfp::inline v0 {

namespace detail {

/// float, and what is exact in it.
template <class S>
concept float_like = (floating_source<S> && sizeof(S) <= sizeof(float)) ||
                     (narrow_value<S> && requires { requires exact_in_float<typename S::format>; });

/// What dequantizing can produce.
template <class S>
concept block_scalar = floating_source<S> || narrow_value<S>;

template <class R>
concept quantize_source = ordinary_range<R> && float_like<std::remove_const_t<element_of<R>>>;
template <class R>
concept dequantize_target =
    ordinary_range<R> && block_scalar<element_of<R>> && !std::is_const_v<element_of<R>>;
// Internal linkage from here on: see docs/architecture.md, "Units with different flags".
namespace {

inline constexpr const char* one_block_each = "one block for each B::elements elements, rounded up";

}  // namespace

}  // namespace detail

// Internal linkage: a unit's array calls run that unit's code, whatever flags other units have.
namespace {

/// Quantizes values into blocks.
///
/// Shape     in: n values of float, bfloat16, float16, the compiler's own 16-bit types or another type whose
///           values are floats. out:
///           `block_count<B>(n)` blocks; the last one is completed with zeros. They must not overlap.
/// Scale     options.scale, chosen on exact numbers. A NaN makes its block NaN; so does an infinity,
///           unless options.over saturates it to the largest float.
/// Warning   nvfp4 without options.tensor_scale loses small values, and says nothing: normal values of sigma
///           0.02 lose 0.7 dB, of 0.005 3 dB, of 0.001 and below all become zeros (docs/formats/nvfp4.md).
///           Pass nvfp4_tensor_scale(in), keep it, and pass the same to dequantize.
/// Rounding  of elements: options.round, once, from the exact quotient; they always saturate.
/// Errors    a wrong number of blocks, a rule or recipe that B lacks, rounding::hybrid, a tensor scale
///           that is not positive and finite, an instruction set that is not available:
///           std::invalid_argument before anything is written. Does not allocate.
/// Cost      one pass; search_mse and four_over_six cost several.
template <class B, class S>
requires block_type<B> && detail::float_like<S> NARROWFP_INLINE void quantize(std::span<const S> in,
                                                                              std::span<B> out,
                                                                              quantize_options options = {}) {
  constexpr const char* function = "narrowfp::quantize";
  const isa set = dispatch::resolve(function, options.use);
  detail::require_size(function, "out", out.size(), block_count<B>(in.size()), detail::one_block_each);
  const blocks::quantize_job job = detail::checked_job<B>(function, options);
  const detail::kernel_elements<const S> source(in.data());
  dispatch::quantize<B, detail::kernel_element_t<S>>(set, {source.data(), in.size()}, detail::places(out),
                                                     job);
}

/// Quantizes with scales and codes apart; split's sizes must fit exactly.
template <class B, class S>
requires block_type<B> && detail::float_like<S> NARROWFP_INLINE void quantize(std::span<const S> in,
                                                                              split_blocks out,
                                                                              quantize_options options = {}) {
  constexpr const char* function = "narrowfp::quantize";
  const isa set = dispatch::resolve(function, options.use);
  detail::require_split<B>(function, out, block_count<B>(in.size()));
  const blocks::quantize_job job = detail::checked_job<B>(function, options);
  const detail::kernel_elements<const S> source(in.data());
  dispatch::quantize<B, detail::kernel_element_t<S>>(set, {source.data(), in.size()}, detail::places<B>(out),
                                                     job);
}

/// @{
/// Quantizes any contiguous sized range.
template <detail::quantize_source In, detail::blocks_target Out>
NARROWFP_INLINE void quantize(In&& in, Out&& out, quantize_options options = {}) {
  using S = std::remove_cv_t<detail::element_of<In>>;
  quantize<detail::element_of<Out>, S>(detail::as_const_span(in), detail::as_span(out), options);
}
template <class B, detail::quantize_source In, detail::blocks_target Out>
requires std::same_as<B, detail::element_of<Out>> NARROWFP_INLINE void quantize(
    In&& in, Out&& out, quantize_options options = {}) {
  using S = std::remove_cv_t<detail::element_of<In>>;
  quantize<B, S>(detail::as_const_span(in), detail::as_span(out), options);
}
template <class B, detail::quantize_source In>
requires block_type<B> NARROWFP_INLINE void quantize(In&& in, split_blocks out,
                                                     quantize_options options = {}) {
  using S = std::remove_cv_t<detail::element_of<In>>;
  quantize<B, S>(detail::as_const_span(in), out, options);
}
/// @}

/// Dequantizes blocks into values.
///
/// Shape     in: `block_count<B>(out.size())` blocks. out may end inside the last of them; S is float,
///           double, bfloat16, float16, a 16-bit type of the compiler or any value type. They must not
///           overlap.
/// Rounding  element * scale * options.tensor_scale, rounded once to S, nearest even, native overflow.
/// Errors    as quantize.
/// Cost      one pass.
template <class B, class S>
requires block_type<B> && detail::block_scalar<S> NARROWFP_INLINE void dequantize(
    std::span<const B> in, std::span<S> out, dequantize_options options = {}) {
  constexpr const char* function = "narrowfp::dequantize";
  const isa set = dispatch::resolve(function, options.use);
  detail::require_size(function, "in", in.size(), block_count<B>(out.size()), detail::one_block_each);
  const blocks::dequantize_job job = detail::checked_job<B>(function, options);
  const detail::kernel_elements<S> target(out.data());
  dispatch::dequantize<B, detail::kernel_element_t<S>>(set, detail::places(in), {target.data(), out.size()},
                                                       job);
}

/// Dequantizes scales and codes kept apart.
template <class B, class S>
requires block_type<B> && detail::block_scalar<S> NARROWFP_INLINE void dequantize(
    const_split_blocks in, std::span<S> out, dequantize_options options = {}) {
  constexpr const char* function = "narrowfp::dequantize";
  const isa set = dispatch::resolve(function, options.use);
  detail::require_split<B>(function, in, block_count<B>(out.size()));
  const blocks::dequantize_job job = detail::checked_job<B>(function, options);
  const detail::kernel_elements<S> target(out.data());
  dispatch::dequantize<B, detail::kernel_element_t<S>>(set, detail::places<B>(in),
                                                       {target.data(), out.size()}, job);
}

/// @{
/// Dequantizes any contiguous sized range.
template <detail::blocks_source In, detail::dequantize_target Out>
NARROWFP_INLINE void dequantize(In&& in, Out&& out, dequantize_options options = {}) {
  using B = std::remove_cv_t<detail::element_of<In>>;
  dequantize<B, detail::element_of<Out>>(detail::as_const_span(in), detail::as_span(out), options);
}
template <class B, detail::blocks_source In, detail::dequantize_target Out>
requires std::same_as<B, std::remove_cv_t<detail::element_of<In>>> NARROWFP_INLINE void dequantize(
    In&& in, Out&& out, dequantize_options options = {}) {
  dequantize<B, detail::element_of<Out>>(detail::as_const_span(in), detail::as_span(out), options);
}
template <class B, detail::dequantize_target Out>
requires block_type<B> NARROWFP_INLINE void dequantize(const_split_blocks in, Out&& out,
                                                       dequantize_options options = {}) {
  dequantize<B, detail::element_of<Out>>(in, detail::as_span(out), options);
}
/// @}

/// Quantizes one block; B is given explicitly. options.use has no effect. Errors as quantize; in a
/// constant expression they do not compile.
template <class B>
requires block_type<B>
[[nodiscard]] NARROWFP_INLINE constexpr B quantize_block(std::span<const float, B::elements> in,
                                                         quantize_options options = {}) {
  const blocks::quantize_job job = detail::checked_job<B>("narrowfp::quantize_block", options);
  blocks::inputs<B> raw{};
  for (std::size_t i = 0; i < B::elements; ++i) {
    raw[i] = core::bit_cast<std::uint32_t>(in[i]);
  }
  return kernels::scalar::quantize_block<B>(raw, job);
}

/// Dequantizes one block. options.use has no effect. Errors as dequantize.
template <class B>
requires block_type<B>
[[nodiscard]] NARROWFP_INLINE constexpr std::array<float, B::elements> dequantize_block(
    const B& block, dequantize_options options = {}) {
  const blocks::dequantize_job job = detail::checked_job<B>("narrowfp::dequantize_block", options);
  std::array<float, B::elements> values{};
  kernels::scalar::dequantize_block<B>(block, job, values.data());
  return values;
}

/// @{
/// The tensor scale that brings the largest magnitude to nvfp4's largest value: amax / 2688, rounded once.
///
/// NaN is ignored, an infinity counts as the largest float; 1 where the result is 0.
template <detail::quantize_source In>
[[nodiscard]] constexpr float nvfp4_tensor_scale(In&& in) noexcept {
  std::uint32_t largest = 0;
  for (std::size_t i = 0; i < std::size(in); ++i) {
    const std::uint32_t magnitude = kernels::scalar::input_bits(std::data(in)[i]) & blocks::float_magnitude;
    if (magnitude <= blocks::float_infinity && magnitude > largest) {
      largest = magnitude;
    }
  }
  largest = largest == blocks::float_infinity ? blocks::float_largest : largest;
  constexpr core::real top = core::multiply(nvfp4::facts::largest, nvfp4::scale_format::max_finite);
  const std::uint32_t scale = blocks::float_bits_of(core::divide(blocks::real_of(largest), top));
  return core::bit_cast<float>(scale == 0 ? blocks::float_one : scale);
}
[[nodiscard]] constexpr float nvfp4_tensor_scale(std::span<const float> in) noexcept {
  return nvfp4_tensor_scale<std::span<const float>&>(in);
}
/// @}

}  // namespace

}  // namespace narrowfp::inline v0

#include "detail/undef.hpp"

#include "refusals/quantize.hpp"  // needs what stands above
