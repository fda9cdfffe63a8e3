// Layer: kernels/scalar. The one-bit levels of a block, from float patterns: a group whose largest pattern
// reaches its level's threshold sets its bit, and its elements lose a binade.
#pragma once

#include <cstddef>
#include <cstdint>

#include "../../block/block_format.hpp"

#include "../../detail/config.hpp"

// Internal linkage throughout: see docs/architecture.md, "Units with different flags".
namespace narrowfp::inline v0::kernels::scalar {
namespace {

inline constexpr std::int32_t one_binade = 1 << 23;  // in a float pattern

template <block_type B, std::size_t Level>
inline constexpr std::size_t groups_of = B::elements / B::layout::group_elements[Level];

/// The largest pattern of every group of one level and, below it, of all lower ones.
template <block_type B, std::size_t Level>
struct group_maxima {
  std::int32_t largest[groups_of<B, Level>];
  group_maxima<B, Level + 1> lower;
};
template <block_type B, std::size_t Level>
requires(Level == B::levels) struct group_maxima<B, Level> {
};

template <block_type B, std::size_t Level>
NARROWFP_INLINE constexpr void find_maxima(const std::int32_t* pattern,
                                           group_maxima<B, Level>& maxima) noexcept {
  const std::int32_t* from = pattern;
  std::size_t step = B::layout::group_elements[Level];
  if constexpr (Level + 1 < B::levels) {
    find_maxima<B, Level + 1>(pattern, maxima.lower);
    from = maxima.lower.largest;
    step /= B::layout::group_elements[Level + 1];
  }
  for (std::size_t group = 0; group < groups_of<B, Level>; ++group) {
    std::int32_t largest = 0;
    for (std::size_t i = 0; i < step; ++i) {
      largest = from[group * step + i] > largest ? from[group * step + i] : largest;
    }
    maxima.largest[group] = largest;
  }
}

/// Sets the bits of one level and of all lower ones. `above[i / above_elements]` is what element i has lost
/// so far; the lowest level takes its loss from the patterns.
template <block_type B, std::size_t Level, std::size_t AboveElements>
NARROWFP_INLINE constexpr void set_bits(std::int32_t* pattern, const std::int32_t* above,
                                        const group_maxima<B, Level>& maxima, const std::int32_t* threshold,
                                        B& block) noexcept {
  constexpr std::size_t group_elements = B::layout::group_elements[Level];
  constexpr std::size_t groups = groups_of<B, Level>;
  std::int32_t lost[groups];
  std::uint8_t* bytes = block.bytes.data() + B::layout::offset[Level];
  for (std::size_t first = 0; first < groups; first += 8) {
    std::uint32_t bits = 0;
    for (std::size_t i = first; i < first + 8 && i < groups; ++i) {
      const std::int32_t so_far = above[i * group_elements / AboveElements];
      const bool set = maxima.largest[i] - so_far >= threshold[Level];
      bits |= (set ? 1U : 0U) << (i - first);
      lost[i] = so_far + (set ? one_binade : 0);
    }
    bytes[first / 8] = static_cast<std::uint8_t>(bits);
  }
  if constexpr (Level + 1 < B::levels) {
    set_bits<B, Level + 1, group_elements>(pattern, lost, maxima.lower, threshold, block);
  } else {
    for (std::size_t i = 0; i < groups; ++i) {
      for (std::size_t j = 0; j < group_elements; ++j) {
        pattern[i * group_elements + j] -= lost[i];
      }
    }
  }
}

/// Chooses and writes all bits of a block. Patterns lose a binade for each bit above them and may become
/// negative.
template <block_type B>
NARROWFP_INLINE constexpr void choose_pattern_bits(std::int32_t* pattern, const std::int32_t* threshold,
                                                   B& block) noexcept {
  if constexpr (B::levels > 1) {
    group_maxima<B, 1> maxima;
    find_maxima<B, 1>(pattern, maxima);
    const std::int32_t none[1] = {0};
    set_bits<B, 1, B::elements>(pattern, none, maxima, threshold, block);
  }
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::scalar

#include "../../detail/undef.hpp"
