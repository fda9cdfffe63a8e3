// Says which instruction sets array calls may use, and makes one.
#include <narrowfp/narrowfp.hpp>

#include <cstdio>
#include <stdexcept>

int main() {
  using narrowfp::isa;
  const float in[] = {1.0F};
  narrowfp::fp8_e4m3 out[1];
  try {
    narrowfp::pack(in, out);
  } catch (const std::invalid_argument& error) {
    std::printf("%s\n", error.what());
    return 0;
  }
  std::printf("best %s; available:", narrowfp::isa_name(narrowfp::best_isa()));
  for (const isa set : {isa::scalar, isa::generic, isa::avx2, isa::avx512, isa::avx512_vbmi, isa::neon}) {
    if (narrowfp::isa_available(set)) {
      std::printf(" %s", narrowfp::isa_name(set));
    }
  }
  std::printf("\n");
}
