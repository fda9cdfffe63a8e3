// The generator of stochastic rounding: known answers, the numbering of draws, and the tests' own copy of it.
#include <gtest/gtest.h>

#include <narrowfp/core/philox.hpp>

#include "support/golden.hpp"
#include "support/philox.hpp"
#include "support/report.hpp"

namespace {

std::uint32_t word(const support::golden_table& table, std::size_t row, const std::string& column) {
  return static_cast<std::uint32_t>(table.hex(row, column));
}

TEST(Philox, KnownAnswers) {
  const support::golden_table table("rounding/philox4x32_10_kat.csv");
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const auto at = [&](const char* column) { return word(table, row, column); };
    const auto got = narrowfp::core::philox4x32_10({{at("ctr0"), at("ctr1"), at("ctr2"), at("ctr3")}},
                                                   at("key0"), at("key1"));
    const auto same =
        oracle::philox4x32_10({at("ctr0"), at("ctr1"), at("ctr2"), at("ctr3")}, {at("key0"), at("key1")});
    for (std::size_t i = 0; i < 4; ++i) {
      const std::uint32_t want = at(("out" + std::to_string(i)).c_str());
      EXPECT_EQ(got.word[i], want) << "row " << row << ", word " << i;
      EXPECT_EQ(same[i], want) << "row " << row << ", word " << i;
    }
  }
}

TEST(Philox, DrawsAreNumberedBySeedAndIndex) {
  const support::golden_table table("rounding/philox_draws.csv");
  support::mismatches found("draws");
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::uint64_t seed = table.hex(row, "seed");
    const std::uint64_t index = table.hex(row, "index");
    const auto context = [&] {
      return "seed " + support::hex(seed, 16) + ", index " + support::hex(index, 16);
    };
    found.expect_equal(narrowfp::core::draw(seed, index), table.hex(row, "draw"), context);
    found.expect_equal(oracle::draw(seed, index), table.hex(row, "draw"), context);
  }
}

TEST(Philox, FirstDrawsOfSeedZeroAsConstants) {
  constexpr std::uint32_t draws[] = {narrowfp::core::draw(0, 0), narrowfp::core::draw(0, 1),
                                     narrowfp::core::draw(0, 2), narrowfp::core::draw(0, 3)};
  EXPECT_EQ(draws[0], 0x6627E8D5U);
  EXPECT_EQ(draws[1], 0xE169C58DU);
  EXPECT_EQ(draws[2], 0xBC57AC4CU);
  EXPECT_EQ(draws[3], 0x9B00DBD8U);
}

}  // namespace
