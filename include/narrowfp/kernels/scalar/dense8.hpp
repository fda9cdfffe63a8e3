// Layer: kernels/scalar. Eight dense codes at a time: they fill exactly `Width` bytes.
#pragma once

#include <cstddef>
#include <cstdint>

#include "../../core/bit_packing.hpp"
#include "../../core/bits.hpp"

#include "../../detail/config.hpp"

// Internal linkage throughout: see docs/architecture.md, "Units with different flags".
namespace narrowfp::inline v0::kernels::scalar {
namespace {

// Byte is std::byte or std::uint8_t.

/// `Width` bytes of a little-endian number; four at a time, which compilers read as one word.
template <int Width, class Byte>
NARROWFP_INLINE constexpr std::uint64_t load_little(const Byte* p) noexcept {
  std::uint64_t word = 0;
  int at = 0;
  if constexpr (Width >= 4) {
    word = static_cast<std::uint32_t>(p[0]) | static_cast<std::uint32_t>(p[1]) << 8 |
           static_cast<std::uint32_t>(p[2]) << 16 | static_cast<std::uint32_t>(p[3]) << 24;
    at = 4;
  }
  for (; at < Width; ++at) {
    word |= static_cast<std::uint64_t>(p[at]) << 8 * at;
  }
  return word;
}

/// Packs n codes, whose bits above the width are 0, from the start of a byte on.
template <int Width, std::size_t N, class Code, class Byte>
NARROWFP_INLINE constexpr void pack_codes(const Code* codes, Byte* bytes) noexcept {
  if constexpr (Width == 8) {
    for (std::size_t i = 0; i < N; ++i) {
      bytes[i] = static_cast<Byte>(codes[i]);
    }
  } else if constexpr (Width == 4 && N % 2 == 0) {
    for (std::size_t i = 0; i < N / 2; ++i) {
      bytes[i] = static_cast<Byte>(codes[2 * i] | codes[2 * i + 1] << 4);
    }
  } else if constexpr (Width < 8 && N % 8 == 0) {
    for (std::size_t i = 0; i < N; i += 8, bytes += Width) {
      std::uint64_t word = 0;
      for (int j = 0; j < 8; ++j) {
        word |= std::uint64_t{codes[i + static_cast<std::size_t>(j)]} << Width * j;
      }
      for (int byte = 0; byte < Width; ++byte) {
        bytes[byte] = static_cast<Byte>(word >> 8 * byte & 0xFF);
      }
    }
  } else {
    core::pack_dense<Width>(codes, bytes, N);
  }
}

/// Unpacks N codes that begin at the start of a byte.
template <int Width, std::size_t N, class Byte, class Code>
NARROWFP_INLINE constexpr void unpack_codes(const Byte* bytes, Code* codes) noexcept {
  if constexpr (Width == 8) {
    for (std::size_t i = 0; i < N; ++i) {
      codes[i] = static_cast<Code>(bytes[i]);
    }
  } else if constexpr (Width == 4 && N % 2 == 0) {
    for (std::size_t i = 0; i < N / 2; ++i) {
      codes[2 * i] = static_cast<Code>(static_cast<unsigned>(bytes[i]) & 15U);
      codes[2 * i + 1] = static_cast<Code>(static_cast<unsigned>(bytes[i]) >> 4);
    }
  } else if constexpr (Width < 8 && N % 8 == 0) {
    for (std::size_t i = 0; i < N; i += 8, bytes += Width) {
      const std::uint64_t word = load_little<Width>(bytes);
      for (int j = 0; j < 8; ++j) {
        codes[i + static_cast<std::size_t>(j)] = static_cast<Code>(word >> Width * j & core::low_mask(Width));
      }
    }
  } else {
    core::unpack_dense<Width>(bytes, codes, N);
  }
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::scalar

#include "../../detail/undef.hpp"
