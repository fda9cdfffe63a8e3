// Hybrid rounding of hif8 against the literal formula of the oracle.
#include <gtest/gtest.h>

#include <bit>
#include <cstdint>
#include <limits>

#include "support/formats_under_test.hpp"
#include "support/inputs.hpp"
#include "support/parameterised.hpp"
#include "support/report.hpp"

namespace {

using narrowfp::overflow;
using narrowfp::rounding;
using support::mismatches;

const oracle::format& hif8_facts() { return oracle::find_format("hif8"); }

std::uint32_t want_from_float(float x, overflow policy) {
  return oracle::encode_hybrid_f32(hif8_facts(), std::bit_cast<std::uint32_t>(x),
                                   support::oracle_policy(policy));
}

template <class From>
std::uint32_t hybrid(From x, overflow policy) {
  return narrowfp::round_to<narrowfp::hif8>(x, rounding::hybrid, policy).bits();
}

void check_float(mismatches& found, std::uint32_t bits) {
  for (const overflow policy : support::both_policies) {
    found.expect_equal(
        hybrid(std::bit_cast<float>(bits), policy), want_from_float(std::bit_cast<float>(bits), policy),
        [&] { return support::describe("hif8", rounding::hybrid, policy, oracle::binary32, bits); });
  }
}

TEST(Hybrid, FloatsByTheFourteenBitRule) {
  mismatches found("hif8");
  for (const std::uint64_t boundary : support::boundary_inputs(hif8_facts(), oracle::binary32)) {
    const auto bits = static_cast<std::uint32_t>(boundary);
    check_float(found, bits);
    // The low 14 bits are the threshold, the bits above them the discarded fraction.
    for (const std::uint32_t low : {0x0000U, 0x0001U, 0x1FFFU, 0x2000U, 0x2001U, 0x3FFFU}) {
      check_float(found, (bits & ~0x3FFFU) | low);
    }
  }
  for (std::uint64_t bits = 0; bits < std::uint64_t{1} << 32; bits += 4093) {
    check_float(found, static_cast<std::uint32_t>(bits));
  }
}

TEST(Hybrid, EverySixteenBitSourceByTheTwoBitRule) {
  mismatches found("hif8");
  for (std::uint32_t bits = 0; bits < 65536; ++bits) {
    const auto half = static_cast<std::uint16_t>(bits);
    for (const overflow policy : support::both_policies) {
      found.expect_equal(hybrid(narrowfp::float16::from_bits(half), policy),
                         oracle::encode_hybrid_f16(hif8_facts(), half, support::oracle_policy(policy)), [&] {
                           return support::describe("hif8", rounding::hybrid, policy, oracle::binary16, bits);
                         });
      found.expect_equal(hybrid(narrowfp::bfloat16::from_bits(half), policy),
                         oracle::encode_hybrid_bf16(hif8_facts(), half, support::oracle_policy(policy)), [&] {
                           return support::describe("hif8", rounding::hybrid, policy, oracle::brain16, bits);
                         });
    }
  }
}

// The compiler's own conversions to float, which round to nearest even, stand in for "rounded to float
// first".
TEST(Hybrid, OtherSourcesAreRoundedToFloatFirst) {
  mismatches found("hif8");
  const auto check = [&](auto x, float rounded, const std::string& text) {
    for (const overflow policy : support::both_policies) {
      found.expect_equal(hybrid(x, policy), want_from_float(rounded, policy), [&] { return text; });
    }
  };
  for (const std::uint64_t bits : support::boundary_inputs(hif8_facts(), oracle::binary64)) {
    const auto x = std::bit_cast<double>(bits);
    check(x, static_cast<float>(x), support::show(oracle::binary64, bits));
  }
  for (int n = 0; n < 63; ++n) {
    for (const std::int64_t offset : {-3, -1, 0, 1, 2}) {
      const std::int64_t x = (std::int64_t{1} << n) + offset;
      check(x, static_cast<float>(x), "integer " + std::to_string(x));
      check(-x, static_cast<float>(-x), "integer " + std::to_string(-x));
    }
  }
  for (std::uint32_t code = 0; code < 256; ++code) {
    const auto x = narrowfp::fp8_e5m2::from_bits(static_cast<std::uint8_t>(code));
    check(x, static_cast<float>(x), "fp8_e5m2 code " + support::hex(code, 2));
    const auto same = narrowfp::hif8::from_bits(static_cast<std::uint8_t>(code));
    check(same, static_cast<float>(same), "hif8 code " + support::hex(code, 2));
  }
}

class HybridElsewhere : public support::format_suite {};

TEST_P(HybridElsewhere, MeansNative) {
  if (GetParam() == "hif8") {
    return;  // the one format that has it
  }
  mismatches found(GetParam());
  const std::size_t stride = 8 * support::stride_for(facts());
  for (const std::uint64_t bits : support::boundary_inputs(facts(), oracle::binary32, stride)) {
    for (const overflow policy : support::both_policies) {
      found.expect_equal(
          subject().from_f32(bits, rounding::hybrid, policy, 0xFFFFFFFF),
          subject().from_f32(bits, rounding::native, policy, 0),
          [&] { return support::describe(GetParam(), rounding::hybrid, policy, oracle::binary32, bits); });
    }
  }
}

SUPPORT_FOR_FORMATS(HybridElsewhere, support::encodable_formats());

}  // namespace
