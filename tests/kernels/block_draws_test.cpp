// Stochastic rounding of blocks by every instruction set, where a draw just decides: the discarded fraction
// of an element is the least that carries with its draw, or the one below. All 32 bits of it have to be
// right.
#include <gtest/gtest.h>

#include <bit>
#include <cstdint>
#include <cstring>
#include <limits>
#include <vector>

#include <narrowfp/narrowfp.hpp>
#include <narrowfp/quantize.hpp>

#include "kernel_suite.hpp"
#include "support/count.hpp"
#include "support/instruction_sets.hpp"
#include "support/philox.hpp"

namespace kernels {
namespace {

using namespace narrowfp;

constexpr std::uint64_t seed = 0x123456789ABCDEF;
constexpr std::uint64_t first_index = 1001;

/// Blocks whose first element is the largest of the format under a random scale, and whose others lie between
/// two neighbours, where the element's draw decides: a fraction f of their distance carries if f + draw
/// reaches 1.
template <class B>
std::vector<float> decided_by_draws(std::size_t blocks) {
  using T = B::element_type;
  using scale_type = narrow_float<typename B::scale_format>;
  constexpr auto finite_codes = static_cast<std::uint64_t>(std::numeric_limits<T>::max().bits());
  xorshift random;
  std::vector<float> x;
  for (std::size_t b = 0; b < blocks; ++b) {
    const std::uint64_t some_codes = B::scale_format::width > 8 ? 4096 : 24;
    const auto code = static_cast<typename scale_type::code_type>(scale_type(1.0F).bits() +
                                                                  random() % some_codes - some_codes / 2);
    const auto scale = static_cast<double>(static_cast<float>(scale_type::from_bits(code)));
    x.push_back(
        static_cast<float>(static_cast<double>(static_cast<float>(std::numeric_limits<T>::max())) * scale));
    for (std::size_t i = 1; i < B::elements; ++i) {
      const double fraction = 1 - oracle::draw(seed, first_index + x.size()) * 0x1p-32;
      const auto low_code = static_cast<typename T::code_type>(random() % finite_codes);
      const auto low = static_cast<double>(static_cast<float>(T::from_bits(low_code)));
      const auto high = static_cast<double>(
          static_cast<float>(T::from_bits(static_cast<typename T::code_type>(low_code + 1))));
      const auto near = static_cast<float>((low + fraction * (high - low)) * scale);
      const auto bits = std::bit_cast<std::uint32_t>(near) + static_cast<std::uint32_t>(random() % 3) - 1;
      x.push_back(std::bit_cast<float>(bits | static_cast<std::uint32_t>(random() % 2) << 31));
    }
  }
  return x;
}

template <class B>
void expect_equal_draws(const std::vector<float>& x, quantize_options options) {
  options.round = rounding::stochastic;
  std::vector<B> want(block_count<B>(x.size()));
  options.use = isa::scalar;
  quantize(x, want, options);
  for (const isa use : support::available_vector_isas()) {
    std::vector<B> got(want.size());
    options.use = use;
    quantize(x, got, options);
    support::count_compared(x.size());
    for (std::size_t b = 0; b < want.size(); ++b) {
      ASSERT_TRUE(want[b] == got[b]) << isa_name(use) << ", block " << b;
    }
  }
}

template <class B>
void expect_equal_draws() {
  expect_equal_draws<B>(decided_by_draws<B>(20000), {.seed = seed, .first_index = first_index});
}

TEST(KernelBlockDraws, DecideAsInTheScalarPathUnderRatios) {
  expect_equal_draws<nvfp4>();
  expect_equal_draws<block_format<fp4_e2m1, shared_scale<ue5m3, 16>>>();
  expect_equal_draws<block_format<fp4_e1m2, shared_scale<ue4m3, 32>>>();
}

TEST(KernelBlockDraws, DecideAsInTheScalarPathUnderPowersOfTwo) {
  expect_equal_draws<mxfp4>();
  expect_equal_draws<mxfp6_e2m3>();
  expect_equal_draws<mxfp8_e5m2>();
}

TEST(KernelBlockDraws, DecideAsInTheScalarPathUnderScalesOfManyBits) {
  expect_equal_draws<block_format<fp8_e4m3, shared_scale<float, 128>>>();
  expect_equal_draws<block_format<fp4_e2m1, shared_scale<bfloat16, 32>>>();
  expect_equal_draws<block_format<fp8_e5m2, shared_scale<float16, 16>>>();
  expect_equal_draws<block_format<hif8, shared_scale<float, 64>>>();
}

TEST(KernelBlockDraws, DoNotCarryBeyondTheLargest) {
  // Above the largest element under a scale that is rounded down; under seed 0 one of the draws is 2^32 - 1.
  for (std::uint64_t before = 0; before < 16; ++before) {
    expect_equal_draws<nvfp4>(std::vector<float>(64, 6.912345F), {.first_index = 6153212237 - before});
    expect_equal_draws<mxfp8_e4m3>(std::vector<float>(64, 500.1F), {.first_index = 6153212237 - before});
  }
}

/// Floats of every magnitude, with NaN and infinities, in blocks of which most can be quantized by vectors.
std::vector<float> with_unusual_blocks() {
  xorshift random;
  std::vector<float> x(20000);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const std::uint64_t kind = random() % 500;
    const std::uint64_t field = kind == 0 ? 255 : kind < 3 ? random() % 255 : 120 + random() % 12;
    x[i] = std::bit_cast<float>(static_cast<std::uint32_t>(random() & 0x807FFFFF) |
                                static_cast<std::uint32_t>(field) << 23);
  }
  return x;
}

TEST(KernelBlockDraws, LeaveUnusualBlocksToTheScalarPath) {
  const std::vector<float> x = with_unusual_blocks();
  const quantize_options options = {.seed = seed, .first_index = first_index};
  expect_equal_draws<mxfp4>(x, options);
  expect_equal_draws<nvfp4>(x, options);
  expect_equal_draws<mxfp8_e5m2>(x, options);
  expect_equal_draws<block_format<fp8_e4m3, shared_scale<float, 128>>>(x, options);
}

}  // namespace
}  // namespace kernels
