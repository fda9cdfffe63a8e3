// Layer: block. Block floating point: integers under one shared exponent; docs/formats/bfp.md.
#pragma once

#include <cstddef>

#include "../types.hpp"
#include "block_format.hpp"
#include "fixed_elements.hpp"

namespace narrowfp::inline v0 {

/// N signed M-bit magnitudes under one exponent byte, which is that of the largest element.
template <int M, std::size_t N>
requires(M >= 1 && M <= 15) using bfp =
    block_format<sign_magnitude<M>, shared_scale<e8m0, N, scale_rules::shared_exponent>>;

/// @{
/// Microsoft Floating Point: the name counts 8 exponent bits, the sign and the magnitude.
using msfp12 = bfp<3, 16>;
using msfp13 = bfp<4, 16>;
using msfp14 = bfp<5, 16>;
using msfp15 = bfp<6, 16>;
using msfp16 = bfp<7, 16>;
/// @}

/// Shared microexponents (arXiv 2302.08007): 16 elements under one exponent byte and one bit for each
/// pair; docs/formats/microexponents.md.
template <int M>
using shared_microexponents =
    block_format<sign_magnitude<M, rounding::nearest_away>,
                 shared_scale<e8m0, 16, scale_rules::shared_exponent>, shared_bit<2>>;

using mx9 = shared_microexponents<7>;  ///< 18 bytes
using mx6 = shared_microexponents<4>;  ///< 12 bytes
using mx4 = shared_microexponents<2>;  ///< 8 bytes

}  // namespace narrowfp::inline v0
