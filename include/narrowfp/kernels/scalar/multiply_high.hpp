// Layer: kernels/scalar. The upper half of a 128-bit product.
#pragma once

#include <cstdint>

#include "../../detail/config.hpp"

namespace narrowfp::inline v0::kernels {

/// floor(a * b / 2^64).
NARROWFP_INLINE constexpr std::uint64_t multiply_high(std::uint64_t a, std::uint64_t b) noexcept {
#if defined(__SIZEOF_INT128__)
  __extension__ using wide = unsigned __int128;
  return static_cast<std::uint64_t>(static_cast<wide>(a) * b >> 64);
#else
  const std::uint64_t a1 = a >> 32, a0 = a & 0xFFFFFFFF, b1 = b >> 32, b0 = b & 0xFFFFFFFF;
  const std::uint64_t middle = a1 * b0 + (a0 * b0 >> 32);
  const std::uint64_t other = a0 * b1 + (middle & 0xFFFFFFFF);
  return a1 * b1 + (middle >> 32) + (other >> 32);
#endif
}
static_assert(multiply_high(~std::uint64_t{0}, ~std::uint64_t{0}) == ~std::uint64_t{0} - 1);
static_assert(multiply_high(0x123456789ABCDEF0, 0xFEDCBA9876543210) == 0x121FA00AD77D7422);

}  // namespace narrowfp::inline v0::kernels

#include "../../detail/undef.hpp"
