// Every rounding mode and overflow policy against the oracle: every code, every midpoint and their
// neighbours, from float, double, float16 and bfloat16, for every format.
#include <gtest/gtest.h>

#include "support/inputs.hpp"
#include "support/parameterised.hpp"
#include "support/report.hpp"

namespace {

using narrowfp::overflow;
using narrowfp::rounding;
using support::describe;
using support::mismatches;

class EncodeBoundaries : public support::format_suite {
 protected:
  void check(const oracle::source_layout& source, support::convert_function convert) const {
    const oracle::format& f = facts();
    mismatches found(GetParam() + " from " + source.name);
    support::way_counts ways(source);
    for (const std::uint64_t bits : support::boundary_inputs(f, source, support::stride_for(f))) {
      const oracle::number x = source.decode(bits);
      for (const overflow policy : support::both_policies) {
        for (const rounding mode : support::deterministic_modes) {
          const auto want =
              oracle::encode(f, x, support::oracle_mode(mode, f), support::oracle_policy(policy));
          ways.add(mode, policy);
          found.expect_equal(convert(bits, mode, policy, 0), want,
                             [&] { return describe(f.name, mode, policy, source, bits); });
        }
        for (const std::uint32_t random_bits : draws_at(f, x)) {
          const auto want =
              oracle::encode(f, x, oracle::mode::stochastic, support::oracle_policy(policy), random_bits);
          ways.add(rounding::stochastic, policy);
          found.expect_equal(convert(bits, rounding::stochastic, policy, random_bits), want, [&] {
            return describe(f.name, rounding::stochastic, policy, source, bits, random_bits);
          });
        }
      }
    }
  }

 private:
  /// The extremes, and the two draws between which the oracle's answer changes.
  static std::vector<std::uint32_t> draws_at(const oracle::format& f, const oracle::number& x) {
    const auto code = [&](std::uint32_t draw) {
      return oracle::encode(f, x, oracle::mode::stochastic, oracle::policy::native, draw);
    };
    std::vector<std::uint32_t> draws{0, 0x80000000, 0xFFFFFFFF};
    if (code(0) != code(0xFFFFFFFF)) {
      std::uint32_t low = 0;
      std::uint32_t high = 0xFFFFFFFF;
      while (high - low > 1) {
        const std::uint32_t middle = low + (high - low) / 2;
        (code(middle) == code(0) ? low : high) = middle;
      }
      draws.push_back(low);
      draws.push_back(high);
    }
    return draws;
  }
};

TEST_P(EncodeBoundaries, FromFloat) { check(oracle::binary32, subject().from_f32); }
TEST_P(EncodeBoundaries, FromDouble) { check(oracle::binary64, subject().from_f64); }
TEST_P(EncodeBoundaries, FromFloat16) { check(oracle::binary16, subject().from_f16); }
TEST_P(EncodeBoundaries, FromBfloat16) { check(oracle::brain16, subject().from_bf16); }

SUPPORT_FOR_FORMATS(EncodeBoundaries, support::encodable_formats());

}  // namespace
