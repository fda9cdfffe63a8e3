// Integers are rounded once from their exact value: 64-bit sources against the oracle, the other types
// against those.
#include <gtest/gtest.h>

#include <limits>

#include "support/formats_under_test.hpp"
#include "support/inputs.hpp"
#include "support/parameterised.hpp"
#include "support/report.hpp"

namespace {

using narrowfp::overflow;
using narrowfp::rounding;
using oracle::u128;

/// Magnitudes below 2^64: the format's boundaries there and powers of two, with their neighbours.
std::vector<std::uint64_t> magnitudes(const oracle::format& f) {
  std::vector<std::uint64_t> all;
  const auto add_around = [&](u128 x) {
    for (u128 y = x < 2 ? 0 : x - 2; y <= x + 3; ++y) {
      if (y >> 64 == 0) {
        all.push_back(static_cast<std::uint64_t>(y));
      }
    }
  };
  for (int n = 0; n <= 64; ++n) {
    add_around(u128{1} << n);
    add_around((u128{3} << n) >> 1);
    add_around((u128{0xFFFFFF} << n) >> 24);
  }
  const std::size_t stride = support::stride_for(f);
  for (std::size_t i = 0; i < f.grid.size(); i += stride) {
    const bool last = i + 1 == f.grid.size();
    const oracle::dyadic next = last ? f.beyond : f.grid[i + 1].magnitude;
    for (const oracle::dyadic& x : {f.grid[i].magnitude, oracle::scaled(f.grid[i].magnitude + next, -1)}) {
      if (x.significand != 0 && oracle::binade_of(x) >= 0 && oracle::binade_of(x) < 64) {
        add_around(x.exponent >= 0 ? x.significand << x.exponent : x.significand >> -x.exponent);
      }
    }
  }
  return all;
}

class EncodeIntegers : public support::format_suite {
 protected:
  void check(bool negative, support::convert_function convert) {
    const oracle::format& f = facts();
    support::mismatches found(GetParam());
    for (const std::uint64_t magnitude : magnitudes(f)) {
      if (negative && magnitude > std::uint64_t{1} << 63) {
        continue;
      }
      const oracle::number x = oracle::finite({magnitude, 0}, negative && magnitude != 0);
      const std::uint64_t bits = negative ? ~magnitude + 1 : magnitude;
      for (const overflow policy : support::both_policies) {
        for (const rounding mode : support::deterministic_modes) {
          found.expect_equal(
              convert(bits, mode, policy, 0),
              oracle::encode(f, x, support::oracle_mode(mode, f), support::oracle_policy(policy)), [&] {
                return std::string(support::name_of(mode)) + ", " + support::name_of(policy) + ", integer " +
                       (negative ? "-" : "") + std::to_string(magnitude);
              });
        }
      }
    }
  }
};

TEST_P(EncodeIntegers, NegativeInt64) { check(true, subject().from_i64); }
TEST_P(EncodeIntegers, Uint64) { check(false, subject().from_u64); }

SUPPORT_FOR_FORMATS(EncodeIntegers, support::encodable_formats());

/// A narrower integer type converts as the same number in 64 bits.
template <class Target, class Integer>
void expect_as_int64() {
  using limits = std::numeric_limits<Integer>;
  for (const Integer x : {limits::min(), static_cast<Integer>(limits::min() + 1), static_cast<Integer>(-1),
                          Integer{0}, Integer{1}, Integer{3}, Integer{17}, Integer{100},
                          static_cast<Integer>(limits::max() - 1), limits::max()}) {
    const Target want = std::is_signed_v<Integer> ? Target(static_cast<std::int64_t>(x))
                                                  : Target(static_cast<std::uint64_t>(x));
    EXPECT_EQ(Target(x).bits(), want.bits()) << "integer of " << sizeof(Integer) << " bytes";
  }
}

template <class... Integers>
void expect_all_as_int64() {
  (expect_as_int64<narrowfp::fp8_e4m3, Integers>(), ...);
  (expect_as_int64<narrowfp::hif8, Integers>(), ...);
  (expect_as_int64<narrowfp::e8m0, Integers>(), ...);
  (expect_as_int64<narrowfp::bfloat16, Integers>(), ...);
}

TEST(EncodeIntegerTypes, EveryStandardIntegerTypeConvertsExactlyOnce) {
  expect_all_as_int64<signed char, short, int, long, long long, unsigned char, unsigned short, unsigned int,
                      unsigned long, unsigned long long>();
}

}  // namespace
