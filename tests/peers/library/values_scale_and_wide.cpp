#include "values.hpp"

std::span<const peers::value_calls> peers::scale_and_wide_values() {
  using namespace narrowfp;
  static constexpr value_calls table[] = {
      calls<e8m0>("e8m0"),
      calls<ue4m3>("ue4m3"),
      calls<bfloat16>("bfloat16"),
      calls<float16>("float16"),
  };
  return table;
}
