// The types under the names that other libraries give them. Opt-in: no other header includes this one.
//
// A name here is the same format: each code has the same value. What may differ is what a conversion does
// where implementations disagree, and that is said name by name. Everywhere in this library conversion from a
// built-in type is explicit and rounds once from the exact source value, integers and double included.
#pragma once

#include "block/hif4.hpp"
#include "types.hpp"

namespace narrowfp::inline v0 {

/// The names of ml_dtypes (JAX, TensorFlow, numpy).
///
/// Finite numbers become the same codes. NaN and infinity: the same but for the 6- and 4-bit types.
/// Saturating casts: ml_dtypes leaves infinity as it is natively, saturate_cast makes it the largest value.
namespace ml_dtypes {

/// NaN keeps its sign and leading payload bits here; there it is 7fc0 or ffc0.
using bfloat16 = narrow_float<formats::bfloat16>;
using float8_e4m3fn = fp8_e4m3;                        ///< no difference
using float8_e5m2 = fp8_e5m2;                          ///< no difference
using float8_e4m3fnuz = narrowfp::fp8_e4m3fnuz;        ///< no difference
using float8_e5m2fnuz = narrowfp::fp8_e5m2fnuz;        ///< no difference
using float8_e4m3b11fnuz = narrowfp::fp8_e4m3b11fnuz;  ///< no difference
using float8_e3m4 = fp8_e3m4;                          ///< no difference
using float8_e4m3 = fp8_e4m3_ieee;                     ///< no difference; note that this is not OCP's E4M3
/// Zero is 00 (2^-127) here and NaN there; between 2^-127 and 1.5 * 2^-127 it is 00 here and 01 there. Other
/// numbers alike, ties up.
using float8_e8m0fnu = e8m0;
using float6_e2m3fn = fp6_e2m3;  ///< NaN is the positive maximum here; there +NaN is -0 and -NaN +0
using float6_e3m2fn = fp6_e3m2;  ///< as float6_e2m3fn
using float4_e2m1fn = fp4_e2m1;  ///< as float6_e2m3fn; one value in the low bits of a byte in both

}  // namespace ml_dtypes

/// The names of CUDA's headers cuda_fp8.h, cuda_fp6.h, cuda_fp4.h, cuda_bf16.h and cuda_fp16.h, without the
/// leading underscores, which are reserved.
///
/// CUDA's constructors saturate (__NV_SATFINITE); the constructors here are native. saturate_cast<T>(x) gives
/// CUDA's codes, NaN aside. The pairs and quadruples (__nv_fp8x2_e4m3 ...) are arrays here; for 4 bits
/// packed_span, whose element 0 is the low nibble as in __nv_fp4x2_e2m1.
namespace cuda {

/// __nv_fp8_e4m3. Beyond 464 NaN here, 448 there. A NaN keeps its sign here (7f, ff); there it is 7f.
using nv_fp8_e4m3 = fp8_e4m3;
/// __nv_fp8_e5m2. From 61440 on infinity here, 57344 there. NaN is 7e or fe here, 7f there.
using nv_fp8_e5m2 = fp8_e5m2;
/// __nv_fp8_e8m0. There the constructor rounds the magnitude up and saturates, whatever the sign; here it
/// rounds to nearest, ties up, and a negative number is NaN. For x > 0 the same code:
/// round_to<nv_fp8_e8m0>(x, rounding::toward_positive, overflow::saturate).
using nv_fp8_e8m0 = e8m0;
using nv_fp6_e2m3 =
    fp6_e2m3;  ///< __nv_fp6_e2m3: no difference; both saturate, and NaN is the positive maximum
using nv_fp6_e3m2 = fp6_e3m2;  ///< __nv_fp6_e3m2: no difference
using nv_fp4_e2m1 = fp4_e2m1;  ///< __nv_fp4_e2m1: no difference
/// __nv_bfloat16. NaN is 7fff there; here the quiet bit and the leading bits of the payload.
using nv_bfloat16 = narrow_float<formats::bfloat16>;
/// __half. NaN as for nv_bfloat16.
using half = float16;

}  // namespace cuda

/// The names of AscendC and CANN.
///
/// CANN's casts name their rounding (CAST_ROUND is rounding::nearest_away, CAST_RINT nearest_even,
/// CAST_HYBRID hybrid) and take saturation from a device register; here both are arguments of round_to and
/// pack.
namespace cann {

/// Native rounding is CAST_ROUND, overflow infinity, NaN 80, as in INF/NaN mode. In saturation mode CANN
/// makes NaN 00, and saturate_cast keeps it 80.
using hifloat8_t = hif8;
/// A block of 64 values with its three levels of scales, 36 bytes. CANN's hifloat4x2_t is two bare elements
/// of such a block, whose scales lie elsewhere; one element is fp4_e1m2_t.
using hifloat4_t = hif4;
using fp8_e4m3fn_t = fp8_e4m3;  ///< as fp8_e4m3: saturates only where asked to
using fp8_e5m2_t = fp8_e5m2;    ///< as fp8_e5m2
using fp8_e8m0_t = e8m0;        ///< as e8m0: nearest, ties up
using fp4_e2m1_t = fp4_e2m1;    ///< one value in a byte; fp4x2_e2m1_t is a byte of a packed_span of them
using fp4_e1m2_t = fp4_e1m2;    ///< one value in a byte, ties away; fp4x2_e1m2_t as above
using bfloat16_t = narrow_float<formats::bfloat16>;  ///< as bfloat16
using half = float16;                                ///< as float16

}  // namespace cann

}  // namespace narrowfp::inline v0
