// The Hadamard transform is what its definition says, bit for bit, by every instruction set.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include <narrowfp/kernels/scalar/hadamard.hpp>
#include <narrowfp/narrowfp.hpp>

#include "inputs.hpp"
#include "support/golden.hpp"
#include "support/instruction_sets.hpp"

namespace hadamard_test {
namespace {

using narrowfp::bfloat16;
using narrowfp::float16;
using narrowfp::isa;

using words = std::vector<std::uint32_t>;

/// The words of eight hexadecimal digits each.
words words_of(const std::string& text) {
  words list;
  for (std::size_t i = 0; i < text.size(); i += 8) {
    list.push_back(static_cast<std::uint32_t>(std::stoul(text.substr(i, 8), nullptr, 16)));
  }
  return list;
}

TEST(HadamardDefinition, GivesTheBitsOfAnotherProgram) {
  const support::golden_table table("hadamard/hadamard.csv");
  ASSERT_EQ(table.rows(), 220U);
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const words x = words_of(table.text(row, "x_f32"));
    transform t = {std::stoul(table.text(row, "block")), table.text(row, "random") == "1", false,
                   table.hex(row, "seed")};
    ASSERT_EQ(x.size(), t.block);
    for (const isa use : support::available_isas()) {
      t.inverse = false;
      EXPECT_EQ(result_of<float>(x, t, use), words_of(table.text(row, "forward_f32")))
          << "row " << row << ", " << name(t) << " by " << narrowfp::isa_name(use);
      t.inverse = true;
      EXPECT_EQ(result_of<float>(x, t, use), words_of(table.text(row, "inverse_f32")))
          << "row " << row << ", " << name(t) << " by " << narrowfp::isa_name(use);
    }
  }
}

TEST(HadamardDefinition, IsWhatTheCompilersFloatArithmeticGives) {
  for (std::size_t block = smallest_block; block <= 4096; block *= 2) {
    for (const kind k : kinds) {
      const words x = inputs<float>(k, block * (block < 64 ? 40 : 2), block + static_cast<std::size_t>(k));
      for (const transform& t : transforms_of(block)) {
        ASSERT_EQ(result_of<float>(x, t, isa::scalar), hadamard_reference::transformed(x, t))
            << name(t) << ", kind " << static_cast<int>(k);
      }
    }
  }
}

TEST(HadamardDefinition, TheLargestBlock) {
  const words x = inputs<float>(kind::moderate, largest_block, 1);
  for (const transform& t : transforms_of(largest_block)) {
    EXPECT_EQ(result_of<float>(x, t, isa::scalar), hadamard_reference::transformed(x, t)) << name(t);
  }
}

template <class S>
void expect_rounded_floats() {
  for (const std::size_t block : {2U, 16U, 64U, 256U, 2048U}) {
    for (const kind k : kinds) {
      const auto x = inputs<S>(k, 2 * block, block);
      words floats;
      for (const S element : elements<S>(x)) {
        const auto value = static_cast<float>(element);
        floats.push_back(std::bit_cast<std::uint32_t>(value));
      }
      for (const transform& t : transforms_of(block)) {
        std::vector<bits_t<S>> want;
        for (const float value : elements<float>(hadamard_reference::transformed(floats, t))) {
          want.push_back(S(value).bits());
        }
        ASSERT_EQ(result_of<S>(x, t, isa::scalar), want) << name(t) << ", kind " << static_cast<int>(k);
      }
    }
  }
}
TEST(HadamardDefinition, SixteenBitValuesAreReadAsFloatsAndTheResultIsRoundedOnceMore) {
  expect_rounded_floats<bfloat16>();
  expect_rounded_floats<float16>();
}

// 1 2 3 4, and the same with the signs of seed 0, which negate elements 0 and 2.
TEST(HadamardDefinition, SmallBlocksByHand) {
  const std::array<float, 4> x = {1, 2, 3, 4};
  std::array<float, 4> y{};
  narrowfp::hadamard(x, y, {.block = 4});
  EXPECT_EQ(y, (std::array<float, 4>{5, -1, -2, 0}));
  narrowfp::hadamard(x, y, {.block = 4, .random = true});
  EXPECT_EQ(y, (std::array<float, 4>{1, -5, 0, 2}));
  narrowfp::hadamard_inverse(y, y, {.block = 4, .random = true});
  EXPECT_EQ(y, x);
}

TEST(HadamardDefinition, SeedZeroNegatesByTheBitsOf6627E8D5) {
  for (const isa use : support::available_isas()) {
    for (std::size_t j = 0; j < 32; ++j) {
      words x(32);
      x[j] = 0x3F800000;
      const words y = result_of<float>(x, {32, true, false, 0}, use);
      EXPECT_EQ(y[0] >> 31, 0x6627E8D5U >> j & 1) << j;
    }
  }
}

// The factors of blocks whose root is no power of two, from 1 0 0 ...
TEST(HadamardDefinition, TheFactorIsTheFloatNearestToTheReciprocalRoot) {
  const struct {
    std::size_t block;
    std::uint32_t factor;
  } facts[] = {{2, 0x3F3504F3},    {4, 0x3F000000},     {8, 0x3EB504F3},    {16, 0x3E800000},
               {32, 0x3E3504F3},   {128, 0x3DB504F3},   {512, 0x3D3504F3},  {1024, 0x3D000000},
               {8192, 0x3C3504F3}, {16384, 0x3C000000}, {32768, 0x3BB504F3}};
  for (const isa use : support::available_isas()) {
    for (const auto& [block, factor] : facts) {
      words x(block);
      x[0] = 0x3F800000;
      EXPECT_EQ(result_of<float>(x, {block, false, false, 0}, use), words(block, factor)) << block;
    }
  }
}

TEST(HadamardDefinition, OneElementGivesItsColumn) {
  constexpr std::size_t block = 64;
  for (std::size_t j = 0; j < block; ++j) {
    words x(block);
    x[j] = 0x41000000;  // 8, the root of 64
    const words y = result_of<float>(x, {block, false, false, 0}, narrowfp::isa::automatic);
    for (std::size_t i = 0; i < block; ++i) {
      const bool odd = __builtin_popcountll(i & j) % 2 != 0;
      EXPECT_EQ(y[i], odd ? 0xBF800000U : 0x3F800000U) << i << ", " << j;
    }
  }
}

// 2^24 + 1 - 2^24: the order of the sums shows.
TEST(HadamardDefinition, RoundsEachSum) {
  const words x = {0x4B800000, 0x3F800000, 0xCB800000, 0x3F800000};
  for (const isa use : support::available_isas()) {
    // Stride 1: 2^24 (a tie to even), 2^24 - 1, -2^24 + 1, -2^24 (from -2^24 - 1). Stride 2: 1, -1, ...
    const words y = result_of<float>(x, {4, false, false, 0}, use);
    EXPECT_EQ(y[0], 0x3F000000U);
    EXPECT_EQ(y[1], 0xBF000000U);
  }
}

TEST(HadamardDefinition, ZerosAndSpecials) {
  constexpr std::uint32_t infinity = 0x7F800000;
  constexpr std::uint32_t quiet_nan = 0x7FC00000;
  constexpr std::uint32_t minus = 0x80000000;
  const transform plain = {2, false, false, 0};
  const struct {
    words x, y;
  } facts[] = {
      {{0, 0}, {0, 0}},
      {{minus, minus}, {minus, 0}},
      {{minus, 0}, {0, minus}},
      {{0, minus}, {0, 0}},
      {{infinity, 0x3F800000}, {infinity, infinity}},
      {{0x3F800000, infinity}, {infinity, minus | infinity}},
      {{infinity, infinity}, {infinity, quiet_nan}},
      {{infinity, minus | infinity}, {quiet_nan, infinity}},
      {{0xFFC12345, 0}, {quiet_nan, quiet_nan}},
      {{0, 0x7F800001}, {quiet_nan, quiet_nan}},
      {{0x7F7FFFFF, 0x7F7FFFFF}, {infinity, 0}},
      {{0x00000001, 0}, {0x00000001, 0x00000001}},           // 0.7 of the least float
      {{0x00000001, 0x00000001}, {0x00000001, 0}},           // 1.4 of it
      {{0x00000003, 0x80000000}, {0x00000002, 0x00000002}},  // 2.1 of it
  };
  for (const isa use : support::available_isas()) {
    for (const auto& [x, y] : facts) {
      EXPECT_EQ(result_of<float>(x, plain, use), y) << std::hex << x[0] << ' ' << x[1];
    }
  }
}

TEST(HadamardDefinition, TheInverseUndoesItUpToRounding) {
  for (const std::size_t block : {16U, 32U, 1024U}) {
    std::vector<float> x = elements<float>(inputs<float>(kind::moderate, 4 * block, 5));
    std::vector<float> y(x.size());
    narrowfp::hadamard(x, y, {.block = block, .random = true, .seed = 3});
    narrowfp::hadamard_inverse(y, y, {.block = block, .random = true, .seed = 3});
    for (std::size_t i = 0; i < x.size(); ++i) {
      EXPECT_NEAR(x[i], y[i], 1e-5F);
    }
  }
}

// It is no constant expression for users, as array calls choose an instruction set; its core is.
constexpr std::array<std::uint32_t, 4> butterflies_of_1_2_3_4() {
  std::array<std::uint32_t, 4> x = {0x3F800000, 0x40000000, 0x40400000, 0x40800000};
  narrowfp::kernels::scalar::butterflies(x.data(), x.size());
  return x;
}
static_assert(butterflies_of_1_2_3_4() ==
              std::array<std::uint32_t, 4>{0x41200000, 0xC0000000, 0xC0800000, 0x00000000});
static_assert(narrowfp::kernels::hadamard_factor(2) == 0x3F3504F3);

}  // namespace
}  // namespace hadamard_test
