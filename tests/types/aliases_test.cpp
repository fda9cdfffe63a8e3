// Each borrowed name is the right format, by a fact that tells it from its neighbours, and the differences
// that the header states are so.
#include <narrowfp/aliases.hpp>

#include <cmath>
#include <limits>
#include <type_traits>

#include <gtest/gtest.h>

namespace {

using namespace narrowfp;

template <class A, class B>
constexpr bool same = std::is_same_v<A, B>;

// Largest value, smallest positive one, and bits: no two of these formats agree in all of them.
template <class T>
constexpr bool is(double largest, double smallest, int width) {
  return double{static_cast<float>(std::numeric_limits<T>::max())} == largest &&
         double{static_cast<float>(std::numeric_limits<T>::denorm_min())} == smallest &&
         T::format::width == width;
}

TEST(Aliases, MlDtypes) {
  EXPECT_TRUE((is<ml_dtypes::bfloat16>(0x1.fep127, 0x1p-133, 16)));
  EXPECT_TRUE((is<ml_dtypes::float8_e4m3fn>(448, 0x1p-9, 8)));
  EXPECT_TRUE((is<ml_dtypes::float8_e5m2>(57344, 0x1p-16, 8)));
  EXPECT_TRUE((is<ml_dtypes::float8_e4m3fnuz>(240, 0x1p-10, 8)));
  EXPECT_TRUE((is<ml_dtypes::float8_e5m2fnuz>(57344, 0x1p-17, 8)));
  EXPECT_TRUE((is<ml_dtypes::float8_e4m3b11fnuz>(30, 0x1p-13, 8)));
  EXPECT_TRUE((is<ml_dtypes::float8_e3m4>(15.5, 0x1p-6, 8)));
  EXPECT_TRUE((is<ml_dtypes::float8_e4m3>(240, 0x1p-9, 8)));
  EXPECT_TRUE((is<ml_dtypes::float8_e8m0fnu>(0x1p127, 0x1p-127, 8)));
  EXPECT_TRUE((is<ml_dtypes::float6_e2m3fn>(7.5, 0.125, 6)));
  EXPECT_TRUE((is<ml_dtypes::float6_e3m2fn>(28, 0x1p-4, 6)));
  EXPECT_TRUE((is<ml_dtypes::float4_e2m1fn>(6, 0.5, 4)));
}

TEST(Aliases, Cuda) {
  EXPECT_TRUE((is<cuda::nv_fp8_e4m3>(448, 0x1p-9, 8)));
  EXPECT_TRUE((is<cuda::nv_fp8_e5m2>(57344, 0x1p-16, 8)));
  EXPECT_TRUE((is<cuda::nv_fp8_e8m0>(0x1p127, 0x1p-127, 8)));
  EXPECT_TRUE((is<cuda::nv_fp6_e2m3>(7.5, 0.125, 6)));
  EXPECT_TRUE((is<cuda::nv_fp6_e3m2>(28, 0x1p-4, 6)));
  EXPECT_TRUE((is<cuda::nv_fp4_e2m1>(6, 0.5, 4)));
  EXPECT_TRUE((is<cuda::nv_bfloat16>(0x1.fep127, 0x1p-133, 16)));
  EXPECT_TRUE((is<cuda::half>(65504, 0x1p-24, 16)));
}

TEST(Aliases, Cann) {
  EXPECT_TRUE((is<cann::hifloat8_t>(32768, 0x1p-22, 8)));
  EXPECT_TRUE((is<cann::fp8_e4m3fn_t>(448, 0x1p-9, 8)));
  EXPECT_TRUE((is<cann::fp8_e5m2_t>(57344, 0x1p-16, 8)));
  EXPECT_TRUE((is<cann::fp8_e8m0_t>(0x1p127, 0x1p-127, 8)));
  EXPECT_TRUE((is<cann::fp4_e2m1_t>(6, 0.5, 4)));
  EXPECT_TRUE((is<cann::fp4_e1m2_t>(1.75, 0.25, 4)));
  EXPECT_TRUE((is<cann::bfloat16_t>(0x1.fep127, 0x1p-133, 16)));
  EXPECT_TRUE((is<cann::half>(65504, 0x1p-24, 16)));
  EXPECT_TRUE((same<cann::hifloat4_t, hif4>));
  EXPECT_EQ(sizeof(cann::hifloat4_t), 36U);
}

TEST(Aliases, StatedDifferences) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float infinity = std::numeric_limits<float>::infinity();
  // ml_dtypes has ff for a zero scale, and 20 and 00 for the NaNs of E2M3.
  EXPECT_EQ(ml_dtypes::float8_e8m0fnu(0.0F).bits(), 0x00);
  EXPECT_EQ(ml_dtypes::float8_e8m0fnu(0x1.4p-127F).bits(), 0x00);
  EXPECT_EQ(ml_dtypes::float8_e8m0fnu(0x1.8p-127F).bits(), 0x01);
  EXPECT_EQ(ml_dtypes::float8_e8m0fnu(1.5F).bits(), 0x80);
  EXPECT_EQ(ml_dtypes::float6_e2m3fn(nan).bits(), 0x1F);
  EXPECT_EQ(ml_dtypes::float6_e2m3fn(-nan).bits(), 0x1F);
  EXPECT_EQ(saturate_cast<ml_dtypes::float8_e5m2>(infinity).bits(), 0x7B);
  // CUDA's constructors have 7e, 7b and 7f for these.
  EXPECT_EQ(cuda::nv_fp8_e4m3(465.0F).bits(), 0x7F);
  EXPECT_EQ(cuda::nv_fp8_e5m2(61440.0F).bits(), 0x7C);
  EXPECT_EQ(cuda::nv_fp8_e4m3(-nan).bits(), 0xFF);
  EXPECT_EQ(cuda::nv_fp8_e5m2(nan).bits(), 0x7E);
  EXPECT_EQ(saturate_cast<cuda::nv_fp8_e4m3>(465.0F).bits(), 0x7E);
  EXPECT_EQ(cuda::nv_fp8_e8m0(1.1F).bits(), 0x7F);
  EXPECT_EQ(round_to<cuda::nv_fp8_e8m0>(1.1F, rounding::toward_positive, overflow::saturate).bits(), 0x80);
  EXPECT_EQ(cuda::nv_fp8_e8m0(-1.0F).bits(), 0xFF);
  // CANN's saturation mode has 00 for NaN.
  EXPECT_EQ(cann::hifloat8_t(40960.0F).bits(), 0x6F);
  EXPECT_EQ(saturate_cast<cann::hifloat8_t>(nan).bits(), 0x80);
}

}  // namespace
