// Layer: block. NVFP4 as Transformer Engine, Model-Optimizer and torchao write it, and as torchao reads it;
// docs/recipes.md.
// Inputs are raw, since the tensor scale enters the scale of the block; an infinity is saturated if so
// asked.
#pragma once

#include <cstddef>
#include <cstdint>

#include "../../core/codec.hpp"
#include "../../core/real.hpp"
#include "../codec.hpp"
#include "../float_bits.hpp"
#include "../job.hpp"
#include "float_arithmetic.hpp"

namespace narrowfp::inline v0::blocks {

namespace {

inline constexpr core::real e2m1_largest = core::finite(6, 0);

/// The input with infinities saturated, but not divided.
template <block_type B>
constexpr inputs<B> undivided(const inputs<B>& raw, quantize_job job) noexcept {
  job.tensor_scale = 1;
  return prepared<B>(raw, job);
}

/// Transformer Engine, float path. The tensor scale is the encode scale S.
///
/// scale = e4m3(amax * fp32(S * fp32(1/6))); elements x * min(1 / (scale * fp32(1/S)), FLT_MAX).
template <block_type B>
[[gnu::noinline]] constexpr B encode_nvfp4_transformer_engine(const inputs<B>& x, const core::real& amax,
                                                              const core::real& tensor_scale,
                                                              const quantize_job& job) noexcept {
  constexpr core::real sixth = float_reciprocal(e2m1_largest);
  const core::real wanted = float_multiply(amax, float_multiply(tensor_scale, sixth));
  const std::uint32_t code = code_of_nearest_scale<B>(wanted);
  const core::real decode_scale = float_multiply(scale_value<B>(code), float_reciprocal(tensor_scale));
  const core::real factor = smaller(float_reciprocal(decode_scale), real_of(float_largest));
  B block = with_scale<B>(code);
  encode_elements(block, mode_or(job.mode, rounding::nearest_even), job,
                  [&](std::size_t i) { return float_multiply(real_of(x[i]), factor); });
  return block;
}

/// Model-Optimizer: scale = e4m3(amax / (6 t)), 1 in place of 0, at least 2^-9; elements x / (scale * t);
/// no zero, and nothing whose quotient underflows to it, has a sign.
template <block_type B>
[[gnu::noinline]] constexpr B encode_nvfp4_model_optimizer(const inputs<B>& x, const core::real& amax,
                                                           const core::real& tensor_scale,
                                                           const quantize_job& job) noexcept {
  core::real wanted = float_divide(amax, float_multiply(e2m1_largest, tensor_scale));
  wanted = core::is_zero(wanted) ? integer(1) : larger(wanted, power_of_two(-9));
  const std::uint32_t code = code_of_nearest_scale<B>(wanted);
  const core::real scale = float_multiply(scale_value<B>(code), tensor_scale);
  B block = with_scale<B>(code);
  encode_elements(block, mode_or(job.mode, rounding::nearest_even), job, [&](std::size_t i) {
    const core::real quotient = float_divide(real_of(x[i]), scale);
    return core::is_zero(quotient) ? core::finite(0, 0) : quotient;
  });
  return block;
}

/// torchao: scale = e4m3((amax / 6) / t) between 2^-6 and 448; elements x * ((1 / t) / scale). Zeros stay
/// zeros where 1 / t is infinite.
template <block_type B>
[[gnu::noinline]] constexpr B encode_nvfp4_torchao(const inputs<B>& x, const core::real& amax,
                                                   const core::real& tensor_scale,
                                                   const quantize_job& job) noexcept {
  const core::real wanted = float_divide(float_divide(amax, e2m1_largest), tensor_scale);
  const std::uint32_t code = code_of_nearest_scale<B>(larger(wanted, power_of_two(-6)));
  const core::real factor = float_divide(float_reciprocal(tensor_scale), scale_value<B>(code));
  B block = with_scale<B>(code);
  encode_elements(block, mode_or(job.mode, rounding::nearest_even), job, [&](std::size_t i) {
    const core::real v = real_of(x[i]);
    return core::is_zero(v) ? v : float_multiply(v, factor);
  });
  return block;
}

/// The value of an element as torchao reads it: (t * scale) rounded to float first, then the product.
template <block_type B>
constexpr core::real decode_nvfp4_torchao(const B& block, std::size_t i,
                                          const core::real& tensor_scale) noexcept {
  using F = typename B::element_format;
  const core::real scale = float_multiply(tensor_scale, scale_value<B>(block.scale_code(0, 0)));
  return float_multiply(scale, core::decode<F>(static_cast<typename F::code_type>(block.code(i))));
}

template <block_type B>
[[gnu::noinline]] constexpr B encode_nvfp4(const inputs<B>& raw, const quantize_job& job) noexcept {
  const inputs<B> x = undivided<B>(raw, job);
  const std::uint32_t magnitude = largest_magnitude(x.data(), B::elements);
  if (magnitude >= float_infinity) {
    return nan_block<B>();
  }
  const core::real amax = real_of(magnitude);
  const core::real tensor_scale = real_of(core::bit_cast<std::uint32_t>(job.tensor_scale));
  switch (job.as) {
    case recipe::transformer_engine:
      return encode_nvfp4_transformer_engine<B>(x, amax, tensor_scale, job);
    case recipe::model_optimizer:
      return encode_nvfp4_model_optimizer<B>(x, amax, tensor_scale, job);
    default:
      return encode_nvfp4_torchao<B>(x, amax, tensor_scale, job);
  }
}

}  // namespace

}  // namespace narrowfp::inline v0::blocks
