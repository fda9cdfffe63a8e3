// Layer: kernels/scalar. Quantize one block by integer operations on float patterns: equal to the block codec
// wherever it applies, and it says so where it does not.
//
// 1. The scale: the number the rule wants is rounded to odd as a float pattern, and the rows of the scale's
//    format give its code.
// 2. Every magnitude is brought into the element's range as a float pattern: by subtracting exponents if
//    the scale is a power of two (exact), else by an integer product or quotient rounded to odd. Rounding
//    to odd keeps enough for one more rounding to 22 bits or fewer to be the rounding of the exact number,
//    and it keeps every comparison with a power of two.
// 3. Bits of lower levels are comparisons of a group's largest pattern; each set bit subtracts one binade.
// 4. The rows of the element's format give the rank of each pattern, and a table the rank's code.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "../../block/block_format.hpp"
#include "../../block/codec.hpp"
#include "../../block/float_bits.hpp"
#include "../../block/job.hpp"
#include "../../core/bits.hpp"
#include "../../core/codec.hpp"
#include "../../core/real.hpp"
#include "../facts/ranks.hpp"
#include "arrays.hpp"
#include "bits.hpp"
#include "dense8.hpp"
#include "multiply_high.hpp"
#include "thresholds.hpp"

#include "../../detail/config.hpp"

