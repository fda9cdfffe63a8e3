// Layer: kernels/facts. Block formats whose blocks vector kernels take one at a time, under any one scale:
// those with a scale of more than 8 bits, a float among them, and those of sizes that vector_blocks does not
// know.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>

#include "../../block/block_format.hpp"
#include "../../block/scale_rule.hpp"
#include "../../core/bits.hpp"
#include "../../core/codec.hpp"
#include "../../core/real.hpp"
#include "../../formats/fp16.hpp"
#include "magic_rows.hpp"
#include "value_tables.hpp"
#include "vector_blocks.hpp"

#include "../target.hpp"

namespace narrowfp::inline v0::kernels {

namespace {

/// A format of more than 8 bits whose codes lie on a line with the patterns of the floats that they stand
/// for: those of positive normal numbers.
template <scalar_format F>
struct code_line {
  static constexpr int fraction_bits = core::fraction_bits_at_top<F>;
  static constexpr int shift = 23 - fraction_bits;
  static constexpr int most_binade = core::smaller(core::binade_of(F::max_finite), 127);
  /// The lowest binade with all fraction bits.
  static constexpr int least_binade = [] {
    int binade = most_binade;
    while (binade > min_float_binade && F::ulp_exponent(binade - 1) == binade - 1 - fraction_bits) {
      --binade;
    }
    return binade;
  }();
  static constexpr std::uint32_t first_code =
      static_cast<std::uint32_t>(F::to_code(core::finite(1, least_binade)));
  static constexpr std::uint32_t last_code = static_cast<std::uint32_t>(F::to_code(F::max_finite));
  /// The pattern of code 0, were it on the line.
  static constexpr std::uint32_t origin =
      (static_cast<std::uint32_t>(least_binade + 127) << 23) - (first_code << shift);

  static constexpr std::uint32_t pattern(std::uint32_t code) noexcept { return (code << shift) + origin; }
  static constexpr std::uint32_t code(std::uint32_t pattern) noexcept { return (pattern - origin) >> shift; }
};

template <scalar_format F>
inline constexpr bool has_code_line = [] {
  if constexpr (F::width > 8 && F::width <= 32 && requires { requires F::codes_are_ranks; }) {
    return core::fraction_bits_at_top<F> <= 23 && F::has_zero && F::has_negative_zero == F::is_signed &&
           core::binade_of(F::max_finite) <= 127 &&
           code_line<F>::pattern(code_line<F>::last_code) ==
               core::bit_cast<std::uint32_t>(core::to_floating<float>(F::max_finite));
  } else {
    return false;
  }
}();

template <block_type B>
inline constexpr bool is_any_scale_block = [] {
  using F = typename B::element_format;
  using SF = typename B::scale_format;
  if constexpr (is_vector_block<B> || is_integer_block<B> || B::levels != 1) {
    return false;
  } else if constexpr (is_vector_target<F, F::width, float> &&
                       (has_code_line<SF> || (SF::width <= 8 && exact_in_float<SF>))) {
    return exact_in_float<F> && core::binade_of(core::min_positive<F>) >= min_float_binade &&
           (!is_integer_format<F> || B::elements % 32 == 0);
  } else {
    return false;
  }
}();

/// Those that all vector kernels take: 32 elements at a time, of 4, 6 or 8 bits.
template <block_type B>
inline constexpr bool is_common_any_scale_block = [] {
  return is_any_scale_block<B> && is_common_width(B::element_format::width) && B::elements % 32 == 0;
}();

/// Whether every element times a scale is a float, unless too large or small.
template <block_type B>
inline constexpr bool products_are_exact = core::fraction_bits_at_top<typename B::element_format> +
                                               core::fraction_bits_at_top<typename B::scale_format> + 2 <=
                                           24;

/// Whether products may be rounded to odd on their way to 16 bits, which would make NaN of an infinity.
template <block_type B>
inline constexpr bool rounds_products_to_odd =
    is_any_scale_block<B> && !products_are_exact<B> && !B::element_format::has_infinity;

/// Binades that products of an element with a usual scale must keep above the denormal numbers.
template <block_type B, class S>
inline constexpr int product_margin = sizeof(S) == 2 && !products_are_exact<B> ? odd_margin : 0;

/// The scales that an exact division by them allows: 1 / scale, its error, products and rests that matter are
/// all normal. What matters is not less than half the smallest element.
template <block_type B>
struct usual_divisors {
  static constexpr int least = core::larger(
      -60, min_float_binade + 48 - core::binade_of(core::min_positive<typename B::element_format>));
  static constexpr int most = 60;
};

/// Whether the rule divides elements by the scale.
template <class Rule>
inline constexpr bool divides_by_scale =
    std::same_as<Rule, scale_rules::nearest_ratio> || std::same_as<Rule, scale_rules::power_of_two> ||
    std::same_as<Rule, scale_rules::shared_exponent>;

/// Whether kernels encode elements of B under a given scale, by exact division and the element's own
/// rounding.
template <block_type B>
inline constexpr bool divides_by_vectors = [] {
  using F = typename B::element_format;
  if constexpr (B::levels == 1 && divides_by_scale<typename B::rule> && F::width <= 8 && exact_in_float<F> &&
                (F::native_rounding == rounding::nearest_even ||
                 F::native_rounding == rounding::nearest_away)) {
    constexpr bool has_rows =
        magic_rows_of<F, F::native_rounding, overflow::saturate>.exists && F::is_signed && F::has_zero;
    constexpr bool is_encoded = has_rows || is_integer_format<F>;
    return is_encoded && core::binade_of(core::min_positive<F>) > -60 && core::binade_of(F::max_finite) < 60;
  } else {
    return false;
  }
}();

/// Whether facts of the element's encoding allow a vector quantizer.
template <block_type B>
inline constexpr bool has_any_scale_quantizer =
    [] { return is_any_scale_block<B> && divides_by_vectors<B>; }();

}  // namespace

}  // namespace narrowfp::inline v0::kernels

#include "../target_end.hpp"
