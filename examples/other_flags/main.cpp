// Units with different flags in one program: this file is compiled with the project's flags, unit.cpp with
// others. Array calls run the code of the unit that makes them, and no flag changes a code.
#include <cstring>
#include <iostream>
#include <limits>
#include <vector>

#include "unit.hpp"

int main() {
  using namespace narrowfp;
  // Where flags do harm: subnormals (-ffast-math flushes them), ties, NaN, infinity.
  std::vector<float> values = {1e-45F, 0x1p-10F, 1.0625F, 464.0F, -1000.0F};
  values.push_back(std::numeric_limits<float>::quiet_NaN());
  values.push_back(std::numeric_limits<float>::infinity());

#if defined(__x86_64__)
  if (!isa_available(isa::avx2)) {
    std::cout << "unit.cpp was compiled for AVX2, which this machine lacks\nsame codes\n";
    return 0;
  }
#endif
  std::vector<fp8_e4m3> here(values.size()), there(values.size());
  pack(values, here, {.over = overflow::saturate});
  pack_in_another_unit(values, there);
  std::cout << (std::memcmp(here.data(), there.data(), here.size()) == 0 ? "same codes\n" : "other codes\n");
}
