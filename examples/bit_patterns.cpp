// A unit test against bit patterns: how a hardware design's converter is pinned to this library. Here the
// design under test is a C++ model of a binary16 to E5M2 converter; a simulator's wrapper takes its place.
#include <cstdint>
#include <gtest/gtest.h>
#include <narrowfp/types.hpp>

using narrowfp::float16;
using narrowfp::fp8_e5m2;

namespace {

// The design: E5M2 is the upper byte of binary16, rounded to nearest, ties to even. A NaN is quietened.
std::uint8_t convert(std::uint16_t half) {
  const bool is_nan = (half & 0x7FFF) > 0x7C00;
  if (is_nan) {
    return static_cast<std::uint8_t>((half >> 8 & 0x80) | 0x7E);
  }
  const unsigned half_ulp_less_one = 0x7F, lowest_kept_bit = half >> 8 & 1U;
  return static_cast<std::uint8_t>((half + half_ulp_less_one + lowest_kept_bit) >> 8);
}

struct pattern {
  std::uint16_t half;
  std::uint8_t e5m2;
  const char* what;
};

// The corners, written out: sign'exponent'fraction.
constexpr pattern corners[] = {
    {0b0'01111'0000000000, 0b0'01111'00, "1"},
    {0b0'01111'0010000000, 0b0'01111'00, "1.125, a tie: down to the even code"},
    {0b0'01111'0110000000, 0b0'01111'10, "1.375, a tie: up to the even code"},
    {0b0'01111'0010000001, 0b0'01111'01, "just above the tie"},
    {0b0'00000'0010000000, 0b0'00000'00, "half the smallest subnormal, a tie: zero"},
    {0b1'00000'0000000001, 0b1'00000'00, "negative underflow keeps its sign"},
    {0b0'11110'1101111111, 0b0'11110'11, "the last value that rounds to the largest, 57344"},
    {0b0'11110'1110000000, 0b0'11111'00, "the first that rounds to infinity"},
    {0b1'11111'0000000001, 0b1'11111'10, "a signalling NaN"},
};

TEST(Converter, Corners) {
  for (const auto& [half, e5m2, what] : corners) {
    EXPECT_EQ(fp8_e5m2(float16::from_bits(half)).bits(), e5m2) << "the golden model: " << what;
    EXPECT_EQ(convert(half), e5m2) << "the design: " << what;
  }
}

TEST(Converter, EveryInputEqualsTheGoldenModel) {
  for (unsigned half = 0; half <= 0xFFFF; ++half) {
    const auto golden = fp8_e5m2(float16::from_bits(static_cast<std::uint16_t>(half)));
    ASSERT_EQ(convert(static_cast<std::uint16_t>(half)), golden.bits()) << std::hex << "input " << half;
  }
}

}  // namespace
