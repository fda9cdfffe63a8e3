// Text: to_string, to_chars, from_chars, operator<<, operator>> and, where the library has it,
// std::formatter. Opt-in.
#pragma once

#include <charconv>
#include <istream>
#include <locale>
#include <ostream>
#include <string>
#include <system_error>
#include <version>

#include "core/read_text.hpp"
#include "types.hpp"

#if defined(__cpp_lib_format)
#include <format>
#endif

namespace narrowfp::inline v0 {

/// The shortest decimal text that reads back as the same float (or double, for formats beyond float):
/// "0.4375", "1e-05", "inf", "-nan". The same on every platform.
template <scalar_format F>
[[nodiscard]] std::string to_string(narrow_float<F> x) {
  const detail::short_text text = detail::text_of(x);
  return std::string(text.characters, static_cast<std::size_t>(text.size));
}

/// Writes what to_string returns; 32 characters are always enough.
///
/// Errors    as of std::to_chars: where the text does not fit, value_too_large and ptr == last; what lies
///           between first and last is then unspecified.
template <scalar_format F>
constexpr std::to_chars_result to_chars(char* first, char* last, narrow_float<F> x) noexcept {
  const detail::short_text text = detail::text_of(x);
  if (last - first < text.size) {
    return {last, std::errc::value_too_large};
  }
  for (int i = 0; i < text.size; ++i) {
    *first++ = text.characters[i];
  }
  return {first, std::errc{}};
}

/// Reads the number that the text begins with, rounded once from the exact value of all its digits.
///
/// Text      as std::from_chars reads double: no white space and no plus sign at the beginning; "inf" and
///           "infinity", "nan" and "nan(...)" in any case; besides, hexadecimal behind 0x, as in C:
///           "0x1.8p-3".
/// Rounding  native rounding and overflow, negative numbers of unsigned formats included, as T(x) of a number
///           x: a number beyond the range is not an error. NaN becomes the quiet NaN of its sign.
/// Errors    no number: invalid_argument, ptr == first, x unchanged.
/// Cost      linear in the length of the text; does not allocate. Some 100 ns for a few digits.
template <scalar_format F>
constexpr std::from_chars_result from_chars(const char* first, const char* last,
                                            narrow_float<F>& x) noexcept {
  const core::text_number number = core::read_text(first, last);
  if (number.end == nullptr) {
    return {first, std::errc::invalid_argument};
  }
  x = narrow_float<F>::from_bits(core::encode<F>(number.value, F::native_rounding, overflow::native));
  return {number.end, std::errc{}};
}

namespace detail {

/// The word for what is no number, padded and spelled as the stream's flags want it.
template <class Char, class Traits>
void write_special(std::basic_ostream<Char, Traits>& out, const core::real& x) {
  const auto flags = out.flags();
  const bool upper = (flags & std::ios_base::uppercase) != 0;
  std::basic_string<Char, Traits> text;
  if (x.negative || (flags & std::ios_base::showpos) != 0) {
    text += out.widen(x.negative ? '-' : '+');
  }
  const std::size_t behind_sign = text.size();
  const char* word = x.kind == core::real_kind::nan ? (upper ? "NAN" : "nan") : (upper ? "INF" : "inf");
  while (*word != '\0') {
    text += out.widen(*word++);
  }
  const auto size = static_cast<std::streamsize>(text.size());
  if ((flags & std::ios_base::adjustfield) == std::ios_base::internal && out.width() > size) {
    text.insert(behind_sign, static_cast<std::size_t>(out.width() - size), out.fill());
  }
  out << text;
}

/// Tells how far a text, taken character by character, can be the beginning of a number.
class number_prefix {
 public:
  /// Whether c goes on with the number; then it is part of it.
  [[nodiscard]] bool take(char c) noexcept {
    const char lower = core::lower_case(c);
    switch (state_) {
      case state::begin:
        if (c == '-' || c == '+') {
          return go(state::sign);
        }
        [[fallthrough]];
      case state::sign:
        if (lower == 'i' || lower == 'n') {
          word_ = lower == 'i' ? "nfinity" : "an";
          return go(state::word);
        }
        return c == '.' ? go(state::fraction) : digit(c) && go(c == '0' ? state::zero : state::whole);
      case state::zero:
        if (lower == 'x') {
          base_ = 16;
          return go(state::whole);
        }
        [[fallthrough]];
      case state::whole:
        if (c == '.') {
          return go(state::fraction);
        }
        [[fallthrough]];
      case state::fraction:
        if (digit(c)) {
          return state_ != state::zero || go(state::whole);
        }
        return lower == (base_ == 16 ? 'p' : 'e') && go(state::exponent);
      case state::exponent:
        base_ = 10;
        return (c == '-' || c == '+' || digit(c)) && go(state::exponent_digits);
      case state::exponent_digits:
        return digit(c);
      case state::word:
        if (*word_ == '\0') {
          return c == '(' && word_[-1] == 'n' && go(state::payload);
        }
        return lower == *word_ && ++word_ != nullptr;
      case state::payload:
        return c == ')' ? go(state::end) : digit(c) || (lower >= 'a' && lower <= 'z') || c == '_';
      default:
        return false;
    }
  }

