// Layer: core. Text to an exact number, decimal or hexadecimal. Integer arithmetic: no C library, no
// floating-point environment.
#pragma once

#include <cstdint>

#include "bits.hpp"
#include "natural.hpp"
#include "real.hpp"

#include "../detail/config.hpp"

namespace narrowfp::inline v0::core {

/// A number at the beginning of a text.
struct text_number {
  real value;
  const char* end;  ///< behind it; null where the text begins with none
};

/// Beyond the range of every format that is exact in double, and above 0 but below it.
inline constexpr real beyond_all = finite(1, 4096);
inline constexpr real below_all = finite(1, -4096);

NARROWFP_INLINE constexpr bool is_decimal_digit(char c) noexcept { return c >= '0' && c <= '9'; }
NARROWFP_INLINE constexpr char lower_case(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

/// The value of a digit of the base, 10 or 16; -1 of any other character.
NARROWFP_INLINE constexpr int digit_value(char c, int base) noexcept {
  const char lower = lower_case(c);
  return is_decimal_digit(c) ? c - '0' : base == 16 && lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// Counts of characters and exponents stay below this in magnitude, so that their sums fit. No text is so
/// long that it could bring an exponent back from there.
inline constexpr std::int64_t largest_count = std::int64_t{1} << 60;

/// Reads an optional exponent, "e-5" or "p+3"; what is none of it is left alone and counts as 0.
NARROWFP_INLINE constexpr std::int64_t read_exponent(const char*& at, const char* last, char mark) noexcept {
  if (at == last || lower_case(*at) != mark) {
    return 0;
  }
  const char* next = at + 1;
  const bool negative = next != last && *next == '-';
  if (next != last && (*next == '-' || *next == '+')) {
    ++next;
  }
  if (next == last || !is_decimal_digit(*next)) {
    return 0;
  }
  std::int64_t exponent = 0;
  for (; next != last && is_decimal_digit(*next); ++next) {
    if (exponent < largest_count / 16) {
      exponent = 10 * exponent + (*next - '0');
    } else {
      exponent = largest_count;
    }
  }
  at = next;
  return negative ? -exponent : exponent;
}

/// Digits of a base with at most one point among them: passes each to reader.take(digit, whether it stands
/// behind the point). Returns the end, null without a digit.
template <class Reader>
NARROWFP_INLINE constexpr const char* read_digits(const char* at, const char* last, int base,
                                                  Reader& reader) noexcept {
  bool any = false;
  bool behind_point = false;
  for (; at != last; ++at) {
    const int digit = digit_value(*at, base);
    if (digit >= 0) {
      any = true;
      reader.take(static_cast<std::uint32_t>(digit), behind_point);
    } else if (*at == '.' && !behind_point) {
      behind_point = true;
    } else {
      break;
    }
  }
  return any ? at : nullptr;
}

/// The digits of a hexadecimal number: significand * 2^exponent and a sticky bit.
struct hexadecimal_reader {
  std::uint64_t significand = 0;
  std::int64_t exponent = 0;
  bool sticky = false;

  NARROWFP_INLINE constexpr hexadecimal_reader() noexcept {}

  NARROWFP_INLINE constexpr void take(std::uint32_t digit, bool behind_point) noexcept {
    if (significand >> 60 == 0) {
      significand = significand << 4 | digit;
      exponent -= behind_point ? 4 : 0;
    } else {
      sticky = sticky || digit != 0;
      exponent += behind_point ? 0 : 4;
    }
  }
};

/// What follows "0x".
NARROWFP_INLINE constexpr text_number read_hexadecimal(const char* first, const char* last) noexcept {
  hexadecimal_reader reader;
  const char* at = read_digits(first, last, 16, reader);
  if (at == nullptr) {
    return {{}, nullptr};
  }
  const std::int64_t exponent = reader.exponent + read_exponent(at, last, 'p');
  if (reader.significand == 0) {
    return {finite(0, 0), at};
  }
  const std::int64_t binade = exponent + bit_width(reader.significand) - 1;
  if (binade > binade_of(beyond_all) || binade < binade_of(below_all)) {
    return {binade > 0 ? beyond_all : below_all, at};
  }
  real value = finite(reader.significand, static_cast<int>(exponent));
  value.sticky = reader.sticky;
  return {value, at};
}

/// numerator / denominator * 2^exponent, neither of them 0: the leading 64 bits, and whether more follow.
template <class Natural>
NARROWFP_INLINE constexpr real quotient_of(Natural numerator, Natural denominator, int exponent) noexcept {
  // Bring the quotient into [1, 2).
  int shift = bit_width(numerator) - bit_width(denominator);
  if (shift > 0) {
    denominator <<= shift;
  } else {
    numerator <<= -shift;
  }
  if (numerator < denominator) {
    numerator <<= 1;
    --shift;
  }
  std::uint64_t bits = 0;
  for (int i = 0; i < 64; ++i) {
    bits <<= 1;
    if (!(numerator < denominator)) {
      numerator -= denominator;
      bits |= 1;
    }
    numerator <<= 1;
  }
  real quotient = finite(bits, exponent + shift - 63);
  quotient.sticky = !is_zero(numerator);
  return quotient;
}

/// The digits of a decimal number without leading zeros: 0.DDD * 10^point.
struct decimal_reader {
  // 1. Digits beyond the 1024th are a sticky bit. That is exact: x lies strictly between two neighbours of
  // 1024
  //    digits, whose unit is 10^(point - 1024), and no number of 64 significant bits in x's binade lies there
  //    as well. Such a number is a multiple of 2^q, q > 3.3219 * (point - 1) - 64, hence of that unit if q >=
  //    point - 1024, which holds down to point = -400.
  static constexpr int max_digits = 1024;
  // 2. Beyond these powers of ten lies no format.
  static constexpr int max_point = 400;
  // Both natural numbers below have at most 1024 digits or the bits of 5^1424, and one bit more.
  static_assert(max_digits * 3322 / 1000 + 2 < 32 * natural::capacity);
  static_assert((max_digits + max_point) * 2322 / 1000 + 2 < 32 * natural::capacity);

  natural digits{0};
  std::uint64_t few = 0;  ///< the same, while it fits
  int count = 0;          ///< of the digits kept
  std::int64_t point = 0;
  bool sticky = false;

  NARROWFP_INLINE constexpr decimal_reader() noexcept {}

  NARROWFP_INLINE constexpr void take(std::uint32_t digit, bool behind_point) noexcept {
    if (count == 0 && digit == 0) {
      point -= behind_point ? 1 : 0;
      return;
    }
    point += behind_point ? 0 : 1;
    if (count == max_digits) {
      sticky = sticky || digit != 0;
      return;
    }
    ++count;
    if (count < 19) {
      few = 10 * few + digit;
    } else {
      if (count == 19) {
        digits = natural(few);
      }
      digits.multiply_add(10, digit);
    }
  }

  [[nodiscard]] NARROWFP_INLINE constexpr real value(std::int64_t exponent) const noexcept {
    if (count == 0) {
      return finite(0, 0);
    }
    const std::int64_t power = point + exponent;
    if (power > max_point || power < -max_point) {
      return power > 0 ? beyond_all : below_all;
    }
    const int scale = static_cast<int>(power) - count;
    // 10^18 and 5^26 are below 2^62, which leaves quotient_of the bits it needs.
    if (count < 19 && scale <= 0 && scale >= -26) {
      std::uint64_t denominator = 1;
      for (int i = scale; i < 0; ++i) {
        denominator *= 5;
      }
      return quotient_of(few, denominator, scale);
    }
    natural numerator = count < 19 ? natural(few) : digits;
    natural denominator(1);
    (scale >= 0 ? numerator : denominator).multiply_by_power_of_five(scale >= 0 ? scale : -scale);
    real x = quotient_of(numerator, denominator, scale);
    x.sticky = x.sticky || sticky;
    return x;
  }
};

NARROWFP_INLINE constexpr text_number read_decimal(const char* first, const char* last) noexcept {
  decimal_reader reader;
  const char* at = read_digits(first, last, 10, reader);
  if (at == nullptr) {
    return {{}, nullptr};
  }
  const std::int64_t exponent = read_exponent(at, last, 'e');
  return {reader.value(exponent), at};
}

/// Behind `word`, whatever the case of the text's letters; null where the text begins otherwise.
NARROWFP_INLINE constexpr const char* skip_word(const char* first, const char* last,
                                                const char* word) noexcept {
  for (; *word != '\0'; ++first, ++word) {
    if (first == last || lower_case(*first) != *word) {
      return nullptr;
    }
  }
  return first;
}

/// Behind "(letters, digits and _)", if that is what comes; else `first`.
NARROWFP_INLINE constexpr const char* skip_payload(const char* first, const char* last) noexcept {
  if (first == last || *first != '(') {
    return first;
  }
  for (const char* at = first + 1; at != last; ++at) {
    const char lower = lower_case(*at);
    if (*at == ')') {
      return at + 1;
    }
    if (!is_decimal_digit(*at) && !(lower >= 'a' && lower <= 'z') && *at != '_') {
      break;
    }
  }
  return first;
}

NARROWFP_INLINE constexpr text_number read_magnitude(const char* first, const char* last) noexcept {
  if (const char* end = skip_word(first, last, "nan")) {
    return {nan(), skip_payload(end, last)};
  }
  if (const char* end = skip_word(first, last, "inf")) {
    const char* longer = skip_word(end, last, "inity");
    return {infinity(), longer != nullptr ? longer : end};
  }
  if (const char* behind = skip_word(first, last, "0x")) {
    const text_number number = read_hexadecimal(behind, last);
    return number.end != nullptr ? number : text_number{finite(0, 0), first + 1};
  }
  return read_decimal(first, last);
}

/// Reads the longest number that the text begins with: as strtod of C in its "C" locale, without leading
/// white space and without a plus sign.
///
/// An ordinary inline function, as conversion and arithmetic of values are; what it calls is inlined into it.
constexpr text_number read_text(const char* first, const char* last) noexcept {
  const bool negative = first != last && *first == '-';
  text_number number = read_magnitude(negative ? first + 1 : first, last);
  number.value.negative = negative;
  return number;
}

}  // namespace narrowfp::inline v0::core

#include "../detail/undef.hpp"
