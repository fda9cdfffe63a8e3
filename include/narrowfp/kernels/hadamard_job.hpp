// Layer: kernels. What a Hadamard transform is asked to do, once its options have been checked.
#pragma once

#include <cstddef>
#include <cstdint>

#include "../core/bits.hpp"
#include "../core/philox.hpp"

namespace narrowfp::inline v0::kernels {

struct hadamard_job {
  std::size_t
      block;    ///< a power of two from 2 to largest_hadamard_block, which divides the number of elements
  bool random;  ///< whether signs are changed, first or, in the inverse, last
  bool inverse;
  std::uint64_t seed;
};

inline constexpr std::size_t largest_hadamard_block = 32768;

// Internal linkage throughout: see docs/architecture.md, "Units with different flags".
namespace {

/// The float nearest to block^(-1/2), as a bit pattern.
constexpr std::uint32_t hadamard_factor(std::size_t block) noexcept {
  const int log2 = core::bit_width(block) - 1;
  constexpr std::uint32_t fraction_of_root_2 = 0x3504F3;
  const auto field = static_cast<std::uint32_t>(127 - (log2 + 1) / 2);
  return field << 23 | (log2 % 2 != 0 ? fraction_of_root_2 : 0);
}

/// Which elements of a block are negated: element j where bit j mod 32 of word j / 32, which is draw j / 32,
/// is set. Words for n elements.
constexpr void fill_sign_bits(std::uint64_t seed, std::uint32_t* words, std::size_t n) noexcept {
  core::draw_sequence draws{seed, 0};
  for (std::size_t i = 0; i < n; i += 32) {
    words[i / 32] = core::next_draw(draws);
  }
}

/// The sign bit of a float, set where element j is negated.
constexpr std::uint32_t sign_of(const std::uint32_t* words, std::size_t j) noexcept {
  return words[j / 32] >> j % 32 << 31;
}

}  // namespace

}  // namespace narrowfp::inline v0::kernels
