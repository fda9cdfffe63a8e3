// Layer: types. One float to a code and back by a few integer operations, where the facts of a format allow
// it: equal to the core, whose long way serves all formats, sources and modes. docs/kernels/scalar_values.md.
#pragma once

#include <cstddef>
#include <cstdint>

#include "../core/bits.hpp"
#include "../core/codec.hpp"
#include "../core/format.hpp"
#include "../core/real.hpp"

#include "../detail/config.hpp"

namespace narrowfp::inline v0::core {

inline constexpr int pattern_fraction_bits = 23;
inline constexpr int pattern_bias = 127;
inline constexpr std::uint32_t pattern_sign = 0x80000000;
inline constexpr std::uint32_t pattern_infinity = 0x7F800000;
inline constexpr std::uint32_t pattern_quiet_nan = 0x7FC00000;
inline constexpr std::uint32_t pattern_leading_one = std::uint32_t{1} << pattern_fraction_bits;

/// The pattern of the float 2^binade, of a normal one.
NARROWFP_INLINE constexpr std::uint32_t pattern_of_power(int binade) noexcept {
  return static_cast<std::uint32_t>(binade + pattern_bias) << pattern_fraction_bits;
}

/// x / 2^shift by the format's own rounding; `offset` is what makes the quotient a code, whose last bit
/// decides ties.
template <scalar_format F>
NARROWFP_INLINE constexpr std::uint32_t rounded_off(std::uint32_t x, int shift,
                                                    std::uint32_t offset = 0) noexcept {
  const std::uint32_t half = std::uint32_t{1} << (shift - 1);
  if constexpr (F::native_rounding == rounding::nearest_even) {
    return (x + (half - 1) + (((x >> shift) + offset) & 1)) >> shift;
  } else {
    return (x + half) >> shift;
  }
}

// 1. Codes that count magnitudes, with fields as in a float.

/// Whether the facts of F are those of an exponent field and fraction_bits below it.
template <class F>
constexpr bool counts_with_fields() noexcept {
  const int top = binade_of(F::max_finite);
  bool fits = F::ulp_exponent(far_below) == F::min_normal_binade - F::fraction_bits;
  for (int binade = F::min_normal_binade; fits && binade <= top; ++binade) {
    const int field = binade - F::min_normal_binade + (F::has_zero ? 1 : 0);
    fits = F::ulp_exponent(binade) == binade - F::fraction_bits &&
           F::to_code(finite(1, binade)) == static_cast<std::uint32_t>(field) << F::fraction_bits;
  }
  return fits;
}

/// Such a format, of values that are normal floats, or all floats in their lowest binades.
template <class F>
concept has_float_fields = scalar_format<F> && sign_is_a_bit<F> && requires {
  requires F::codes_are_ranks && F::width <= 16 && F::fraction_bits <= 15;
  requires binade_of(F::max_finite)
  <= 127 && binade_of(F::max_finite) >= F::min_normal_binade;
  requires F::min_normal_binade >= -126;
  requires !F::has_zero || F::min_normal_binade == -126 || F::min_normal_binade - F::fraction_bits >= -124;
  requires counts_with_fields<F>();
};

template <has_float_fields F>
struct float_fields {
  static constexpr int lost_bits = pattern_fraction_bits - F::fraction_bits;
  /// What the leading bits of a normal float exceed its code by.
  static constexpr std::uint32_t excess =
      static_cast<std::uint32_t>(F::min_normal_binade + pattern_bias - (F::has_zero ? 1 : 0))
      << F::fraction_bits;
  static constexpr std::uint32_t first_normal = pattern_of_power(F::min_normal_binade);
  static constexpr std::uint32_t last = F::to_code(F::max_finite);
  /// Whether denormal numbers lie on the line of the normal ones: there are none, or they are float's.
  static constexpr bool is_line = !F::has_zero || F::min_normal_binade == -126;
};

/// The code of a magnitude; beyond the largest value something above its code.
template <has_float_fields F>
NARROWFP_INLINE constexpr std::uint32_t code_of_magnitude(std::uint32_t m) noexcept {
  using fields = float_fields<F>;
  if constexpr (!F::has_zero) {
    m = m < fields::first_normal ? fields::first_normal : m;
  } else if constexpr (!fields::is_line) {
    if (m < fields::first_normal) {
      // Denormal floats, which have no leading one, come to 0 with it as well.
      const std::uint32_t significand = (m & (pattern_leading_one - 1)) | pattern_leading_one;
      const int unit = static_cast<int>(m >> pattern_fraction_bits) - pattern_bias - pattern_fraction_bits;
      return rounded_off<F>(significand, smaller(F::min_normal_binade - F::fraction_bits - unit, 31));
    }
  }
  return rounded_off<F>(m, fields::lost_bits, fields::excess) - fields::excess;
}
template <has_float_fields F>
NARROWFP_INLINE constexpr bool is_beyond(std::uint32_t, std::uint32_t code) noexcept {
  return code > float_fields<F>::last;
}

/// The pattern of a code, which is a number's, without its sign.
template <has_float_fields F>
NARROWFP_INLINE constexpr std::uint32_t pattern_of_magnitude(std::uint32_t code) noexcept {
  using fields = float_fields<F>;
  if constexpr (!fields::is_line) {
    if (code < std::uint32_t{1} << F::fraction_bits) {
      const int width = bit_width(code);
      const std::uint32_t power = pattern_of_power(F::min_normal_binade - F::fraction_bits - 1 + width);
      return code == 0 ? 0 : power + (code << (pattern_fraction_bits + 1 - width)) - pattern_leading_one;
    }
  }
  return (code + fields::excess) << fields::lost_bits;
}

// 2. Tapered formats of 8 bits or fewer: a row for each binade.

/// How the significand of a float in one binade becomes a code: rounded by `shift`, plus `origin`, or `next`
/// where it has rounded to `end`, the first number of the next binade.
struct taper_row {
  std::uint8_t shift, end, origin, next;
};

/// From half the smallest value on.
template <scalar_format F>
struct taper_rows {
  static constexpr int first_binade = binade_of(min_positive<F>) - 1;
  static constexpr int count = binade_of(F::max_finite) - first_binade + 1;
  taper_row row[static_cast<std::size_t>(count > 0 ? count : 1)];
  /// The least pattern that is beyond the largest value.
  std::uint32_t beyond;
  bool exists;
};

template <scalar_format F>
inline constexpr taper_rows<F> taper_rows_of = [] {
  taper_rows<F> rows{};
  rows.exists = true;
  const auto code_of = [](std::uint64_t q, int spacing) {
    return static_cast<std::uint8_t>(F::to_code(finite(q, spacing)));
  };
  for (int i = 0; i < rows.count; ++i) {
    const int binade = rows.first_binade + i;
    const int spacing = F::ulp_exponent(binade);
    const int fraction_bits = binade - spacing;  // -1 below the smallest value
    const int top = binade_of(F::max_finite);
    const auto first = static_cast<std::uint32_t>(fraction_bits < 0 ? 0 : 1 << fraction_bits);
    const auto end = fraction_bits < 0 ? 1U : 2 * first;
    taper_row& row = rows.row[i];
    row.shift = static_cast<std::uint8_t>(pattern_fraction_bits - fraction_bits);
    row.end = static_cast<std::uint8_t>(end);
    row.origin = static_cast<std::uint8_t>(fraction_bits < 0 ? 0 : code_of(first, spacing) - first);
    row.next = binade < top ? code_of(end, spacing) : std::uint8_t{0};
    for (std::uint32_t q = first; q < end && q != 0; ++q) {
      const bool is_number = compare_magnitudes(finite(q, spacing), F::max_finite) <= 0;
      rows.exists &= !is_number || code_of(q, spacing) == static_cast<std::uint8_t>(row.origin + q);
    }
    if (binade == top) {
      const std::uint64_t last = truncate(F::max_finite, spacing).quotient;
      const bool tie_stays = F::native_rounding == rounding::nearest_even && code_of(last, spacing) % 2 == 0;
      rows.beyond = pattern_of_power(binade) + static_cast<std::uint32_t>((2 * last + 1) << (row.shift - 1)) -
                    pattern_leading_one + (tie_stays ? 1 : 0);
    }
  }
  return rows;
}();

template <class F>
concept has_taper_rows = scalar_format<F> && !has_float_fields<F> && sign_is_a_bit<F> && requires {
  requires F::width <= 8 && F::is_signed&& F::has_zero;
  requires binade_of(min_positive<F>)
  > -100 && binade_of(F::max_finite) < 100;
  requires F::ulp_exponent(binade_of(min_positive<F>) - 1)
  == binade_of(min_positive<F>);
  requires taper_rows_of<F>
  .exists;
};

template <has_taper_rows F>
NARROWFP_INLINE constexpr std::uint32_t code_of_magnitude(std::uint32_t m) noexcept {
  constexpr auto& rows = taper_rows_of<F>;
  const int binade = static_cast<int>(m >> pattern_fraction_bits) - pattern_bias;
  const int i = binade - rows.first_binade;
  if (i < 0) {
    return 0;
  }
  const taper_row& row = rows.row[smaller(i, rows.count - 1)];  // beyond the last one is_beyond decides
  const std::uint32_t significand = (m & (pattern_leading_one - 1)) | pattern_leading_one;
  const std::uint32_t q = rounded_off<F>(significand, row.shift, row.origin);
  return q == row.end ? row.next : (q + row.origin) & 0xFF;
}
template <has_taper_rows F>
NARROWFP_INLINE constexpr bool is_beyond(std::uint32_t m, std::uint32_t) noexcept {
  return m >= taper_rows_of<F>.beyond;
}

/// The patterns of all codes.
template <has_taper_rows F>
struct code_patterns {
  std::uint32_t pattern[std::size_t{1} << F::width];
};
template <has_taper_rows F>
inline constexpr code_patterns<F> code_patterns_of = [] {
  code_patterns<F> patterns{};
  for (std::uint32_t code = 0; code <= low_mask(F::width); ++code) {
    const real x = F::from_code(static_cast<typename F::code_type>(code));
    const std::uint32_t sign = x.negative ? pattern_sign : 0;
    const std::uint32_t power = is_zero(x) ? 0 : pattern_of_power(binade_of(x));
    const std::uint32_t fraction =
        is_zero(x) ? 0
                   : static_cast<std::uint32_t>(truncate(x, binade_of(x) - pattern_fraction_bits).quotient) -
                         pattern_leading_one;
    patterns.pattern[code] = sign | (x.kind == real_kind::nan        ? pattern_quiet_nan
                                     : x.kind == real_kind::infinity ? pattern_infinity
                                                                     : power + fraction);
  }
  return patterns;
}();

// 3. Both.

template <class F>
concept has_short_way = has_float_fields<F> || has_taper_rows<F>;

/// The code of a float, from its pattern, by the format's own rounding: what encode gives.
template <has_short_way F>
NARROWFP_INLINE constexpr typename F::code_type encode_pattern(std::uint32_t bits, overflow policy) noexcept {
  const std::uint32_t m = bits & ~pattern_sign;
  const bool negative = m != bits;
  const std::uint32_t code = code_of_magnitude<F>(m);
  if (m > pattern_infinity || is_beyond<F>(m, code)) [[unlikely]] {
    if (m > pattern_infinity) {
      const real x = nan(negative, std::uint64_t{m} << (64 - pattern_fraction_bits));
      return F::to_code(F::has_nan ? x : F::max_finite);
    }
    if (F::is_signed || !negative) {
      return encode_overflow<F>(negative, policy == overflow::saturate);
    }
  }
  if constexpr (!F::is_signed) {
    if (negative && m != 0) {
      return F::has_nan && policy != overflow::saturate ? F::to_code(nan()) : typename F::code_type{0};
    }
    return static_cast<typename F::code_type>(code);
  } else {
    const bool signs = negative && (F::has_negative_zero || code != 0);
    return static_cast<typename F::code_type>(code | (signs ? 1U << (F::width - 1) : 0));
  }
}

/// The same pattern, of which compilers are not told that it is no number's: under -ffast-math they take it
/// that no float is NaN or infinite, and clang 22 then leaves out the branch that gives one.
NARROWFP_INLINE constexpr std::uint32_t not_told(std::uint32_t pattern) noexcept {
#if defined(__GNUC__) || defined(__clang__)
  if (!__builtin_is_constant_evaluated()) {
    __asm__("" : "+r"(pattern));
  }
#endif
  return pattern;
}

/// The pattern of a code's value, NaN reduced to its sign: what floating_bits_plain_nan gives.
template <has_float_fields F>
NARROWFP_INLINE constexpr std::uint32_t pattern_of_code(typename F::code_type code) noexcept {
  constexpr std::uint32_t sign_bit = F::is_signed ? 1U << (F::width - 1) : 0;
  constexpr bool is_number = F::from_code(sign_bit).kind == real_kind::finite;  // of -0
  const auto own = static_cast<std::uint32_t>(code & low_mask(F::width));       // bits above it are ignored
  const std::uint32_t magnitude = own & ~sign_bit;
  if (magnitude > float_fields<F>::last || (!is_number && magnitude == 0 && own != 0)) [[unlikely]] {
    const real x = decode<F>(code);
    const std::uint32_t special = x.kind == real_kind::infinity ? pattern_infinity : pattern_quiet_nan;
    return not_told((x.negative ? pattern_sign : 0) | special);
  }
  return pattern_of_magnitude<F>(magnitude) | ((own & sign_bit) != 0 ? pattern_sign : 0);
}
template <has_taper_rows F>
NARROWFP_INLINE constexpr std::uint32_t pattern_of_code(typename F::code_type code) noexcept {
  return code_patterns_of<F>.pattern[code & low_mask(F::width)];
}

}  // namespace narrowfp::inline v0::core

#include "../detail/undef.hpp"