 private:
  enum class state { begin, sign, zero, whole, fraction, exponent, exponent_digits, word, payload, end };

  [[nodiscard]] bool go(state next) noexcept {
    state_ = next;
    return true;
  }
  [[nodiscard]] bool digit(char c) const noexcept { return core::digit_value(c, base_) >= 0; }

  state state_ = state::begin;
  int base_ = 10;
  const char* word_ = nullptr;
};

}  // namespace detail

/// Writes the value as its double would be written, the stream's precision, flags and locale included; NaN
/// and infinity as "nan", "-nan", "inf", "-inf" (in capitals under std::uppercase).
template <class Char, class Traits, scalar_format F>
std::basic_ostream<Char, Traits>& operator<<(std::basic_ostream<Char, Traits>& out, narrow_float<F> x) {
  const core::real value = core::decode<F>(x.bits());
  if (value.kind != core::real_kind::finite) {
    detail::write_special(out, value);
    return out;
  }
  return out << core::to_floating<double>(value);
}

/// Reads a number as from_chars does, after white space (unless std::noskipws) and an optional sign, with the
/// decimal point of the stream's locale; thousands are not grouped.
///
/// Takes the characters that can begin a number, as the operators of float do: what they are, up to the first
/// that does not go on, must be a number, else failbit is set and x stays.
template <class Char, class Traits, scalar_format F>
std::basic_istream<Char, Traits>& operator>>(std::basic_istream<Char, Traits>& in, narrow_float<F>& x) {
  const typename std::basic_istream<Char, Traits>::sentry ready(in);
  if (!ready) {
    return in;
  }
  const Char point = std::use_facet<std::numpunct<Char>>(in.getloc()).decimal_point();
  std::string text;
  detail::number_prefix prefix;
  auto* buffer = in.rdbuf();
  for (auto next = buffer->sgetc();; next = buffer->snextc()) {
    if (Traits::eq_int_type(next, Traits::eof())) {
      in.setstate(std::ios_base::eofbit);
      break;
    }
    const Char wide = Traits::to_char_type(next);
    const char c = wide == point ? '.' : wide == in.widen('.') ? '\0' : in.narrow(wide, '\0');
    if (!prefix.take(c)) {
      break;
    }
    text += c;
  }
  const char* last = text.data() + text.size();
  const char* first = text.starts_with('+') ? text.data() + 1 : text.data();
  narrow_float<F> number;
  const auto result = from_chars(first, last, number);
  if (result.ec != std::errc{} || result.ptr != last) {
    in.setstate(std::ios_base::failbit);
  } else {
    x = number;
  }
  return in;
}

#if defined(__cpp_lib_format)
namespace detail {

/// What a format specification says of sign, fill and width; and who must write.
template <class Char>
struct number_specification {
  Char fill[4] = {Char(' ')};
  int fill_size = 1;
  Char align = 0;  ///< '<', '>', '^' or none
  Char sign = Char('-');
  bool zeros = false;
  bool upper = false;
  bool has_type_or_precision = false;
  bool left_to_the_library = false;  ///< an alternate form, a locale's or a width that is an argument
  std::size_t width = 0;

