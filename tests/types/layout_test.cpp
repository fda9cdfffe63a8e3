// The value types as objects: size, triviality, the code they hold, and bits above the width.
#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <cstring>
#include <functional>
#include <span>
#include <type_traits>

#include "support/formats_under_test.hpp"

namespace {

template <class T>
void check_layout() {
  using code_type = typename T::code_type;
  constexpr int width = T::format::width;
  static_assert(sizeof(T) == (width <= 8 ? 1 : 2));
  static_assert(std::is_trivially_copyable_v<T> && std::is_standard_layout_v<T>);
  static_assert(std::is_nothrow_default_constructible_v<T>);
  static_assert(std::is_same_v<code_type, std::conditional_t<width <= 8, std::uint8_t, std::uint16_t>>);
  static_assert(T{}.bits() == 0);
  static_assert(!std::is_convertible_v<float, T> && std::is_constructible_v<T, float>);
  static_assert(!std::is_constructible_v<T, bool>);
  static_assert(std::is_nothrow_constructible_v<T, double> && std::is_nothrow_constructible_v<T, long long>);

  // Bits above the width are dropped by from_bits, and ignored if they come by memcpy.
  constexpr auto mask = static_cast<code_type>((1U << width) - 1);
  for (unsigned low = 0; low <= mask; low += width > 8 ? 97 : 1) {
    const T clean = T::from_bits(static_cast<code_type>(low));
    EXPECT_EQ(clean.bits(), low);
    const auto dirty_code = static_cast<code_type>(low | ~unsigned{mask});
    EXPECT_EQ(T::from_bits(dirty_code).bits(), low);
    T dirty;
    std::memcpy(static_cast<void*>(&dirty), &dirty_code, sizeof dirty);
    EXPECT_EQ(dirty.bits(), low);
    EXPECT_EQ(isnan(dirty), isnan(clean));
    EXPECT_EQ(isinf(dirty), isinf(clean));
    EXPECT_EQ(signbit(dirty), signbit(clean));
    EXPECT_EQ(std::hash<T>{}(dirty), std::hash<T>{}(clean));
    EXPECT_EQ(dirty == clean, !isnan(clean));
    EXPECT_EQ(abs(dirty).bits(), abs(clean).bits());
    EXPECT_EQ((dirty + T{}).bits(), (clean + T{}).bits());
    EXPECT_EQ(std::bit_cast<std::uint64_t>(static_cast<double>(dirty)),
              std::bit_cast<std::uint64_t>(static_cast<double>(clean)));
  }
}

#define DECLARE_TEST(type, name) \
  TEST(Layout, name) { check_layout<type>(); }
SUPPORT_FOR_EACH_TYPE(DECLARE_TEST)
#undef DECLARE_TEST

}  // namespace
