// narrowfp/io.hpp with streams and std::format. The text itself: text_test.cpp. Also compiled with
// -ffast-math.
#include <gtest/gtest.h>

#include <iomanip>
#include <limits>
#include <locale>
#include <sstream>
#include <string>

#include <narrowfp/io.hpp>

#include "support/formats_under_test.hpp"
#include "support/oracle.hpp"
#include "support/report.hpp"

namespace {

using narrowfp::fp8_e4m3;
using narrowfp::fp8_e5m2;
using narrowfp::hif8;

/// Numbers as the stream writes the same double, and with all digits they read back as the code; the rest by
/// name.
template <class T>
void check_streams(const std::string& name) {
  const oracle::format& f = oracle::find_format(name);
  support::mismatches found(name);
  for (support::code c = 0; c<f.values.size(); c += f.width> 8 ? 41 : 1) {
    const oracle::number& value = f.values[c];
    const T x = T::from_bits(static_cast<typename T::code_type>(c));
    std::ostringstream got;
    std::ostringstream want;
    got << x << ' ' << std::setprecision(std::numeric_limits<double>::max_digits10) << x;
    if (value.kind == oracle::kind::finite) {
      const double number = oracle::to_double(value);
      want << number << ' ' << std::setprecision(std::numeric_limits<double>::max_digits10) << number;
    } else {
      const std::string word =
          std::string(value.negative ? "-" : "") + (value.kind == oracle::kind::nan ? "nan" : "inf");
      want << word << ' ' << word;
    }
    found.expect(got.str() == want.str(), [&] { return "got " + got.str() + ", want " + want.str(); });

    std::istringstream in(got.str());
    T few_digits;
    T read;
    in >> few_digits >> read;
    const bool is_nan = value.kind == oracle::kind::nan;
    found.expect_equal(read.bits(), is_nan ? f.nan_code(f, value.negative, 0) : c, [&] { return got.str(); });
    found.expect(!in.fail() && in.eof(), [&] { return "the state after " + got.str(); });
  }
}
#define DECLARE_TEST(type, name) \
  TEST(Streams, name) { check_streams<type>(#name); }
SUPPORT_FOR_EACH_TYPE(DECLARE_TEST)
#undef DECLARE_TEST

TEST(StreamOutput, WritesAsFloatDoes) {
  std::ostringstream got;
  std::ostringstream want;
  got << std::setprecision(3) << std::fixed << hif8(2.25F) << ' ' << std::scientific << narrowfp::e8m0(0.5F);
  want << std::setprecision(3) << std::fixed << 2.25F << ' ' << std::scientific << 0.5F;
  EXPECT_EQ(got.str(), want.str());
}

TEST(StreamOutput, PadsAndSpellsWhatIsNoNumber) {
  const fp8_e5m2 infinity = fp8_e5m2::from_bits(0x7C);
  std::ostringstream out;
  out << std::setfill('*') << std::setw(6) << infinity << '|' << std::left << std::setw(6) << -infinity << '|'
      << std::internal << std::setw(6) << -infinity << '|' << infinity << '|' << std::showpos
      << std::uppercase << infinity << std::numeric_limits<fp8_e4m3>::quiet_NaN();
  EXPECT_EQ(out.str(), "***inf|-inf**|-**inf|inf|+INF+NAN");
  std::wostringstream wide;
  wide << -infinity << L' ' << fp8_e4m3(0.5F);
  EXPECT_EQ(wide.str(), L"-inf 0.5");
}

TEST(StreamInput, ReadsOneNumberAndLeavesTheRest) {
  std::istringstream in(" 1.5,+0x1p-2 -INFINITY;nan(1)x\n.5e1-2");
  fp8_e5m2 x;
  char next = 0;
  EXPECT_TRUE(in >> x && x == 1.5F && in >> next && next == ',');
  EXPECT_TRUE(in >> x && x == 0.25F);
  EXPECT_TRUE(in >> x && isinf(x) && signbit(x) && in >> next && next == ';');
  EXPECT_TRUE(in >> x && isnan(x) && !signbit(x) && in >> next && next == 'x');
  EXPECT_TRUE(in >> x && x == 5);
  EXPECT_TRUE(in >> x && x == -2 && in.eof() && !in.fail());
  std::wistringstream wide(L" -1.75 ");
  EXPECT_TRUE(wide >> x && x == -1.75F);
}

TEST(StreamInput, SetsFailbitAndKeepsTheValueWhereNoNumberIs) {
  for (const char* text :
       {"", "  ", "x", "-", "+", ".", "0x", "1e", "1e+", "0x1p", "in", "infi", "na", "nan(", "--1"}) {
    std::istringstream in(text);
    fp8_e4m3 x(2);
    in >> x;
    EXPECT_TRUE(in.fail()) << text;
    EXPECT_EQ(x, 2) << text;
  }
  std::istringstream in(" 1");
  fp8_e4m3 x(2);
  in >> std::noskipws >> x;
  EXPECT_TRUE(in.fail());
}

TEST(StreamInput, TakesTheDecimalPointOfTheLocale) {
  struct comma : std::numpunct<char> {
    char do_decimal_point() const override { return ','; }
  };
  std::stringstream text;
  text.imbue(std::locale(text.getloc(), new comma));
  text << fp8_e4m3(0.5F);
  EXPECT_EQ(text.str(), "0,5");
  fp8_e4m3 x;
  EXPECT_TRUE(text >> x && x == 0.5F);
  std::istringstream other("1.5");
  other.imbue(text.getloc());
  EXPECT_TRUE(other >> x && x == 1 && other.peek() == '.');
}

#if defined(__cpp_lib_format)
TEST(Formatter, TakesTheSpecificationsOfFloat) {
  EXPECT_EQ(std::format("{:8.3f}|{}", fp8_e4m3(1.75F), narrowfp::fp4_e2m1(6.0F)), "   1.750|6");
  EXPECT_EQ(std::format(L"{:>6}", fp8_e4m3(1.75F)), L"  1.75");
  const narrowfp::bfloat16 x(0.1F);
  const float number = 0.100097656F;
#define EXPECT_AS_FLOAT(...) EXPECT_EQ(std::format(__VA_ARGS__, x), std::format(__VA_ARGS__, number))
  EXPECT_AS_FLOAT("{}");
  EXPECT_AS_FLOAT("{:14}|");
  EXPECT_AS_FLOAT("{:<14}|");
  EXPECT_AS_FLOAT("{:*^14}|");
  EXPECT_AS_FLOAT("{:é^15}|");
  EXPECT_AS_FLOAT("{:+}");
  EXPECT_AS_FLOAT("{: }");
  EXPECT_AS_FLOAT("{:014}");
  EXPECT_AS_FLOAT("{:>014}");
  EXPECT_AS_FLOAT("{:#}");
  EXPECT_AS_FLOAT("{:L}");
  EXPECT_AS_FLOAT("{:.3}");
  EXPECT_AS_FLOAT("{:+12.2e}");
  EXPECT_AS_FLOAT("{:G}");
  EXPECT_AS_FLOAT("{:a}");
#undef EXPECT_AS_FLOAT
  EXPECT_EQ(std::format("{:{}.{}f}", x, 8, 3), "   0.100");
  EXPECT_EQ(std::format("{:{}}", x, 14), "   0.100097656");
}

TEST(Formatter, NamesWhatIsNoNumber) {
  const fp8_e5m2 infinity = fp8_e5m2::from_bits(0x7C);
  EXPECT_EQ(std::format("{}|{:6}|{:<6}|{:^6}|{:+}|{:06}", infinity, infinity, infinity, -infinity, infinity,
                        infinity),
            "inf|   inf|inf   | -inf |+inf|   inf");
  EXPECT_EQ(std::format("{:6.2f}|{:E}|{:G}", -infinity, infinity, fp8_e4m3::from_bits(0xFF)),
            "  -inf|INF|-NAN");
  EXPECT_EQ(std::format("{}|{:e}", narrowfp::e8m0(), narrowfp::e8m0()), "5.877472e-39|5.877472e-39");
}
#endif

}  // namespace
