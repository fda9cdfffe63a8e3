// The types behind the names of the oracle's formats, for the tests that need the type itself.
#pragma once

#include <narrowfp/types.hpp>

namespace support {

template <int E, int M, int Bias, narrowfp::specials S>
using user = narrowfp::narrow_float<narrowfp::minifloat<E, M, Bias, S>>;

using narrowfp::specials;

using e3m3b3_fn = user<3, 3, 3, specials::fn>;
using e2m5b0_fnuz = user<2, 5, 0, specials::fnuz>;
using e0m7b0_none = user<0, 7, 0, specials::none>;
using e0m4b1_fn = user<0, 4, 1, specials::fn>;
using e0m3bm2_fnuz = user<0, 3, -2, specials::fnuz>;
using e5m0b15_none = user<5, 0, 15, specials::none>;
using e5m0b12_fn = user<5, 0, 12, specials::fn>;
using e4m0b8_fnuz = user<4, 0, 8, specials::fnuz>;
using e1m1b0_ieee = user<1, 1, 0, specials::ieee>;
using e1m0b0_none = user<1, 0, 0, specials::none>;
using e2m1b1_ieee = user<2, 1, 1, specials::ieee>;
using e4m3b200_fn = user<4, 3, 200, specials::fn>;
using e4m3bm200_ieee = user<4, 3, -200, specials::ieee>;
using e8m3b100_ieee = user<8, 3, 100, specials::ieee>;
using e10m5b511_none = user<10, 5, 511, specials::none>;
using e3m12b3_fnuz = user<3, 12, 3, specials::fnuz>;
using e6m9b31_ieee = user<6, 9, 31, specials::ieee>;

}  // namespace support

/// Calls M(type, name) for the value types of the library, in groups of a similar cost to compile.
#define SUPPORT_FOR_EACH_FP8(M)             \
  M(narrowfp::fp8_e4m3, fp8_e4m3)           \
  M(narrowfp::fp8_e5m2, fp8_e5m2)           \
  M(narrowfp::fp8_e3m4, fp8_e3m4)           \
  M(narrowfp::fp8_e4m3_ieee, fp8_e4m3_ieee) \
  M(narrowfp::fp8_e4m3fnuz, fp8_e4m3fnuz)   \
  M(narrowfp::fp8_e5m2fnuz, fp8_e5m2fnuz)   \
  M(narrowfp::fp8_e4m3b11fnuz, fp8_e4m3b11fnuz)
#define SUPPORT_FOR_EACH_SMALL(M) \
  M(narrowfp::hif8, hif8)         \
  M(narrowfp::fp6_e3m2, fp6_e3m2) \
  M(narrowfp::fp6_e2m3, fp6_e2m3) \
  M(narrowfp::fp4_e2m1, fp4_e2m1) \
  M(narrowfp::fp4_e1m2, fp4_e1m2)
#define SUPPORT_FOR_EACH_SCALE_AND_WIDE(M) \
  M(narrowfp::e8m0, e8m0)                  \
  M(narrowfp::ue4m3, ue4m3)                \
  M(narrowfp::ue5m3, ue5m3)                \
  M(narrowfp::e6m2, e6m2)                  \
  M(narrowfp::bfloat16, bfloat16)          \
  M(narrowfp::float16, float16)
/// Formats as a user declares them: of up to eight bits, and values that are wider or beyond float.
#define SUPPORT_FOR_EACH_USER_NARROW(M)  \
  M(support::e3m3b3_fn, e3m3b3_fn)       \
  M(support::e2m5b0_fnuz, e2m5b0_fnuz)   \
  M(support::e0m7b0_none, e0m7b0_none)   \
  M(support::e5m0b12_fn, e5m0b12_fn)     \
  M(support::e1m1b0_ieee, e1m1b0_ieee)   \
  M(support::e0m4b1_fn, e0m4b1_fn)       \
  M(support::e0m3bm2_fnuz, e0m3bm2_fnuz) \
  M(support::e5m0b15_none, e5m0b15_none) \
  M(support::e4m0b8_fnuz, e4m0b8_fnuz)   \
  M(support::e1m0b0_none, e1m0b0_none)   \
  M(support::e2m1b1_ieee, e2m1b1_ieee)
#define SUPPORT_FOR_EACH_USER_WIDE(M)        \
  M(support::e4m3b200_fn, e4m3b200_fn)       \
  M(support::e4m3bm200_ieee, e4m3bm200_ieee) \
  M(support::e8m3b100_ieee, e8m3b100_ieee)   \
  M(support::e3m12b3_fnuz, e3m12b3_fnuz)     \
  M(support::e10m5b511_none, e10m5b511_none) \
  M(support::e6m9b31_ieee, e6m9b31_ieee)
#define SUPPORT_FOR_EACH_USER_FORMAT(M) \
  SUPPORT_FOR_EACH_USER_NARROW(M)       \
  SUPPORT_FOR_EACH_USER_WIDE(M)
#define SUPPORT_FOR_EACH_LIBRARY_TYPE(M) \
  SUPPORT_FOR_EACH_FP8(M)                \
  SUPPORT_FOR_EACH_SMALL(M)              \
  SUPPORT_FOR_EACH_SCALE_AND_WIDE(M)
#define SUPPORT_FOR_EACH_TYPE(M)   \
  SUPPORT_FOR_EACH_LIBRARY_TYPE(M) \
  SUPPORT_FOR_EACH_USER_FORMAT(M)
