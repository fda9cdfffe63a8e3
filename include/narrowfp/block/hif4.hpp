// Layer: block. Ascend HiFloat4 and its 5-bit sibling, arXiv 2602.11287; docs/formats/hif4.md.
#pragma once

#include "../types.hpp"
#include "block_format.hpp"
#include "fixed_elements.hpp"

namespace narrowfp::inline v0 {

/// 64 elements under one E6M2 scale, one bit for each 8 and one for each 4.
template <class Element>
using hifx = block_format<Element, shared_scale<e6m2, 64, scale_rules::bfloat16_reciprocal<7>>, shared_bit<8>,
                          shared_bit<4>>;

using hif4 = hifx<fp4_e1m2>;  ///< S1P2 elements, 36 bytes
using hifloat4 = hif4;        ///< its long name
/// S1P3 elements: magnitudes in eighths, 0 to 1.875. 44 bytes. The scale is chosen as for hif4.
using hif5 = hifx<sign_magnitude<4, rounding::nearest_away>>;

}  // namespace narrowfp::inline v0
