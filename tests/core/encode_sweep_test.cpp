// Native and saturating conversion against the oracle: floats at a fixed stride through all 2^32, and every
// float16 and bfloat16.
#include <gtest/gtest.h>

#include "support/parameterised.hpp"
#include "support/report.hpp"

namespace {

using narrowfp::overflow;
using narrowfp::rounding;

class EncodeSweep : public support::format_suite {
 protected:
  void check(const oracle::source_layout& source, support::convert_function convert, std::uint64_t stride) {
    const oracle::format& f = facts();
    support::mismatches found(GetParam() + " from " + source.name);
    support::way_counts ways(source);
    const std::uint64_t end = std::uint64_t{1} << source.width();
    for (std::uint64_t bits = 0; bits < end; bits += stride) {
      const oracle::number x = source.decode(bits);
      for (const overflow policy : support::both_policies) {
        ways.add(rounding::native, policy);
        found.expect_equal(convert(bits, rounding::native, policy, 0),
                           oracle::encode(f, x, f.native, support::oracle_policy(policy)),
                           [&] { return support::describe(f.name, rounding::native, policy, source, bits); });
      }
    }
  }
};

TEST_P(EncodeSweep, StrideThroughAllFloats) { check(oracle::binary32, subject().from_f32, 16381); }
TEST_P(EncodeSweep, EveryFloat16) { check(oracle::binary16, subject().from_f16, 1); }
TEST_P(EncodeSweep, EveryBfloat16) { check(oracle::brain16, subject().from_bf16, 1); }

TEST_P(EncodeSweep, ConstructorsAreNative) {
  support::mismatches found(GetParam());
  for (std::uint64_t bits = 0; bits < std::uint64_t{1} << 32; bits += 1048573) {
    const auto f32 = static_cast<std::uint32_t>(bits);
    const std::uint64_t f64 = bits << 32 | (bits * 2654435761U & 0xFFFFFFFF);
    found.expect_equal(subject().construct(f32),
                       subject().from_f32(f32, rounding::native, overflow::native, 0),
                       [&] { return "T(" + support::show(oracle::binary32, f32) + ")"; });
    found.expect_equal(subject().construct_f64(f64),
                       subject().from_f64(f64, rounding::native, overflow::native, 0),
                       [&] { return "T(" + support::show(oracle::binary64, f64) + ")"; });
  }
}

SUPPORT_FOR_FORMATS(EncodeSweep, support::encodable_formats());

}  // namespace
