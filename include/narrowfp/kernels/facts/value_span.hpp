// Layer: kernels/facts. In which integers the values of a format count: what decides how exact sums of
// products are computed.
#pragma once

#include <cstdint>

#include "../../block/block_format.hpp"
#include "../../core/bits.hpp"
#include "../../core/codec.hpp"
#include "../../core/format.hpp"
#include "../../core/real.hpp"

#include "../target.hpp"

namespace narrowfp::inline v0::kernels {

/// Every finite value is k * 2^unit for an integer k.
struct value_span {
  int unit = 0;              ///< the largest such exponent
  int top = 0;               ///< the binade of the largest magnitude
  int significand_bits = 0;  ///< of the odd part of k, at most
  bool zero_is_code_0 = false;
  bool has_specials = false;  ///< infinity or NaN

  /// Bits of the largest k.
  [[nodiscard]] NARROWFP_INLINE constexpr int bits() const noexcept { return top - unit + 1; }
};

namespace {

constexpr int trailing_zeros(std::uint64_t x) noexcept { return __builtin_ctzll(x); }

constexpr void include_value(value_span& span, const core::real& x, bool is_first) noexcept {
  const int unit = x.exponent + trailing_zeros(x.significand);
  const int top = core::binade_of(x);
  span.unit = is_first ? unit : core::smaller(span.unit, unit);
  span.top = is_first ? top : core::larger(span.top, top);
  span.significand_bits = core::larger(span.significand_bits, top - unit + 1);
}

/// Of all codes, where they are few; else from what the format says of its binades.
template <scalar_format F>
inline constexpr value_span span_of = [] {
  value_span span;
  span.zero_is_code_0 = core::is_zero(core::decode<F>(0));
  if constexpr (F::width <= 8) {
    bool is_first = true;
    for (std::uint32_t code = 0; code < std::uint32_t{1} << F::width; ++code) {
      const core::real x = core::decode<F>(static_cast<typename F::code_type>(code));
      if (x.kind != core::real_kind::finite) {
        span.has_specials = true;
      } else if (!core::is_zero(x)) {
        include_value(span, x, is_first);
        is_first = false;
      }
    }
  } else {
    span.has_specials = F::has_infinity || F::has_nan;
    span.unit = F::ulp_exponent(core::far_below);
    span.top = core::binade_of(F::max_finite) + (core::sign_is_a_bit<F> ? 0 : 1);
    for (int binade = span.unit; binade <= span.top; ++binade) {
      const int ulp = F::ulp_exponent(core::smaller(binade, core::binade_of(F::max_finite)));
      span.unit = core::smaller(span.unit, ulp);
      span.significand_bits = core::larger(span.significand_bits, binade - ulp + 1);
    }
  }
  return span;
}();

/// Of elements under all their scales.
template <block_type B>
inline constexpr value_span span_of_block = [] {
  constexpr value_span element = span_of<typename B::element_format>;
  constexpr value_span scale = span_of<typename B::scale_format>;
  value_span span = element;
  span.unit = element.unit + scale.unit;
  span.top = element.top + scale.top + 1 + B::bit_levels;
  span.significand_bits = element.significand_bits + scale.significand_bits;
  span.has_specials = true;
  return span;
}();

}  // namespace

}  // namespace narrowfp::inline v0::kernels

#include "../target_end.hpp"
