// Layer: core. Numbers to decimal text. Integer arithmetic: no C library, no floating-point environment.
#pragma once

#include <cstdint>

#include "bits.hpp"
#include "natural.hpp"
#include "real.hpp"

#include "../detail/config.hpp"

namespace narrowfp::inline v0::core {

/// A built-in type of which the shortest text is asked: its precision in bits and its smallest exponent.
struct text_precision {
  int digits;
  int min_exponent;  ///< of the spacing of its smallest values
};
inline constexpr text_precision float_precision = {24, -149};
inline constexpr text_precision double_precision = {53, -1074};

/// The longest text of a double is "-2.2250738585072014e-308".
inline constexpr int max_text_size = 32;

/// A number's decimal digits, the last one at the end. Some 770 suffice for 2^-1076 and for 2^1024; zeros
/// lead, so that a carry has room.
struct decimal_digits {
  static constexpr int size = 800;
  std::uint8_t digit[size] = {};

  NARROWFP_INLINE constexpr decimal_digits() noexcept {}

  /// Of 0 so far.
  NARROWFP_INLINE constexpr void add(natural x) noexcept {
    for (int place = size; !is_zero(x);) {
      std::uint32_t group = x.divide(1'000'000'000);
      for (int i = 0; i < 9; ++i, group /= 10) {
        digit[--place] = static_cast<std::uint8_t>(group % 10);
      }
    }
  }

  /// The place of the first digit that is not zero.
  [[nodiscard]] NARROWFP_INLINE constexpr int first() const noexcept {
    int place = 0;
    while (place < size - 1 && digit[place] == 0) {
      ++place;
    }
    return place;
  }

  /// Zeros from `end` on.
  NARROWFP_INLINE constexpr void cut(int end) noexcept {
    for (int place = end; place < size; ++place) {
      digit[place] = 0;
    }
  }

  /// Adds one unit at `place`.
  NARROWFP_INLINE constexpr void step_up(int place) noexcept {
    while (digit[place] == 9) {
      digit[place--] = 0;
    }
    ++digit[place];
  }

  /// -1, 0 or 1 as *this is below, equal to or above other; the places before `from` are zero in both.
  [[nodiscard]] NARROWFP_INLINE constexpr int compare(const decimal_digits& other, int from) const noexcept {
    for (int place = from; place < size; ++place) {
      if (digit[place] != other.digit[place]) {
        return digit[place] < other.digit[place] ? -1 : 1;
      }
    }
    return 0;
  }

  /// What lies from `place` on, against half a unit of the place before.
  [[nodiscard]] NARROWFP_INLINE constexpr int compare_to_half(int place) const noexcept {
    if (digit[place] != 5) {
      return digit[place] < 5 ? -1 : 1;
    }
    for (int below = place + 1; below < size; ++below) {
      if (digit[below] != 0) {
        return 1;
      }
    }
    return 0;
  }
};

/// Writes a positive finite x, which the built-in type holds exactly, as std::to_chars writes that type: the
/// fewest digits that read back as x, the nearest to x of them; fixed or scientific, whichever is shorter,
/// fixed if both are. Returns the end.
NARROWFP_INLINE constexpr char* write_positive(char* out, const real& x, text_precision type) noexcept {
  // 1. x and the middles between it and its neighbours of the built-in type, in quarters of its spacing.
  // Below
  //    a power of two the spacing is half as wide.
  const int spacing = larger(binade_of(x) - (type.digits - 1), type.min_exponent);
  const int shift = x.exponent - spacing;
  const std::uint64_t units = shift >= 0 ? x.significand << shift : x.significand >> -shift;
  const bool narrow_below = units == std::uint64_t{1} << (type.digits - 1) && spacing > type.min_exponent;
  const int exponent = spacing - 2;
  const int places = larger(-exponent, 0);  // after the decimal point
  const std::uint64_t quarters[] = {4 * units - (narrow_below ? 1 : 2), 4 * units, 4 * units + 2};
  decimal_digits digits[3];
  for (int i = 0; i < 3; ++i) {
    natural number(quarters[i]);
    if (exponent >= 0) {
      number <<= exponent;
    } else {
      number.multiply_by_power_of_five(places);
    }
    digits[i].add(number);
  }
  const decimal_digits& low = digits[0];
  const decimal_digits& value = digits[1];
  const decimal_digits& high = digits[2];
  // A middle itself is read as the neighbour whose significand is even.
  const int reach = units % 2 == 0 ? 0 : 1;

  // 2. The fewest digits: x cut to them, or that plus one unit.
  const int from = larger(high.first() - 1, 0);
  const int first = value.first();
  decimal_digits chosen = value;
  for (int end = first + 1; end < decimal_digits::size; ++end) {
    decimal_digits down = value;
    down.cut(end);
    decimal_digits up = down;
    up.step_up(end - 1);
    const bool down_reads_back = down.compare(low, from) >= reach;
    const bool up_reads_back = high.compare(up, from) >= reach;
    if (down_reads_back || up_reads_back) {
      const int half = value.compare_to_half(end);
      const bool nearer_up = half > 0 || (half == 0 && value.digit[end - 1] % 2 != 0);
      chosen = up_reads_back && (nearer_up || !down_reads_back) ? up : down;
      break;
    }
  }

  // 3. Layout.
  const int begin = chosen.first();
  int end = decimal_digits::size;
  while (chosen.digit[end - 1] == 0) {
    --end;
  }
  const int count = end - begin;
  const int units_place = decimal_digits::size - 1 - places;
  const int power = units_place - begin;  // of ten, of the first digit
  const int power_size = power <= -100 || power >= 100 ? 3 : 2;
  const int scientific_size = count + (count > 1 ? 1 : 0) + 2 + power_size;
  const int fixed_size = power < 0 ? count + 1 - power : power >= count - 1 ? power + 1 : count + 1;
  if (fixed_size <= scientific_size) {
    // A whole number is written exactly, beyond the digits that would do.
    const decimal_digits& source = power >= count - 1 ? value : chosen;
    for (int place = smaller(begin, units_place); place < larger(end, units_place + 1); ++place) {
      if (place == units_place + 1) {
        *out++ = '.';
      }
      *out++ = static_cast<char>('0' + source.digit[place]);
    }
    return out;
  }
  for (int place = begin; place < end; ++place) {
    *out++ = static_cast<char>('0' + chosen.digit[place]);
    if (place == begin && count > 1) {
      *out++ = '.';
    }
  }
  *out++ = 'e';
  *out++ = power < 0 ? '-' : '+';
  const int magnitude = power < 0 ? -power : power;
  if (power_size == 3) {
    *out++ = static_cast<char>('0' + magnitude / 100);
  }
  *out++ = static_cast<char>('0' + magnitude / 10 % 10);
  *out++ = static_cast<char>('0' + magnitude % 10);
  return out;
}

/// Writes x in at most max_text_size characters: "0.4375", "-0", "1e-05", "inf", "-nan". Returns the end.
///
/// An ordinary inline function, as conversion and arithmetic of values are; what it calls is inlined into it.
constexpr char* write_text(char* out, const real& x, text_precision type) noexcept {
  if (x.negative) {
    *out++ = '-';
  }
  if (x.kind == real_kind::finite && x.significand != 0) {
    return write_positive(out, x, type);
  }
  const char* word = x.kind == real_kind::nan ? "nan" : x.kind == real_kind::infinity ? "inf" : "0";
  while (*word != '\0') {
    *out++ = *word++;
  }
  return out;
}

}  // namespace narrowfp::inline v0::core

#include "../detail/undef.hpp"
