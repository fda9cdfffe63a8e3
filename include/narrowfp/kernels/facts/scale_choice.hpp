// Layer: kernels/facts. How vector quantizers choose the scales of a block format, and the facts that they
// need for it.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>

#include "../../block/block_format.hpp"
#include "../../block/job.hpp"
#include "../../core/bits.hpp"
#include "../../core/codec.hpp"
#include "../../core/real.hpp"
#include "../../formats/fp4.hpp"
#include "../../formats/scales.hpp"
#include "any_scale.hpp"
#include "magic_rows.hpp"
#include "vector_blocks.hpp"

#include "../target.hpp"

namespace narrowfp::inline v0::kernels {

/// How a vector kernel chooses the scale: not at all, as a power of two, as a ratio rounded to nearest, or as
/// HiF4 does.
enum class scale_choice : std::uint8_t { none, power_of_two, ratio, hif4 };

namespace {

/// What vector quantizers read: numbers that are floats.
template <class S>
concept vector_block_source = std::same_as<S, float> || std::same_as<S, narrow_float<formats::bfloat16>> ||
    std::same_as<S, narrow_float<formats::float16>>;

template <class Rule>
inline constexpr bool is_bfloat16_reciprocal = false;
template <int Divisor>
inline constexpr bool is_bfloat16_reciprocal<scale_rules::bfloat16_reciprocal<Divisor>> = true;

/// Whether the magnitudes are the multiples of the smallest, and their codes count them.
template <scalar_format F>
inline constexpr bool counts_units = [] {
  if constexpr (F::width <= 8 && F::is_signed && F::has_negative_zero && has_float_rows<F>) {
    const auto& all = ranks<F>;
    for (int rank = 0; rank < all.count; ++rank) {
      if (static_cast<int>(all.codes[static_cast<std::size_t>(rank)]) != rank) {
        return false;
      }
    }
    const core::real largest =
        core::finite(static_cast<std::uint64_t>(all.count - 1), core::binade_of(core::min_positive<F>));
    return core::compare_magnitudes(largest, F::max_finite) == 0;
  } else {
    return false;
  }
}();

/// Ways without bits below the scale.
template <block_type B>
constexpr scale_choice choice_of_one_level() noexcept {
  using F = typename B::element_format;
  using SF = typename B::scale_format;
  using rule = typename B::rule;
  constexpr bool elements_fit = magic_rows_of<F, rounding::nearest_even, overflow::saturate>.exists &&
                                F::is_signed && F::has_zero && F::has_negative_zero;
  if constexpr (elements_fit && std::same_as<SF, formats::e8m0> &&
                (std::same_as<rule, scale_rules::power_of_two> ||
                 std::same_as<rule, scale_rules::shared_exponent>)) {
    return core::binade_of(F::max_finite) >= 0 ? scale_choice::power_of_two : scale_choice::none;
  } else if constexpr (elements_fit && std::same_as<rule, scale_rules::nearest_ratio> && F::width == 4) {
    // Division decides exactly where no boundary of the element or the scale needs more than 8 bits, and
    // nothing that counts is denormal.
    constexpr auto& scale = magic_rows_of<SF, rounding::nearest_even, overflow::saturate>;
    constexpr bool is_near =
        core::binade_of(core::min_positive<SF>) > -60 && core::binade_of(SF::max_finite) < 60;
    return scale.exists && (scale.flags & (flag_mapped | flag_many_rows | flag_low_value)) == 0 && is_near
               ? scale_choice::ratio
               : scale_choice::none;
  } else {
    return scale_choice::none;
  }
}

/// Ways with bits: HiF4's, and one for each pair of 16 elements, as in the shared microexponents.
template <block_type B>
constexpr scale_choice choice_with_bits() noexcept {
  using SF = typename B::scale_format;
  using rule = typename B::rule;
  if constexpr (counts_units<typename B::element_format>) {
    if constexpr (has_hif4_bits<B> && std::same_as<SF, formats::e6m2> && is_bfloat16_reciprocal<rule>) {
      // Factors to units are normal floats.
      constexpr int unit = core::binade_of(core::min_positive<typename B::element_format>);
      return unit > -64 && unit < 64 ? scale_choice::hif4 : scale_choice::none;
    } else if constexpr (B::levels == 2 && B::elements == 16 && std::same_as<SF, formats::e8m0> &&
                         std::same_as<rule, scale_rules::shared_exponent>) {
      return B::layout::group_elements[1] == 2 && core::binade_of(B::facts::largest) >= 0 &&
                     B::threshold[1] > 0 && B::threshold[1] < 64
                 ? scale_choice::power_of_two
                 : scale_choice::none;
    }
  }
  return scale_choice::none;
}

/// 1 / x in two floats.
struct float_reciprocal {
  float nearest, lacking;
};
constexpr float_reciprocal reciprocal_in_floats(const core::real& x) noexcept {
  const core::real one = core::finite(1, 0);
  const auto nearest = core::to_floating<float>(core::divide(one, x));
  const core::real product =
      core::multiply(core::decode<formats::binary32>(core::bit_cast<std::uint32_t>(nearest)), x);
  return {nearest, core::to_floating<float>(core::divide(core::subtract(one, product), x))};
}

/// The reciprocals of scales by the leading 4 bits of a float's fraction.
struct reciprocal_table {
  bool exist;                     ///< no scale has more bits
  std::uint32_t of_fraction[16];  ///< the nearest float to 1 / (1 + f / 16), and 127 more in its exponent,
                                  ///< from which the scale's is to be subtracted
};

template <scalar_format F>
inline constexpr reciprocal_table reciprocals = [] {
  reciprocal_table table{true, {}};
  for (std::uint32_t f = 0; f < 16; ++f) {
    const core::real r = core::divide(core::finite(16, 0), core::finite(16 + f, 0));
    table.of_fraction[f] = core::bit_cast<std::uint32_t>(core::to_floating<float>(r)) + (127U << 23);
  }
  for (unsigned code = 0; code <= core::low_mask(F::width); ++code) {
    const core::real x = core::decode<F>(static_cast<typename F::code_type>(code));
    const auto bits = core::bit_cast<std::uint32_t>(core::to_floating<float>(x));
    table.exist = table.exist && (x.kind != core::real_kind::finite || (bits & 0x7FFFF) == 0);
  }
  return table;
}();

template <block_type B>
inline constexpr scale_choice scale_choice_of = [] {
  if constexpr (!is_vector_block<B>) {
    return scale_choice::none;
  } else if constexpr (B::levels == 1) {
    return choice_of_one_level<B>();
  } else {
    return choice_with_bits<B>();
  }
}();

/// NEON's ways, which know HiF4 by its elements and thresholds.
template <block_type B>
inline constexpr scale_choice common_scale_choice = [] {
  if constexpr (!is_common_block<B>) {
    return scale_choice::none;
  } else if constexpr (scale_choice_of<B> == scale_choice::hif4) {
    constexpr bool as_hif4 = std::same_as<typename B::element_format, formats::fp4_e1m2> &&
                             B::threshold[1] == 2 && B::threshold[2] == 1;
    return as_hif4 ? scale_choice::hif4 : scale_choice::none;
  } else {
    return scale_choice_of<B>;
  }
}();

/// The rounding mode of elements for which all vector quantizers are.
template <block_type B>
inline constexpr rounding vector_mode = is_any_scale_block<B> ? B::element_format::native_rounding
                                        : B::levels > 1       ? rounding::nearest_away
                                                              : rounding::nearest_even;

/// The least scale code, if it is a power of two's, under which denormal elements do not count: to nearest
/// and toward zero as they are below half the least spacing, by draws as they are below 2^-32 of it.
template <block_type B, rounding Mode>
inline constexpr int least_usual_code = core::larger(
    (Mode == rounding::stochastic ? 36 : 4) - core::binade_of(core::min_positive<typename B::element_format>),
    0);

/// Whether AVX-512 quantizes elements by the mode: the one above, and under one scale the others that have
/// lanes. Draws decide about a quotient where a scale has few bits.
template <block_type B, rounding Mode>
inline constexpr bool has_vector_mode = [] {
  if constexpr (Mode == vector_mode<B>) {
    return true;
  } else if constexpr (has_any_scale_quantizer<B>) {
    return Mode != rounding::stochastic &&
           magic_rows_of<typename B::element_format, Mode, overflow::saturate>.exists;
  } else if constexpr (B::levels == 1 && scale_choice_of<B> != scale_choice::none) {
    using SF = typename B::scale_format;
    constexpr auto& facts = magic_rows_of<typename B::element_format, Mode, overflow::saturate>;
    constexpr bool draws_quotients = core::fraction_bits_at_top<SF> < 5;
    return facts.exists && (Mode != rounding::stochastic ||
                            scale_choice_of<B> == scale_choice::power_of_two || draws_quotients);
  } else {
    return false;
  }
}();

/// Whether a vector quantizer chooses scales by the rule.
NARROWFP_INLINE bool is_vector_rule(scale_rule rule) noexcept {
  return rule != scale_rule::search_mse && rule != scale_rule::four_over_six;
}

/// The rules that choose a power of two as one addition: the scale's exponent is that of amax + carry, taken
/// as integers, less that of the largest element. The carry reaches the exponent where the rule goes up. Of
/// ratios, whether they are rounded up: 0 or 1.
template <block_type B>
NARROWFP_INLINE std::uint32_t scale_carry(scale_rule rule) noexcept {
  if constexpr (scale_choice_of<B> == scale_choice::ratio) {
    return rule == scale_rule::rceil ? 1 : 0;
  }
  using F = typename B::element_format;
  constexpr std::uint32_t almost_one = 0x7FFFFF;
  constexpr std::uint32_t fraction_of_largest = float_bits_of(F::max_finite) & almost_one;
  switch (rule) {
    case scale_rule::ceil:
      return almost_one;
    case scale_rule::rceil:
      return almost_one - fraction_of_largest;
    case scale_rule::even:
      return 1U << (22 - core::fraction_bits_at_top<F>);
    default:
      return 0;
  }
}

/// The scale of a block under a power of two, of which the code is the float's exponent field, and whether
/// kernels may use it: they subtract exponents or multiply by the inverse, which must be a normal float.
struct power_scale {
  int code;
  bool is_usual;
};
template <block_type B, rounding Mode>
NARROWFP_INLINE power_scale choose_power(std::uint32_t amax, std::uint32_t carry) noexcept {
  constexpr int top = core::binade_of(B::facts::largest);
  const int code = core::larger(static_cast<int>((amax + carry) >> 23) - top, 0);
  const bool is_low = code < least_usual_code<B, Mode> && amax != 0;
  return {code, amax < 0x7F800000 && code < 254 && !is_low};
}

/// HiF4's scale as a function of amax: the code rises by `codes_in_binade` from binade to binade and within a
/// binade at these fractions, for as long as it is not clamped. Found by asking the rule.
template <block_type B>
struct scale_steps {
  static constexpr int codes_in_binade = 4;
  std::uint32_t from_fraction[codes_in_binade];
  int code_of_one;

