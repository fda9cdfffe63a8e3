// The short ways of single values against the core, which defines them: floats to codes around every value of
// every format and around every power of two, codes to floats, and whole blocks. Under the label exhaustive
// four formats see every float (tests/exhaustive/single_values_test.cpp).
#include <gtest/gtest.h>

#include <bit>
#include <cstdint>
#include <vector>

#include <narrowfp/types.hpp>

#include "support/count.hpp"
#include "support/formats_under_test.hpp"

namespace {

using narrowfp::overflow;
using narrowfp::rounding;
using std::uint32_t;

/// A pattern with its neighbours, both signs.
void add_around(std::vector<uint32_t>& patterns, uint32_t magnitude) {
  for (uint32_t step = 0; step < 5; ++step) {
    const uint32_t m = (magnitude + step - 2) & 0x7FFFFFFF;
    patterns.insert(patterns.end(), {m, m | 0x80000000});
  }
}

/// The floats at which a format's codes change, and those at which a float's own fields do.
template <class T>
std::vector<uint32_t> boundaries() {
  using F = typename T::format;
  namespace core = narrowfp::core;
  std::vector<uint32_t> patterns;
  for (uint32_t field = 0; field < 256; ++field) {
    for (const uint32_t fraction : {0x000000U, 0x200000U, 0x400000U, 0x600000U, 0x7FFFFFU, 0x2AAAAAU}) {
      add_around(patterns, field << 23 | fraction);
    }
  }
  const uint32_t codes = F::width > 8 ? 1U << (F::width - 1) : 1U << F::width;
  for (uint32_t code = 0; code < codes; ++code) {
    const core::real x = core::decode<F>(static_cast<typename F::code_type>(code));
    if (x.kind != core::real_kind::finite || core::is_zero(x)) {
      continue;
    }
    // The value, and the middle between it and its neighbour.
    const int spacing = F::ulp_exponent(core::binade_of(x));
    const core::real middle = core::add(core::with_sign(x, false), core::finite(1, spacing - 1));
    for (const core::real& y : {core::with_sign(x, false), middle}) {
      add_around(patterns,
                 core::encode<narrowfp::formats::binary32>(y, rounding::toward_zero, overflow::saturate));
    }
  }
  return patterns;
}

template <class T>
void expect_codes_of_core(const char* name) {
  using F = typename T::format;
  namespace core = narrowfp::core;
  std::uint64_t wrong = 0;
  const std::vector<uint32_t> patterns = boundaries<T>();
  for (const uint32_t bits : patterns) {
    const auto x = std::bit_cast<float>(bits);
    const core::real exact = core::read(x);
    const auto native = core::encode<F>(exact, F::native_rounding, overflow::native);
    const auto saturated = core::encode<F>(exact, F::native_rounding, overflow::saturate);
    const bool same = T(x).bits() == native && narrowfp::round_to<T>(x).bits() == native &&
                      narrowfp::saturate_cast<T>(x).bits() == saturated;
    if (!same && wrong++ == 0) {
      ADD_FAILURE() << name << " of float " << std::hex << bits << ": " << +T(x).bits()
                    << " and, saturating, " << +narrowfp::saturate_cast<T>(x).bits() << ", not " << +native
                    << " and " << +saturated;
    }
  }
  EXPECT_EQ(wrong, 0U) << name;
  support::count_compared(3 * patterns.size());
}

template <class T>
void expect_values_of_core(const char* name) {
  using F = typename T::format;
  namespace core = narrowfp::core;
  for (uint32_t code = 0; code < 1U << F::width; ++code) {
    const auto t = T::from_bits(static_cast<typename F::code_type>(code));
    const auto got = std::bit_cast<uint32_t>(static_cast<float>(t));
    const uint32_t want =
        core::floating_bits_plain_nan<float>(core::decode<F>(static_cast<typename F::code_type>(code)));
    ASSERT_EQ(got, want) << name << ", code " << code;
  }
  support::count_compared(std::uint64_t{1} << F::width);
}

#define EXPECT_AS_THE_CORE(type, name) \
  expect_codes_of_core<type>(#name);   \
  expect_values_of_core<type>(#name);

TEST(SingleValues, OfEightBitFormatsAreThoseOfTheCore){
    SUPPORT_FOR_EACH_FP8(EXPECT_AS_THE_CORE)} TEST(SingleValues, OfSmallFormatsAreThoseOfTheCore){
    SUPPORT_FOR_EACH_SMALL(EXPECT_AS_THE_CORE)} TEST(SingleValues, OfScalesAndWideFormatsAreThoseOfTheCore){
    SUPPORT_FOR_EACH_SCALE_AND_WIDE(EXPECT_AS_THE_CORE)} TEST(SingleValues, OfUsersFormatsAreThoseOfTheCore) {
  SUPPORT_FOR_EACH_USER_NARROW(EXPECT_AS_THE_CORE)
}

// Which formats go which way: one that fell back to the core would pass all of the above.
template <class T>
constexpr bool has_fields = narrowfp::core::has_float_fields<typename T::format>;
template <class T>
constexpr bool has_rows = narrowfp::core::has_taper_rows<typename T::format>;
static_assert(has_fields<narrowfp::fp8_e4m3> && has_fields<narrowfp::fp8_e5m2> &&
              has_fields<narrowfp::fp8_e4m3fnuz> && has_fields<narrowfp::fp6_e2m3> &&
              has_fields<narrowfp::fp4_e2m1> && has_fields<narrowfp::ue4m3> && has_fields<narrowfp::e6m2> &&
              has_fields<narrowfp::bfloat16> && has_fields<narrowfp::float16>);
static_assert(has_rows<narrowfp::hif8> && !has_fields<narrowfp::hif8>);
// Denormal floats, values beyond float: the core's.
static_assert(!narrowfp::core::has_short_way<narrowfp::formats::e8m0> &&
              !narrowfp::core::has_short_way<support::e4m3b200_fn::format> &&
              !narrowfp::core::has_short_way<narrowfp::formats::int8>);

// The same at compile time.
static_assert(narrowfp::fp8_e4m3(0.3F).bits() == 0x2A && narrowfp::fp8_e4m3(1e9F).bits() == 0x7F &&
              narrowfp::fp8_e4m3(-0.0009765625F).bits() == 0x80);
static_assert(static_cast<float>(narrowfp::fp8_e4m3::from_bits(0x01)) == 0.001953125F);
static_assert(static_cast<float>(narrowfp::hif8(-3.0F)) == -3.0F && narrowfp::hif8(1e6F).bits() == 0x6F);

}  // namespace