  constexpr void parse(const Char* at, const Char* end) {
    const auto is_align = [](Char c) { return c == '<' || c == '>' || c == '^'; };
    const int lead = fill_units(at, end);
    if (end - at > lead && is_align(at[lead])) {
      for (fill_size = 0; fill_size < lead; ++fill_size) {
        fill[fill_size] = at[fill_size];
      }
      align = at[lead];
      at += lead + 1;
    } else if (at != end && is_align(*at)) {
      align = *at++;
    }
    for (; at != end && *at != '}'; ++at) {
      if (*at == '+' || *at == '-' || *at == ' ') {
        sign = *at;
      } else if (*at == '#' || *at == 'L' || *at == '{') {
        left_to_the_library = true;
        if (*at == '{') {
          break;
        }
      } else if (*at == '0' && width == 0 && !has_type_or_precision) {
        zeros = true;
      } else if (*at >= '0' && *at <= '9' && !has_type_or_precision) {
        width = 10 * width + static_cast<std::size_t>(*at - '0');
      } else {
        upper = upper || (*at >= 'A' && *at <= 'Z');
        has_type_or_precision = true;
      }
    }
  }

  template <class Out>
  Out write(Out out, const short_text& text, bool is_number) const {
    const bool negative = text.characters[0] == '-';
    const bool signed_text = negative || sign != '-';
    const auto digits = static_cast<std::size_t>(text.size - (negative ? 1 : 0));
    const std::size_t size = digits + (signed_text ? 1 : 0);
    const std::size_t padding = width > size ? width - size : 0;
    const bool with_zeros = zeros && align == 0 && is_number;
    const std::size_t before = align == '<' ? 0 : align == '^' ? padding / 2 : padding;
    out = pad(out, with_zeros ? 0 : before);
    if (signed_text) {
      *out++ = negative ? Char('-') : sign;
    }
    for (std::size_t i = 0; with_zeros && i < padding; ++i) {
      *out++ = Char('0');
    }
    for (int i = negative ? 1 : 0; i < text.size; ++i) {
      const char c = text.characters[i];
      *out++ = static_cast<Char>(upper && c >= 'a' && c <= 'z' ? c - 32 : c);
    }
    return pad(out, with_zeros ? 0 : padding - before);
  }

 private:
  /// The code units of the character at `at`, which may be the fill.
  static constexpr int fill_units(const Char* at, const Char* end) {
    int units = 1;
    if (at != end && sizeof(Char) == 1) {
      const auto lead = static_cast<unsigned char>(*at);
      units = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    } else if (at != end && sizeof(Char) == 2) {
      units = (static_cast<unsigned>(*at) & 0xFC00U) == 0xD800U ? 2 : 1;
    }
    return units;
  }

  template <class Out>
  Out pad(Out out, std::size_t count) const {
    for (std::size_t i = 0; i < count; ++i) {
      for (int unit = 0; unit < fill_size; ++unit) {
        *out++ = fill[unit];
      }
    }
    return out;
  }
};

}  // namespace detail
#endif

}  // namespace narrowfp::inline v0

#if defined(__cpp_lib_format)
/// @cond specializations are described at narrow_float
/// Takes the format specifications of float; without type and precision the text is that of to_string.
template <narrowfp::scalar_format F, class Char>
struct std::formatter<narrowfp::narrow_float<F>, Char> {
  template <class Context>
  constexpr auto parse(Context& context) {
    const auto begin = context.begin();
    const auto end = context.end();
    specification_.parse(std::to_address(begin), std::to_address(begin) + (end - begin));
    return writes_exact_double() ? exact_.parse(context) : shortest_.parse(context);
  }

  template <class Context>
  auto format(narrowfp::narrow_float<F> x, Context& context) const {
    using narrowfp::core::real_kind;
    const narrowfp::core::real value = narrowfp::core::decode<F>(x.bits());
    const bool is_number = value.kind == real_kind::finite;
    if (!specification_.left_to_the_library && (!is_number || !specification_.has_type_or_precision)) {
      return specification_.write(context.out(), narrowfp::detail::text_of(x), is_number);
    }
    if (writes_exact_double()) {
      return exact_.format(narrowfp::core::to_floating<double>(value), context);
    }
    return shortest_.format(narrowfp::core::to_floating<printed_as>(value), context);
  }

 private:
  /// The built-in type that holds every value of the format.
  using printed_as = std::conditional_t<narrowfp::exact_in_float<F>, float, double>;

  // A double is never subnormal where a float would be, which an environment may take for zero.
  [[nodiscard]] constexpr bool writes_exact_double() const noexcept {
    return specification_.has_type_or_precision && !specification_.left_to_the_library;
  }

  narrowfp::detail::number_specification<Char> specification_;
  std::formatter<double, Char> exact_;
  std::formatter<printed_as, Char> shortest_;
};
/// @endcond
#endif
