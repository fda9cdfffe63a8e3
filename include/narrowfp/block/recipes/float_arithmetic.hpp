// Layer: block. What the recipes of other stacks have in common: single operations of float arithmetic, in
// integers, so that they give the other stack's bits whatever the caller's floating-point environment is.
#pragma once

#include <cstddef>
#include <cstdint>

#include "../../core/arithmetic.hpp"
#include "../../core/bits.hpp"
#include "../../core/codec.hpp"
#include "../../core/real.hpp"
#include "../codec.hpp"
#include "../float_bits.hpp"
#include "../job.hpp"

namespace narrowfp::inline v0::blocks {

namespace {

[[gnu::noinline]] constexpr core::real float_multiply(const core::real& a, const core::real& b) noexcept {
  return in_float(core::multiply(a, b));
}
[[gnu::noinline]] constexpr core::real float_divide(const core::real& a, const core::real& b) noexcept {
  return in_float(core::divide(a, b));
}
constexpr core::real float_add(const core::real& a, const core::real& b) noexcept {
  return in_float(core::add(a, b));
}
constexpr core::real float_subtract(const core::real& a, const core::real& b) noexcept {
  return in_float(core::subtract(a, b));
}
constexpr core::real float_reciprocal(const core::real& x) noexcept { return float_divide(integer(1), x); }

constexpr core::real smaller(const core::real& a, const core::real& b) noexcept {
  return core::compare(a, b) < 0 ? a : b;
}
constexpr core::real larger(const core::real& a, const core::real& b) noexcept {
  return core::compare(a, b) < 0 ? b : a;
}

constexpr core::real power_of_two(int exponent) noexcept { return core::finite(1, exponent); }

/// x * 2^exponent in float: exact but for overflow and underflow.
constexpr core::real float_scaled(core::real x, int exponent) noexcept {
  x.exponent += exponent;
  return in_float(x);
}

/// floor(log2f(x)) of a positive float: one more than the binade where x lies so close below a power of
/// two, 2^k, that its logarithm rounds to k.
///
/// With x = s * 2^(k - 24), s a 24-bit integer, k - log2(x) is (2^24 - s) * 2^-24 / ln 2, and rounding
/// yields k up to half a spacing of the floats just below k, which is 2^(h - 24). The limits are
/// floor(2^h * ln 2); none of those products is near enough to an integer for the neglected second-order
/// term, or a logarithm good to 0.504 ulp, to matter.
constexpr int floor_of_float_log2(const core::real& x) noexcept {
  constexpr std::uint64_t limit[] = {0, 1, 2, 5, 11, 22, 44, 88};
  const int binade = core::binade_of(x);
  const int k = binade + 1;
  if (k == 0) {
    return binade;
  }
  const int size = k < 0 ? -k : k;
  const bool spacing_halves_below = k > 0 && (size & (size - 1)) == 0;
  const int h = core::bit_width(static_cast<std::uint64_t>(size)) - 1 - (spacing_halves_below ? 1 : 0);
  const std::uint64_t significand = x.significand << (24 - core::bit_width(x.significand));
  const bool rounds_to_k = h >= 0 && (std::uint64_t{1} << 24) - significand <= limit[h];
  return rounds_to_k ? k : binade;
}

/// The exponent field of an E8M0 scale: that of d, one more where d is not a power of two. Of d's
/// subnormals those above 2^-127 give 1.
constexpr std::uint32_t exponent_rounded_up(const core::real& d) noexcept {
  const std::uint32_t bits = float_bits_of(d);
  const std::uint32_t field = bits >> 23;
  const std::uint32_t fraction = bits & 0x7FFFFF;
  const std::uint32_t kept = field == 0 ? 0x400000 : 0;
  return fraction > kept ? field + 1 : field;
}

/// The value of a block's scale code.
template <block_type B>
constexpr core::real scale_value(std::uint32_t code) noexcept {
  using F = typename B::scale_format;
  return core::decode<F>(static_cast<typename F::code_type>(code));
}

template <block_type B>
constexpr B with_scale(std::uint32_t code) noexcept {
  B block;
  block.set_scale_code(code);
  return block;
}

constexpr rounding mode_or(rounding mode, rounding native) noexcept {
  return mode == rounding::native ? native : mode;
}

}  // namespace

}  // namespace narrowfp::inline v0::blocks
