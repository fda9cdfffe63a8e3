// Layer: block. Which recipe goes with which block format and rule, and the way to each of them.
// docs/recipes.md states every recipe and its source.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>

#include "../core/arithmetic.hpp"
#include "../core/real.hpp"
#include "block_format.hpp"
#include "codec.hpp"
#include "float_bits.hpp"
#include "hif4.hpp"
#include "job.hpp"
#include "mx.hpp"
#include "nvfp4.hpp"
#include "q8_0.hpp"
#include "recipes/float_arithmetic.hpp"
#include "recipes/ggml.hpp"
#include "recipes/hif4.hpp"
#include "recipes/mx.hpp"
#include "recipes/nvfp4.hpp"

namespace narrowfp::inline v0::blocks {

namespace {

template <class B, class... Others>
inline constexpr bool is_one_of = (std::same_as<B, Others> || ...);

template <class B>
inline constexpr bool is_mxfp8 = is_one_of<B, mxfp8_e4m3, mxfp8_e5m2>;
template <class B>
inline constexpr bool is_mxfp = is_mxfp8<B> || is_one_of<B, mxfp6_e3m2, mxfp6_e2m3, mxfp4>;

template <block_type B>
constexpr bool offers_recipe(recipe as) noexcept {
  switch (as) {
    case recipe::native:
      return true;
    case recipe::transformer_engine:
      return is_mxfp8<B> || is_one_of<B, nvfp4>;
    case recipe::torchao:
      return is_mxfp<B> || is_one_of<B, nvfp4>;
    case recipe::model_optimizer:
      return is_one_of<B, nvfp4>;
    case recipe::ggml:
      return is_one_of<B, mxfp4, nvfp4, q8_0>;
    case recipe::hif4_bf16:
      return is_one_of<B, hif4>;
    case recipe::microxcaling:
      return is_mxfp<B> || is_one_of<B, mxint8>;
  }
  return false;
}

/// Whether the format, or the recipe in its place, knows the rule. A recipe's own rule may be named.
template <block_type B>
constexpr bool offers_rule(recipe as, scale_rule rule) noexcept {
  if (as == recipe::native) {
    return rule <= scale_rule::four_over_six && B::rule::template offers<typename B::facts>(rule);
  }
  if (rule == scale_rule::native) {
    return true;
  }
  if (is_one_of<B, nvfp4, q8_0, hif4>) {
    return false;
  }
  switch (as) {
    case recipe::torchao:
      return rule == scale_rule::floor || rule == scale_rule::ceil || rule == scale_rule::rceil ||
             rule == scale_rule::even;
    case recipe::transformer_engine:
      return rule == scale_rule::rceil;
    default:
      return rule == scale_rule::floor;
  }
}

constexpr bool offers_rounding(recipe as, rounding mode) noexcept {
  return as != recipe::ggml || mode == rounding::native;
}

/// Quantizes one block of raw inputs as the job asks.
template <block_type B>
constexpr B quantize_one(const inputs<B>& raw, const quantize_job& job) noexcept {
  if constexpr (is_one_of<B, hif4>) {
    if (job.as == recipe::hif4_bf16) {
      return encode_hif4_bf16<B>(raw, job);
    }
  }
  if constexpr (is_one_of<B, mxfp4, nvfp4>) {
    if (job.as == recipe::ggml) {
      return encode_ggml<B>(raw, job);
    }
  }
  if constexpr (is_one_of<B, q8_0>) {
    if (job.as == recipe::ggml) {
      return encode_q8_ggml<B>(raw, job);
    }
  }
  if constexpr (is_one_of<B, nvfp4>) {
    if (job.as != recipe::native) {
      return encode_nvfp4<B>(raw, job);
    }
  }
  const inputs<B> x = prepared<B>(raw, job);
  if constexpr (is_mxfp<B> || is_one_of<B, mxint8>) {
    if (job.as == recipe::microxcaling) {
      return encode_mx_microxcaling<B>(x, job);
    }
  }
  if constexpr (is_mxfp<B>) {
    if (job.as == recipe::torchao) {
      return encode_mx_torchao<B>(x, job);
    }
  }
  if constexpr (is_mxfp8<B>) {
    if (job.as == recipe::transformer_engine) {
      return encode_mx_transformer_engine<B>(x, job);
    }
  }
  return encode_block<B>(x, job);
}

/// What the values are multiplied by. Transformer Engine's tensor scale is the one it encodes with.
template <block_type B>
constexpr core::real decode_tensor_scale(const dequantize_job& job) noexcept {
  const core::real scale = real_of(core::bit_cast<std::uint32_t>(job.tensor_scale));
  return is_one_of<B, nvfp4> && job.as == recipe::transformer_engine ? float_reciprocal(scale) : scale;
}

/// Whether the recipe reads blocks of B as this library does: each value is element * scale * tensor scale,
/// rounded once.
template <block_type B>
constexpr bool decodes_natively(recipe as) noexcept {
  switch (as) {
    case recipe::transformer_engine:
    case recipe::torchao:
      return !is_one_of<B, nvfp4>;
    case recipe::ggml:
      return !is_one_of<B, mxfp4, nvfp4>;
    default:
      return true;
  }
}

/// What is rounded to give an element's value: element * scale * tensor scale, unless a recipe reads
/// otherwise.
template <block_type B>
constexpr core::real decode_element(const B& block, std::size_t i, const dequantize_job& job) noexcept {
  const core::real tensor_scale = decode_tensor_scale<B>(job);
  if constexpr (is_one_of<B, mxfp4, nvfp4>) {
    if (job.as == recipe::ggml) {
      return core::multiply(decode_ggml(block, i), tensor_scale);
    }
  }
  if constexpr (is_one_of<B, nvfp4>) {
    if (job.as == recipe::torchao) {
      return decode_nvfp4_torchao(block, i, tensor_scale);
    }
  }
  return core::multiply(block.exact(i), tensor_scale);
}

}  // namespace

}  // namespace narrowfp::inline v0::blocks
