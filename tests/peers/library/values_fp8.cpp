#include "values.hpp"

std::span<const peers::value_calls> peers::fp8_values() {
  using namespace narrowfp;
  static constexpr value_calls table[] = {
      calls<fp8_e4m3>("fp8_e4m3"),
      calls<fp8_e5m2>("fp8_e5m2"),
      calls<fp8_e3m4>("fp8_e3m4"),
      calls<fp8_e4m3_ieee>("fp8_e4m3_ieee"),
  };
  return table;
}
