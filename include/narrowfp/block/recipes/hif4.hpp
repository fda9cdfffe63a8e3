// Layer: block. HiF4 with every product rounded to bfloat16, as the Ascend kernels and their golden
// generator compute it; docs/recipes.md.
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

/// A finite float rounded to bfloat16, clamped to its largest value: the pattern of the float it is.
constexpr std::uint32_t as_bfloat16(std::uint32_t x) noexcept {
  using F = formats::bfloat16;
  return std::uint32_t{core::encode<F>(real_of(x), rounding::nearest_even, overflow::saturate)} << 16;
}

/// The input is rounded to bfloat16 first. Bits: bf16(largest * r) against the threshold; elements:
/// bf16(x * bf16(r * 2^-bits)), half even; the sign bit is that of x < 0.
template <block_type B>
[[gnu::noinline]] constexpr B encode_hif4_bf16(const inputs<B>& raw, const quantize_job& job) noexcept {
  inputs<B> x = prepared<B>(raw, job);
  if (largest_magnitude(x.data(), B::elements) >= float_infinity) {
    return nan_block<B>();
  }
  for (std::uint32_t& bits : x) {
    bits = as_bfloat16(bits);
  }
  const std::uint32_t code =
      candidate_scales<B>(largest_magnitude(x.data(), B::elements), scale_rule::native).code[0];
  const scale_ratio ratio = B::rule::template ratio<typename B::facts>(scale_value<B>(code));
  B block = with_scale<B>(code);
  choose_bits(block, x, [&](std::uint32_t largest, int bits) {
    core::real product = in_bfloat16(core::multiply(real_of(largest), ratio.value));
    product.exponent -= bits;
    return product;
  });
  encode_elements(block, mode_or(job.mode, rounding::nearest_even), job, [&](std::size_t i) {
    if (x[i] == float_sign) {
      return core::finite(0, 0);
    }
    core::real factor = ratio.value;
    factor.exponent -= bits_above(block, i);
    return in_bfloat16(core::multiply(real_of(x[i]), in_bfloat16(factor)));
  });
  return block;
}

}  // namespace

}  // namespace narrowfp::inline v0::blocks
