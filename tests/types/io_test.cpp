// narrowfp/io.hpp: to_string, operator<< and std::formatter.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <iomanip>
#include <sstream>
#include <string>

#include <narrowfp/io.hpp>

#include "support/formats_under_test.hpp"
#include "support/oracle.hpp"
#include "support/report.hpp"

namespace {

template <class T>
void check_round_trip(const std::string& name) {
  const oracle::format& f = oracle::find_format(name);
  support::mismatches found(name);
  for (support::code c = 0; c<f.values.size(); c += f.width> 8 ? 41 : 1) {
    const T x = T::from_bits(static_cast<typename T::code_type>(c));
    const std::string text = to_string(x);
    const double value = to_double(f.values[c]);
    const double read = std::strtod(text.c_str(), nullptr);
    // The text reads back as the value; a NaN as a NaN of its sign.
    found.expect(value != value ? read != read && std::signbit(read) == f.values[c].negative
                                : static_cast<float>(read) == static_cast<float>(value),
                 [&] { return "code " + support::hex(c, 2) + ": " + text; });
  }
}

#define DECLARE_TEST(type, name) \
  TEST(ToString, name) { check_round_trip<type>(#name); }
SUPPORT_FOR_EACH_LIBRARY_TYPE(DECLARE_TEST)
#undef DECLARE_TEST

TEST(ToString, IsShort) {
  EXPECT_EQ(to_string(narrowfp::fp8_e4m3(0.4375F)), "0.4375");
  EXPECT_EQ(to_string(narrowfp::fp8_e4m3(-448.0F)), "-448");
  EXPECT_EQ(to_string(narrowfp::fp8_e5m2(1e9F)), "inf");
  EXPECT_EQ(to_string(narrowfp::fp8_e5m2(-1e9F)), "-inf");
  EXPECT_EQ(to_string(narrowfp::fp8_e4m3(-0.0F)), "-0");
  EXPECT_EQ(to_string(narrowfp::bfloat16(0.1F)), "0.100097656");
}

TEST(Stream, WritesAsFloatDoes) {
  std::ostringstream got;
  std::ostringstream want;
  got << std::setprecision(3) << std::fixed << narrowfp::hif8(2.25F) << ' ' << std::scientific
      << narrowfp::e8m0(0.5F);
  want << std::setprecision(3) << std::fixed << 2.25F << ' ' << std::scientific << 0.5F;
  EXPECT_EQ(got.str(), want.str());
}

#if defined(__cpp_lib_format)
TEST(Formatter, TakesTheSpecificationsOfFloat) {
  EXPECT_EQ(std::format("{:8.3f}|{}", narrowfp::fp8_e4m3(1.75F), narrowfp::fp4_e2m1(6.0F)), "   1.750|6");
}
#endif

}  // namespace
