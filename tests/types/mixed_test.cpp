// A narrow value next to another type, and conversions between narrow types.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <concepts>

#include "support/formats_under_test.hpp"
#include "support/inputs.hpp"
#include "support/probe.hpp"
#include "support/report.hpp"

namespace {

using narrowfp::overflow;
using narrowfp::rounding;
using support::code;

template <class T>
T at(code c) {
  return T::from_bits(static_cast<typename T::code_type>(c));
}

template <class X>
bool same(X a, X b) {
  return a == b ? std::signbit(static_cast<double>(a)) == std::signbit(static_cast<double>(b))
                : a != a && b != b;
}

// An int next to a float warns, with or without a narrow type.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"

/// t op u is what float(t) op u is, in type and value, from both sides.
template <class T, class U>
void expect_as_float(U u, auto as_builtin) {
  for (code c = 0; c<code{1} << T::format::width; c += T::format::width> 8 ? 409 : 1) {
    const T t = at<T>(c);
    const auto f = static_cast<float>(t);
    static_assert(std::same_as<decltype(t + u), decltype(f + as_builtin)>);
    static_assert(std::same_as<decltype(u / t), decltype(as_builtin / f)>);
    EXPECT_TRUE(same(t + u, f + as_builtin)) << c;
    EXPECT_TRUE(same(t - u, f - as_builtin)) << c;
    EXPECT_TRUE(same(t * u, f * as_builtin)) << c;
    EXPECT_TRUE(same(t / u, f / as_builtin)) << c;
    EXPECT_TRUE(same(u - t, as_builtin - f)) << c;
    EXPECT_TRUE(same(u / t, as_builtin / f)) << c;
    EXPECT_EQ(t == u, f == as_builtin) << c;
    EXPECT_EQ(t < u, f < as_builtin) << c;
    EXPECT_EQ(u <= t, as_builtin <= f) << c;
  }
}

template <class T>
void check_with_other_types() {
  expect_as_float<T>(1.75F, 1.75F);
  expect_as_float<T>(-0.1, -0.1);
  expect_as_float<T>(3, 3);
  expect_as_float<T>(7ULL, 7ULL);
  expect_as_float<T>(narrowfp::bfloat16(0.3F), static_cast<float>(narrowfp::bfloat16(0.3F)));
  if constexpr (!std::same_as<T, narrowfp::fp4_e2m1>) {
    expect_as_float<T>(narrowfp::fp4_e2m1(3.0F), 3.0F);
  }
}

TEST(MixedArithmetic, IsFloatArithmetic) {
  check_with_other_types<narrowfp::fp8_e4m3>();
  check_with_other_types<narrowfp::fp8_e5m2fnuz>();
  check_with_other_types<narrowfp::hif8>();
  check_with_other_types<narrowfp::fp4_e2m1>();
  check_with_other_types<narrowfp::e8m0>();
  check_with_other_types<narrowfp::float16>();
}

/// t op= u is t = T(t op u).
template <class T, class U>
void check_compound(U u) {
  for (code c = 0; c<code{1} << T::format::width; c += T::format::width> 8 ? 409 : 1) {
    const T t = at<T>(c);
    T sum = t, difference = t, product = t, quotient = t;
    sum += u;
    difference -= u;
    product *= u;
    static_assert(std::same_as<decltype(quotient /= u), T&>);
    quotient /= u;
    EXPECT_EQ(sum.bits(), T(t + u).bits()) << c;
    EXPECT_EQ(difference.bits(), T(t - u).bits()) << c;
    EXPECT_EQ(product.bits(), T(t * u).bits()) << c;
    EXPECT_EQ(quotient.bits(), T(t / u).bits()) << c;
  }
}

#pragma GCC diagnostic pop

template <class T>
void check_compound_with_all() {
  check_compound<T>(T(1.5F));
  check_compound<T>(0.3F);
  check_compound<T>(-2.7);
  check_compound<T>(5);
  check_compound<T>(narrowfp::fp8_e5m2(0.7F));
}

TEST(CompoundAssignment, RoundsTheResultOfTheOperator) {
  check_compound_with_all<narrowfp::fp8_e4m3>();
  check_compound_with_all<narrowfp::fp8_e4m3fnuz>();
  check_compound_with_all<narrowfp::hif8>();
  check_compound_with_all<narrowfp::fp6_e2m3>();
  check_compound_with_all<narrowfp::e6m2>();
  check_compound_with_all<narrowfp::bfloat16>();
}

/// Conversion of every value of From (sampled above 8 bits) to every format, rounded once.
template <class From, class To>
void check_transcoding(const std::string& from, const std::string& to) {
  const oracle::format& source = oracle::find_format(from);
  const oracle::format& target = oracle::find_format(to);
  support::mismatches found(from + " to " + to);
  const code stride = source.width <= 8 ? 1 : 61;
  for (code c = 0; c < source.values.size(); c += stride) {
    const auto context = [&] { return "code " + support::hex(c, 2); };
    const oracle::number& x = source.values[c];
    found.expect_equal(narrowfp::round_to<To>(at<From>(c)).bits(),
                       oracle::encode(target, x, target.native, oracle::policy::native), context);
    if constexpr (!std::same_as<From, To>) {  // else it is a copy
      found.expect_equal(To(at<From>(c)).bits(), narrowfp::round_to<To>(at<From>(c)).bits(), context);
    }
    found.expect_equal(narrowfp::saturate_cast<To>(at<From>(c)).bits(),
                       oracle::encode(target, x, target.native, oracle::policy::saturate), context);
    found.expect_equal(
        narrowfp::round_to<To>(at<From>(c), rounding::toward_negative, overflow::native).bits(),
        oracle::encode(target, x, oracle::mode::toward_negative, oracle::policy::native), context);
  }
}

template <class From>
void check_transcoding_to_all(const std::string& from) {
#define CHECK(type, name) check_transcoding<From, type>(from, #name);
  SUPPORT_FOR_EACH_LIBRARY_TYPE(CHECK)
  CHECK(support::e10m5b511_none, e10m5b511_none)
#undef CHECK
}

TEST(Transcoding, RoundsOnceFromTheExactValue) {
  check_transcoding_to_all<narrowfp::fp8_e5m2>("fp8_e5m2");
  check_transcoding_to_all<narrowfp::hif8>("hif8");
  check_transcoding_to_all<narrowfp::fp8_e4m3fnuz>("fp8_e4m3fnuz");
  check_transcoding_to_all<narrowfp::e8m0>("e8m0");
  check_transcoding_to_all<narrowfp::float16>("float16");
  check_transcoding_to_all<narrowfp::bfloat16>("bfloat16");
  check_transcoding_to_all<support::e10m5b511_none>("e10m5b511_none");
}

/// A value that no float holds is converted to float explicitly, and rounded once.
TEST(ConversionToFloat, RoundsOnceWhereAValueIsNotAFloat) {
  static_assert(!std::convertible_to<support::e10m5b511_none, float>);
  static_assert(!std::convertible_to<support::e4m3b200_fn, float>);
  static_assert(std::convertible_to<support::e6m9b31_ieee, float>);
  static_assert(std::convertible_to<narrowfp::e8m0, float>);
  const oracle::format& f = oracle::find_format("e10m5b511_none");
  support::mismatches found(f.name);
  for (code c = 0; c < f.values.size(); ++c) {
    // The compiler's conversion from the exact double rounds once as well.
    const auto want = static_cast<float>(to_double(f.values[c]));
    const auto got = static_cast<float>(at<support::e10m5b511_none>(c));
    found.expect_equal(std::bit_cast<std::uint32_t>(got), std::bit_cast<std::uint32_t>(want),
                       [&] { return "code " + support::hex(c, 4); });
  }
}

TEST(SaturateCast, IsRoundToWithSaturation) {
  for (const float x : {0.0F, 1.1F, -3.7F, 1e9F, -1e30F, 1e-9F}) {
    EXPECT_EQ(narrowfp::saturate_cast<narrowfp::fp8_e4m3>(x).bits(),
              narrowfp::round_to<narrowfp::fp8_e4m3>(x, rounding::native, overflow::saturate).bits());
    EXPECT_EQ(narrowfp::saturate_cast<narrowfp::hif8>(x).bits(),
              narrowfp::round_to<narrowfp::hif8>(x, rounding::native, overflow::saturate).bits());
  }
}

}  // namespace
