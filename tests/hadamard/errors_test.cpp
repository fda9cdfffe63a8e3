// Misuse of the Hadamard transform: std::invalid_argument that names function, argument, got and wanted,
// before anything is written.
#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <vector>

#include <narrowfp/narrowfp.hpp>

#include "support/instruction_sets.hpp"

namespace {

using narrowfp::hadamard_options;
using narrowfp::isa;

/// The messages of both calls on `in` and `out` elements, which must fail and write nothing.
void expect_refused(std::size_t in, std::size_t out, const hadamard_options& options,
                    const std::string& problem) {
  const std::vector<float> x(in, 1.0F);
  std::vector<float> y(out, 77.0F);
  const auto message = [&](auto call) -> std::string {
    try {
      call();
    } catch (const std::invalid_argument& error) {
      return error.what();
    }
    return "nothing was thrown";
  };
  EXPECT_EQ(message([&] { narrowfp::hadamard(x, y, options); }), "narrowfp::hadamard: " + problem);
  EXPECT_EQ(message([&] { narrowfp::hadamard_inverse(x, y, options); }),
            "narrowfp::hadamard_inverse: " + problem);
  for (const float element : y) {
    EXPECT_EQ(element, 77.0F) << "written before the error";
  }
}

TEST(HadamardErrors, BlocksThatAreNoPowerOfTwoInRange) {
  for (const std::size_t block : {std::size_t{0}, std::size_t{1}, std::size_t{3}, std::size_t{24},
                                  std::size_t{65536}, ~std::size_t{0}, std::size_t{1} << 31}) {
    expect_refused(48, 48, {.block = block},
                   "block is " + std::to_string(block) + ", but must be a power of two from 2 to 32768");
  }
}

TEST(HadamardErrors, SizesThatAreNoWholeBlocks) {
  expect_refused(40, 40, {}, "in has 40 elements, but whole blocks of 16 are needed");
  expect_refused(16, 16, {.block = 32}, "in has 16 elements, but whole blocks of 32 are needed");
}

TEST(HadamardErrors, OutOfAnotherSize) {
  expect_refused(32, 16, {}, "out has 16 elements, but 32 are needed: one for each element of in");
  expect_refused(32, 48, {}, "out has 48 elements, but 32 are needed: one for each element of in");
}

TEST(HadamardErrors, AnInstructionSetThatIsNotThere) {
  std::vector<narrowfp::float16> x(16);
  for (const isa use : support::all_isas) {
    if (narrowfp::isa_available(use)) {
      EXPECT_NO_THROW(narrowfp::hadamard(x, x, {.use = use}));
    } else {
      EXPECT_THROW(narrowfp::hadamard(x, x, {.use = use}), std::invalid_argument);
      EXPECT_THROW(narrowfp::hadamard_inverse(x, x, {.use = use}), std::invalid_argument);
    }
  }
}

TEST(HadamardErrors, NothingIsNoError) {
  std::vector<float> none;
  EXPECT_NO_THROW(narrowfp::hadamard(none, none));
  EXPECT_NO_THROW(narrowfp::hadamard_inverse(none, none, {.block = 32768}));
}

}  // namespace
