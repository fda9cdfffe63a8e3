// What every way to get the library must be able to build and run.
#include <narrowfp/narrowfp.hpp>

#include <cstdio>
#include <vector>

int main() {
  const std::vector<float> weights = {0.1F, -2.5F, 300.0F, 1e6F};
  std::vector<narrowfp::fp8_e4m3> codes(weights.size());
  narrowfp::pack(weights, codes, {.over = narrowfp::overflow::saturate});
  for (const narrowfp::fp8_e4m3 code : codes) {
    std::printf("%02x %g\n", unsigned{code.bits()}, static_cast<double>(static_cast<float>(code)));
  }
  return codes.back() == 448 ? 0 : 1;
}
