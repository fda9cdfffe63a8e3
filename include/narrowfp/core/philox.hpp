// Layer: core. Philox4x32-10, the counter-based generator of stochastic rounding: the draw of an element
// depends on seed and index alone. Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC11.
#pragma once

#include <cstdint>

namespace narrowfp::inline v0::core {

/// Four 32-bit words of output.
struct philox_block {
  std::uint32_t word[4];
};

inline constexpr std::uint32_t philox_multiplier_0 = 0xD2511F53;
inline constexpr std::uint32_t philox_multiplier_2 = 0xCD9E8D57;
inline constexpr std::uint32_t philox_key_step_0 = 0x9E3779B9;  // golden ratio
inline constexpr std::uint32_t philox_key_step_1 = 0xBB67AE85;  // sqrt(3) - 1
inline constexpr int philox_rounds = 10;

namespace {

constexpr philox_block philox4x32_10(philox_block counter, std::uint32_t key_0,
                                     std::uint32_t key_1) noexcept {
  philox_block c = counter;
  for (int round = 0; round < philox_rounds; ++round) {
    const std::uint64_t product_0 = std::uint64_t{philox_multiplier_0} * c.word[0];
    const std::uint64_t product_2 = std::uint64_t{philox_multiplier_2} * c.word[2];
    c = {{static_cast<std::uint32_t>(product_2 >> 32) ^ c.word[1] ^ key_0,
          static_cast<std::uint32_t>(product_2),
          static_cast<std::uint32_t>(product_0 >> 32) ^ c.word[3] ^ key_1,
          static_cast<std::uint32_t>(product_0)}};
    key_0 += philox_key_step_0;
    key_1 += philox_key_step_1;
  }
  return c;
}

/// The four draws of elements 4 * group .. 4 * group + 3.
constexpr philox_block draw_group(std::uint64_t seed, std::uint64_t group) noexcept {
  const philox_block counter = {
      {static_cast<std::uint32_t>(group), static_cast<std::uint32_t>(group >> 32), 0, 0}};
  return philox4x32_10(counter, static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32));
}

/// The 32 random bits of one element.
constexpr std::uint32_t draw(std::uint64_t seed, std::uint64_t index) noexcept {
  return draw_group(seed, index / 4).word[index % 4];
}

/// Draws for consecutive elements, computing each group of four once, when its first draw is asked for.
struct draw_sequence {
  std::uint64_t seed;
  std::uint64_t index;  ///< of the next draw
  bool started = false;
  philox_block group = {};
};

constexpr std::uint32_t next_draw(draw_sequence& draws) noexcept {
  if (draws.index % 4 == 0 || !draws.started) {
    draws.group = draw_group(draws.seed, draws.index / 4);
    draws.started = true;
  }
  return draws.group.word[draws.index++ % 4];
}

}  // namespace

}  // namespace narrowfp::inline v0::core
