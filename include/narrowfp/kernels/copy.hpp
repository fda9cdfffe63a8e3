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

// Words of the sets that have no masked loads and stores; those of other sets hide these.

/// Copies n < Count elements to a buffer, and completes it with zeros.
template <std::size_t Count, class T>
NARROWFP_INLINE void load_some(T* buffer, const T* in, std::size_t n) noexcept {
  __builtin_memset(static_cast<void*>(buffer), 0, Count * sizeof(T));
  copy_few<Count * sizeof(T) / 2>(reinterpret_cast<char*>(buffer), reinterpret_cast<const char*>(in),
                                  n * sizeof(T));
}
/// Copies the first n < Count elements of a buffer.
template <std::size_t Count, class T>
NARROWFP_INLINE void store_some(T* out, const T* buffer, std::size_t n) noexcept {
  copy_few<Count * sizeof(T) / 2>(reinterpret_cast<char*>(out), reinterpret_cast<const char*>(buffer),
                                  n * sizeof(T));
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels

#include "target_end.hpp"
