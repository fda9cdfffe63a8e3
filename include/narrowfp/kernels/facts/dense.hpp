// Layer: kernels/facts. Moves between a dense stream of codes of 2 to 7 bits and 64-bit groups, in which
// eight codes fill the lower bytes: by bytes over a whole vector, or by words over the vector and bytes
// within 128-bit lanes.
#pragma once

#include <cstddef>
#include <cstdint>

#include "../target.hpp"

namespace narrowfp::inline v0::kernels {

/// Indices of permutations, as many as a vector has bytes or words.
struct dense_moves {
  std::uint8_t to_stream[64];
  std::uint8_t to_groups[64];
  std::uint8_t to_stream_in_lane[64];
  std::uint8_t to_groups_in_lane[64];
  std::uint16_t words_to_stream[32];
  std::uint16_t words_to_groups[32];
};

namespace {

/// Where byte (or word) `at` of the stream is found among pieces of `size`, of which the first `used` count.
constexpr std::size_t in_pieces(std::size_t at, std::size_t size, std::size_t used) noexcept {
  return at / used * size + at % used;
}

/// The way back; what lies behind the used ones does not matter.
constexpr std::size_t in_stream(std::size_t at, std::size_t size, std::size_t used) noexcept {
  return at % size < used ? at / size * used + at % size : 0;
}

template <int Bits>
inline constexpr dense_moves dense_moves_of = [] {
  constexpr std::size_t bits = Bits;  // bytes of a group, and words of the two groups of a lane
  dense_moves m{};
  for (std::size_t i = 0; i < 64; ++i) {
    m.to_groups[i] = static_cast<std::uint8_t>(in_stream(i, 8, bits));
    m.to_groups_in_lane[i] = static_cast<std::uint8_t>(in_stream(i % 16, 8, bits));
  }
  for (std::size_t i = 0; i < 8 * bits; ++i) {
    m.to_stream[i] = static_cast<std::uint8_t>(in_pieces(i, 8, bits));
  }
  for (std::size_t i = 0; i < 64; ++i) {
    m.to_stream_in_lane[i] = static_cast<std::uint8_t>(i % 16 < 2 * bits ? in_pieces(i % 16, 8, bits) : 0x80);
  }
  for (std::size_t i = 0; i < 32; ++i) {
    m.words_to_groups[i] = static_cast<std::uint16_t>(in_stream(i, 8, bits));
  }
  for (std::size_t i = 0; i < 4 * bits; ++i) {
    m.words_to_stream[i] = static_cast<std::uint16_t>(in_pieces(i, 8, bits));
  }
  return m;
}();

}  // namespace

}  // namespace narrowfp::inline v0::kernels

#include "../target_end.hpp"
