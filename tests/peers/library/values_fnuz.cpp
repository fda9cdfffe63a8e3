#include "values.hpp"

std::span<const peers::value_calls> peers::fnuz_values() {
  using namespace narrowfp;
  static constexpr value_calls table[] = {
      calls<fp8_e4m3fnuz>("fp8_e4m3fnuz"),
      calls<fp8_e5m2fnuz>("fp8_e5m2fnuz"),
      calls<fp8_e4m3b11fnuz>("fp8_e4m3b11fnuz"),
  };
  return table;
}
