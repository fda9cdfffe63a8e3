// Layer: block. ggml's Q8_0: integers under a float16; docs/formats/q8_0.md.
#pragma once

#include "../types.hpp"
#include "block_format.hpp"

namespace narrowfp::inline v0 {

/// 32 integers under one float16 scale: the bytes of ggml's block_q8_0. 80 is never written, and reads as
/// -128 times the scale. 34 bytes.
using q8_0 = block_format<narrow_float<formats::integer8>, shared_scale<float16, 32>>;

}  // namespace narrowfp::inline v0
