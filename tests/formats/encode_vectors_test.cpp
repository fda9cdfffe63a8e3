// Encode vectors of ml_dtypes, CUDA, HiF8 and HiF4. A column is compared in full, except for the differences
// that its row in the table below lists; each difference says what this library gives instead.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>

#include "support/golden.hpp"
#include "support/parameterised.hpp"
#include "support/report.hpp"

namespace {

using narrowfp::overflow;
using narrowfp::rounding;
using support::code;

constexpr std::uint32_t magnitude_of(std::uint32_t bits) { return bits & 0x7FFFFFFF; }
constexpr bool is_nan(std::uint32_t bits) { return magnitude_of(bits) > 0x7F800000; }
constexpr bool is_infinite(std::uint32_t bits) { return magnitude_of(bits) == 0x7F800000; }
constexpr bool is_negative(std::uint32_t bits) { return bits >> 31 != 0; }
/// -0 is not below zero.
constexpr bool is_below_zero(std::uint32_t bits) { return is_negative(bits) && magnitude_of(bits) != 0; }

/// What a column becomes by this library's rules: the code for `bits` where the column has `listed`.
using difference = code (*)(std::uint32_t bits, code listed);

code none(std::uint32_t, code listed) { return listed; }

// CUDA drops the sign of a NaN; here it is kept, and E5M2's NaN is 7e as in ml_dtypes.
code e4m3_nan(std::uint32_t bits, code listed) {
  return is_nan(bits) ? (is_negative(bits) ? 0xFF : 0x7F) : listed;
}
code e5m2_nan(std::uint32_t bits, code listed) {
  return is_nan(bits) ? (is_negative(bits) ? 0xFE : 0x7E) : listed;
}
// ml_dtypes does not saturate infinity; here it becomes the largest value.
template <code Largest>
code infinity_saturates(std::uint32_t bits, code listed) {
  return is_infinite(bits) ? (is_negative(bits) ? 0x80 | Largest : Largest) : listed;
}
// ml_dtypes gives FP6 and FP4 a zero for NaN; here it is the positive maximum, as in CUDA.
template <code Largest>
code nan_is_largest(std::uint32_t bits, code listed) {
  return is_nan(bits) ? Largest : listed;
}
// E8M0. Below 1.5 * 2^-127 everything is 00 here, where ml_dtypes gives NaN for zero and 01 above 2^-127.
code e8m0_native(std::uint32_t bits, code listed) {
  if (is_nan(bits) || is_below_zero(bits)) {
    return 0xFF;
  }
  return magnitude_of(bits) < 0x00600000 ? 0x00 : listed;
}
code e8m0_saturate(std::uint32_t bits, code listed) {
  if (is_nan(bits)) {
    return 0xFF;
  }
  if (is_below_zero(bits)) {
    return 0x00;
  }
  return is_infinite(bits) ? 0xFE : magnitude_of(bits) < 0x00600000 ? 0x00 : listed;
}
// CUDA converts the magnitude; here a negative value is NaN, or 00 when saturating.
code e8m0_negative_is_nan(std::uint32_t bits, code listed) { return is_below_zero(bits) ? 0xFF : listed; }
code e8m0_negative_is_zero(std::uint32_t bits, code listed) {
  return is_below_zero(bits) && !is_nan(bits) ? 0x00 : listed;
}
// The HiF4 script clears the sign of -0; here it is kept. NaN and infinity are not in its table.
code s1p2_negative_zero(std::uint32_t bits, code listed) { return bits == 0x80000000 ? 0x8 : listed; }

struct column {
  const char* golden;
  const char* name;
  const char* library;
  rounding mode;
  overflow policy;
  difference differs;

