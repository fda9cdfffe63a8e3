// Arrays of blocks of which a part is read, one that begins and ends inside a block.
#pragma once

#include <cstddef>
#include <cstdio>
#include <type_traits>

#include "../detail/error.hpp"
#include "../detail/ranges.hpp"

namespace narrowfp::inline v0::detail {

/// Floats that can be written.
template <class R>
concept float_target = (ordinary_range<R> && std::is_same_v<element_of<R>, float>);

// Internal linkage: see docs/architecture.md, "Units with different flags".
namespace {

/// Blocks that n elements from element `first` of a block on lie in.
constexpr std::size_t blocks_of_part(std::size_t first, std::size_t n, std::size_t block) noexcept {
  const std::size_t in_first = block - first;
  return n == 0 ? 0 : n <= in_first ? 1 : 2 + (n - in_first - 1) / block;
}

inline void require_first(const char* function, std::size_t first, std::size_t block) {
  if (first >= block) {
    char problem[128];
    std::snprintf(problem, sizeof problem, "is %zu, but must lie in the first block, of %zu elements", first,
                  block);
    fail(function, "first", problem);
  }
}

}  // namespace

}  // namespace narrowfp::inline v0::detail
