// Layer: types. std::numeric_limits for every format, derived from its descriptor.
#pragma once

#include <limits>

#include "../core/bits.hpp"
#include "../core/codec.hpp"
#include "../core/real.hpp"
#include "narrow_float.hpp"

namespace narrowfp::inline v0::detail {

/// floor(n * log10(2)) by a 32-bit approximation of log10(2), exact for |n| < 10000.
constexpr int floor_log10_of_power(int n) noexcept {
  return static_cast<int>((static_cast<long long>(n) * 1292913986) >> 32);
}

/// floor(log10(x)) of a finite x >= 2^-1022. The powers of ten are compared as doubles, which hold them
/// exactly up to 10^22; no format has a value so close to a larger one that their error could matter.
constexpr int floor_log10(const core::real& x) noexcept {
  double value = static_cast<double>(x.significand);
  for (int e = x.exponent; e > 0; --e) {
    value *= 2;
  }
  for (int e = x.exponent; e < 0; ++e) {
    value /= 2;
  }
  const int above = floor_log10_of_power(core::binade_of(x) + 1);
  double power = 1;
  for (int i = 0; i < above; ++i) {
    power *= 10;
  }
  for (int i = 0; i > above; --i) {
    power /= 10;
  }
  return value >= power ? above : floor_log10_of_power(core::binade_of(x));
}

/// The facts that numeric_limits reports, as the format's binades give them.
template <scalar_format F>
struct limit_facts {
  static constexpr int min_binade = core::binade_of(core::min_positive<F>);
  static constexpr int max_binade = core::binade_of(F::max_finite);
  /// Formats of equally spaced values have no other normal one than their smallest.
  static constexpr int min_normal_binade =
      F::min_normal_binade <= max_binade ? F::min_normal_binade : min_binade;
  static constexpr bool has_subnormals = min_binade < min_normal_binade;
  static constexpr bool holds_one = min_binade <= 0 && max_binade >= 0;
  /// Significand bits at 1; where 1 is outside the range, at the nearer end of it.
  static constexpr int binade_of_one = core::smaller(core::larger(0, min_binade), max_binade);
  static constexpr int digits = core::larger(binade_of_one - F::ulp_exponent(binade_of_one) + 1, 1);
  static constexpr bool has_signaling_nan = F::has_nan && F::has_infinity && F::width > 8 && digits > 2;
};

}  // namespace narrowfp::inline v0::detail

/// @cond specializations are described at narrow_float
/// Every member follows from the format. What the format lacks is absent: infinity, quiet_NaN,
/// signaling_NaN, and epsilon and round_error where 1 is outside its range.
template <narrowfp::scalar_format F>
class std::numeric_limits<narrowfp::narrow_float<F>> {
  using T = narrowfp::narrow_float<F>;
  using facts = narrowfp::detail::limit_facts<F>;

  static constexpr T value(const narrowfp::core::real& x) noexcept { return T::from_bits(F::to_code(x)); }

 public:
  static constexpr bool is_specialized = true;
  static constexpr bool is_signed = F::is_signed;
  static constexpr bool is_integer = false;
  static constexpr bool is_exact = false;
  static constexpr bool has_infinity = F::has_infinity;
  static constexpr bool has_quiet_NaN = F::has_nan;
  static constexpr bool has_signaling_NaN = facts::has_signaling_nan;
  // C++23 deprecates these two, but generic code may still ask.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
  static constexpr float_denorm_style has_denorm = facts::has_subnormals ? denorm_present : denorm_absent;
  static constexpr bool has_denorm_loss = false;
#pragma GCC diagnostic pop
  static constexpr float_round_style round_style = round_to_nearest;
  /// Only binary16 is an interchange format of IEEE 754 here.
  static constexpr bool is_iec559 = std::same_as<F, narrowfp::formats::float16>;
  static constexpr bool is_bounded = true;
  static constexpr bool is_modulo = false;
  static constexpr bool traps = false;
  static constexpr bool tinyness_before = false;
  static constexpr int radix = 2;
  /// The precision at 1.
  static constexpr int digits = facts::digits;
  static constexpr int digits10 = narrowfp::detail::floor_log10_of_power(digits - 1);
  static constexpr int max_digits10 = narrowfp::detail::floor_log10_of_power(digits) + 2;
  static constexpr int min_exponent = facts::min_normal_binade + 1;
  static constexpr int min_exponent10 = -narrowfp::detail::floor_log10_of_power(-facts::min_normal_binade);
  static constexpr int max_exponent = facts::max_binade + 1;
  static constexpr int max_exponent10 = narrowfp::detail::floor_log10(F::max_finite);

  /// The smallest normal value.
  static constexpr T(min)() noexcept { return value(narrowfp::core::finite(1, facts::min_normal_binade)); }
  static constexpr T(max)() noexcept { return value(F::max_finite); }
  static constexpr T lowest() noexcept {
    return F::is_signed ? value(narrowfp::core::with_sign(F::max_finite, true)) : T{};
  }
  static constexpr T denorm_min() noexcept { return value(narrowfp::core::min_positive<F>); }
  /// The successor of 1, less 1.
  static constexpr T epsilon() noexcept requires(facts::holds_one) {
    return value(narrowfp::core::finite(1, F::ulp_exponent(0)));
  }
  static constexpr T round_error() noexcept requires(facts::holds_one) { return T(0.5F); }
  static constexpr T infinity() noexcept requires(has_infinity) { return value(narrowfp::core::infinity()); }
  static constexpr T quiet_NaN() noexcept requires(has_quiet_NaN) { return value(narrowfp::core::nan()); }
  /// The quiet bit clear, the payload's next bit set.
  static constexpr T signaling_NaN() noexcept requires(has_signaling_NaN) {
    return T::from_bits(static_cast<typename T::code_type>(infinity().bits() | 1U << (digits - 3)));
  }
};
/// @endcond
