// Blocks of every character, made without an oracle, and the random numbers that tests of kernels take.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace kernels {

/// A generator whose numbers are the same everywhere.
class xorshift {
 public:
  std::uint64_t operator()() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return state_;
  }

 private:
  std::uint64_t state_ = 0x9E3779B97F4A7C15;
};

/// What a block can be made of: each run of `block` elements has a character of its own.
inline std::vector<float> adversarial(std::size_t block, std::size_t blocks, unsigned seed) {
  xorshift random;
  for (unsigned i = 0; i < seed; ++i) {
    random();
  }
  std::vector<float> x(block * blocks);
  for (std::size_t b = 0; b < blocks; ++b) {
    const auto kind = random() % 16;
    const auto field = static_cast<std::uint32_t>(random() % 256);
    for (std::size_t i = 0; i < block; ++i) {
      auto bits = static_cast<std::uint32_t>(random() >> 32);
      const auto near = static_cast<std::uint32_t>(field + random() % 5);
      const std::uint32_t scaled = (bits & 0x807FFFFF) | std::min(near, 254U) << 23;
      switch (kind) {
        case 0:  // anything at all
          break;
        case 1:  // zeros of both signs
          bits &= 0x80000000;
          break;
        case 2:  // denormal numbers
          bits &= 0x807FFFFF;
          break;
        case 3:  // one outlier
          bits = i == field % block ? scaled : (bits & 0x80FFFFFF) | 0x20000000;
          break;
        case 4:  // an infinity or a NaN
          bits = i == field % block ? (bits & 0x80000001) | 0x7F800000 : scaled;
          break;
        case 5:  // largest floats
          bits = (bits & 0x80000003) | 0x7F7FFFFC;
          break;
        case 6:
        case 7:  // few significant bits: ties
          bits = scaled & 0xFFE00000;
          break;
        case 8:
        case 9:  // ties and their neighbours
          bits = (scaled & 0xFFF00000) + static_cast<std::uint32_t>(random() % 3) - 1;
          break;
        case 10:  // the lowest binades
          bits = (bits & 0x807FFFFF) | static_cast<std::uint32_t>(random() % 14) << 23;
          break;
        default:
          bits = scaled;
      }
      x[b * block + i] = std::bit_cast<float>(bits);
    }
  }
  return x;
}

}  // namespace kernels
