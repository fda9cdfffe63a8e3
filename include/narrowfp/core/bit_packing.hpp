// Layer: core. Codes narrower than a byte in a dense little-endian bit stream: element i lies at bits
// i * width and up, so that 4-bit element 0 is the low nibble.
#pragma once

#include <cstddef>
#include <cstdint>

#include "bits.hpp"

#include "../detail/config.hpp"

namespace narrowfp::inline v0::core {

/// Bytes that n codes of the given width fill, the last one padded. n * width must not overflow.
NARROWFP_INLINE constexpr std::size_t dense_size_bytes(std::size_t n, int width) noexcept {
  const auto w = static_cast<std::size_t>(width);
  return n / 8 * w + (n % 8 * w + 7) / 8;
}

/// Reads the code of element `index`.
template <int Width, class Byte>
NARROWFP_INLINE constexpr std::uint32_t load_dense(const Byte* bytes, std::size_t index) noexcept {
  static_assert(Width <= 16);
  const std::size_t first_bit = index * Width;
  const int offset = static_cast<int>(first_bit % 8);
  const Byte* p = bytes + first_bit / 8;
  auto value = static_cast<std::uint32_t>(p[0]);
  for (int have = 8, i = 1; have < offset + Width; have += 8, ++i) {
    value |= static_cast<std::uint32_t>(p[i]) << have;
  }
  return value >> offset & static_cast<std::uint32_t>(low_mask(Width));
}

/// Writes the code of element `index` and keeps its neighbours.
template <int Width, class Byte>
NARROWFP_INLINE constexpr void store_dense(Byte* bytes, std::size_t index, std::uint32_t code) noexcept {
  static_assert(Width <= 16);
  const std::size_t first_bit = index * Width;
  const int offset = static_cast<int>(first_bit % 8);
  Byte* p = bytes + first_bit / 8;
  const auto mask = static_cast<std::uint32_t>(low_mask(Width) << offset);
  const std::uint32_t bits = code << offset & mask;
  for (int at = 0; at < offset + Width; at += 8, ++p) {
    const std::uint32_t keep = static_cast<std::uint32_t>(*p) & ~(mask >> at);
    *p = static_cast<Byte>((keep | bits >> at) & 0xFF);
  }
}

/// Packs n codes from the start of a byte on; pad bits of the last byte are 0.
template <int Width, class Code, class Byte>
NARROWFP_INLINE constexpr void pack_dense(const Code* codes, Byte* bytes, std::size_t n) noexcept {
  std::uint64_t pending = 0;
  int bits = 0;
  for (std::size_t i = 0; i < n; ++i) {
    pending |= (codes[i] & low_mask(Width)) << bits;
    bits += Width;
    while (bits >= 8) {
      *bytes++ = static_cast<Byte>(pending & 0xFF);
      pending >>= 8;
      bits -= 8;
    }
  }
  if (bits > 0) {
    *bytes = static_cast<Byte>(pending & 0xFF);
  }
}

/// Unpacks n codes that begin at the start of a byte; reads no byte beyond the last one.
template <int Width, class Byte, class Code>
NARROWFP_INLINE constexpr void unpack_dense(const Byte* bytes, Code* codes, std::size_t n) noexcept {
  std::uint64_t pending = 0;
  int bits = 0;
  for (std::size_t i = 0; i < n; ++i) {
    while (bits < Width) {
      pending |= static_cast<std::uint64_t>(*bytes++) << bits;
      bits += 8;
    }
    codes[i] = static_cast<Code>(pending & low_mask(Width));
    pending >>= Width;
    bits -= Width;
  }
}

}  // namespace narrowfp::inline v0::core

#include "../detail/undef.hpp"
