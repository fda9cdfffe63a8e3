// A GoogleTest that holds an accelerator's own number format to this library; quoted by docs/cookbook.md.
#include <bit>
#include <cmath>
#include <cstdint>
#include <gtest/gtest.h>
#include <limits>

#include <narrowfp/types.hpp>

// [format]
// The accelerator's format: sign, 5 exponent bits, 4 fraction bits, bias 17, no infinity, NaN at all ones.
// Its converter rounds ties away from zero and saturates.
using accel10 = narrowfp::narrow_float<narrowfp::minifloat<5, 4, 17, narrowfp::specials::fn>>;

inline accel10 golden(float x) {
  return narrowfp::round_to<accel10>(x, narrowfp::rounding::nearest_away, narrowfp::overflow::saturate);
}
// [end format]

namespace {

// [design]
// The design under test, float bits to code: here a C++ model; a simulator's wrapper takes its place.
std::uint16_t convert(std::uint32_t x) {
  const std::uint32_t sign = x >> 31 << 9, magnitude = x & 0x7FFFFFFF;
  constexpr std::uint32_t largest = 0x1FE, quiet_nan = 0x1FF;
  if (magnitude > 0x7F800000) {
    return static_cast<std::uint16_t>(sign | quiet_nan);
  }
  const int exponent = static_cast<int>(magnitude >> 23) - 127 + 17;  // the code's exponent field
  const std::uint32_t significand = (magnitude & 0x7FFFFF) | 0x800000;
  const int shift = 19 + (exponent < 1 ? 1 - exponent : 0);  // subnormals keep fewer bits
  if (shift > 24) {
    return static_cast<std::uint16_t>(sign);
  }
  const std::uint32_t units = (significand + (1U << (shift - 1))) >> shift;  // half away from zero
  const std::uint32_t code = units + (exponent > 1 ? static_cast<std::uint32_t>(exponent - 1) << 4 : 0);
  return static_cast<std::uint16_t>(sign | (code < largest ? code : largest));
}
// [end design]

// [tests]
TEST(Accel10, IsTheFormatOfTheDataSheet) {
  using limits = std::numeric_limits<accel10>;
  EXPECT_EQ(limits::max(), 30 * 0x1p10F);  // 1.875 * 2^14: the top fraction is NaN's
  EXPECT_EQ(limits::min(), 0x1p-16F);
  EXPECT_EQ(limits::denorm_min(), 0x1p-20F);
  EXPECT_FALSE(limits::has_infinity);
}

TEST(Accel10, DesignEqualsTheGoldenModel) {
  // A stride through all floats that is prime, so that it meets every binade and every low bit.
  for (std::uint64_t bits = 0; bits <= 0xFFFFFFFF; bits += 4093) {
    const auto pattern = static_cast<std::uint32_t>(bits);
    const float x = std::bit_cast<float>(pattern);
    ASSERT_EQ(accel10::from_bits(convert(pattern)).bits(), golden(x).bits()) << std::hexfloat << x;
  }
}

TEST(Accel10, EveryBoundaryAndItsNeighbours) {
  for (std::uint16_t code = 0; code < 0x1FE; ++code) {  // the sum of two neighbours is exact in float
    const float low = static_cast<float>(accel10::from_bits(code));
    const float tie =
        (low + static_cast<float>(accel10::from_bits(static_cast<std::uint16_t>(code + 1)))) / 2;
    for (const float x : {low, std::nextafter(tie, 0.0F), tie, std::nextafter(tie, 1e9F), -tie}) {
      ASSERT_EQ(convert(std::bit_cast<std::uint32_t>(x)), golden(x).bits()) << std::hexfloat << x;
    }
  }
}
// [end tests]

}  // namespace
