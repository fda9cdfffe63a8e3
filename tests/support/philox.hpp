// Philox4x32-10 written from its paper (Salmon et al., SC11), and this library's numbering of the draws.
#pragma once

#include <array>
#include <cstdint>

namespace oracle {

using philox_words = std::array<std::uint32_t, 4>;

inline philox_words philox4x32_10(philox_words counter, std::array<std::uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t p0 = std::uint64_t{0xD2511F53} * counter[0];
    const std::uint64_t p1 = std::uint64_t{0xCD9E8D57} * counter[2];
    counter = {static_cast<std::uint32_t>(p1 >> 32) ^ counter[1] ^ key[0], static_cast<std::uint32_t>(p1),
               static_cast<std::uint32_t>(p0 >> 32) ^ counter[3] ^ key[1], static_cast<std::uint32_t>(p0)};
    key[0] += 0x9E3779B9;
    key[1] += 0xBB67AE85;
  }
  return counter;
}

/// The 32 random bits of element `index` (modulo 2^64) under `seed`.
inline std::uint32_t draw(std::uint64_t seed, std::uint64_t index) {
  const std::uint64_t block = index / 4;
  const philox_words counter{static_cast<std::uint32_t>(block), static_cast<std::uint32_t>(block >> 32), 0,
                             0};
  return philox4x32_10(counter,
                       {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)})[index % 4];
}

}  // namespace oracle
