#include "values.hpp"

std::span<const peers::value_calls> peers::small_values() {
  using namespace narrowfp;
  static constexpr value_calls table[] = {
      calls<fp6_e3m2>("fp6_e3m2"), calls<fp6_e2m3>("fp6_e2m3"), calls<fp4_e2m1>("fp4_e2m1"),
      calls<fp4_e1m2>("fp4_e1m2"), calls<hif8>("hif8"),
  };
  return table;
}