// Internal linkage throughout: see docs/architecture.md, "Units with different flags".
namespace narrowfp::inline v0::kernels::scalar {
namespace {

inline constexpr std::uint32_t float_hidden_bit = 1U << 23;

/// Whether the rows describe the element, its codes can be had from ranks, and two roundings are one.
template <scalar_format F>
inline constexpr bool has_element_rows = [] {
  if constexpr (!has_float_rows<F> || !F::has_zero) {
    return false;
  } else {
    const int lowest = core::binade_of(core::min_positive<F>);
    const bool far_from_ends = lowest > -100 && core::binade_of(F::max_finite) < 100;
    const bool codes_are_ranks = F::width > 8 && F::has_negative_zero && F::is_signed;
    return far_from_ends && core::fraction_bits_at_top<F> <= 20 && (F::width <= 8 || codes_are_ranks);
  }
}();

/// The number of magnitudes; ranks from there on saturate.
template <scalar_format F>
inline constexpr std::uint32_t last_rank = [] {
  if constexpr (F::width > 8) {
    return static_cast<std::uint32_t>(F::to_code(F::max_finite));
  } else {
    return static_cast<std::uint32_t>(ranks<F>.count - 1);
  }
}();

/// Code of each rank, the positive codes first.
template <scalar_format F>
requires(F::width <= 8) inline constexpr auto saturated_codes = [] {
  std::array<std::array<std::uint8_t, std::size_t{1} << F::width>, 2> codes{};
  for (std::uint32_t sign = 0; sign < 2; ++sign) {
    for (std::uint32_t rank = 0; rank <= last_rank<F>; ++rank) {
      const core::real value = F::from_code(ranks<F>.codes[rank]);
      codes[sign][rank] =
          core::encode<F>(core::with_sign(value, sign != 0), rounding::nearest_even, overflow::saturate);
    }
  }
  return codes;
}();

template <scalar_format F>
NARROWFP_INLINE constexpr typename F::code_type code_of_rank(std::uint64_t rank,
                                                             std::uint32_t sign) noexcept {
  rank = rank < last_rank<F> ? rank : last_rank<F>;
  if constexpr (F::width > 8) {
    return static_cast<typename F::code_type>(rank | sign << (F::width - 1));
  } else {
    return saturated_codes<F>[sign][static_cast<std::size_t>(rank)];
  }
}

/// The pattern of a positive number rounded to odd; 0 where it is below the normal floats.
constexpr std::uint32_t pattern_to_odd(const core::real& x) noexcept {
  const int binade = core::binade_of(x);
  const core::truncation cut = core::truncate(x, binade - 23);
  const bool inexact = cut.fraction != 0 || cut.rest;
  const auto significand = static_cast<std::uint32_t>(cut.quotient) | (inexact ? 1U : 0U);
  return binade < -126 ? 0 : static_cast<std::uint32_t>(binade + 126) * float_hidden_bit + significand;
}

/// The code of a scale: wanted rounded to its format, nearest even, clamped.
template <block_type B>
NARROWFP_INLINE constexpr std::uint32_t code_of_scale(const core::real& wanted) noexcept {
  using F = typename B::scale_format;
  if constexpr (detail::is_exponent<F>) {
    if (wanted.significand == 1 && !wanted.sticky) {
      const int code = wanted.exponent - core::binade_of(core::min_positive<F>);
      constexpr int last = static_cast<int>(core::last_scale_code<F>);
      return static_cast<std::uint32_t>(code < 0 ? 0 : code > last ? last : code);
    }
  }
  if constexpr (has_float_rows<F> && F::width <= 8) {
    std::uint32_t pattern = pattern_to_odd(wanted);
    if (pattern >= float_hidden_bit) {
      if constexpr (!F::has_zero) {
        pattern = pattern < lowest_magnitude<F> ? lowest_magnitude<F> : pattern;
      }
      const std::uint64_t rank =
          rounded_rank<rounding::nearest_even>(float_rows<F>[pattern >> 23], pattern, false, 0);
      return code_of_rank<F>(rank, 0);
    }
  }
  return core::nearest_scale<F>(wanted);
}

/// How magnitudes are brought into the element's range.
struct pattern_scale {
  std::int32_t exponent_bits;  ///< subtracted from patterns: those of the divisor, less those of 1
  std::uint32_t significand;   ///< of divisor or multiplier, 24 bits
  std::uint64_t reciprocal;    ///< floor((2^64 - 1) / significand)
};

enum class scale_kind { exponent, product, quotient };

/// |x| * multiplier or |x| / divisor as a pattern rounded to odd; 0 for zero and subnormal |x|, and below
/// the normal floats.
template <scale_kind Kind>
NARROWFP_INLINE constexpr std::int32_t rescaled(std::uint32_t magnitude,
                                                const pattern_scale& scale) noexcept {
  const auto pattern = static_cast<std::int32_t>(magnitude);
  std::int32_t result = 0;
  if constexpr (Kind == scale_kind::exponent) {
    result = pattern - scale.exponent_bits;
  } else {
    const std::uint64_t significand = (magnitude & (float_hidden_bit - 1)) | float_hidden_bit;
    std::uint64_t top = 0;  // 24 or 25 bits of the product or quotient
    std::uint64_t rest = 0;
    if constexpr (Kind == scale_kind::product) {
      const std::uint64_t product = significand * scale.significand;
      top = product >> 23;
      rest = product & (float_hidden_bit - 1);
    } else {
      const std::uint64_t dividend = significand << 24;
      top = multiply_high(dividend, scale.reciprocal);
      rest = dividend - top * scale.significand;
      const bool one_more = rest >= scale.significand;  // the reciprocal is too small by less than 1
      top += one_more ? 1 : 0;
      rest -= one_more ? scale.significand : 0;
    }
    const std::uint64_t carry = top >> 24;
    const std::uint64_t odd = (rest | (top & carry)) != 0 ? 1 : 0;
    top = top >> carry | odd;
    result = static_cast<std::int32_t>((magnitude & ~(float_hidden_bit - 1)) + (carry << 23) +
                                       (top & (float_hidden_bit - 1))) -
             scale.exponent_bits;
  }
  return magnitude < float_hidden_bit || result < static_cast<std::int32_t>(float_hidden_bit) ? 0 : result;
}

/// Bits, then codes, from the magnitudes in the element's range.
template <block_type B, rounding Mode, scale_kind Kind>
constexpr void encode_patterns(const blocks::inputs<B>& x, const pattern_scale& scale, B& block) noexcept {
  using F = typename B::element_format;
  std::int32_t pattern[B::elements];
  for (std::size_t i = 0; i < B::elements; ++i) {
    pattern[i] = rescaled<Kind>(x[i] & blocks::float_magnitude, scale);
  }
  std::int32_t threshold[B::levels];
  for (std::size_t level = 0; level < B::levels; ++level) {
    threshold[level] = (B::threshold[level] + 127) * one_binade;
  }
  choose_pattern_bits(pattern, threshold, block);
  typename F::code_type codes[B::elements];
  for (std::size_t i = 0; i < B::elements; ++i) {
    const auto magnitude = static_cast<std::uint32_t>(pattern[i] < 0 ? 0 : pattern[i]);
    const std::uint64_t rank = rounded_rank<Mode>(float_rows<F>[magnitude >> 23], magnitude, false, 0);
    codes[i] = code_of_rank<F>(rank, x[i] >> 31);
  }
  pack_codes<F::width, B::elements>(codes, block.bytes.data() + B::metadata_bytes);
}

/// Under which scales the patterns are good: what is treated as 0 must be less than half the smallest
/// element, and the largest pattern must stay a float.
template <block_type B>
NARROWFP_INLINE constexpr bool fits_patterns(int scale_binade, int amax_binade) noexcept {
  constexpr int lowest = core::binade_of(core::min_positive<typename B::element_format>) - 1;
  constexpr int lost_binade = -126 + 1 + B::bit_levels;  // of subnormals, and of what underflows below
  return lost_binade - scale_binade <= lowest && lost_binade <= lowest && amax_binade - scale_binade < 126;
}

/// Encodes finite x under a given scale. False: not by this way, and nothing is written.
template <block_type B, rounding Mode>
[[gnu::noinline]] constexpr bool encode_under_scale(const blocks::inputs<B>& x, std::uint32_t scale_code,
                                                    std::uint32_t amax, B& block) noexcept {
  using SF = typename B::scale_format;
  const core::real value = core::decode<SF>(static_cast<typename SF::code_type>(scale_code));
  if (core::is_zero(value)) {
    block = {};
    block.set_scale_code(scale_code);
    return true;
  }
  const scale_ratio ratio = B::rule::template ratio<typename B::facts>(value);
  // As a divisor: its binade, and its significand in 24 bits.
  const int binade = core::binade_of(ratio.value);
  const int divisor_binade = ratio.divides ? binade : -binade - 1;
  if (!fits_patterns<B>(divisor_binade, static_cast<int>(amax >> 23) - 127)) {
    return false;
  }
  block = {};
  block.set_scale_code(scale_code);
  const std::uint64_t normal = ratio.value.significand << (64 - core::bit_width(ratio.value.significand));
  pattern_scale scale = {binade * (1 << 23), static_cast<std::uint32_t>(normal >> 40), 0};
  if (scale.significand == float_hidden_bit) {
    scale.exponent_bits = ratio.divides ? scale.exponent_bits : -scale.exponent_bits;
    encode_patterns<B, Mode, scale_kind::exponent>(x, scale, block);
  } else if (ratio.divides) {
    scale.exponent_bits += 1 << 23;  // dividend < 2^25 * divisor: a quotient without carry is below 1
    scale.reciprocal = ~std::uint64_t{0} / scale.significand;
    encode_patterns<B, Mode, scale_kind::quotient>(x, scale, block);
  } else {
    scale.exponent_bits = -scale.exponent_bits;
    encode_patterns<B, Mode, scale_kind::product>(x, scale, block);
  }
  return true;
}

template <block_type B, rounding Mode>
constexpr bool encode_by_patterns(const blocks::inputs<B>& x, std::uint32_t scale_code, std::uint32_t amax,
                                  B& block) noexcept {
  if constexpr (has_thresholds<B>) {
    return encode_by_thresholds<B, Mode>(x, scale_code, block);
  } else {
    return encode_under_scale<B, Mode>(x, scale_code, amax, block);
  }
}

template <block_type B>
constexpr bool encode_by_patterns(const blocks::inputs<B>& x, std::uint32_t scale_code, std::uint32_t amax,
                                  rounding mode, B& block) noexcept {
  switch (mode) {
    case rounding::nearest_even:
      return encode_by_patterns<B, rounding::nearest_even>(x, scale_code, amax, block);
    case rounding::nearest_away:
      return encode_by_patterns<B, rounding::nearest_away>(x, scale_code, amax, block);
    case rounding::toward_zero:
      return encode_by_patterns<B, rounding::toward_zero>(x, scale_code, amax, block);
    default:
      return false;  // a magnitude that is treated as 0 could count
  }
}

/// Quantizes prepared inputs. False: not by this way, and nothing is written.
template <block_type B>
[[gnu::noinline]] constexpr bool quantize_by_rows(const blocks::inputs<B>& x, const blocks::quantize_job& job,
                                                  B& block) noexcept {
  if constexpr (!has_element_rows<typename B::element_format>) {
    return false;
  } else {
    using rule = typename B::rule;
    const std::uint32_t magnitude = blocks::largest_magnitude(x.data(), B::elements);
    const bool compares_errors = job.rule == scale_rule::search_mse || job.rule == scale_rule::four_over_six;
    if (magnitude < float_hidden_bit || magnitude >= blocks::float_infinity || compares_errors) {
      return false;
    }
    const core::real amax = core::finite(magnitude % float_hidden_bit + float_hidden_bit,
                                         static_cast<int>(magnitude >> 23) - 150);
    const std::uint32_t code = code_of_scale<B>(rule::template wanted<typename B::facts>(job.rule, amax));
    const rounding mode = job.mode == rounding::native ? B::element_format::native_rounding : job.mode;
    return encode_by_patterns<B>(x, code, magnitude, mode, block);
  }
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::scalar

#include "../../detail/undef.hpp"
