// Layer: types. A value's text, and how GoogleTest prints a value.
#pragma once

#include <iosfwd>

#include "../core/write_text.hpp"
#include "narrow_float.hpp"

#include "../detail/config.hpp"

namespace narrowfp::inline v0 {

namespace detail {

/// What to_string returns, without a string.
struct short_text {
  char characters[core::max_text_size];
  int size;
};

/// The precision of the built-in type that holds every value of the format: what it is printed as.
template <scalar_format F>
inline constexpr core::text_precision printed_precision =
    exact_in_float<F> ? core::float_precision : core::double_precision;

template <scalar_format F>
[[nodiscard]] NARROWFP_INLINE constexpr short_text text_of(narrow_float<F> x) noexcept {
  short_text text{};
  const core::real value = core::decode<F>(x.bits());
  text.size =
      static_cast<int>(core::write_text(text.characters, value, printed_precision<F>) - text.characters);
  return text;
}

/// Appends a code, as many hexadecimal digits as the format's width asks for. Returns the end.
NARROWFP_INLINE constexpr char* write_code(char* out, std::uint64_t code, int width) noexcept {
  for (int digit = (width + 3) / 4; digit-- > 0;) {
    *out++ = "0123456789abcdef"[code >> 4 * digit & 0xF];
  }
  return out;
}

/// Stream is std::ostream, which only the caller's file needs to know.
template <scalar_format F, class Stream>
void print_with_code(narrow_float<F> x, Stream& out) {
  char text[core::max_text_size + 32];
  char* end = core::write_text(text, core::decode<F>(x.bits()), printed_precision<F>);
  for (const char* word = " (code "; *word != '\0';) {
    *end++ = *word++;
  }
  end = write_code(end, x.bits(), F::width);
  *end++ = ')';
  out.write(text, end - text);
}

}  // namespace detail

/// For GoogleTest, which finds it by its name: "0.3125 (code 2a)".
template <scalar_format F>
void PrintTo(const narrow_float<F>& x, std::ostream* out) {
  detail::print_with_code(x, *out);
}

}  // namespace narrowfp::inline v0

#include "../detail/undef.hpp"
