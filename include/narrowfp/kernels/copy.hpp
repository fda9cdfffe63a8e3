// Layer: kernels. Copies of a few bytes, for the last elements of an array: by two moves that overlap, where
// a call of memcpy would cost as much as the conversion.
#pragma once

#include <cstddef>

#include "target.hpp"

namespace narrowfp::inline v0::kernels {
namespace {

/// Copies n bytes, Size to 2 * Size of them: the first Size and the last.
template <std::size_t Size>
NARROWFP_INLINE void copy_ends(char* to, const char* from, std::size_t n) noexcept {
  constexpr std::size_t step = Size < 16 ? Size : 16;
  for (std::size_t at = 0; at < Size; at += step) {
    __builtin_memcpy(to + at, from + at, step);
    __builtin_memcpy(to + n - Size + at, from + n - Size + at, step);
  }
}

/// Copies n bytes, 2 * Size or fewer.
template <std::size_t Size>
NARROWFP_INLINE void copy_few(char* to, const char* from, std::size_t n) noexcept {
  if constexpr (Size == 1) {
    if (n != 0) {
      copy_ends<1>(to, from, n);
    }
  } else if (n >= Size) {
    copy_ends<Size>(to, from, n);
  } else {
    copy_few<Size / 2>(to, from, n);
  }
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels

#include "target_end.hpp"
