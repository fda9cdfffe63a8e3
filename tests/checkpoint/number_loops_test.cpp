// The loops that count what is lost, against one value at a time; on any processor and by vectors.
#include <bit>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include <narrowfp/narrowfp.hpp>

#include "number_loops.hpp"

namespace checkpoint {
namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();
const float nan = std::numeric_limits<float>::quiet_NaN();

/// Every pair of these, so often that vectors are filled and a rest remains.
const std::vector<float> numbers = {0.0F,   -0.0F,    1.0F,      -2.0F, 1e-45F, -1e-45F, 3e38F,
                                    -3e38F, infinity, -infinity, nan,   448.0F, -464.0F, 465.0F};

struct pairs {
  std::vector<float> a;
  std::vector<float> b;
};

pairs all_pairs(bool finite) {
  pairs made;
  for (const float x : numbers) {
    for (const float y : numbers) {
      if (!finite || (std::isfinite(x) && std::isfinite(y))) {
        made.a.push_back(x);
        made.b.push_back(y);
      }
    }
  }
  return made;
}

losses one_by_one(const std::vector<float>& a, const std::vector<float>& b, bool keeps_infinity) {
  losses lost;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (std::isfinite(a[i])) {
      lost.saturated += std::isfinite(b[i]) ? 0U : 1U;
      lost.flushed += a[i] != 0 && b[i] == 0 ? 1U : 0U;
    } else {
      const bool kept =
          (std::isnan(a[i]) && std::isnan(b[i])) || (keeps_infinity && std::isinf(a[i]) && std::isinf(b[i]));
      lost.not_finite += kept ? 0U : 1U;
    }
  }
  return lost;
}

void expect_same(const losses& a, const losses& b) {
  EXPECT_EQ(a.not_finite, b.not_finite);
  EXPECT_EQ(a.saturated, b.saturated);
  EXPECT_EQ(a.flushed, b.flushed);
}

TEST(NumberLoops, LossesOfFloats) {
  for (const bool finite : {false, true}) {
    const pairs p = all_pairs(finite);
    for (const bool keeps_infinity : {false, true}) {
      expect_same(lost_in(p.a, p.b, keeps_infinity), one_by_one(p.a, p.b, keeps_infinity));
    }
  }
}

TEST(NumberLoops, LossesOfHalves) {
  for (const bool finite : {false, true}) {
    const pairs p = all_pairs(finite);
    std::vector<std::uint16_t> patterns;
    std::vector<float> restored;
    for (const float y : p.b) {
      const narrowfp::bfloat16 half(y);
      patterns.push_back(half.bits());
      restored.push_back(static_cast<float>(half));
    }
    expect_same(lost_in(p.a, patterns, 0x7F80, 3.4e38F), one_by_one(p.a, restored, true));
    // 3e38 and nothing else is beyond 465.
    EXPECT_EQ(
        lost_in(p.a, patterns, 0x7F80, 465.0F).saturated, one_by_one(p.a, restored, true).saturated + [&] {
          std::uint64_t more = 0;
          for (std::size_t i = 0; i < p.a.size(); ++i) {
            more += std::fabs(p.a[i]) > 465 && std::isfinite(p.a[i]) && std::isfinite(restored[i]) ? 1U : 0U;
          }
          return more;
        }());
  }
}

TEST(NumberLoops, LossesOfBytes) {
  const pairs p = all_pairs(false);
  std::vector<std::uint8_t> codes;
  losses expected;
  for (std::size_t i = 0; i < p.a.size(); ++i) {
    codes.push_back(static_cast<std::uint8_t>(i % 5 == 0 ? 0x80 : i));
    const bool finite = std::isfinite(p.a[i]);
    expected.not_finite += std::isinf(p.a[i]) ? 1U : 0U;
    expected.saturated += finite && !(std::fabs(p.b[i]) <= 464) ? 1U : 0U;
    expected.flushed += finite && p.a[i] != 0 && (codes.back() & 0x7F) == 0 ? 1U : 0U;
  }
  expect_same(lost_in(p.a, p.b, codes, 0x7F, 464), expected);
}

TEST(NumberLoops, Surveys) {
  for (const bool finite : {false, true}) {
    const pairs p = all_pairs(finite);
    std::uint64_t not_zero = 0;
    float largest = 0;
    for (const float x : p.a) {
      not_zero += x != 0 ? 1U : 0U;  // NaN is not
      largest = std::isfinite(x) ? std::max(largest, std::fabs(x)) : largest;
    }
    const survey seen = survey_of(p.a);
    EXPECT_EQ(seen.not_zero, not_zero);
    EXPECT_EQ(seen.largest, finite ? largest : infinity);
    EXPECT_EQ(largest_finite(p.a), largest);
  }
  const std::vector<std::uint16_t> halves = {0x3F80, 0xC000, 0x7F80, 0xFFC0, 0x4000, 0x0001};
  EXPECT_EQ(largest_finite(halves, 0x7F80), 0x4000);
  EXPECT_EQ(largest_finite(std::vector<std::uint16_t>(), 0x7F80), 0);
}

TEST(NumberLoops, NibblesWithAMagnitude) {
  for (const std::size_t n : {std::size_t{0}, std::size_t{1}, std::size_t{63}, std::size_t{64},
                              std::size_t{8191}, std::size_t{30000}}) {
    std::vector<std::byte> bytes(n);
    std::uint64_t expected = 0;
    for (std::size_t i = 0; i < n; ++i) {
      bytes[i] = static_cast<std::byte>(n % 2 == 0 ? 0xFF : i * 37);
      const auto code = std::to_integer<unsigned>(bytes[i]);
      expected += ((code & 7U) != 0 ? 1U : 0U) + ((code >> 4 & 7U) != 0 ? 1U : 0U);
    }
    EXPECT_EQ(magnitudes_in(bytes), expected) << n;
  }
}

TEST(NumberLoops, ProductsAndQuotients) {
  std::vector<float> values(96);
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = static_cast<float>(i) + 0.25F;
  }
  const std::vector<float> in = values;
  std::vector<float> quotients(in.size());
  divide(in, 3, quotients);
  for (const std::size_t group : {std::size_t{16}, std::size_t{32}, std::size_t{8}}) {
    values = in;
    std::vector<float> scales;
    for (std::size_t g = 0; g < in.size() / group; ++g) {
      scales.push_back(static_cast<float>(g) * 0.3F);
    }
    multiply_groups(values, group, scales);
    for (std::size_t i = 0; i < in.size(); ++i) {
      const float product = in[i] * scales[i / group];
      const float quotient = in[i] / 3;
      EXPECT_EQ(std::bit_cast<std::uint32_t>(values[i]), std::bit_cast<std::uint32_t>(product));
      EXPECT_EQ(std::bit_cast<std::uint32_t>(quotients[i]), std::bit_cast<std::uint32_t>(quotient));
    }
  }
}

}  // namespace
}  // namespace checkpoint
