// Layouts in use, quoted by docs/layouts.md.
#include <cstddef>
#include <cstdint>
#include <vector>

#include <narrowfp/narrowfp.hpp>

using namespace narrowfp;

int main() {
  bool right = true;
  {
    // [nibbles]
    std::vector<unsigned char> file = {0x12, 0x70};  // 0.5, 1, 6, and a nibble that is not used
    packed_vector<fp4_e2m1> values(3);
    from_high_nibble_first(file, values);  // from an old torchao file, say
    to_high_nibble_first(values, file);    // and back
    to_high_nibble_first(file, file);      // bytes alone: nibbles change places, here in one array
    // [end nibbles]
    right = right && values[2] == 6 && file[0] == 0x21;
  }
  {
    std::vector<float> weights(200 * 300, 0.37F);
    // [tiles]
    using fp8_per_128 = block_format<fp8_e4m3, shared_scale<float, 128>>;
    block_matrix<fp8_per_128> matrix(200, 300);
    matrix.quantize_tiles(weights, 128);  // 2 x 3 tiles, the last ones 72 rows high, 44 columns wide
    std::vector<fp8_e4m3> weight(200 * 300);
    std::vector<float> weight_scale_inv(tile_scale_count(200, 300));
    split_tiles(matrix, weight, weight_scale_inv);
    join_tiles(weight, weight_scale_inv, matrix);          // to blocks again
    unpack_tiles(weight, weights, 300, weight_scale_inv);  // or to values at once
    std::vector<e8m0> powers(tile_scale_count(200, 300), e8m0(0.5F));
    unpack_tiles(weight, weights, 300, powers);  // scales of DeepSeek V4
    // [end tiles]
    right = right && weights[0] == 224;
  }
  {
    // [ggml_values]
    std::vector<unsigned char> file = {0x00, 0x38,
                                       0xF7};  // a Q4_0 block: d = 0.5, then 16 bytes of two codes
    file.resize(18, 0x88);
    std::vector<float> values(32);
    dequantize_ggml<ggml_block_q4_0>(file, values);  // -0.5, 3.5 as element 16, and zeros: d * (code - 8)
    std::vector<float> part(10);
    dequantize_ggml<ggml_block_q4_0>(file, part, 16);  // from element 16 on
    // [end ggml_values]
    right = right && values[0] == -0.5F && values[16] == 3.5F && values[31] == 0 && part[0] == 3.5F;
  }
  {
    std::vector<float> quant_map(16), nested_quant_map(256);
    quant_map[0] = -1;
    quant_map[8] = 0.0795803F;
    quant_map[15] = 1;
    nested_quant_map[255] = 1;
    // [bitsandbytes]
    std::vector<unsigned char> scales = {0x7F, 0xFF};  // absmax in U8: entries 0 and 1 of nested_quant_map
    std::vector<float> nested_absmax = {0.5F}, absmax(2);
    bitsandbytes_absmax(scales, nested_quant_map, nested_absmax, 1.5F, absmax);  // nested_offset 1.5: 1.5, 2
    std::vector<unsigned char> weight(33, 0x77);  // 65 codes, here 7, the 0 of NF4; a block has 64
    weight[0] = 0x08;                             // the even element high: codes 0 and 8
    weight[32] = 0xF0;                            // code 15 and a nibble that is not used
    std::vector<float> values(65);
    dequantize_bitsandbytes(weight, quant_map, absmax, values);  // -1.5, 0.119..., zeros, 2
    // [end bitsandbytes]
    right =
        right && values[0] == -1.5F && values[1] == 0.0795803F * 1.5F && values[63] == 0 && values[64] == 2;
  }
  return right ? 0 : 1;
}
