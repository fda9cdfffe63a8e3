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
  return right ? 0 : 1;
}
