// Arithmetic of the example: loops that compilers vectorise, and results that no machine changes.
//
// Floats are added in a fixed order, the exponential is computed here rather than by libm, and the target
// is compiled without contraction to fused multiply-add: the same text gives the same model everywhere.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

namespace demo {

/// out (columns x rows) = in (rows x columns) transposed.
inline void transpose(std::span<const float> in, std::span<float> out, std::size_t rows,
                      std::size_t columns) {
  constexpr std::size_t tile = 16;
  for (std::size_t r0 = 0; r0 < rows; r0 += tile) {
    const std::size_t r1 = r0 + tile < rows ? r0 + tile : rows;
    for (std::size_t c = 0; c < columns; ++c) {
      for (std::size_t r = r0; r < r1; ++r) {
        out[c * rows + r] = in[r * columns + c];
      }
    }
  }
}

/// e^x for x <= 0, within 2 ulp; 0 below -87. Cody and Waite's reduction, then Taylor to degree 7.
inline float exp_nonpositive(float x) {
  const float clamped = x < -87.0F ? -87.0F : x;
  const auto n = static_cast<std::int32_t>(clamped * 1.44269504F - 0.5F);  // the nearest integer to x / ln 2
  const auto nf = static_cast<float>(n);
  const float r = (clamped - nf * 0.693359375F) + nf * 2.12194440e-4F;
  float p = 1.0F / 5040;
  p = p * r + 1.0F / 720;
  p = p * r + 1.0F / 120;
  p = p * r + 1.0F / 24;
  p = p * r + 1.0F / 6;
  p = p * r + 0.5F;
  p = p * r + 1.0F;
  p = p * r + 1.0F;
  const float result = std::bit_cast<float>(std::bit_cast<std::int32_t>(p) + n * (1 << 23));
  return x < -87.0F ? 0.0F : result;
}

/// SplitMix64 (Steele, Lea and Flood 2014): one multiply-xorshift chain over a counter.
class random_source {
 public:
  explicit random_source(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15U;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9U;
    z = (z ^ z >> 27) * 0x94d049bb133111ebU;
    return z ^ z >> 31;
  }
  /// An index below `count`; the bias of the modulus is below 2^-40 for any text.
  std::size_t below(std::size_t count) { return static_cast<std::size_t>(next() % count); }
  /// Uniform in [-1, 1), 24 bits.
  float symmetric() { return static_cast<float>(next() >> 40) * 0x1p-23F - 1.0F; }

 private:
  std::uint64_t state_;
};

}  // namespace demo
