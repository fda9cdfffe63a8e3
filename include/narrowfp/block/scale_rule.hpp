// Layer: block. How the first scale of a block is chosen. A rule states three things: which code a block's
// largest magnitude asks for, which alternatives it offers by name, and by what exact ratio elements are
// scaled once the code is known. docs/blocks.md lists which stack uses which rule.
#pragma once

#include <cstdint>

#include "../core/arithmetic.hpp"
#include "../core/bits.hpp"
#include "../core/codec.hpp"
#include "../core/format.hpp"
#include "../core/real.hpp"
#include "../formats/fp16.hpp"

#include "../detail/config.hpp"

namespace narrowfp::inline v0 {

/// How a block's scale follows from its largest magnitude, amax. X is the scale's value.
enum class scale_rule : std::uint8_t {
  native,         ///< the block format's own
  floor,          ///< 2^(floor(log2 amax) - emax): the OCP rule; the largest elements may saturate
  ceil,           ///< one above floor unless amax is a power of two
  rceil,          ///< the smallest value X of the scale's format with amax <= largest element * X
  even,           ///< floor, after rounding amax half up to the element's fraction bits
  search_mse,     ///< native, the code below, the code above: the smallest squared error
  four_over_six,  ///< amax / 6 or amax / 4: the smaller squared error
};

/// What a scale is derived from. `Bits` is the number of one-bit levels below the scale.
template <scalar_format Element, scalar_format Scale, int Bits>
struct scale_facts {
  using element = Element;                 ///< the format of the elements
  using scale = Scale;                     ///< the format of the first scale
  static constexpr int bit_levels = Bits;  ///< how many one-bit levels lie below the scale
  /// The largest magnitude at scale 1, with all bits set.
  static constexpr core::real largest = {Element::max_finite.significand, Element::max_finite.exponent + Bits,
                                         core::real_kind::finite, false, false};
};

/// What turns x into the element's range, exactly: x * value or x / value.
struct scale_ratio {
  core::real value;  ///< the factor or divisor
  bool divides;      ///< x / value, else x * value
};

namespace core {

/// x / y with a quotient of 64 bits and a sticky bit: enough for any element and 32 bits of stochastic
/// fraction. Finite operands but zero, at most 32 bits each.
NARROWFP_INLINE constexpr real divide_fully(const real& x, const real& y) noexcept {
  const int shift = 64 - bit_width(x.significand);
  const std::uint64_t dividend = x.significand << shift;
  const std::uint64_t high = dividend / y.significand;
  const std::uint64_t rest = dividend % y.significand;
  const int more = smaller(64 - bit_width(high), 32);
  real quotient = finite(high << more | (rest << more) / y.significand,
                         x.exponent - shift - more - y.exponent, x.negative != y.negative);
  quotient.sticky = (rest << more) % y.significand != 0;
  return quotient;
}

/// x brought into the element's range by the ratio.
NARROWFP_INLINE constexpr real scaled_by(const real& x, const scale_ratio& ratio) noexcept {
  if (is_zero(x)) {
    return finite(0, 0, x.negative);
  }
  return ratio.divides ? divide_fully(x, ratio.value) : multiply(x, ratio.value);
}

/// The spacing-1 part of a format at its largest value: how many fraction bits it has there.
template <scalar_format F>
inline constexpr int fraction_bits_at_top =
    binade_of(F::max_finite) - F::ulp_exponent(binade_of(F::max_finite));

/// The largest finite code of a scale, which is positive.
template <scalar_format F>
inline constexpr std::uint32_t last_scale_code = static_cast<std::uint32_t>(F::to_code(F::max_finite));

/// x in the scale's format: nearest, ties to even, clamped to the largest and the smallest.
template <scalar_format F>
NARROWFP_INLINE constexpr std::uint32_t nearest_scale(const real& x) noexcept {
  return static_cast<std::uint32_t>(encode<F>(x, rounding::nearest_even, overflow::saturate));
}

}  // namespace core

/// Rules by which a scale is chosen: the last argument of shared_scale.
///
/// offers      which alternatives the caller may ask for by name
/// wanted      the number that is then rounded to the scale's format: nearest, ties to even, clamped to the
///             largest and smallest codes; amax is positive and finite
/// wanted_for  the same under which amax becomes `target`; for four_over_six
/// ratio       what elements are scaled by, exactly, from the value of the scale's code
namespace scale_rules {

/// The power of two that brings amax into the top binade of the elements: block floating point.
struct shared_exponent {
  /// @{
  /// What scale_rules says.
  template <class Facts>
  NARROWFP_INLINE static constexpr bool offers(scale_rule rule) noexcept {
    return rule == scale_rule::native || rule == scale_rule::search_mse;
  }
  template <class Facts>
  NARROWFP_INLINE static constexpr core::real wanted(scale_rule, const core::real& amax) noexcept {
    return core::finite(1, core::binade_of(amax) - core::binade_of(Facts::largest));
  }
  template <class Facts>
  NARROWFP_INLINE static constexpr scale_ratio ratio(const core::real& value) noexcept {
    return {value, true};
  }
  /// @}
};

/// The same with the alternatives that OCP Microscaling formats know.
struct power_of_two : shared_exponent {
  /// @{
  /// What scale_rules says.
  template <class Facts>
  NARROWFP_INLINE static constexpr bool offers(scale_rule rule) noexcept {
    return rule != scale_rule::four_over_six || six_over_four<typename Facts::element>;
  }

