// Layer: block. The levels of a block format: who shares which scale.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "../core/bits.hpp"
#include "../core/format.hpp"
#include "../formats/fp16.hpp"
#include "../types/narrow_float.hpp"
#include "scale_rule.hpp"

namespace narrowfp::inline v0 {

namespace detail {

template <class T>
struct format_of_value {};
template <scalar_format F>
struct format_of_value<narrow_float<F>> {
  using type = F;
};
template <>
struct format_of_value<float> {
  using type = formats::binary32;
};

/// Powers of two alone: the scale is a shared exponent.
template <scalar_format F>
inline constexpr bool is_exponent = core::fraction_bits_at_top<F> == 0 && !F::has_zero;

}  // namespace detail

/// The rule of a scale that names none: powers of two take OCP's, others the nearest to amax / largest.
template <class Scale>
using usual_scale_rule =
    std::conditional_t<detail::is_exponent<typename detail::format_of_value<Scale>::type>,
                       scale_rules::power_of_two, scale_rules::nearest_ratio>;

/// The first level: one scale for each block of `Elements`.
///
/// Scale   float, or a value type of this library that has a NaN; written positive.
/// Rule    one of scale_rules.
template <class Scale, std::size_t Elements, class Rule = usual_scale_rule<Scale>>
struct shared_scale {
  static_assert(Elements > 0, "narrowfp: a block has one element or more");
  /// @{
  /// The template's arguments.
  using scale_type = Scale;
  using format = typename detail::format_of_value<Scale>::type;
  using rule = Rule;
  static constexpr std::size_t elements = Elements;
  /// @}
  static_assert(format::has_nan, "narrowfp: a block's scale needs a NaN, which marks a block that held one");
};

/// Stands for the threshold that follows from the element and the levels below.
inline constexpr int usual_threshold = 1 << 20;

/// A level below the first: one bit for each group of `Elements`, which doubles the group's scale.
///
/// It is set where the group's largest magnitude, after all scaling so far, reaches 2^Threshold. The usual
/// threshold is where it would leave the range of the element and the bits below.
template <std::size_t Elements, int Threshold = usual_threshold>
struct shared_bit {
  static_assert(Elements > 0, "narrowfp: a group has one element or more");
  /// @{
  /// The template's arguments.
  static constexpr std::size_t elements = Elements;
  static constexpr int threshold = Threshold;
  /// @}
};

}  // namespace narrowfp::inline v0
