// Printing is opt-in: narrowfp/io.hpp gives to_string and operator<<, and nothing else does.
#include <narrowfp/io.hpp>

#include <concepts>
#include <ostream>
#include <string>

static_assert(std::same_as<decltype(to_string(narrowfp::fp8_e4m3{})), std::string>);
static_assert(requires(std::ostream & out, narrowfp::hif8 x) {
  { out << x } -> std::same_as<std::ostream&>;
});
