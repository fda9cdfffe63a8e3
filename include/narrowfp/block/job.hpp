// Layer: block. What a block quantizer is asked to do, once its options have been checked.
#pragma once

#include <cstdint>

#include "../core/format.hpp"
#include "../core/rounding.hpp"
#include "scale_rule.hpp"

namespace narrowfp::inline v0 {

/// Whose bits a quantizer gives: this library's exact ones, or another stack's; docs/recipes.md.
enum class recipe : std::uint8_t {
  native,              ///< decisions on exact real values
  transformer_engine,  ///< NVIDIA Transformer Engine, float path: mxfp8, nvfp4
  torchao,             ///< PyTorch torchao: mxfp, nvfp4
  model_optimizer,     ///< NVIDIA Model-Optimizer: nvfp4
  ggml,                ///< ggml: mxfp4, nvfp4, q8_0
  hif4_bf16,           ///< HiF4 with every product rounded to bfloat16: hif4
  microxcaling,        ///< Microsoft microxcaling: mxfp, mxint8
};

}  // namespace narrowfp::inline v0

namespace narrowfp::inline v0::blocks {

struct quantize_job {
  rounding mode = rounding::native;  ///< of the elements; not hybrid
  overflow policy = overflow::native;
  scale_rule rule = scale_rule::native;  ///< one that the block format offers
  recipe as = recipe::native;
  float tensor_scale = 1;
  std::uint64_t seed = 0;
  /// The index by which element i of a block draws is first_index + i * index_stride.
  std::uint64_t first_index = 0;
  std::uint64_t index_stride = 1;
};

struct dequantize_job {
  recipe as = recipe::native;
  float tensor_scale = 1;
};

}  // namespace narrowfp::inline v0::blocks