  friend void PrintTo(const column& c, std::ostream* out) { *out << c.golden << ", " << c.name; }
};

constexpr column columns[] = {
    {"e4m3fn", "ml_dtypes_rne_nosat", "fp8_e4m3", rounding::native, overflow::native, none},
    {"e4m3fn", "ml_dtypes_rne_sat", "fp8_e4m3", rounding::native, overflow::saturate,
     infinity_saturates<0x7E>},
    {"e4m3fn", "cuda_rne_nosat", "fp8_e4m3", rounding::native, overflow::native, e4m3_nan},
    {"e4m3fn", "cuda_rne_sat", "fp8_e4m3", rounding::native, overflow::saturate, e4m3_nan},
    {"e5m2", "ml_dtypes_rne_nosat", "fp8_e5m2", rounding::native, overflow::native, none},
    {"e5m2", "ml_dtypes_rne_sat", "fp8_e5m2", rounding::native, overflow::saturate, infinity_saturates<0x7B>},
    {"e5m2", "cuda_rne_nosat", "fp8_e5m2", rounding::native, overflow::native, e5m2_nan},
    {"e5m2", "cuda_rne_sat", "fp8_e5m2", rounding::native, overflow::saturate, e5m2_nan},
    {"e3m4", "ml_dtypes_rne_nosat", "fp8_e3m4", rounding::native, overflow::native, none},
    {"e3m4", "ml_dtypes_rne_sat", "fp8_e3m4", rounding::native, overflow::saturate, infinity_saturates<0x6F>},
    {"e4m3", "ml_dtypes_rne_nosat", "fp8_e4m3_ieee", rounding::native, overflow::native, none},
    {"e4m3", "ml_dtypes_rne_sat", "fp8_e4m3_ieee", rounding::native, overflow::saturate,
     infinity_saturates<0x77>},
    {"e4m3fnuz", "ml_dtypes_rne_nosat", "fp8_e4m3fnuz", rounding::native, overflow::native, none},
    {"e4m3fnuz", "ml_dtypes_rne_sat", "fp8_e4m3fnuz", rounding::native, overflow::saturate,
     infinity_saturates<0x7F>},
    {"e5m2fnuz", "ml_dtypes_rne_nosat", "fp8_e5m2fnuz", rounding::native, overflow::native, none},
    {"e5m2fnuz", "ml_dtypes_rne_sat", "fp8_e5m2fnuz", rounding::native, overflow::saturate,
     infinity_saturates<0x7F>},
    {"e4m3b11fnuz", "ml_dtypes_rne_nosat", "fp8_e4m3b11fnuz", rounding::native, overflow::native, none},
    {"e4m3b11fnuz", "ml_dtypes_rne_sat", "fp8_e4m3b11fnuz", rounding::native, overflow::saturate,
     infinity_saturates<0x7F>},
    {"e3m2fn", "ml_dtypes_rne_nosat", "fp6_e3m2", rounding::native, overflow::native, nan_is_largest<0x1F>},
    {"e3m2fn", "ml_dtypes_rne_sat", "fp6_e3m2", rounding::native, overflow::saturate, nan_is_largest<0x1F>},
    {"e3m2fn", "cuda_rne_sat", "fp6_e3m2", rounding::native, overflow::native, none},
    {"e3m2fn", "cuda_rne_sat", "fp6_e3m2", rounding::native, overflow::saturate, none},
    {"e2m3fn", "ml_dtypes_rne_nosat", "fp6_e2m3", rounding::native, overflow::native, nan_is_largest<0x1F>},
    {"e2m3fn", "ml_dtypes_rne_sat", "fp6_e2m3", rounding::native, overflow::saturate, nan_is_largest<0x1F>},
    {"e2m3fn", "cuda_rne_sat", "fp6_e2m3", rounding::native, overflow::native, none},
    {"e2m3fn", "cuda_rne_sat", "fp6_e2m3", rounding::native, overflow::saturate, none},
    {"e2m1fn", "ml_dtypes_rne_nosat", "fp4_e2m1", rounding::native, overflow::native, nan_is_largest<0x7>},
    {"e2m1fn", "ml_dtypes_rne_sat", "fp4_e2m1", rounding::native, overflow::saturate, nan_is_largest<0x7>},
    {"e2m1fn", "cuda_rne_sat", "fp4_e2m1", rounding::native, overflow::native, none},
    {"e2m1fn", "cuda_rne_sat", "fp4_e2m1", rounding::native, overflow::saturate, none},
    {"hif8", "hif8", "hif8", rounding::native, overflow::native, none},
    {"hif8", "hif8", "hif8", rounding::nearest_away, overflow::native, none},
    {"e8m0fnu", "ml_dtypes_rne_nosat", "e8m0", rounding::native, overflow::native, e8m0_native},
    {"e8m0fnu", "ml_dtypes_rne_sat", "e8m0", rounding::native, overflow::saturate, e8m0_saturate},
    {"e8m0fnu", "cuda_rz_nosat", "e8m0", rounding::toward_zero, overflow::native, e8m0_negative_is_nan},
    {"e8m0fnu", "cuda_rz_sat", "e8m0", rounding::toward_zero, overflow::saturate, e8m0_negative_is_zero},
    {"e8m0fnu", "cuda_rp_nosat", "e8m0", rounding::toward_positive, overflow::native, e8m0_negative_is_nan},
    {"e8m0fnu", "cuda_rp_sat", "e8m0", rounding::toward_positive, overflow::saturate, e8m0_negative_is_zero},
    {"hif4_e6m2", "e6m2_code", "e6m2", rounding::native, overflow::native, none},
    {"hif4_e6m2", "e6m2_code", "e6m2", rounding::native, overflow::saturate, none},
    {"hif4_s1p2", "s1p2_code", "fp4_e1m2", rounding::native, overflow::native, s1p2_negative_zero},
    {"hif4_s1p2", "s1p2_code", "fp4_e1m2", rounding::native, overflow::saturate, s1p2_negative_zero},
};

class EncodeVectors : public testing::TestWithParam<column> {
 protected:
  void check(support::mismatches& found, std::uint32_t bits, code listed) const {
    const column& c = GetParam();
    found.expect_equal(support::find_probe(c.library).from_f32(bits, c.mode, c.policy, 0),
                       c.differs(bits, listed), [&] {
                         return support::describe(c.library, c.mode, c.policy, oracle::binary32, bits) +
                                ", listed " + support::hex(listed, 2);
                       });
  }
};

TEST_P(EncodeVectors, SpecialInputs) {
  const support::golden_table table(std::string("encode/") + GetParam().golden + "_special.csv");
  support::mismatches found(GetParam().library);
  for (std::size_t row = 0; row < table.rows(); ++row) {
    check(found, static_cast<std::uint32_t>(table.hex(row, "f32_bits")),
          static_cast<code>(table.hex(row, GetParam().name)));
  }
}

TEST_P(EncodeVectors, RandomInputs) {
  const std::string golden = GetParam().golden;
  if (golden.starts_with("hif4")) {
    return;  // these have a special file only
  }
  // A record is the input and one byte for each column of the special file.
  const support::golden_table special("encode/" + golden + "_special.csv");
  const auto& names = special.columns();
  const std::size_t record = 4 + names.size() - 1;
  const auto at =
      static_cast<std::size_t>(std::find(names.begin(), names.end(), GetParam().name) - names.begin());
  const auto bytes = support::golden_bytes("encode/" + golden + "_random.bin");
  ASSERT_EQ(bytes.size(), 20000 * record);
  support::mismatches found(GetParam().library);
  for (std::size_t offset = 0; offset < bytes.size(); offset += record) {
    check(found, support::word_at(bytes, offset), bytes[offset + 3 + at]);
  }
}

INSTANTIATE_TEST_SUITE_P(Columns, EncodeVectors, testing::ValuesIn(columns), [](const auto& instance) {
  const column& c = instance.param;
  return std::string(c.library) + "_" + support::name_of(c.mode) +
         (c.policy == overflow::native ? "_native_" : "_saturate_") + c.name;
});

// The byte files: byte i is the code of the 16-bit pattern i.
struct byte_file {
  const char* name;
  const char* library;
  bool from_float16;
  overflow policy;
  difference differs;  // its first argument here is the binary32 of the input

