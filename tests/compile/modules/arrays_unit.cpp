// Imports everything as a header unit, and with it the standard headers that the library includes.
import "narrowfp/narrowfp.hpp";

using namespace narrowfp;

int main() {
  const std::vector<float> x = {0.11F, -0.72F, 1.5F, 1000.0F};
  std::vector<fp8_e4m3> codes(x.size());
  pack(x, codes, {.over = overflow::saturate});
  std::vector<nvfp4> blocks(block_count<nvfp4>(x.size()));
  quantize(x, blocks);
  std::vector<float> restored(x.size());
  dequantize(blocks, restored);
  const bool right = codes[3].bits() == 0x7E && restored[3] == 960.0F;
  return right && compare<fp8_e4m3>(x).count == 4 && isa_available(best_isa()) ? 0 : 1;
}
