// Every numeric_limits member against an independent value: for the library's types a table written from
// their specifications, for all formats a search through the values.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <optional>

#include "support/formats_under_test.hpp"
#include "support/oracle.hpp"
#include "support/report.hpp"

namespace {

using support::code;

/// numeric_limits of one type; a member that does not exist is empty.
struct limits_of {
  bool is_specialized, is_signed, is_integer, is_exact, has_infinity, has_quiet_nan, has_signaling_nan;
  bool has_subnormals, is_iec559, is_bounded, is_modulo, traps, tinyness_before, has_denorm_loss;
  bool rounds_to_nearest;
  int radix, digits, digits10, max_digits10, min_exponent, min_exponent10, max_exponent, max_exponent10;
  code min, max, lowest, denorm_min;
  std::optional<code> epsilon, round_error, infinity, quiet_nan, signaling_nan;
};

template <class T>
limits_of read_limits() {
  using l = std::numeric_limits<T>;
  limits_of r{};
  r.is_specialized = l::is_specialized;
  r.is_signed = l::is_signed;
  r.is_integer = l::is_integer;
  r.is_exact = l::is_exact;
  r.has_infinity = l::has_infinity;
  r.has_quiet_nan = l::has_quiet_NaN;
  r.has_signaling_nan = l::has_signaling_NaN;
  r.is_iec559 = l::is_iec559;
  r.is_bounded = l::is_bounded;
  r.is_modulo = l::is_modulo;
  r.traps = l::traps;
  r.tinyness_before = l::tinyness_before;
  r.rounds_to_nearest = l::round_style == std::round_to_nearest;
  r.radix = l::radix;
  r.digits = l::digits;
  r.digits10 = l::digits10;
  r.max_digits10 = l::max_digits10;
  r.min_exponent = l::min_exponent;
  r.min_exponent10 = l::min_exponent10;
  r.max_exponent = l::max_exponent;
  r.max_exponent10 = l::max_exponent10;
  r.min = (l::min)().bits();
  r.max = (l::max)().bits();
  r.lowest = l::lowest().bits();
  r.denorm_min = l::denorm_min().bits();
  if constexpr (requires { l::epsilon(); }) {
    r.epsilon = l::epsilon().bits();
  }
  if constexpr (requires { l::round_error(); }) {
    r.round_error = l::round_error().bits();
  }
  if constexpr (requires { l::infinity(); }) {
    r.infinity = l::infinity().bits();
  }
  if constexpr (requires { l::quiet_NaN(); }) {
    r.quiet_nan = l::quiet_NaN().bits();
  }
  if constexpr (requires { l::signaling_NaN(); }) {
    r.signaling_nan = l::signaling_NaN().bits();
  }
  return r;
}

/// The library's types, from the tables of their specifications; -1 where the member must be absent.
struct row {
  const char* name;
  int digits, digits10, max_digits10;
  int min_exponent, min_exponent10, max_exponent, max_exponent10;
  int min, max, lowest, denorm_min, epsilon, infinity, quiet_nan, signaling_nan;
};
constexpr int absent = -1;

constexpr row rows[] = {
    // digits                       exponents          codes
    {"fp8_e4m3", 4, 0, 3, -5, -1, 9, 2, 0x08, 0x7E, 0xFE, 0x01, 0x20, absent, 0x7F, absent},
    {"fp8_e5m2", 3, 0, 2, -13, -4, 16, 4, 0x04, 0x7B, 0xFB, 0x01, 0x34, 0x7C, 0x7E, absent},
    {"fp8_e3m4", 5, 1, 3, -1, 0, 4, 1, 0x10, 0x6F, 0xEF, 0x01, 0x04, 0x70, 0x78, absent},
    {"fp8_e4m3_ieee", 4, 0, 3, -5, -1, 8, 2, 0x08, 0x77, 0xF7, 0x01, 0x20, 0x78, 0x7C, absent},
    {"fp8_e4m3fnuz", 4, 0, 3, -6, -2, 8, 2, 0x08, 0x7F, 0xFF, 0x01, 0x28, absent, 0x80, absent},
    {"fp8_e5m2fnuz", 3, 0, 2, -14, -4, 16, 4, 0x04, 0x7F, 0xFF, 0x01, 0x38, absent, 0x80, absent},
    {"fp8_e4m3b11fnuz", 4, 0, 3, -9, -3, 5, 1, 0x08, 0x7F, 0xFF, 0x01, 0x40, absent, 0x80, absent},
    {"hif8", 4, 0, 3, -14, -4, 16, 4, 0x7E, 0x6E, 0xEE, 0x01, 0x38, 0x6F, 0x80, absent},
    {"fp6_e3m2", 3, 0, 2, -1, 0, 5, 1, 0x04, 0x1F, 0x3F, 0x01, 0x04, absent, absent, absent},
    {"fp6_e2m3", 4, 0, 3, 1, 0, 3, 0, 0x08, 0x1F, 0x3F, 0x01, 0x01, absent, absent, absent},
    {"fp4_e2m1", 2, 0, 2, 1, 0, 3, 0, 0x2, 0x7, 0xF, 0x1, 0x1, absent, absent, absent},
    {"fp4_e1m2", 3, 0, 2, 1, 0, 1, 0, 0x4, 0x7, 0xF, 0x1, 0x1, absent, absent, absent},
    {"e8m0", 1, 0, 2, -126, -38, 128, 38, 0x00, 0xFE, 0x00, 0x00, 0x7F, absent, 0xFF, absent},
    {"ue4m3", 4, 0, 3, -5, -1, 9, 2, 0x08, 0x7E, 0x00, 0x01, 0x20, absent, 0x7F, absent},
    {"ue5m3", 4, 0, 3, -13, -4, 17, 5, 0x08, 0xFE, 0x00, 0x01, 0x60, absent, 0xFF, absent},
    {"e6m2", 3, 0, 2, -47, -14, 16, 4, 0x00, 0xFE, 0x00, 0x00, 0xB8, absent, 0xFF, absent},
    {"bfloat16", 8, 2, 4, -125, -37, 128, 38, 0x0080, 0x7F7F, 0xFF7F, 0x0001, 0x3C00, 0x7F80, 0x7FC0, 0x7FA0},
    {"float16", 11, 3, 5, -13, -4, 16, 4, 0x0400, 0x7BFF, 0xFBFF, 0x0001, 0x1400, 0x7C00, 0x7E00, 0x7D00},
};

void expect_code(const std::optional<code>& got, int want, const char* member) {
  if (want == absent) {
    EXPECT_FALSE(got.has_value()) << member << " must not exist";
  } else {
    ASSERT_TRUE(got.has_value()) << member << " is missing";
    EXPECT_EQ(*got, static_cast<code>(want)) << member;
  }
}

void check_row(const limits_of& got, const row& want) {
  EXPECT_EQ(got.digits, want.digits);
  EXPECT_EQ(got.digits10, want.digits10);
  EXPECT_EQ(got.max_digits10, want.max_digits10);
  EXPECT_EQ(got.min_exponent, want.min_exponent);
  EXPECT_EQ(got.min_exponent10, want.min_exponent10);
  EXPECT_EQ(got.max_exponent, want.max_exponent);
  EXPECT_EQ(got.max_exponent10, want.max_exponent10);
  expect_code(got.min, want.min, "min");
  expect_code(got.max, want.max, "max");
  expect_code(got.lowest, want.lowest, "lowest");
  expect_code(got.denorm_min, want.denorm_min, "denorm_min");
  expect_code(got.epsilon, want.epsilon, "epsilon");
  expect_code(got.infinity, want.infinity, "infinity");
  expect_code(got.quiet_nan, want.quiet_nan, "quiet_NaN");
  expect_code(got.signaling_nan, want.signaling_nan, "signaling_NaN");
  EXPECT_EQ(got.is_iec559, std::string(want.name) == "float16");
}

/// The position of `value` in the grid, if it is there.
std::optional<std::size_t> find_in_grid(const oracle::format& f, const oracle::dyadic& value) {
  for (std::size_t i = 0; i < f.grid.size(); ++i) {
    if (f.grid[i].magnitude == value) {
      return i;
    }
  }
  return std::nullopt;
}

/// What holds for every format, from the list of its values.
void check_against_values(const limits_of& got, const oracle::format& f) {
  EXPECT_TRUE(got.is_specialized);
  EXPECT_EQ(got.is_signed, f.is_signed);
  EXPECT_EQ(got.has_infinity, f.has_infinity);
  EXPECT_EQ(got.has_quiet_nan, f.has_nan);
  EXPECT_EQ(got.has_signaling_nan, got.signaling_nan.has_value());
  EXPECT_FALSE(got.is_integer);
  EXPECT_FALSE(got.is_exact);
  EXPECT_TRUE(got.is_bounded);
  EXPECT_FALSE(got.is_modulo);
  EXPECT_FALSE(got.traps);
  EXPECT_FALSE(got.tinyness_before);
  EXPECT_TRUE(got.rounds_to_nearest);
  EXPECT_EQ(got.radix, 2);

  const auto& grid = f.grid;
  EXPECT_EQ(got.max, f.largest().code);
  EXPECT_EQ(got.lowest, f.is_signed ? f.largest().negative_code : grid.front().code);
  EXPECT_EQ(got.denorm_min, f.has_zero() ? grid[1].code : grid[0].code);
  const oracle::number& min = f.values.at(got.min);
  ASSERT_TRUE(min.kind == oracle::kind::finite && !min.negative && !is_zero(min)) << "min is not positive";
  EXPECT_EQ(got.min_exponent, binade_of(min.numerator) + 1);
  EXPECT_EQ(got.max_exponent, binade_of(f.largest().magnitude) + 1);
  EXPECT_EQ(got.min_exponent10, static_cast<int>(std::ceil(std::log10(to_double(min)))));
  EXPECT_EQ(got.max_exponent10, static_cast<int>(std::floor(std::log10(to_double(f.largest().magnitude)))));
  EXPECT_EQ(got.digits10, static_cast<int>(std::floor((got.digits - 1) * std::log10(2.0))));
  EXPECT_EQ(got.max_digits10, static_cast<int>(std::ceil(got.digits * std::log10(2.0) + 1)));

  if (const auto one = find_in_grid(f, {1, 0})) {
    const oracle::dyadic next = *one + 1 < grid.size() ? grid[*one + 1].magnitude : f.beyond;
    const oracle::dyadic step = next - oracle::dyadic{1, 0};
    EXPECT_EQ(got.digits, 1 - binade_of(step)) << "the precision at 1";
    const auto at = find_in_grid(f, step);
    ASSERT_EQ(got.epsilon.has_value(), at.has_value()) << "epsilon";
    EXPECT_EQ(got.epsilon.value_or(0), at ? grid[*at].code : 0) << "epsilon";
    if (const auto half = find_in_grid(f, {1, -1})) {
      EXPECT_EQ(got.round_error.value_or(~0U), grid[*half].code) << "round_error";
    }
  } else {
    EXPECT_FALSE(got.epsilon.has_value()) << "there is no 1";
  }

  if (got.infinity) {
    EXPECT_EQ(*got.infinity, f.infinity_code[0]);
  }
  EXPECT_EQ(got.infinity.has_value(), f.has_infinity);
  EXPECT_EQ(got.quiet_nan.has_value(), f.has_nan);
  if (got.quiet_nan) {
    EXPECT_EQ(*got.quiet_nan, f.nan_code(f, false, 0));
  }
  if (got.signaling_nan) {
    EXPECT_EQ(f.values.at(*got.signaling_nan).kind, oracle::kind::nan);
    EXPECT_EQ(f.values.at(*got.signaling_nan).payload >> 63, 0U) << "the quiet bit is set";
  }
}

#define DECLARE_TEST(type, name) \
  TEST(Limits, name) { check_against_values(read_limits<type>(), oracle::find_format(#name)); }
SUPPORT_FOR_EACH_TYPE(DECLARE_TEST)
#undef DECLARE_TEST

#define DECLARE_TEST(type, id)                \
  TEST(LimitsTable, id) {                     \
    for (const row& want : rows) {            \
      if (std::string(want.name) == #id) {    \
        check_row(read_limits<type>(), want); \
        return;                               \
      }                                       \
    }                                         \
    FAIL() << "no row for " #id;              \
  }
SUPPORT_FOR_EACH_LIBRARY_TYPE(DECLARE_TEST)
#undef DECLARE_TEST

}  // namespace