  template <class Facts>
  NARROWFP_INLINE static constexpr core::real wanted(scale_rule rule, const core::real& amax) noexcept {
    const int floor = core::binade_of(amax) - core::binade_of(Facts::largest);
    switch (rule) {
      case scale_rule::ceil:
        return core::finite(1, floor + (is_power_of_two(amax) ? 0 : 1));
      case scale_rule::rceil:
        return core::finite(1, covering_exponent(amax, Facts::largest));
      case scale_rule::even:
        return core::finite(1,
                            core::binade_of(rounded_half_up<Facts>(amax)) - core::binade_of(Facts::largest));
      default:
        return core::finite(1, floor);
    }
  }
  /// @}

  /// The scales of four_over_six: the smallest powers of two under which amax is at most the largest
  /// element, and at most the second largest.
  template <class Facts>
  NARROWFP_INLINE static constexpr core::real wanted_for(const core::real& amax,
                                                         const core::real& target) noexcept {
    return core::finite(1, covering_exponent(amax, target));
  }

  /// Whether the element's two largest magnitudes are as 6 to 4.
  template <scalar_format F>
  static constexpr bool six_over_four =
      core::fraction_bits_at_top<F> == 1 &&
      core::compare_magnitudes(F::max_finite, core::finite(3, core::binade_of(F::max_finite) - 1)) == 0;

 private:
  NARROWFP_INLINE static constexpr bool is_power_of_two(const core::real& x) noexcept {
    return (x.significand & (x.significand - 1)) == 0;
  }
  /// The smallest e with x <= target * 2^e.
  NARROWFP_INLINE static constexpr int covering_exponent(const core::real& x, core::real target) noexcept {
    const int e = core::binade_of(x) - core::binade_of(target);
    target.exponent += e;
    return core::compare_magnitudes(x, target) > 0 ? e + 1 : e;
  }
  template <class Facts>
  NARROWFP_INLINE static constexpr core::real rounded_half_up(const core::real& x) noexcept {
    const int spacing = core::binade_of(x) - core::fraction_bits_at_top<typename Facts::element>;
    const core::truncation cut = core::truncate(x, spacing);
    return core::finite(cut.quotient + (cut.fraction >> 63), spacing);
  }
};

/// amax / largest element, rounded to the scale's format: nearest, ties to even. NVFP4, and scales that
/// are floats. By rceil it is rounded up, where one scale with a zero is all there is.
struct nearest_ratio {
  /// @{
  /// What scale_rules says.
  template <class Facts>
  NARROWFP_INLINE static constexpr bool offers(scale_rule rule) noexcept {
    return rule == scale_rule::native || rule == scale_rule::search_mse ||
           (rule == scale_rule::rceil && Facts::bit_levels == 0 && Facts::scale::has_zero) ||
           (rule == scale_rule::four_over_six && power_of_two::six_over_four<typename Facts::element>);
  }
  template <class Facts>
  NARROWFP_INLINE static constexpr core::real wanted(scale_rule rule, const core::real& amax) noexcept {
    const core::real ratio = wanted_for<Facts>(amax, Facts::largest);
    if (rule == scale_rule::rceil) {
      using F = typename Facts::scale;
      return core::decode<F>(core::encode<F>(ratio, rounding::toward_positive, overflow::saturate));
    }
    return ratio;
  }
  template <class Facts>
  NARROWFP_INLINE static constexpr core::real wanted_for(const core::real& amax,
                                                         const core::real& target) noexcept {
    return core::divide_fully(amax, target);
  }
  template <class Facts>
  NARROWFP_INLINE static constexpr scale_ratio ratio(const core::real& value) noexcept {
    return {value, true};
  }
  /// @}
};

/// HiF4's: amax times the bfloat16 nearest to 1 / Divisor, rounded to bfloat16, then to the scale's
/// format; elements are multiplied by the bfloat16 nearest to 1 / scale (arXiv 2602.11287, algorithm 1).
template <int Divisor>
struct bfloat16_reciprocal {
  /// @{
  /// What scale_rules says.
  template <class Facts>
  NARROWFP_INLINE static constexpr bool offers(scale_rule rule) noexcept {
    return rule == scale_rule::native || rule == scale_rule::search_mse;
  }
  template <class Facts>
  NARROWFP_INLINE static constexpr core::real wanted(scale_rule, const core::real& amax) noexcept {
    constexpr core::real reciprocal = in_bfloat16(core::divide(core::finite(1, 0), core::finite(Divisor, 0)));
    return in_bfloat16(core::multiply(amax, reciprocal));
  }
  template <class Facts>
  NARROWFP_INLINE static constexpr scale_ratio ratio(const core::real& value) noexcept {
    return {in_bfloat16(core::divide(core::finite(1, 0), value)), false};
  }
  /// @}

 private:
  NARROWFP_INLINE static constexpr core::real in_bfloat16(const core::real& x) noexcept {
    using F = formats::bfloat16;
    return core::decode<F>(core::encode<F>(x, rounding::nearest_even, overflow::native));
  }
};

}  // namespace scale_rules

}  // namespace narrowfp::inline v0

#include "../detail/undef.hpp"
