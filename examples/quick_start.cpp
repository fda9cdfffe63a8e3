// The README's example.
#include <iostream>
#include <narrowfp/io.hpp>
#include <narrowfp/narrowfp.hpp>
#include <vector>

int main() {
  using namespace narrowfp;
  const fp8_e4m3 x(0.3F);                      // rounded once: 0.3125
  std::cout << x << ' ' << x * x + x << '\n';  // arithmetic rounds once an operation: 0.3125 0.40625

  const std::vector<float> weights = {0.11F, -0.72F, 1.5F, 1000.0F};
  std::vector<fp8_e4m3> codes(weights.size());  // one byte a value
  pack(weights, codes, {.over = overflow::saturate});
  std::vector<float> restored(weights.size());
  unpack(codes, restored);
  std::cout << restored[0] << ' ' << restored[1] << ' ' << restored[2] << ' ' << restored[3] << '\n';
  // 0.109375 -0.75 1.5 448

  packed_vector<fp4_e2m1> nibbles(weights.size());  // two values a byte
  pack(weights, nibbles, {.scale = 4});
  std::cout << nibbles.bytes().size() << " bytes, " << nibbles[2] << '\n';  // 2 bytes, 6

  std::vector<nvfp4> blocks(block_count<nvfp4>(weights.size()));  // 16 values share a scale
  quantize(weights, blocks);
  dequantize(blocks, restored);
  std::cout << restored[3] << ", " << compare(weights, restored).sqnr_db << " dB\n";  // 960, 27.9513 dB
}
