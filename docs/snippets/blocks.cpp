// Block formats in use, quoted by docs/blocks.md, docs/recipes.md and docs/layouts.md.
#include <array>
#include <cstddef>
#include <vector>

#include <narrowfp/block_matrix.hpp>
#include <narrowfp/layouts.hpp>
#include <narrowfp/measure.hpp>
#include <narrowfp/quantize.hpp>

// [own]
using namespace narrowfp;
// FP8 under a float for every 128 values, as DeepSeek-style checkpoints have it.
using fp8_per_128 = block_format<fp8_e4m3, shared_scale<float, 128>>;
// MXINT8's integers, in units of 2^-6, under a half.
using int8_per_32 = block_format<narrow_float<formats::int8>, shared_scale<float16, 32>>;
// MXFP4 with one more bit for each group of 8, which doubles the group's scale.
using fp4_with_bits = block_format<fp4_e2m1, shared_scale<e8m0, 32>, shared_bit<8>>;

static_assert(sizeof(fp8_per_128) == 132 && fp8_per_128::bits_per_element == 8.25);
static_assert(int8_per_32::max_finite() == 127.0 / 64 * 65504);
static_assert(fp4_with_bits::max_finite() == 2 * mxfp4::max_finite());
// [end own]

// [facts]
using my_mxfp4 = block_format<fp4_e2m1, shared_scale<e8m0, 32>>;
using my_nvfp4 = block_format<fp4_e2m1, shared_scale<fp8_e4m3, 16>>;
using my_hif4 = block_format<fp4_e1m2, shared_scale<e6m2, 64, scale_rules::bfloat16_reciprocal<7>>,
                             shared_bit<8>, shared_bit<4>>;
using my_mx9 = block_format<sign_magnitude<7, rounding::nearest_away>,
                            shared_scale<e8m0, 16, scale_rules::shared_exponent>, shared_bit<2>>;
// [end facts]
static_assert(std::is_same_v<my_mxfp4, mxfp4> && std::is_same_v<my_nvfp4, nvfp4>);
static_assert(std::is_same_v<my_hif4, hif4> && std::is_same_v<my_mx9, mx9>);

int main() {
  bool right = true;
  {
    // [use]
    const std::vector<float> weights(1000, 0.37F);
    std::vector<hif4> blocks(block_count<hif4>(weights.size()));
    quantize(weights, blocks);
    std::vector<float> restored(weights.size());
    dequantize(blocks, restored);
    const hif4& first = blocks[0];
    // first.scale_code(0, 0): its E6M2; first.scale_code(2, 15): the bit of elements 60 to 63;
    // first.code(7), first[7]: an element's code, and its value as a float
    // [end use]
    right = right && restored[999] == first[7] && first.scale_code(2, 15) <= 1;
  }
  {
    // [tensor_scale]
    const std::vector<float> weights(4096, 1e-6F);
    const float t = nvfp4_tensor_scale(weights);  // amax / 2688; yours to keep
    std::vector<nvfp4> blocks(block_count<nvfp4>(weights.size()));
    quantize(weights, blocks, {.tensor_scale = t});
    std::vector<float> restored(weights.size());
    dequantize(blocks, restored, {.tensor_scale = t});
    // [end tensor_scale]
    right = right && restored[0] > 0.9e-6F && restored[0] < 1.1e-6F;
  }
  {
    // [matrix]
    const std::vector<float> weights(96 * 160, 0.5F);
    block_matrix<mxfp8_e4m3> along(96, 160);  // blocks along the columns of a row
    along.quantize(weights);
    block_matrix<mxfp8_e4m3> down(96, 160, block_axis::column);  // for weights that are used transposed
    down.quantize(weights);
    block_matrix<mxfp8_e4m3> tiles(96, 160);  // one scale for 32 x 32: good for both
    tiles.quantize_tiles(weights, 32);
    const block_matrix<mxfp8_e4m3> flipped = tiles.transposed();  // the same values, not quantized again
    // [end matrix]
    right = right && flipped.rows() == 160 && flipped.row(3)[0][1] == 0.5F && down.lines() == 160;
  }
  {
    // [split]
    const std::vector<float> weights(64, 3.0F);
    std::vector<std::byte> codes(2 * mxfp4::code_bytes), scales(2 * mxfp4::metadata_bytes);
    quantize<mxfp4>(weights, split_blocks{codes, scales});
    std::vector<float> restored(64);
    dequantize<mxfp4>(const_split_blocks{codes, scales}, restored);
    // [end split]
    right = right && restored[63] == 3.0F;
  }
  {
    // [recipe]
    const std::vector<float> weights(64, 3.3F);
    std::vector<mxfp8_e4m3> blocks(2);
    quantize(weights, blocks, {.scale = scale_rule::rceil, .as = recipe::torchao});
    // [end recipe]
    right = right && blocks[0].scale_code(0, 0) == 127 - 7;
  }
  {
    // [layout]
    std::vector<mxfp4> blocks(8);
    std::vector<ggml_block_mxfp4> for_ggml(8);
    to_ggml(std::span<const mxfp4>(blocks), for_ggml);
    from_ggml(std::span<const ggml_block_mxfp4>(for_ggml), blocks);
    // [end layout]
    right = right && blocks[3] == mxfp4{};
  }
  {
    // [compare]
    const std::vector<float> weights(1024, 0.9F);
    const error_report report = compare<mxfp4>(weights, {.scale = scale_rule::search_mse});
    // report.sqnr_db, report.saturated, report.flushed, ...
    // [end compare]
    right = right && report.saturated == 0;
  }
  return right ? 0 : 1;
}
