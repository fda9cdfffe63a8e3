// The same MXFP4 blocks in the bytes that ggml and torch keep. Only bytes move: no value is converted. (For
// the values that ggml's own quantizer would choose: quantize(..., {.as = recipe::ggml}).)
#include <cstdio>
#include <narrowfp/narrowfp.hpp>
#include <vector>

using namespace narrowfp;

int main() {
  std::vector<float> weights(64);
  for (std::size_t i = 0; i < weights.size(); ++i) {
    weights[i] = static_cast<float>(i % 7);
  }
  std::vector<mxfp4> blocks(2);
  quantize(weights, blocks);

  // ggml: an array of block_mxfp4, the exponent first; elements j and j + 16 share byte j.
  std::vector<ggml_block_mxfp4> for_ggml(blocks.size());
  to_ggml(std::span<const mxfp4>(blocks), for_ggml);
  std::printf("ggml: e = %d, qs[1] = %02x: element 1 low, element 17 high\n", for_ggml[0].e,
              for_ggml[0].qs[1]);

  // torch: a float4_e2m1fn_x2 tensor and a float8_e8m0fnu tensor; elements 2 i and 2 i + 1 share byte i.
  std::vector<std::byte> codes(blocks.size() * mxfp4::code_bytes);
  std::vector<std::byte> scales(blocks.size() * mxfp4::metadata_bytes);
  to_torch_fp4(std::span<const mxfp4>(blocks), split_blocks{codes, scales});
  std::printf("torch: scale = %d, byte 1 = %02x: element 2 low, element 3 high\n",
              std::to_integer<int>(scales[0]), std::to_integer<unsigned>(codes[1]));

  // And back: bytes from a checkpoint become blocks, which dequantize to floats.
  std::vector<mxfp4> from_file(2);
  from_torch_fp4(const_split_blocks{codes, scales}, std::span(from_file));
  std::vector<float> restored(weights.size());
  dequantize(from_file, restored);
  std::printf("back: %g %g %g\n", static_cast<double>(restored[1]), static_cast<double>(restored[5]),
              static_cast<double>(restored[63]));
}