  static constexpr int code_at(std::uint32_t fraction) noexcept {
    const core::real amax = core::finite(std::uint64_t{fraction} + (1U << 23), -23);
    return static_cast<int>(core::nearest_scale<typename B::scale_format>(
        B::rule::template wanted<typename B::facts>(scale_rule::native, amax)));
  }
  static constexpr scale_steps find() noexcept {
    scale_steps steps{};
    steps.code_of_one = code_at(0);
    for (int step = 0; step < codes_in_binade; ++step) {
      std::uint32_t below = 0;
      std::uint32_t from = 1U << 23;  // never within this binade
      while (from - below > 1) {
        const std::uint32_t middle = (from + below) / 2;
        (code_at(middle) > steps.code_of_one + step ? from : below) = middle;
      }
      steps.from_fraction[step] = from;
    }
    return steps;
  }
};
template <block_type B>
inline constexpr scale_steps<B> scale_steps_of = scale_steps<B>::find();

/// The scale's code for a largest magnitude, given as a float pattern.
template <block_type B>
NARROWFP_INLINE std::uint32_t stepped_scale_code(std::uint32_t amax) noexcept {
  constexpr auto& steps = scale_steps_of<B>;
  constexpr int last = static_cast<int>(core::last_scale_code<typename B::scale_format>);
  const std::uint32_t fraction = amax & 0x7FFFFF;
  int code = steps.code_of_one + scale_steps<B>::codes_in_binade * (static_cast<int>(amax >> 23) - 127);
  for (const std::uint32_t from : steps.from_fraction) {
    code += fraction >= from ? 1 : 0;
  }
  return static_cast<std::uint32_t>(code < 0 ? 0 : code > last ? last : code);
}

/// What elements are multiplied by under each scale code.
template <block_type B>
inline constexpr std::array<float, 256> element_factors = [] {
  using SF = typename B::scale_format;
  std::array<float, 256> factors{};
  for (std::size_t code = 0; code <= core::last_scale_code<SF>; ++code) {
    const core::real scale = core::decode<SF>(static_cast<typename SF::code_type>(code));
    factors[code] = core::to_floating<float>(B::rule::template ratio<typename B::facts>(scale).value);
  }
  return factors;
}();

/// Whether float division by a tensor scale may replace the core's before quantizing: what a denormal
/// quotient or operand becomes must lie far below the smallest element under the smallest scale.
template <block_type B>
NARROWFP_INLINE bool divides_by_tensor_scale(float tensor_scale) noexcept {
  using F = typename B::element_format;
  using SF = typename B::scale_format;
  constexpr int least = core::binade_of(core::min_positive<F>) + core::binade_of(core::min_positive<SF>);
  const int field = field_of(tensor_scale);
  return least > -60 && field > 127 - 60 && field < 255;
}

}  // namespace

}  // namespace narrowfp::inline v0::kernels

#include "../target_end.hpp"
