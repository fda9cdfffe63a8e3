// Text is opt-in: narrowfp/io.hpp gives to_string, to_chars, from_chars and the stream operators, and nothing
// else does.
#include <narrowfp/io.hpp>

#include <charconv>
#include <concepts>
#include <istream>
#include <ostream>
#include <string>

using narrowfp::fp8_e4m3;

static_assert(std::same_as<decltype(to_string(fp8_e4m3{})), std::string>);
static_assert(requires(std::ostream & out, std::wostream& wide, narrowfp::hif8 x) {
  { out << x } -> std::same_as<std::ostream&>;
  { wide << x } -> std::same_as<std::wostream&>;
});
static_assert(requires(std::istream & in, std::wistream& wide, narrowfp::hif8 x) {
  { in >> x } -> std::same_as<std::istream&>;
  { wide >> x } -> std::same_as<std::wistream&>;
});
static_assert(requires(const char* text, char* buffer, fp8_e4m3 x) {
  { from_chars(text, text, x) } -> std::same_as<std::from_chars_result>;
  { to_chars(buffer, buffer, x) } -> std::same_as<std::to_chars_result>;
  requires noexcept(from_chars(text, text, x))&& noexcept(to_chars(buffer, buffer, x));
});
#if defined(__cpp_lib_format)
static_assert(std::is_default_constructible_v<std::formatter<fp8_e4m3, char>> &&
              std::is_default_constructible_v<std::formatter<fp8_e4m3, wchar_t>>);
#endif
