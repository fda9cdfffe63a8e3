// Text of values: to_string, to_chars, from_chars; and how GoogleTest prints. Streams and std::format:
// io_test.cpp.
#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <narrowfp/io.hpp>
#include <narrowfp/narrowfp.hpp>

#include "support/exact_text.hpp"
#include "support/formats_under_test.hpp"
#include "support/golden.hpp"
#include "support/oracle.hpp"
#include "support/report.hpp"

namespace {

using narrowfp::from_chars;
using narrowfp::to_chars;
using narrowfp::to_string;

template <class T>
using code_of = typename T::code_type;

/// All of the text, else a code that no format has.
template <class T>
std::uint32_t read_all(std::string_view text) {
  T x{};
  const auto [end, error] = from_chars(text.data(), text.data() + text.size(), x);
  return error == std::errc{} && end == text.data() + text.size() ? std::uint32_t{x.bits()} : 0xFFFFFFFF;
}

/// Whether the program was linked, or its thread set up, to take subnormal numbers for zero.
bool subnormals_are_flushed() {
  const volatile float subnormal = std::bit_cast<float>(std::uint32_t{1} << 20);
  const volatile float product = subnormal * 0x1p20F;
  return (std::bit_cast<std::uint32_t>(static_cast<float>(product)) << 1) == 0;
}

/// Every code's text is what std::to_chars writes for its float or double, and reads back as the code. (Bits
/// decide what is a NaN: this file is also compiled with -ffast-math.)
template <class T>
void check_every_code(const std::string& name) {
  const oracle::format& f = oracle::find_format(name);
  support::mismatches found(name);
  for (support::code c = 0; c < f.values.size(); ++c) {
    const oracle::number& value = f.values[c];
    const T x = T::from_bits(static_cast<code_of<T>>(c));
    const std::string text = to_string(x);
    const auto context = [&] { return "code " + support::hex(c, 2) + ": " + text; };

    char standard[64] = {};
    if (value.kind == oracle::kind::finite) {
      // Bits of the built-in number, made without its arithmetic.
      const auto real = narrowfp::core::decode<typename T::format>(static_cast<code_of<T>>(c));
      if constexpr (narrowfp::exact_in_float<typename T::format>) {
        std::to_chars(standard, standard + 64, narrowfp::core::to_floating<float>(real));
      } else {
        std::to_chars(standard, standard + 64, narrowfp::core::to_floating<double>(real));
      }
    } else {
      std::strcpy(standard, value.negative ? "-" : "");
      std::strcat(standard, value.kind == oracle::kind::nan ? "nan" : "inf");
    }
    // Where the program flushes subnormal numbers the standard library takes them for zero; we do not.
    const bool is_flushed =
        subnormals_are_flushed() && std::strcmp(standard, value.negative ? "-0" : "0") == 0;
    found.expect(text == standard || is_flushed, context);

    const bool is_nan = value.kind == oracle::kind::nan;
    found.expect_equal(read_all<T>(text), is_nan ? f.nan_code(f, value.negative, 0) : c, context);

    char buffer[32];
    const auto fits = to_chars(buffer, buffer + text.size(), x);
    found.expect(fits.ec == std::errc{} && std::string(buffer, fits.ptr) == text, context);
    const auto too_large = to_chars(buffer, buffer + text.size() - 1, x);
    found.expect(too_large.ec == std::errc::value_too_large && too_large.ptr == buffer + text.size() - 1,
                 context);
  }
}
#define DECLARE_TEST(type, name) \
  TEST(TextOfEveryCode, name) { check_every_code<type>(#name); }
SUPPORT_FOR_EACH_TYPE(DECLARE_TEST)
#undef DECLARE_TEST

/// Texts at, just below and just above every middle between neighbours, and others, read by Python's
/// fractions.
template <class T>
void check_golden(const std::string& name) {
  const support::golden_table table("text/" + name + ".csv");
  support::mismatches found(name);
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::string& text = table.text(row, "text");
    found.expect_equal(read_all<T>(text), table.hex(row, "code"), [&] { return text; });
  }
}
#define DECLARE_TEST(type, name) \
  TEST(TextVectors, name) { check_golden<type>(#name); }
SUPPORT_FOR_EACH_LIBRARY_TYPE(DECLARE_TEST)
#undef DECLARE_TEST

/// A number's text: digits, a point, an exponent; decimal or hexadecimal.
std::string random_number(std::mt19937_64& random) {
  const bool hexadecimal = random() % 3 == 0;
  const char* digits = hexadecimal ? "0123456789abcdefABCDEF" : "0123456789";
  const std::size_t choices = std::strlen(digits);
  std::string text;
  const std::size_t size = 1 + (random() % 16 == 0 ? random() % 1200 : random() % 24);
  for (std::size_t i = 0; i < size; ++i) {
    text += random() % 4 == 0 ? '0' : digits[random() % choices];
  }
  if (random() % 2 == 0) {
    text.insert(random() % (text.size() + 1), 1, '.');
  }
  if (hexadecimal) {
    text = (random() % 2 == 0 ? "0x" : "0X") + text;
  }
  if (random() % 4 != 0) {
    const int range = random() % 4 == 0 ? 1200 : 40;
    text += hexadecimal ? 'p' : 'e';
    text += std::to_string(static_cast<int>(random() % static_cast<unsigned>(2 * range)) - range);
  }
  return (random() % 4 == 0 ? "-" : "") + text;
}

/// Any digits, against naturals of any size and the oracle.
template <class T>
void check_random(const std::string& name) {
  const oracle::format& f = oracle::find_format(name);
  support::mismatches found(name);
  std::mt19937_64 random(1);
  for (int i = 0; i < 1500; ++i) {
    const std::string text = random_number(random);
    found.expect_equal(read_all<T>(text), support::encode_text(f, text), [&] { return text; });
  }
}
#define DECLARE_TEST(type, name) \
  TEST(TextOfRandomDigits, name) { check_random<type>(#name); }
SUPPORT_FOR_EACH_TYPE(DECLARE_TEST)
#undef DECLARE_TEST

// Not 0, whatever the environment: 2^-127 is a subnormal float.
TEST(ToString, IsShortAndTheSameOnEveryPlatform) {
  EXPECT_EQ(to_string(narrowfp::e8m0()), "5.877472e-39");
  EXPECT_EQ(to_string(narrowfp::e8m0::from_bits(0xFF)), "nan");
  EXPECT_EQ(to_string(narrowfp::bfloat16::from_bits(1)), "9.1835e-41");
  EXPECT_EQ(to_string(narrowfp::fp8_e4m3(0.4375F)), "0.4375");
  EXPECT_EQ(to_string(narrowfp::fp8_e4m3(-448.0F)), "-448");
  EXPECT_EQ(to_string(narrowfp::fp8_e4m3(-0.0F)), "-0");
  EXPECT_EQ(to_string(narrowfp::fp8_e4m3::from_bits(0x7F)), "nan");
  EXPECT_EQ(to_string(narrowfp::fp8_e4m3::from_bits(0xFF)), "-nan");
  EXPECT_EQ(to_string(narrowfp::hif8::from_bits(0x80)), "nan");
  EXPECT_EQ(to_string(narrowfp::fp8_e5m2(1e9F)), "inf");
  EXPECT_EQ(to_string(narrowfp::fp8_e5m2(-1e9F)), "-inf");
  EXPECT_EQ(to_string(narrowfp::bfloat16(0.1F)), "0.100097656");
}

// A midpoint whose 2000th digit behind it decides; a million digits; exponents that no integer holds.
TEST(FromChars, DecidesByTheLastDigit) {
  using narrowfp::fp8_e4m3;
  const std::string tie = "0.0009765625";  // half the smallest value: ties to even, which is 0
  EXPECT_EQ(read_all<fp8_e4m3>(tie), 0U);
  EXPECT_EQ(read_all<fp8_e4m3>(tie + std::string(2000, '0') + "1"), 1U);
  EXPECT_EQ(read_all<fp8_e4m3>(tie + std::string(1'000'000, '0')), 0U);
  EXPECT_EQ(read_all<fp8_e4m3>(tie + std::string(1'000'000, '0') + "1"), 1U);
  EXPECT_EQ(read_all<fp8_e4m3>("464"), 0x7EU);
  EXPECT_EQ(read_all<fp8_e4m3>("464." + std::string(1'000'000, '0') + "1"), 0x7FU);
  EXPECT_EQ(read_all<fp8_e4m3>("0." + std::string(1'000'000, '0') + "1e1000001"), 0x38U);
  EXPECT_EQ(read_all<fp8_e4m3>("1" + std::string(1'000'000, '0') + "e-1000000"), 0x38U);
  EXPECT_EQ(read_all<fp8_e4m3>("0x1" + std::string(1'000'000, '0') + "p-4000000"), 0x38U);
  EXPECT_EQ(read_all<fp8_e4m3>("0x1.1" + std::string(1000, '0') + "1p8"), 0x79U);
  EXPECT_EQ(read_all<fp8_e4m3>("1e-400000000"), 0U);
  EXPECT_EQ(read_all<fp8_e4m3>("-1e-99999999999999999999999"), 0x80U);
  EXPECT_EQ(read_all<fp8_e4m3>("1e99999999999999999999999"), 0x7FU);
  EXPECT_EQ(read_all<fp8_e4m3>("-0x1p99999999999999999999999"), 0xFFU);
  EXPECT_EQ(read_all<fp8_e4m3>("0e99999999999999999999999"), 0U);
  EXPECT_EQ(read_all<narrowfp::fp8_e5m2>("1e99999999999999999999999"), 0x7CU);
  EXPECT_EQ(read_all<narrowfp::fp4_e2m1>("-1e9"), 0xFU);
  EXPECT_EQ(read_all<narrowfp::e8m0>("-0x1p-3"), 0xFFU);
  EXPECT_EQ(read_all<narrowfp::e8m0>("1e-60"), 0U);
}

/// What strtod takes of a text; 0 where it finds no number. It skips white space and takes a plus sign, which
/// std::from_chars does not.
std::size_t taken_by_strtod(const std::string& text) {
  if (text.empty() || text.front() == '+' || std::isspace(static_cast<unsigned char>(text.front())) != 0) {
    return 0;
  }
  char* end = nullptr;
  static_cast<void>(std::strtod(text.c_str(), &end));
  return static_cast<std::size_t>(end - text.c_str());
}

TEST(FromChars, TakesWhatStrtodTakes) {
  support::mismatches found("from_chars");
  const auto check = [&](const std::string& text) {
    auto x = narrowfp::hif8::from_bits(0x2A);
    const auto result = from_chars(text.data(), text.data() + text.size(), x);
    const std::size_t want = taken_by_strtod(text);
    found.expect_equal(result.ptr - text.data(), want, [&] { return '"' + text + '"'; });
    found.expect(
        want != 0 ? result.ec == std::errc{} : result.ec == std::errc::invalid_argument && x.bits() == 0x2A,
        [&] { return "the error of \"" + text + '"'; });
  };
  for (const char* text :
       {"",      "-",       "+1",      " 1",     ".",    "-.",    ".e5",       "1.",       ".5",
        "1..5",  "1e",      "1e+",     "1e+x",   "0x",   "0x.",   "0x.p1",     "0xg",      "0x1p",
        "0x1p-", "0x1.8p3", "0x.8p-1", "0X1P+2", "1p5",  "inf",   "infi",      "infinity", "INFINITYx",
        "-inf",  "nan",     "NAN",     "-nan",   "nan(", "nan()", "nan(a_1)x", "nan(-)",   "nano",
        "na",    "in",      "- 1",     "--1",    "1 2",  "00x1",  "1e5e5",     "1e5.5"}) {
    check(text);
  }
  constexpr std::string_view alphabet = "0011.-+eExXpPnNaAiIfFtTyY()_ z9";
  std::mt19937_64 random(1);
  for (int i = 0; i < 200'000; ++i) {
    std::string text;
    for (std::size_t n = random() % 10; n > 0; --n) {
      text += alphabet[random() % alphabet.size()];
    }
    check(text);
  }
}

TEST(FromChars, NeedsNoTerminator) {
  const std::array<char, 3> text = {'1', '.', '5'};
  narrowfp::fp8_e4m3 x;
  EXPECT_EQ(from_chars(text.data(), text.data() + 1, x).ptr, text.data() + 1);
  EXPECT_EQ(x, 1);
  EXPECT_EQ(from_chars(text.data(), text.data() + 3, x).ptr, text.data() + 3);
  EXPECT_EQ(x, 1.5F);
  EXPECT_EQ(from_chars(nullptr, nullptr, x).ec, std::errc::invalid_argument);
}

constexpr bool reads_in_a_constant_expression() {
  constexpr char text[] = "0.3";
  narrowfp::fp8_e4m3 x;
  return from_chars(text, text + 3, x).ptr == text + 3 && x.bits() == 0x2A;
}
static_assert(reads_in_a_constant_expression());

// The digits themselves: against the C++ and the C library for any float and double.
TEST(Digits, AreThoseOfTheStandardLibrary) {
  namespace core = narrowfp::core;
  support::mismatches found("digits");
  std::mt19937_64 random(1);
  const auto check = [&](auto x, core::text_precision type) {
    const core::real value = core::read(x);
    const bool is_subnormal = core::binade_of(value) < type.min_exponent + type.digits - 1;
    if (core::is_zero(value) || (is_subnormal && subnormals_are_flushed())) {
      return;
    }
    char got[core::max_text_size];
    const std::string text(got, core::write_text(got, value, type));
    char want[400];
    const std::string standard(want, std::to_chars(want, want + sizeof want, x).ptr);
    found.expect(text == standard, [&] { return "got " + text + ", want " + standard; });
    const core::text_number number = core::read_text(text.data(), text.data() + text.size());
    found.expect(core::compare(core::read(core::to_floating<decltype(x)>(number.value)), value) == 0,
                 [&] { return "read " + text; });
  };
  for (std::uint32_t i = 0; i < 60'000; ++i) {
    auto bits = static_cast<std::uint32_t>(random());
    bits &= i % 4 == 0 ? 0xFF800000 : i % 4 == 1 ? 0x807FFFFF : 0xFFFFFFFF;  // powers of two, subnormals, any
    if ((bits & 0x7F800000) != 0x7F800000) {
      check(std::bit_cast<float>(bits), core::float_precision);
    }
  }
  for (std::uint32_t i = 0; i < 10'000; ++i) {
    std::uint64_t bits = random();
    bits &= i % 4 == 0 ? 0xFFF0000000000000 : i % 4 == 1 ? 0x800FFFFFFFFFFFFF : ~std::uint64_t{0};
    if ((bits & 0x7FF0000000000000) != 0x7FF0000000000000) {
      check(std::bit_cast<double>(bits), core::double_precision);
    }
  }
  for (int i = 0; i < 50'000; ++i) {
    const std::string text = random_number(random);
    const core::text_number number = core::read_text(text.data(), text.data() + text.size());
    found.expect_equal(std::bit_cast<std::uint64_t>(core::to_floating<double>(number.value)),
                       std::bit_cast<std::uint64_t>(std::strtod(text.c_str(), nullptr)),
                       [&] { return text; });
  }
}

TEST(GoogleTestPrints, ValuesWithTheirCodes) {
  using namespace narrowfp;
  EXPECT_EQ(testing::PrintToString(fp8_e4m3(0.3125F)), "0.3125 (code 2a)");
  EXPECT_EQ(testing::PrintToString(fp8_e4m3::from_bits(0xFF)), "-nan (code ff)");
  EXPECT_EQ(testing::PrintToString(fp8_e5m2::from_bits(0xFC)), "-inf (code fc)");
  EXPECT_EQ(testing::PrintToString(fp4_e2m1(-6)), "-6 (code f)");
  EXPECT_EQ(testing::PrintToString(ue4m3(1)), "1 (code 38)");
  EXPECT_EQ(testing::PrintToString(e8m0()), "5.877472e-39 (code 00)");
  EXPECT_EQ(testing::PrintToString(bfloat16(1)), "1 (code 3f80)");
  EXPECT_EQ(testing::PrintToString(std::vector<hif8>{hif8(1), hif8(-2)}), "{ 1 (code 08), -2 (code 90) }");
  packed_vector<fp6_e2m3> packed = {fp6_e2m3(1.5F)};
  EXPECT_EQ(testing::PrintToString(packed[0]), "1.5 (code 0c)");
}

TEST(GoogleTestPrints, BlocksByTheirCodes) {
  using namespace narrowfp;
  std::vector<float> x(64, 1.0F);
  x[0] = -6;
  std::vector<nvfp4> nvfp4_blocks(4);
  quantize(x, nvfp4_blocks);
  EXPECT_EQ(testing::PrintToString(nvfp4_blocks[0]), "scale 38 codes f 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2");
  hif4 block;
  block.set_scale_code(0xC0);
  block.set_bit(1, 0);
  block.set_bit(2, 5);
  block.set_code(63, 0x9);
  std::string codes;
  for (int i = 0; i < 63; ++i) {
    codes += " 0";
  }
  EXPECT_EQ(testing::PrintToString(block), "scale c0 bits 01 0020 codes" + codes + " 9");
}

}  // namespace
