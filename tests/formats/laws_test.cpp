// Laws that hold in every format.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>

#include "support/inputs.hpp"
#include "support/parameterised.hpp"
#include "support/report.hpp"

namespace {

using narrowfp::overflow;
using narrowfp::rounding;
using support::code;

class Laws : public support::format_suite {
 protected:
  double value(code c) const { return to_double(facts().values[c]); }
  code from_double(double x, rounding mode, overflow policy, std::uint32_t random_bits = 0) const {
    return subject().from_f64(std::bit_cast<std::uint64_t>(x), mode, policy, random_bits);
  }
  std::size_t stride() const { return 4 * support::stride_for(facts()); }
};

TEST_P(Laws, EncodeOfDecodeIsTheCode) {
  support::mismatches found(GetParam());
  for (code c = 0; c < facts().values.size(); ++c) {
    if (facts().values[c].kind == oracle::kind::nan) {
      continue;
    }
    for (const rounding mode : support::deterministic_modes) {
      const double x = std::bit_cast<double>(subject().to_f64(c));
      found.expect_equal(from_double(x, mode, overflow::native), c, [&] {
        return std::string(support::name_of(mode)) + ", code " + support::hex(c, 2);
      });
    }
  }
}

TEST_P(Laws, NanStaysNanAndKeepsItsSign) {
  if (!facts().has_nan) {
    for (const std::uint32_t bits : {0x7FC00000U, 0xFFC00000U, 0x7F800001U, 0xFFFFFFFFU}) {
      for (const overflow policy : support::both_policies) {
        EXPECT_EQ(subject().from_f32(bits, rounding::native, policy, 0), facts().largest().code);
      }
    }
    return;
  }
  const bool signed_nan = std::count_if(facts().values.begin(), facts().values.end(), [](const auto& v) {
                            return v.kind == oracle::kind::nan && v.negative;
                          }) != 0;
  for (const std::uint32_t bits : {0x7FC00000U, 0xFFC00000U, 0x7F800001U, 0xFF800001U, 0x7FFFFFFFU}) {
    const bool negative = bits >> 31 != 0;
    for (const rounding mode : support::deterministic_modes) {
      for (const overflow policy : support::both_policies) {
        const code got = subject().from_f32(bits, mode, policy, 0);
        EXPECT_EQ(facts().values.at(got).kind, oracle::kind::nan) << support::hex(bits, 8);
        EXPECT_EQ(facts().values.at(got).negative, negative && signed_nan) << support::hex(bits, 8);
      }
    }
  }
}

TEST_P(Laws, Monotone) {
  const oracle::format& f = facts();
  std::vector<double> inputs;
  for (const std::uint64_t bits : support::boundary_inputs(f, oracle::binary64, stride())) {
    const double x = std::bit_cast<double>(bits);
    if (x == x) {
      inputs.push_back(x);
    }
  }
  std::sort(inputs.begin(), inputs.end());
  support::mismatches found(GetParam());
  for (const rounding mode : support::deterministic_modes) {
    for (const overflow policy : support::both_policies) {
      bool first = true;
      double last = 0;
      for (const double x : inputs) {
        const double y = value(from_double(x, mode, policy));
        if (y != y) {
          continue;  // an overflow or a negative value that the format can only call NaN
        }
        found.expect(first || last <= y, [&] {
          return support::describe(f.name, mode, policy, oracle::binary64, std::bit_cast<std::uint64_t>(x)) +
                 " is below the result of a smaller input";
        });
        last = y;
        first = false;
      }
    }
  }
}

rounding mirrored(rounding mode) {
  return mode == rounding::toward_positive   ? rounding::toward_negative
         : mode == rounding::toward_negative ? rounding::toward_positive
                                             : mode;
}

TEST_P(Laws, SignSymmetric) {
  const oracle::format& f = facts();
  if (!f.is_signed) {
    return;
  }
  const code sign = code{1} << (f.width - 1);
  const auto negative_of = [&](code c) {
    const bool has_sign = f.has_negative_zero || (c & (sign - 1)) != 0;
    return has_sign ? c ^ sign : c;
  };
  support::mismatches found(GetParam());
  for (const std::uint64_t bits : support::boundary_inputs(f, oracle::binary32, stride())) {
    const oracle::number x = oracle::binary32.decode(bits);
    if (x.negative || (x.kind == oracle::kind::nan && !f.has_nan)) {
      continue;
    }
    for (const overflow policy : support::both_policies) {
      for (const rounding mode : support::deterministic_modes) {
        found.expect_equal(subject().from_f32(bits | 0x80000000, mirrored(mode), policy, 0),
                           negative_of(subject().from_f32(bits, mode, policy, 0)),
                           [&] { return support::describe(f.name, mode, policy, oracle::binary32, bits); });
      }
      found.expect_equal(subject().from_f32(bits | 0x80000000, rounding::stochastic, policy, 0x9E3779B9),
                         negative_of(subject().from_f32(bits, rounding::stochastic, policy, 0x9E3779B9)),
                         [&] {
                           return support::describe(f.name, rounding::stochastic, policy, oracle::binary32,
                                                    bits, 0x9E3779B9);
                         });
    }
  }
}

TEST_P(Laws, SaturateNeverLeavesTheFiniteValues) {
  const oracle::format& f = facts();
  support::mismatches found(GetParam());
  for (const std::uint64_t bits : support::boundary_inputs(f, oracle::binary32, stride())) {
    if (oracle::binary32.decode(bits).kind == oracle::kind::nan) {
      continue;
    }
    for (const rounding mode : support::deterministic_modes) {
      const code got = subject().from_f32(bits, mode, overflow::saturate, 0xFFFFFFFF);
      found.expect(f.values[got].kind == oracle::kind::finite, [&] {
        return support::describe(f.name, mode, overflow::saturate, oracle::binary32, bits) + ": got " +
               support::hex(got, 2);
      });
    }
  }
}

SUPPORT_FOR_FORMATS(Laws, support::value_types());

}  // namespace
