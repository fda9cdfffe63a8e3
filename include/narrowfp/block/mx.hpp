// Layer: block. OCP Microscaling v1.0: 32 elements under one power of two; docs/formats/mx.md.
#pragma once

#include "../types.hpp"
#include "block_format.hpp"

namespace narrowfp::inline v0 {

using mxfp8_e4m3 = block_format<fp8_e4m3, shared_scale<e8m0, 32>>;  ///< 33 bytes
using mxfp8_e5m2 = block_format<fp8_e5m2, shared_scale<e8m0, 32>>;  ///< 33 bytes
using mxfp6_e3m2 = block_format<fp6_e3m2, shared_scale<e8m0, 32>>;  ///< 25 bytes
using mxfp6_e2m3 = block_format<fp6_e2m3, shared_scale<e8m0, 32>>;  ///< 25 bytes
using mxfp4 = block_format<fp4_e2m1, shared_scale<e8m0, 32>>;       ///< 17 bytes
/// Integers in units of 2^-6; 80 is never written, and reads as -2 times the scale. 33 bytes.
using mxint8 = block_format<narrow_float<formats::int8>, shared_scale<e8m0, 32>>;

}  // namespace narrowfp::inline v0
