// Layer: block. MXFP4, NVFP4 and Q8_0 as ggml writes and reads them; docs/recipes.md. The nibble order of
// ggml's blocks is in narrowfp/layouts.hpp.
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

/// Each element gets the value of smallest error, the lower code among equals: ties go to the smaller
/// magnitude, and every zero is code 0. Errors are differences of floats: far outside the range they are
/// all equal, so that code 0 wins there as well.
template <block_type B>
[[gnu::noinline]] constexpr B encode_ggml_elements(const inputs<B>& x, std::uint32_t scale_code,
                                                   const core::real& scale) noexcept {
  using F = typename B::element_format;
  B block = with_scale<B>(scale_code);
  for (std::size_t i = 0; i < B::elements; ++i) {
    std::uint32_t best = 0;
    core::real smallest = core::infinity();
    for (std::uint32_t code = 0; code < std::uint32_t{1} << F::width; ++code) {
      const core::real value =
          float_multiply(core::decode<F>(static_cast<typename F::code_type>(code)), scale);
      const core::real error = core::with_sign(float_subtract(value, real_of(x[i])), false);
      if (core::compare(error, smallest) < 0) {
        smallest = error;
        best = code;
      }
    }
    block.set_code(i, best);
  }
  return block;
}

/// The exponent is floor(log2f(amax)) - 2. Where ggml would convert a negative number to an unsigned one
/// the code is 0.
template <block_type B>
[[gnu::noinline]] constexpr B encode_mx_ggml(const inputs<B>& x, const core::real& amax) noexcept {
  const int field = core::is_zero(amax)
                        ? 0
                        : floor_of_float_log2(amax) - core::binade_of(B::element_format::max_finite) + 127;
  const auto code = static_cast<std::uint32_t>(core::larger(field, 0));
  return encode_ggml_elements<B>(x, code, scale_value<B>(code));
}

/// ggml's E4M3: half up, no carry out of the subnormals, 448 for all of 248 and above.
constexpr std::uint32_t ggml_e4m3(const core::real& x) noexcept {
  constexpr core::real largest = core::finite(448, 0);
  constexpr int bias = 7;
  if (core::is_zero(x)) {
    return 0;
  }
  const std::uint32_t bits = float_bits_of(smaller(x, largest));
  const int field = static_cast<int>(bits >> 23) - 127 + bias;
  if (field <= 0) {
    const core::real units = float_add(float_scaled(x, 9), core::finite(1, -1));
    const std::uint64_t code = core::truncate(units, 0).quotient;
    return code > 7 ? 7 : static_cast<std::uint32_t>(code);
  }
  const std::uint32_t rounded =
      (static_cast<std::uint32_t>(field) << 3 | (bits >> 20 & 7)) + (bits >> 19 & 1);
  return rounded >= 15U << 3 ? 0x7E : rounded;
}

template <block_type B>
[[gnu::noinline]] constexpr B encode_ggml(const inputs<B>& raw, const quantize_job& job) noexcept {
  const inputs<B> x = prepared<B>(raw, job);
  const std::uint32_t magnitude = largest_magnitude(x.data(), B::elements);
  if (magnitude >= float_infinity) {
    return nan_block<B>();
  }
  const core::real amax = real_of(magnitude);
  if constexpr (B::scale_format::has_zero) {
    const std::uint32_t code = ggml_e4m3(float_divide(amax, B::element_format::max_finite));
    return encode_ggml_elements<B>(x, code, scale_value<B>(code));
  } else {
    return encode_mx_ggml<B>(x, amax);
  }
}

/// Q8_0: d = amax / 127; elements round(x * (1 / d)), half away; d is stored rounded once more, to the
/// scale's format, and overflows to infinity there. Where 1 / d is no number all codes are 0.
template <block_type B>
[[gnu::noinline]] constexpr B encode_q8_ggml(const inputs<B>& raw, const quantize_job& job) noexcept {
  using SF = typename B::scale_format;
  const inputs<B> x = prepared<B>(raw, job);
  const std::uint32_t magnitude = largest_magnitude(x.data(), B::elements);
  if (magnitude > float_infinity) {
    return nan_block<B>();
  }
  const core::real d = float_divide(real_of(magnitude), B::element_format::max_finite);
  B block = with_scale<B>(core::encode<SF>(d, rounding::nearest_even, overflow::native));
  const core::real factor = float_reciprocal(d);
  if (core::is_zero(factor) || factor.kind != core::real_kind::finite) {
    return block;
  }
  encode_elements(block, rounding::nearest_away, job,
                  [&](std::size_t i) { return float_multiply(real_of(x[i]), factor); });
  return block;
}

/// The exact value of an element as ggml reads it: no scale is a NaN, -0 is 0.
template <block_type B>
constexpr core::real decode_ggml(const B& block, std::size_t i) noexcept {
  using F = typename B::element_format;
  core::real element = core::decode<F>(static_cast<typename F::code_type>(block.code(i)));
  if (core::is_zero(element)) {
    return core::finite(0, 0);
  }
  const std::uint32_t code = block.scale_code(0, 0);
  if constexpr (B::scale_format::has_zero) {
    if (code == 0 || code == 0x7F) {
      return core::finite(0, 0, element.negative);
    }
    // Four exponent bits and three of fraction; the top bit is not looked at.
    const std::uint64_t fraction = code & 7;
    const int field = static_cast<int>(code >> 3 & 15);
    return core::multiply(element,
                          field == 0 ? core::finite(fraction, -9) : core::finite(8 + fraction, field - 10));
  } else {
    element.exponent += static_cast<int>(code) - 127;
    return element;
  }
}

}  // namespace

}  // namespace narrowfp::inline v0::blocks
