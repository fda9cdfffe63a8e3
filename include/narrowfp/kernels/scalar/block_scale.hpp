// Layer: kernels/scalar. The scale of one block, read and chosen by integers, for kernels that take blocks
// one at a time: see facts/any_scale.hpp.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>

#include "../../block/block_format.hpp"
#include "../../block/scale_rule.hpp"
#include "../../core/arithmetic.hpp"
#include "../../core/bits.hpp"
#include "../../core/codec.hpp"
#include "../../core/real.hpp"
#include "../block_job.hpp"
#include "../facts/any_scale.hpp"
#include "../facts/ranks.hpp"
#include "../facts/vector_blocks.hpp"
#include "quantize_rows.hpp"

#include "../target.hpp"

namespace narrowfp::inline v0::kernels {

/// A block's scale, and whether kernels may use it; else the block is left to the scalar path.
struct block_scale {
  float value;
  std::uint32_t code;
  bool is_usual;
};

/// Blocks one below the other, of a tile: the elements of line i begin at in + i * stride.
template <class S>
struct block_column {
  const S* in;
  std::size_t stride;
  std::size_t lines;
};

namespace {

/// A block's scale, to multiply by: under a usual one no product with an element is denormal or invalid.
template <block_type B, int Margin = 0>
NARROWFP_INLINE block_scale load_scale(const std::byte* metadata) noexcept {
  using F = typename B::element_format;
  using SF = typename B::scale_format;
  std::uint32_t code = 0;
  for (std::size_t i = 0; i < B::metadata_bytes; ++i) {
    code |= static_cast<std::uint32_t>(metadata[i]) << 8 * i;
  }
  if constexpr (has_code_line<SF>) {
    using line = code_line<SF>;
    constexpr int least =
        core::larger(min_float_binade + Margin - core::binade_of(core::min_positive<F>), line::least_binade);
    constexpr std::uint32_t first_code = static_cast<std::uint32_t>(SF::to_code(core::finite(1, least)));
    constexpr std::uint32_t sign_bit = SF::is_signed ? 1U << (SF::width - 1) : 0;
    const auto magnitude =
        static_cast<std::uint32_t>(code & core::low_mask(SF::width) & ~std::uint64_t{sign_bit});
    const std::uint32_t sign = (code & sign_bit) != 0 ? 0x80000000 : 0;
    const bool is_zero = magnitude == 0 && !F::has_infinity;
    const float value = core::bit_cast<float>(sign | (is_zero ? 0 : line::pattern(magnitude)));
    return {value, code, is_zero || magnitude - first_code <= line::last_code - first_code};
  } else {
    return {block_scales<B>.value[code & 0xFF], code,
            block_scales<B>.use[code & 0xFF] == scale_use::multiply};
  }
}

/// amax / largest element, rounded to the scale's format: up by the rule rceil, else nearest, ties to even.
/// Of the quotient's 48 bits or more 24 or more are dropped. These tell a tie: what the division leaves, less
/// than 256, would be a multiple of 2^23 if they were just half a unit, and so it is 0.
template <block_type B>
NARROWFP_INLINE std::uint32_t ratio_pattern(std::uint32_t amax, scale_rule rule) noexcept {
  using line = code_line<typename B::scale_format>;
  constexpr core::real largest = B::facts::largest;
  constexpr int zeros = __builtin_ctzll(largest.significand);
  constexpr std::uint64_t divisor = largest.significand >> zeros;
  static_assert(divisor < 256);
  const std::uint64_t dividend = std::uint64_t{(amax & 0x7FFFFF) | 0x800000} << 32;
  const std::uint64_t quotient = dividend / divisor;
  const int dropped = core::bit_width(quotient) - (line::fraction_bits + 1);
  const std::uint64_t almost_half = (std::uint64_t{1} << (dropped - 1)) - 1;
  const std::uint64_t to_nearest = almost_half + (quotient >> dropped & 1);
  const std::uint64_t up = core::low_mask(dropped) + (quotient * divisor != dividend ? 1 : 0);
  const std::uint64_t rounded = (quotient + (rule == scale_rule::rceil ? up : to_nearest)) >> dropped;
  // amax is what is divided times 2^(field - 150 - 32).
  const int unit = static_cast<int>(amax >> 23) - 182 - (largest.exponent + zeros) + dropped;
  const int binade = unit + line::fraction_bits;
  // The leading one adds one to the exponent; a carry out of the fraction another.
  return (static_cast<std::uint32_t>(binade + 126) << 23) +
         static_cast<std::uint32_t>(rounded << line::shift);
}

/// The scale of a block by a rule; a usual one divides as usual_divisors says.
template <block_type B>
NARROWFP_INLINE block_scale choose_scale(std::uint32_t amax, scale_rule rule) noexcept {
  using SF = typename B::scale_format;
  using usual = usual_divisors<B>;
  if (amax == 0) {
    return {SF::has_zero ? 0.0F : 1.0F, 0, true};  // 0 divided by any scale is 0
  }
  // A scale is about amax / largest, so that it is no number here whose pattern would not fit.
  constexpr int top = core::binade_of(B::facts::largest);
  const int about = static_cast<int>(amax >> 23) - 127 - top;
  if (about < usual::least || about > usual::most) {
    return {0, 0, false};
  }
  if constexpr (std::same_as<typename B::rule, scale_rules::nearest_ratio> && has_code_line<SF>) {
    using line = code_line<SF>;
    const std::uint32_t pattern = ratio_pattern<B>(amax, rule);
    const std::uint32_t code = line::code(pattern);
    return {core::bit_cast<float>(pattern), code,
            code - line::first_code <= line::last_code - line::first_code};
  } else {
    const core::real exact = core::finite((amax & 0x7FFFFF) | 0x800000, static_cast<int>(amax >> 23) - 150);
    const std::uint32_t code =
        scalar::code_of_scale<B>(B::rule::template wanted<typename B::facts>(rule, exact));
    const core::real value = core::decode<SF>(static_cast<typename SF::code_type>(code));
    const int binade = core::is_zero(value) ? -128 : core::binade_of(value);
    return {core::to_floating<float>(value), code, binade >= usual::least && binade <= usual::most};
  }
}

/// Writes a block's scale, and zeros as codes under a scale of 0. Whether elements are still to be encoded.
template <block_type B>
NARROWFP_INLINE bool write_scale(const block_scale& scale, const block_target& to) noexcept {
  __builtin_memcpy(to.metadata, &scale.code, B::metadata_bytes);
  if (scale.value != 0) {
    return true;
  }
  __builtin_memset(to.codes, 0, B::code_bytes);
  return false;
}

}  // namespace

}  // namespace narrowfp::inline v0::kernels

#include "../target_end.hpp"