  friend void PrintTo(const byte_file& f, std::ostream* out) { *out << f.name; }
};

constexpr byte_file byte_files[] = {
    {"e4m3fn_from_bf16_rne_nosat", "fp8_e4m3", false, overflow::native, none},
    {"e4m3fn_from_bf16_rne_sat", "fp8_e4m3", false, overflow::saturate, e4m3_nan},
    {"e4m3fn_from_f16_rne_nosat", "fp8_e4m3", true, overflow::native, none},
    {"e4m3fn_from_f16_rne_sat", "fp8_e4m3", true, overflow::saturate, e4m3_nan},
    {"e5m2_from_bf16_rne_nosat", "fp8_e5m2", false, overflow::native, none},
    {"e5m2_from_bf16_rne_sat", "fp8_e5m2", false, overflow::saturate, e5m2_nan},
    // ml_dtypes keeps payload bits from float16: 1024 NaN inputs differ.
    {"e5m2_from_f16_rne_nosat", "fp8_e5m2", true, overflow::native, e5m2_nan},
    {"e5m2_from_f16_rne_sat", "fp8_e5m2", true, overflow::saturate, e5m2_nan},
    {"hif8_from_bf16", "hif8", false, overflow::native, none},
    {"hif8_from_f16", "hif8", true, overflow::native, none},
    {"hif4_e6m2_from_bf16", "e6m2", false, overflow::native, none},
    {"hif4_e6m2_from_bf16", "e6m2", false, overflow::saturate, none},
};

class EncodeByteFiles : public testing::TestWithParam<byte_file> {};

TEST_P(EncodeByteFiles, EveryPattern) {
  const byte_file& file = GetParam();
  const support::probe& p = support::find_probe(file.library);
  const auto bytes = support::golden_bytes(std::string("encode/") + file.name + ".bin");
  ASSERT_TRUE(bytes.size() == 65536 || bytes.size() == 32768);  // e6m2's file has no negative inputs
  const oracle::source_layout& source = file.from_float16 ? oracle::binary16 : oracle::brain16;
  support::mismatches found(p.name);
  std::size_t differences = 0;
  for (std::uint32_t bits = 0; bits < bytes.size(); ++bits) {
    const oracle::number x = source.decode(bits);
    const std::uint32_t as_float = x.kind == oracle::kind::nan
                                       ? 0x7FC00000 | (x.negative ? 0x80000000 : 0)
                                       : std::bit_cast<std::uint32_t>(static_cast<float>(to_double(x)));
    const code want = file.differs(as_float, bytes[bits]);
    differences += want != bytes[bits] ? 1U : 0U;
    found.expect_equal(
        (file.from_float16 ? p.from_f16 : p.from_bf16)(bits, rounding::native, file.policy, 0), want,
        [&] { return support::describe(p.name, rounding::native, file.policy, source, bits); });
  }
  if (std::string(file.name) == "e5m2_from_f16_rne_nosat") {
    EXPECT_EQ(differences, 1024U);
  }
}

INSTANTIATE_TEST_SUITE_P(Files, EncodeByteFiles, testing::ValuesIn(byte_files), [](const auto& instance) {
  return std::string(instance.param.name) +
         (instance.param.policy == overflow::native ? "_native" : "_saturate");
});

}  // namespace
