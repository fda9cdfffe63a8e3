// Layer: kernels/generic. The vocabulary of the set, as far as its work needs it: vectors of the compiler's
// extension, of 128 bits, and integers alone.
#pragma once

#include "../vector/includes.hpp"

#include "open.hpp"

namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

using dwords = std::uint32_t __attribute__((vector_size(16)));
/// The words of 8 elements, and words that may be negative.
using half_vector = std::uint16_t __attribute__((vector_size(16)));
using signed_words = std::int16_t __attribute__((vector_size(16)));
using bytes = std::uint8_t __attribute__((vector_size(16)));
using qwords = std::uint64_t __attribute__((vector_size(16)));

/// The words of a quad: lane by lane those of its third, first, fourth and second vector of dwords, as
/// word_pair leaves them, so that codes need only be interleaved to be in order.
struct quad_words {
  half_vector first, second;
};
inline constexpr std::size_t quad_elements = 16;
/// Elements whose codes are encoded together.
inline constexpr std::size_t code_group = 16;

/// Stores never go past the caches.
inline constexpr std::size_t streaming_size = ~std::size_t{0};
NARROWFP_INLINE std::size_t elements_to_line(const void*, std::size_t) noexcept { return 1; }
NARROWFP_INLINE void finish_streaming() noexcept {}

// Functions, as nvcc's front end refuses such casts in templates.
NARROWFP_INLINE half_vector as_words(signed_words x) noexcept { return reinterpret_cast<half_vector>(x); }
NARROWFP_INLINE signed_words as_signed(half_vector x) noexcept { return reinterpret_cast<signed_words>(x); }

NARROWFP_INLINE half_vector broadcast_word(std::uint16_t x) noexcept { return half_vector{} + x; }
NARROWFP_INLINE signed_words larger(signed_words a, signed_words b) noexcept { return a > b ? a : b; }
NARROWFP_INLINE signed_words smaller(signed_words a, signed_words b) noexcept { return a < b ? a : b; }
NARROWFP_INLINE signed_words magnitude(half_vector x) noexcept {
  return reinterpret_cast<signed_words>(x & broadcast_word(0x7FFF));
}

/// The largest of eight words.
NARROWFP_INLINE std::uint32_t largest_lane(signed_words x) noexcept {
  const auto q = reinterpret_cast<qwords>(x);
  x = larger(x, reinterpret_cast<signed_words>(__builtin_shufflevector(q, q, 1, 0)));
  const auto d = reinterpret_cast<dwords>(x);
  x = larger(x, reinterpret_cast<signed_words>(__builtin_shufflevector(d, d, 1, 0, 3, 2)));
  const std::uint32_t two = reinterpret_cast<dwords>(x)[0];
  return two >> 16 > (two & 0xFFFF) ? two >> 16 : two & 0xFFFF;
}

NARROWFP_INLINE signed_words load_signed_words(const std::int16_t* in) noexcept {
  signed_words x;
  __builtin_memcpy(&x, in, sizeof x);
  return x;
}
NARROWFP_INLINE dwords load_dwords(const float* in) noexcept {
  dwords x;
  __builtin_memcpy(&x, in, sizeof x);
  return x;
}

// Lanes lie in memory in the order of their numbers, and the bytes of a lane in that of the machine. So a
// dword that holds elements of four vectors, a code a byte, holds them in the order of memory if the vectors
// are taken in that order or the reverse.
inline constexpr bool is_big_endian = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;

/// The last bit of the upper half is set if any bit below is: that half is then the float's word.
NARROWFP_INLINE dwords to_odd(dwords x) noexcept {
  const dwords low = dwords{} + 0xFFFF;
  return x | ((x & low) + low);
}
/// The words of two vectors, those of the first in the upper halves of dwords.
NARROWFP_INLINE half_vector word_pair(dwords upper, dwords lower) noexcept {
  const dwords high = dwords{} + 0xFFFF0000;
  return reinterpret_cast<half_vector>((to_odd(upper) & high) | (to_odd(lower) >> 16));
}

NARROWFP_INLINE quad_words load_words(const float* in) noexcept {
  const dwords a = load_dwords(in);
  const dwords b = load_dwords(in + 4);
  const dwords c = load_dwords(in + 8);
  const dwords d = load_dwords(in + 12);
  if constexpr (is_big_endian) {
    return {word_pair(b, d), word_pair(a, c)};
  } else {
    return {word_pair(c, a), word_pair(d, b)};
  }
}

/// The bytes of the halves in turn: rows of four bytes become columns in two such steps. Halves are exchanged
/// as qwords, since g++ 12 would make one shuffle of both steps, which SSE2 does not have.
NARROWFP_INLINE bytes interleaved(bytes x) noexcept {
  const auto as_halves = reinterpret_cast<qwords>(x);
  const auto exchanged = reinterpret_cast<bytes>(__builtin_shufflevector(as_halves, as_halves, 1, 0));
  return __builtin_shufflevector(x, exchanged, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}
/// The codes of a quad in order, from the lower bytes of its words.
NARROWFP_INLINE bytes codes_in_order(const quad_words& codes) noexcept {
  return interleaved(interleaved(reinterpret_cast<bytes>(codes.first | (codes.second << 8))));
}

/// The lower bytes of words, whose upper ones are 0, then zeros.
NARROWFP_INLINE bytes low_bytes(half_vector words) noexcept {
  const auto x = reinterpret_cast<bytes>(words);
  if constexpr (is_big_endian) {
    return __builtin_shufflevector(x, bytes{}, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
  } else {
    return __builtin_shufflevector(x, bytes{}, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
  }
}

/// Writes the codes of a quad, of 8 or 4 bits.
template <int Bits>
NARROWFP_INLINE void store_codes(std::uint8_t* out, std::size_t, bytes codes) noexcept {
  if constexpr (Bits == 8) {
    __builtin_memcpy(out, &codes, sizeof codes);
  } else {
    static_assert(Bits == 4);
    const auto pairs = reinterpret_cast<half_vector>(codes);  // of codes, the first one in the first byte
    const half_vector joined = is_big_endian ? pairs >> 8 | pairs << 4 : pairs | pairs >> 4;
    const bytes dense = low_bytes(joined & broadcast_word(0xFF));
    __builtin_memcpy(out, &dense, sizeof dense / 2);
  }
}
template <int Bits, bool Stream>
NARROWFP_INLINE void store_group(std::uint8_t* out, bytes codes) noexcept {
  store_codes<Bits>(out, quad_elements, codes);
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET

#include "close.hpp"
