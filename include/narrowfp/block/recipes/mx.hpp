// Layer: block. OCP Microscaling blocks as torchao, Transformer Engine and microxcaling write them;
// docs/recipes.md. Inputs are prepared and finite unless a comment says otherwise.
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

/// Elements x * 2^(127 - scale code), the product rounded to float.
template <block_type B>
[[gnu::noinline]] constexpr B encode_by_reciprocal(const inputs<B>& x, std::uint32_t scale_code,
                                                   const quantize_job& job) noexcept {
  B block = with_scale<B>(scale_code);
  const rounding mode = mode_or(job.mode, B::element_format::native_rounding);
  encode_elements(block, mode, job, [&](std::size_t i) {
    return float_scaled(real_of(x[i]), 127 - static_cast<int>(scale_code));
  });
  return block;
}

/// amax * fp32(1 / largest element), rounded up to a power of two.
template <block_type B>
constexpr std::uint32_t rounded_up_scale(const core::real& amax) noexcept {
  constexpr core::real reciprocal = float_reciprocal(B::element_format::max_finite);
  return exponent_rounded_up(float_multiply(amax, reciprocal));
}

/// torchao: its floor, ceil and even are the exact ones, but that an amax which even rounds out of the floats
/// is none; its rceil multiplies by a rounded reciprocal.
template <block_type B>
[[gnu::noinline]] constexpr B encode_mx_torchao(const inputs<B>& x, const quantize_job& job) noexcept {
  constexpr std::uint32_t half_up = std::uint32_t{1}
                                    << (22 - core::fraction_bits_at_top<typename B::element_format>);
  const std::uint32_t magnitude = largest_magnitude(x.data(), B::elements);
  if (magnitude + (job.rule == scale_rule::even ? half_up : 0) >= float_infinity) {
    return nan_block<B>();
  }
  const std::uint32_t code = job.rule == scale_rule::rceil ? rounded_up_scale<B>(real_of(magnitude))
                                                           : candidate_scales<B>(magnitude, job.rule).code[0];
  return encode_by_reciprocal<B>(x, code, job);
}

/// Transformer Engine: rceil; an infinity, if it is not saturated before, gives the largest scale.
template <block_type B>
[[gnu::noinline]] constexpr B encode_mx_transformer_engine(const inputs<B>& x,
                                                           const quantize_job& job) noexcept {
  const std::uint32_t magnitude = largest_magnitude(x.data(), B::elements);
  if (magnitude > float_infinity) {
    return nan_block<B>();
  }
  const std::uint32_t code = magnitude == float_infinity ? core::last_scale_code<typename B::scale_format>
                                                         : rounded_up_scale<B>(real_of(magnitude));
  return encode_by_reciprocal<B>(x, code, job);
}

/// microxcaling's rounding of |a| to an integer, a float given in units of the element's spacing.
constexpr core::real round_microxcaling(const core::real& a, rounding mode) noexcept {
  constexpr core::real half = core::finite(1, -1);
  const auto floor = [](const core::real& x) { return core::finite(core::truncate(x, 0).quotient, 0); };
  if (mode == rounding::toward_zero) {
    return floor(a);
  }
  core::real rounded = floor(float_add(a, half));
  if (mode == rounding::nearest_even) {
    const core::truncation cut = core::truncate(a, 0);
    const bool is_tie = cut.fraction == std::uint64_t{1} << 63 && !cut.rest;
    if (is_tie && cut.quotient % 2 == 0) {
      --rounded.significand;
    }
  }
  return rounded;
}

/// microxcaling: every exponent is floor(log2f()); |a| + 0.5 is rounded to float. Signs are those of
/// torch.sign, which makes +0 of -0 but keeps the sign of what rounds to zero.
template <block_type B>
[[gnu::noinline]] constexpr B encode_mx_microxcaling(const inputs<B>& x, const quantize_job& job) noexcept {
  using F = typename B::element_format;
  const std::uint32_t magnitude = largest_magnitude(x.data(), B::elements);
  if (magnitude >= float_infinity) {
    return nan_block<B>();
  }
  const core::real amax = magnitude == 0 ? power_of_two(-126) : real_of(magnitude);
  int exponent = floor_of_float_log2(amax) - core::binade_of(F::max_finite);
  if (exponent > 127) {
    return nan_block<B>();
  }
  exponent = core::larger(exponent, -127);
  B block = with_scale<B>(static_cast<std::uint32_t>(exponent + 127));
  const rounding mode = mode_or(job.mode, rounding::nearest_away);
  const bool is_its_own =
      mode == rounding::nearest_away || mode == rounding::nearest_even || mode == rounding::toward_zero;
  encode_elements(block, mode, job, [&](std::size_t i) {
    const core::real a = float_scaled(real_of(x[i]), -exponent);
    if (core::is_zero(a)) {
      return core::finite(0, 0);
    }
    if (!is_its_own) {
      return a;
    }
    const core::real size = core::with_sign(a, false);
    const int spacing = F::ulp_exponent(floor_of_float_log2(size));
    core::real rounded = round_microxcaling(float_scaled(size, -spacing), mode);
    rounded.exponent += spacing;
    return core::with_sign(rounded, a.negative);
  });
  return block;
}

}  // namespace

}  // namespace narrowfp::inline v0::blocks
