// The README's first example.
#include <iostream>
#include <narrowfp/io.hpp>
#include <narrowfp/narrowfp.hpp>
#include <vector>

int main() {
  using namespace narrowfp;
  const std::vector<float> weights = {0.0211F, -0.0072F, 0.0155F, -0.0301F, 0.0007F, 0.0094F};
  std::vector<float> restored(weights.size());

  const float t = nvfp4_tensor_scale(weights);  // one float for the tensor: keep it with the blocks
  std::vector<nvfp4> blocks(block_count<nvfp4>(weights.size()));  // 16 values in 9 bytes
  quantize(weights, blocks, {.tensor_scale = t});
  dequantize(blocks, restored, {.tensor_scale = t});
  std::cout << restored[0] << ", " << compare(weights, restored).sqnr_db << " dB\n";  // 0.0200667, 28.8313 dB

  std::vector<fp8_e4m3> codes(weights.size());  // one byte a value, scaled towards the largest, 448
  pack(weights, codes, {.over = overflow::saturate, .scale = 8192});
  unpack(codes, restored, {.scale = 1.0F / 8192});
  std::cout << restored[0] << ", " << compare(weights, restored).sqnr_db << " dB\n";  // 0.0214844, 32.5708 dB

  const hif8 x(0.3F);                          // rounded once, as every conversion
  std::cout << x << ' ' << x * x + x << '\n';  // arithmetic too: 0.3125 0.40625
}
