// The checksum that the exhaustive sweeps rest on.
#include <gtest/gtest.h>

#include <vector>

#include "support/crc32.hpp"

namespace {

using support::crc32;
using support::crc32_combine;

TEST(Crc32, KnownAnswers) {
  const std::vector<std::uint8_t> digits{'1', '2', '3', '4', '5', '6', '7', '8', '9'};
  EXPECT_EQ(crc32(digits), 0xCBF43926U);  // the check value of CRC-32/ISO-HDLC
  EXPECT_EQ(crc32({}), 0U);
  EXPECT_EQ(crc32(std::vector<std::uint8_t>(1 << 24)), 0xA47CA14AU);  // a chunk of zero codes
}

TEST(Crc32, PiecesJoinToTheWhole) {
  std::vector<std::uint8_t> bytes;
  for (std::uint32_t i = 0; i < 1000; ++i) {
    bytes.push_back(static_cast<std::uint8_t>(i * i >> 3));
  }
  const std::span<const std::uint8_t> all(bytes);
  for (const std::size_t cut : {0U, 1U, 7U, 8U, 500U, 999U, 1000U}) {
    EXPECT_EQ(crc32(all.subspan(cut), crc32(all.first(cut))), crc32(all)) << cut;
    EXPECT_EQ(crc32_combine(crc32(all.first(cut)), crc32(all.subspan(cut)), bytes.size() - cut), crc32(all))
        << cut;
  }
}

}  // namespace
