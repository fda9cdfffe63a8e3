// Every instruction set gives the bytes of the scalar path: block sizes, lengths, addresses, environments.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include <narrowfp/narrowfp.hpp>

#include "inputs.hpp"
#include "kernels/control_register.hpp"
#include "kernels/fenced_memory.hpp"
#include "support/instruction_sets.hpp"

namespace hadamard_test {
namespace {

using narrowfp::isa;

template <class S>
class HadamardKernels : public testing::Test {};
using element_types = testing::Types<float, narrowfp::bfloat16, narrowfp::float16>;
TYPED_TEST_SUITE(HadamardKernels, element_types);

/// Whole blocks of few elements, so that the last group of a kernel is filled in every way.
std::vector<std::size_t> lengths_of(std::size_t block) {
  std::vector<std::size_t> lengths = {0, block, 3 * block};
  for (std::size_t n = 2 * block; n <= 320; n += block) {
    lengths.push_back(n);
  }
  if (block > 4096) {
    lengths.resize(2);
  }
  return lengths;
}

TYPED_TEST(HadamardKernels, GiveTheBytesOfTheScalarPath) {
  for (std::size_t block = smallest_block; block <= largest_block; block *= 2) {
    for (const kind k : kinds) {
      for (const std::size_t n : lengths_of(block)) {
        const auto x = inputs<TypeParam>(k, n, 31 * n + static_cast<std::size_t>(k));
        for (const transform& t : transforms_of(block)) {
          const auto want = result_of<TypeParam>(x, t, isa::scalar);
          for (const isa use : support::available_vector_isas()) {
            ASSERT_EQ(result_of<TypeParam>(x, t, use), want)
                << n << " elements, " << name(t) << ", kind " << static_cast<int>(k) << " by "
                << narrowfp::isa_name(use);
          }
        }
      }
    }
  }
}

// Every payload and sign of NaN at each place of a group.
TYPED_TEST(HadamardKernels, OneSpecialAnywhere) {
  constexpr std::size_t n = 256;
  const auto numbers = inputs<TypeParam>(kind::moderate, n, 7);
  const auto specials = inputs<TypeParam>(kind::any_bits, n, 8);
  constexpr auto infinity =
      static_cast<bits_t<TypeParam>>(std::is_same_v<TypeParam, narrowfp::float16> ? 0x7C00
                                     : sizeof(TypeParam) == 2                     ? 0x7F80
                                                                                  : 0x7F800000);
  for (const std::size_t block : {2U, 8U, 16U, 64U, 256U}) {
    const transform t = {block, true, false, 1};
    for (std::size_t i = 0; i < n; ++i) {
      auto x = numbers;
      x[i] = static_cast<bits_t<TypeParam>>(specials[i] | infinity);
      const auto want = result_of<TypeParam>(x, t, isa::scalar);
      for (const isa use : support::available_vector_isas()) {
        ASSERT_EQ(result_of<TypeParam>(x, t, use), want) << name(t) << ", special at " << i;
      }
    }
  }
}

TYPED_TEST(HadamardKernels, InPlace) {
  for (std::size_t block = smallest_block; block <= largest_block; block *= 2) {
    const std::size_t n = block < 512 ? 3 * block + 96 / block * block : block;
    const auto x = inputs<TypeParam>(kind::few_specials, n, block);
    for (const transform& t : transforms_of(block)) {
      for (const isa use : support::available_isas()) {
        std::vector<TypeParam> y = elements<TypeParam>(x);
        call<TypeParam>(y, y, t, use);
        ASSERT_EQ(patterns<TypeParam>(y), result_of<TypeParam>(x, t, isa::scalar)) << name(t);
      }
    }
  }
}

TYPED_TEST(HadamardKernels, KeepGuardElementsAtEveryAddress) {
  constexpr std::size_t margin = 64;
  constexpr auto guard = static_cast<bits_t<TypeParam>>(0xC3C3C3C3);
  for (const std::size_t block : {2U, 4U, 16U, 32U, 128U, 512U}) {
    for (std::size_t offset = 0; offset < 16; ++offset) {
      const std::size_t n = (200 / block + offset) * block;
      const auto x = inputs<TypeParam>(kind::wide, n + offset, offset);
      const std::vector<TypeParam> in = elements<TypeParam>(x);
      const transform t = {block, true, offset % 2 != 0, offset};
      const std::span<const TypeParam> source = std::span(in).subspan(offset);
      std::vector<TypeParam> want(n);
      call<TypeParam>(source, want, t, isa::scalar);
      for (const isa use : support::available_vector_isas()) {
        std::vector<TypeParam> out = elements<TypeParam>(std::vector(n + 2 * margin, guard));
        const std::size_t at = margin - offset % 13;
        call<TypeParam>(source, std::span(out).subspan(at, n), t, use);
        const auto got = patterns<TypeParam>(out);
        const auto first = got.begin() + static_cast<std::ptrdiff_t>(at);
        const auto last = first + static_cast<std::ptrdiff_t>(n);
        const auto wanted = patterns<TypeParam>(want);
        ASSERT_TRUE(std::equal(first, last, wanted.begin())) << name(t) << ", offset " << offset;
        ASSERT_EQ(std::count(got.begin(), first, guard), first - got.begin());
        ASSERT_EQ(std::count(last, got.end(), guard), got.end() - last);
      }
    }
  }
}

TYPED_TEST(HadamardKernels, EndAndBeginAtAProtectedPage) {
  constexpr std::size_t longest = 4096;
  const kernels::fenced_memory source(longest * sizeof(TypeParam));
  const kernels::fenced_memory target(longest * sizeof(TypeParam));
  for (std::size_t block = smallest_block; block <= longest; block *= 2) {
    for (std::size_t n = block; n <= std::max<std::size_t>(block, 200); n += block) {
      for (const bool at_end : {true, false}) {
        const std::size_t size = n * sizeof(TypeParam);
        auto* in = reinterpret_cast<TypeParam*>(at_end ? source.end() - size : source.begin());
        auto* out = reinterpret_cast<TypeParam*>(at_end ? target.end() - size : target.begin());
        for (const isa use : support::available_isas()) {
          if (use != isa::scalar || n == block) {
            call<TypeParam>(std::span<const TypeParam>(in, n), std::span<TypeParam>(out, n),
                            {block, true, false, 1}, use);
          }
        }
      }
    }
  }
}

#if defined(KERNELS_CONTROL_REGISTER)

TYPED_TEST(HadamardKernels, NeitherUseNorChangeTheEnvironment) {
  for (const std::size_t block : {2U, 16U, 64U, 128U, 512U, 2048U}) {
    for (const kind k : kinds) {
      const std::size_t n = 2 * block + 30 / block * block;
      const auto x = inputs<TypeParam>(k, n, block);
      for (const transform& t : transforms_of(block)) {
        const auto want = result_of<TypeParam>(x, t, isa::scalar);
        for (const isa use : support::available_isas()) {
          if (use == isa::scalar && block > 64) {
            continue;
          }
          const std::vector<TypeParam> in = elements<TypeParam>(x);
          std::vector<TypeParam> out(n);
          for (const std::uint64_t value : kernels::control_values()) {
            std::uint64_t before = 0;
            std::uint64_t after = 0;
            {
              const kernels::control_register set(value);
              before = kernels::read_control();
              call<TypeParam>(in, out, t, use);
              after = kernels::read_control();
            }
            ASSERT_EQ(after, before) << "flags or modes changed";
            ASSERT_EQ(patterns<TypeParam>(out), want) << "control " << value << ", " << name(t);
          }
        }
      }
    }
  }
}

#endif

}  // namespace
}  // namespace hadamard_test
