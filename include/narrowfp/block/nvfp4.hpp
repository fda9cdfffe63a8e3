// Layer: block. NVIDIA NVFP4; docs/formats/nvfp4.md.
#pragma once

#include "../types.hpp"
#include "block_format.hpp"

namespace narrowfp::inline v0 {

/// 16 E2M1 elements under one E4M3 scale, usually with a float for the tensor beside it. 9 bytes.
using nvfp4 = block_format<fp4_e2m1, shared_scale<fp8_e4m3, 16>>;

}  // namespace narrowfp::inline v0
