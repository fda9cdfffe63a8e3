// The oracle itself, against the published vectors: a third witness beside the vectors and the library.
#include <gtest/gtest.h>

#include "support/golden.hpp"
#include "support/oracle.hpp"
#include "support/report.hpp"

namespace {

using support::golden_table;
using support::mismatches;

constexpr support::golden_name decoded_formats[] = {
    {"e4m3fn", "fp8_e4m3"},
    {"e5m2", "fp8_e5m2"},
    {"e3m4", "fp8_e3m4"},
    {"e4m3", "fp8_e4m3_ieee"},
    {"e4m3fnuz", "fp8_e4m3fnuz"},
    {"e5m2fnuz", "fp8_e5m2fnuz"},
    {"e4m3b11fnuz", "fp8_e4m3b11fnuz"},
    {"e3m2fn", "fp6_e3m2"},
    {"e2m3fn", "fp6_e2m3"},
    {"e2m1fn", "fp4_e2m1"},
    {"hif8", "hif8"},
    {"e8m0fnu", "e8m0"},
    {"hif4_e6m2", "e6m2"},
    {"hif4_s1p2", "fp4_e1m2"},
};

TEST(Oracle, ValuesEqualTheDecodeVectors) {
  for (const auto& name : decoded_formats) {
    const oracle::format& f = oracle::find_format(name.library);
    const golden_table table(std::string("decode/") + name.golden + ".csv");
    mismatches found(name.golden);
    ASSERT_EQ(table.rows(), f.values.size());
    for (std::size_t row = 0; row < table.rows(); ++row) {
      const oracle::number got = f.values.at(table.hex(row, "code"));
      const oracle::number want = oracle::binary32.decode(table.hex(row, "f32_bits"));
      const bool same =
          got.kind == want.kind && (got.kind == oracle::kind::nan ||
                                    (got.negative == want.negative && got.numerator == want.numerator));
      found.expect(same, [&] { return "code " + table.text(row, "code"); });
    }
  }
}

TEST(Oracle, RoundsAsTheDirectedVectors) {
  using narrowfp::rounding;
  for (const auto& name : support::rounded_formats) {
    const oracle::format& f = oracle::find_format(name.library);
    const golden_table table(std::string("rounding/") + name.golden + "_directed.csv");
    mismatches found(name.golden);
    for (const rounding mode : {rounding::toward_zero, rounding::toward_positive, rounding::toward_negative,
                                rounding::nearest_away, rounding::nearest_even, rounding::to_odd}) {
      for (const auto policy : support::both_policies) {
        const std::string column = std::string(support::name_of(mode)) +
                                   (policy == narrowfp::overflow::native ? "_native" : "_saturate");
        for (std::size_t row = 0; row < table.rows(); ++row) {
          const std::uint64_t bits = table.hex(row, "f32_bits");
          const std::uint32_t got =
              oracle::encode(f, oracle::binary32.decode(bits), support::oracle_mode(mode, f),
                             support::oracle_policy(policy));
          found.expect_equal(got, table.hex(row, column),
                             [&] { return support::describe(f.name, mode, policy, oracle::binary32, bits); });
        }
      }
    }
  }
}

TEST(Oracle, RoundsAsTheStochasticVectors) {
  for (const auto& name : support::rounded_formats) {
    const std::string golden = name.golden;
    if (golden != "e4m3fn" && golden != "e5m2" && golden != "e2m1fn" && golden != "hif8") {
      continue;
    }
    const oracle::format& f = oracle::find_format(name.library);
    const golden_table table("rounding/" + golden + "_stochastic.csv");
    mismatches found(golden);
    for (std::size_t row = 0; row < table.rows(); ++row) {
      const oracle::number x = oracle::binary32.decode(table.hex(row, "f32_bits"));
      const auto random_bits = static_cast<std::uint32_t>(table.hex(row, "random_bits"));
      for (const auto policy : support::both_policies) {
        const bool native = policy == narrowfp::overflow::native;
        found.expect_equal(
            oracle::encode(f, x, oracle::mode::stochastic, support::oracle_policy(policy), random_bits),
            table.hex(row, native ? "native" : "saturate"), [&] { return "row " + std::to_string(row); });
      }
    }
  }
}

TEST(Oracle, HybridEqualsItsVectors) {
  const oracle::format& hif8 = oracle::find_format("hif8");
  const golden_table table("rounding/hif8_hybrid_from_f32.csv");
  mismatches found("hif8 hybrid");
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const auto bits = static_cast<std::uint32_t>(table.hex(row, "f32_bits"));
    const auto context = [&] { return "float bits " + table.text(row, "f32_bits"); };
    found.expect_equal(oracle::encode_hybrid_f32(hif8, bits, oracle::policy::native),
                       table.hex(row, "hybrid_native"), context);
    found.expect_equal(oracle::encode_hybrid_f32(hif8, bits, oracle::policy::saturate),
                       table.hex(row, "hybrid_saturate"), context);
  }
  const auto native = support::golden_bytes("rounding/hif8_hybrid_from_f16_native.bin");
  const auto saturate = support::golden_bytes("rounding/hif8_hybrid_from_f16_saturate.bin");
  ASSERT_EQ(native.size(), 65536U);
  ASSERT_EQ(saturate.size(), 65536U);
  for (std::uint32_t bits = 0; bits < 65536; ++bits) {
    const auto context = [&] { return "float16 bits " + support::hex(bits, 4); };
    const auto half = static_cast<std::uint16_t>(bits);
    found.expect_equal(oracle::encode_hybrid_f16(hif8, half, oracle::policy::native), native[bits], context);
    found.expect_equal(oracle::encode_hybrid_f16(hif8, half, oracle::policy::saturate), saturate[bits],
                       context);
  }
}

}  // namespace
