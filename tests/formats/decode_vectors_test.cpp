// Every decode table: code to binary32.
#include <gtest/gtest.h>

#include <bit>

#include "support/golden.hpp"
#include "support/parameterised.hpp"
#include "support/report.hpp"

namespace {

class DecodeVectors : public testing::TestWithParam<support::golden_name> {};

// A NaN of the tables only says "is NaN"; the library's is 7fc00000 with the code's sign.
TEST_P(DecodeVectors, EveryCode) {
  const support::probe& p = support::find_probe(GetParam().library);
  const support::golden_table table(std::string("decode/") + GetParam().golden + ".csv");
  ASSERT_EQ(table.rows(), std::size_t{1} << p.width);
  support::mismatches found(p.name);
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const auto code = static_cast<support::code>(table.hex(row, "code"));
    const auto want = static_cast<std::uint32_t>(table.hex(row, "f32_bits"));
    const std::uint32_t got = p.to_f32(code);
    if ((want & 0x7FFFFFFF) > 0x7F800000) {
      found.expect((got & 0x7FFFFFFF) == 0x7FC00000, [&] {
        return "code " + support::hex(code, 2) + ": got " + support::hex(got, 8) + ", want a NaN";
      });
    } else {
      found.expect_equal(got, want, [&] { return "code " + support::hex(code, 2); });
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    Formats, DecodeVectors,
    testing::Values(support::golden_name{"e4m3fn", "fp8_e4m3"}, support::golden_name{"e5m2", "fp8_e5m2"},
                    support::golden_name{"e3m4", "fp8_e3m4"}, support::golden_name{"e4m3", "fp8_e4m3_ieee"},
                    support::golden_name{"e4m3fnuz", "fp8_e4m3fnuz"},
                    support::golden_name{"e5m2fnuz", "fp8_e5m2fnuz"},
                    support::golden_name{"e4m3b11fnuz", "fp8_e4m3b11fnuz"},
                    support::golden_name{"e3m2fn", "fp6_e3m2"}, support::golden_name{"e2m3fn", "fp6_e2m3"},
                    support::golden_name{"e2m1fn", "fp4_e2m1"}, support::golden_name{"hif8", "hif8"},
                    support::golden_name{"e8m0fnu", "e8m0"}, support::golden_name{"hif4_e6m2", "e6m2"},
                    support::golden_name{"hif4_s1p2", "fp4_e1m2"}),
    [](const auto& instance) { return std::string(instance.param.library); });

// ue4m3 and ue5m3 have no table of their own: E4M3's non-negative half, and the formula.
TEST(DecodeVectors, Ue4m3IsTheNonNegativeHalfOfE4m3) {
  const support::probe& unsigned_format = support::find_probe("ue4m3");
  const support::probe& signed_format = support::find_probe("fp8_e4m3");
  for (support::code code = 0; code < 128; ++code) {
    EXPECT_EQ(unsigned_format.to_f32(code), signed_format.to_f32(code)) << "code " << support::hex(code, 2);
  }
}

class Decode : public support::format_suite {};

TEST_P(Decode, EveryCodeIsItsExactValue) {
  const oracle::format& f = facts();
  support::mismatches found(GetParam());
  ASSERT_EQ(f.values.size(), std::size_t{1} << subject().width);
  for (support::code code = 0; code < f.values.size(); ++code) {
    const oracle::number& value = f.values[code];
    const double want = value.kind == oracle::kind::nan ? 0 : to_double(value);
    const std::uint32_t sign32 = value.negative ? 0x80000000 : 0;
    const std::uint64_t sign64 = std::uint64_t{sign32} << 32;
    // Payloads are dropped: one quiet NaN per sign.
    const bool is_nan = value.kind == oracle::kind::nan;
    found.expect_equal(subject().to_f32(code),
                       is_nan ? 0x7FC00000 | sign32 : std::bit_cast<std::uint32_t>(static_cast<float>(want)),
                       [&] { return "as float, code " + support::hex(code, 2); });
    const std::uint64_t as_double = subject().to_f64(code);
    // What is exact in float becomes a double by the processor, and RISC-V's forget the sign of a NaN.
    const volatile float nan32 = std::bit_cast<float>(0x7FC00000 | sign32);
    const bool is_widened_nan = is_nan && as_double == std::bit_cast<std::uint64_t>(double{nan32});
    found.expect_equal(is_widened_nan ? 0x7FF8000000000000 | sign64 : as_double,
                       is_nan ? 0x7FF8000000000000 | sign64 : std::bit_cast<std::uint64_t>(want),
                       [&] { return "as double, code " + support::hex(code, 2); });
  }
}

SUPPORT_FOR_FORMATS(Decode, support::encodable_formats());

}  // namespace
