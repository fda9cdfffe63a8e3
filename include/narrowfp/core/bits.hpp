// Layer: core. Bit operations as compiler builtins, so that a unit compiled with other
// instruction-set flags shares no out-of-line std:: function with this one.
#pragma once

// In device code nvcc makes a trap, without a word, of each use of a static constexpr object by reference and
// of each call through a constexpr function pointer, and both abound here.
#if defined(__CUDACC_RELAXED_CONSTEXPR__)
#error "narrowfp: device code is not supported yet: compile without --expt-relaxed-constexpr"
#endif

#include <cstdint>

#include "../detail/config.hpp"

namespace narrowfp::inline v0::core {

template <class To, class From>
NARROWFP_INLINE constexpr To bit_cast(const From& from) noexcept {
  return __builtin_bit_cast(To, from);
}

/// Number of bits up to and including the leading one; 0 for 0.
NARROWFP_INLINE constexpr int bit_width(std::uint64_t x) noexcept {
  return x == 0 ? 0 : 64 - __builtin_clzll(x);
}

/// The low `n` bits set, 0 <= n <= 64.
NARROWFP_INLINE constexpr std::uint64_t low_mask(int n) noexcept {
  return n == 0 ? 0 : ~std::uint64_t{0} >> (64 - n);
}

NARROWFP_INLINE constexpr int larger(int a, int b) noexcept { return a > b ? a : b; }
NARROWFP_INLINE constexpr int smaller(int a, int b) noexcept { return a < b ? a : b; }

/// The smallest unsigned integer type of at least `Width` bits.
template <int Width>
constexpr auto code_type_for() {
  if constexpr (Width <= 8) {
    return std::uint8_t{};
  } else if constexpr (Width <= 16) {
    return std::uint16_t{};
  } else if constexpr (Width <= 32) {
    return std::uint32_t{};
  } else {
    return std::uint64_t{};
  }
}
template <int Width>
using code_type_t = decltype(code_type_for<Width>());

}  // namespace narrowfp::inline v0::core

#include "../detail/undef.hpp"
