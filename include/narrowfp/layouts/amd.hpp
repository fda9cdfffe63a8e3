// AMD XDNA's bfp16: two's complement mantissas under the largest exponent, records of 9 and 17 bytes. Source:
// Xilinx/mlir-aie. The value is n * 2^(E - 127 - 6); one test of that repository decodes with -7.
#pragma once

#include "../block/block_format.hpp"
#include "../block/levels.hpp"
#include "../block/scale_rule.hpp"
#include "../formats/fixed_point.hpp"
#include "../types.hpp"

namespace narrowfp::inline v0 {

/// @{
/// These block types are the records, byte for byte: exponent, then mantissas. View files with as_blocks.
using bfp16_ebs8 =
    block_format<narrow_float<formats::int8>, shared_scale<e8m0, 8, scale_rules::shared_exponent>>;
using bfp16_ebs16 =
    block_format<narrow_float<formats::int8>, shared_scale<e8m0, 16, scale_rules::shared_exponent>>;
/// @}
static_assert(sizeof(bfp16_ebs8) == 9 && sizeof(bfp16_ebs16) == 17);

}  // namespace narrowfp::inline v0
