// The value types alone. Light to include: no <string>, <stdexcept>, <functional>, <cmath> or intrinsics.
//
// #include <narrowfp/types.hpp>
#pragma once

#include "formats/fixed_point.hpp"
#include "formats/fp16.hpp"
#include "formats/fp4.hpp"
#include "formats/fp6.hpp"
#include "formats/fp8.hpp"
#include "formats/hif8.hpp"
#include "formats/scales.hpp"
#include "types/functions.hpp"
#include "types/limits.hpp"
#include "types/narrow_float.hpp"
#include "types/text.hpp"
#include "version.hpp"

namespace narrowfp::inline v0 {

using fp8_e4m3 = narrow_float<formats::fp8_e4m3>;                ///< OCP FP8 E4M3 (float8_e4m3fn)
using fp8_e5m2 = narrow_float<formats::fp8_e5m2>;                ///< OCP FP8 E5M2
using fp8_e3m4 = narrow_float<formats::fp8_e3m4>;                ///< IEEE-style E3M4
using fp8_e4m3_ieee = narrow_float<formats::fp8_e4m3_ieee>;      ///< IEEE-style E4M3, with infinities
using fp8_e4m3fnuz = narrow_float<formats::fp8_e4m3fnuz>;        ///< E4M3, bias 8, unsigned zero
using fp8_e5m2fnuz = narrow_float<formats::fp8_e5m2fnuz>;        ///< E5M2, bias 16, unsigned zero
using fp8_e4m3b11fnuz = narrow_float<formats::fp8_e4m3b11fnuz>;  ///< E4M3, bias 11, unsigned zero

using fp6_e3m2 = narrow_float<formats::fp6_e3m2>;  ///< OCP FP6 E3M2, in the low bits of a byte
using fp6_e2m3 = narrow_float<formats::fp6_e2m3>;  ///< OCP FP6 E2M3, in the low bits of a byte
using fp4_e2m1 = narrow_float<formats::fp4_e2m1>;  ///< OCP FP4 E2M1, in the low bits of a byte
using fp4_e1m2 = narrow_float<formats::fp4_e1m2>;  ///< S1P2, HiF4's element; ties away

using hif8 = narrow_float<formats::hif8>;  ///< Ascend HiFloat8, tapered; ties away
using hifloat8 = hif8;                     ///< its long name

using e8m0 = narrow_float<formats::e8m0>;    ///< OCP scale: powers of two; ties away
using ue4m3 = narrow_float<formats::ue4m3>;  ///< unsigned E4M3 scale, 7 bits
using ue5m3 = narrow_float<formats::ue5m3>;  ///< unsigned E5M3 scale
using e6m2 = narrow_float<formats::e6m2>;    ///< HiF4's first-level scale, without zero

using bfloat16 = narrow_float<formats::bfloat16>;  ///< bfloat16
using float16 = narrow_float<formats::float16>;    ///< IEEE 754 binary16

}  // namespace narrowfp::inline v0
