// Printing: to_string, operator<< and, where the library has it, std::formatter. Opt-in.
#pragma once

#include <charconv>
#include <ostream>
#include <string>
#include <version>

#include "types.hpp"

#if defined(__cpp_lib_format)
#include <format>
#endif

namespace narrowfp::inline v0 {

namespace detail {

/// The built-in type that holds every value of the format: what it is printed as.
template <scalar_format F>
using printed_as = std::conditional_t<exact_in_float<F>, float, double>;

}  // namespace detail

/// The shortest decimal text that reads back as the same float (or double, for formats beyond float):
/// "0.4375", "1e-05", "inf", "-nan".
template <scalar_format F>
[[nodiscard]] std::string to_string(narrow_float<F> x) {
  char text[64];
  const auto end = std::to_chars(text, text + sizeof text, static_cast<detail::printed_as<F>>(x)).ptr;
  return std::string(text, end);
}

/// Writes the value as its float would be written, the stream's precision and flags included.
template <class Char, class Traits, scalar_format F>
std::basic_ostream<Char, Traits>& operator<<(std::basic_ostream<Char, Traits>& out, narrow_float<F> x) {
  return out << static_cast<detail::printed_as<F>>(x);
}

}  // namespace narrowfp::inline v0

#if defined(__cpp_lib_format)
/// @cond specializations are described at narrow_float
/// Takes the format specifications of float.
template <narrowfp::scalar_format F, class Char>
struct std::formatter<narrowfp::narrow_float<F>, Char>
    : std::formatter<narrowfp::detail::printed_as<F>, Char> {
  template <class Context>
  auto format(narrowfp::narrow_float<F> x, Context& context) const {
    using base = std::formatter<narrowfp::detail::printed_as<F>, Char>;
    return base::format(static_cast<narrowfp::detail::printed_as<F>>(x), context);
  }
};
/// @endcond
#endif
