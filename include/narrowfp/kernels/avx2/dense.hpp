// Layer: kernels/avx2. 32 codes, one a byte, to and from a dense stream, or halves of 16 that lie apart. A
// half fills 2 * Bits bytes and takes a 128-bit lane.
#pragma once

#include "words.hpp"

#include "open.hpp"

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// Operand of a byte shuffle.
struct byte_moves {
  std::uint8_t at[32];
};

/// Codes are joined until they fill whole bytes: four of an even width, eight of an odd one.
template <int Bits>
inline constexpr std::size_t joined_codes = Bits % 2 == 0 ? 4 : 8;

/// From joined codes, each group at the place of its first, to halves.
template <int Bits>
inline constexpr byte_moves moves_to_two_blocks = [] {
  constexpr std::size_t group = joined_codes<Bits>;
  byte_moves moves{};
  for (std::size_t i = 0; i < 32; ++i) {
    const bool exists = i % 16 < 2 * Bits;
    moves.at[i] = static_cast<std::uint8_t>(exists ? in_pieces(i % 16, group, group * Bits / 8) : 0x80);
  }
  return moves;
}();

/// Each half as bytes of a lane, then zeros.
template <int Bits>
NARROWFP_TARGET NARROWFP_INLINE __m256i squeeze_two_blocks(__m256i codes) noexcept {
  // Multiplications by powers of two join two codes in a word, and two of those in a dword.
  const __m256i pairs = _mm256_maddubs_epi16(broadcast_16(1 | 1 << (8 + Bits)), codes);
  __m256i joined = _mm256_madd_epi16(pairs, broadcast(1U | 1U << (16 + 2 * Bits)));
  if constexpr (joined_codes<Bits> == 8) {
    // The lower four go up to the upper four, and all of them down.
    constexpr int gap = 32 - 4 * Bits;
    const __m256i to_upper = _mm256_setr_epi32(gap, 0, gap, 0, gap, 0, gap, 0);
    joined = _mm256_srli_epi64(_mm256_sllv_epi32(joined, to_upper), gap);
  }
  return _mm256_shuffle_epi8(joined, load_256(unknown(&moves_to_two_blocks<Bits>)->at));
}

NARROWFP_TARGET NARROWFP_INLINE __m128i squeeze_nibbles(__m256i codes) noexcept {
  const __m256i pairs = _mm256_maddubs_epi16(codes, broadcast_16(0x1001));
  return _mm256_castsi256_si128(_mm256_permute4x64_epi64(_mm256_packus_epi16(pairs, pairs), 0xD8));
}

NARROWFP_TARGET NARROWFP_INLINE void store_64(void* out, __m128i v) noexcept {
  _mm_storel_epi64(static_cast<__m128i*>(out), v);
}
NARROWFP_TARGET NARROWFP_INLINE void store_dword(void* out, __m128i v) noexcept {
  const int dword = _mm_cvtsi128_si32(v);
  __builtin_memcpy(out, &dword, 4);
}

/// The first N bytes of v and no others, 4 to 16, by stores that overlap.
template <int N>
NARROWFP_TARGET NARROWFP_INLINE void store_bytes(std::uint8_t* out, __m128i v) noexcept {
  if constexpr (N == 16) {
    store_128(out, v);
  } else if constexpr (N >= 8) {
    store_64(out, v);
    if constexpr (N > 8) {
      store_64(out + N - 8, _mm_srli_si128(v, N - 8));
    }
  } else {
    store_dword(out, v);
    if constexpr (N > 4) {
      store_dword(out + N - 4, _mm_srli_si128(v, N - 4));
    }
  }
}

/// Writes the halves of 32 codes `stride` bytes apart.
template <int Bits>
NARROWFP_TARGET NARROWFP_INLINE void store_two_blocks(std::uint8_t* out, std::size_t stride,
                                                      __m256i codes) noexcept {
  if constexpr (Bits == 4) {
    const __m128i nibbles = squeeze_nibbles(codes);
    store_64(out, nibbles);
    store_64(out + stride, _mm_unpackhi_epi64(nibbles, nibbles));
  } else {
    __m256i both = codes;
    if constexpr (Bits < 8) {
      both = squeeze_two_blocks<Bits>(codes);
    }
    store_bytes<2 * Bits>(out, _mm256_castsi256_si128(both));
    store_bytes<2 * Bits>(out + stride, _mm256_extracti128_si256(both, 1));
  }
}

/// Writes 32 codes of a dense stream.
template <int Bits, bool Stream>
NARROWFP_TARGET NARROWFP_INLINE void store_32(std::uint8_t* out, __m256i codes) noexcept {
  if constexpr (Bits == 8) {
    store_256<Stream>(out, codes);
  } else if constexpr (Bits == 4) {
    store_128(out, squeeze_nibbles(codes));
  } else {
    // The second half is written over the zeros behind the first.
    const __m256i both = squeeze_two_blocks<Bits>(codes);
    store_bytes<(Bits > 4 ? 16 : 8)>(out, _mm256_castsi256_si128(both));
    store_bytes<2 * Bits>(out + 2 * Bits, _mm256_extracti128_si256(both, 1));
  }
}

template <int Bits, bool Stream>
NARROWFP_TARGET NARROWFP_INLINE void store_group(std::uint8_t* out, __m256i codes) noexcept {
  store_32<Bits, Stream>(out, codes);
}
/// The same: the codes of a quad are stored whole.
template <int Bits>
NARROWFP_TARGET NARROWFP_INLINE void store_codes(std::uint8_t* out, std::size_t, __m256i codes) noexcept {
  store_32<Bits, false>(out, codes);
}

/// Bytes that a lane is loaded with: of the first half from its begin on, of the second up to its end, so
/// that none lies outside both and what is between them.
template <int Bits>
inline constexpr std::size_t half_load = Bits < 4 ? 8 : 16;

/// Moves from lanes loaded like this to words, each with the Codes codes that begin at code `First` of a
/// pair, and factors that move these to the top of the word.
struct word_moves {
  std::uint8_t at[32];
  std::uint16_t factor[16];
};
template <int Bits, int First, int Codes>
inline constexpr word_moves moves_to_words = [] {
  word_moves moves{};
  for (std::size_t i = 0; i < 16; ++i) {
    const std::size_t bit = (i % 8 * 2 + First) * Bits;
    const std::size_t end = bit % 8 + Codes * Bits;  // within the word
    const std::size_t byte = (i < 8 ? 0 : half_load<Bits> - 2 * Bits) + bit / 8;
    moves.at[2 * i] = static_cast<std::uint8_t>(byte);
    moves.at[2 * i + 1] = static_cast<std::uint8_t>(end > 8 ? byte + 1 : 0x80);
    moves.factor[i] = static_cast<std::uint16_t>(1 << (16 - end));
  }
  return moves;
}();
template <int Bits, int First, int Codes>
NARROWFP_TARGET NARROWFP_INLINE __m256i top_of_words(__m256i halves) noexcept {
  const word_moves& moves = *unknown(&moves_to_words<Bits, First, Codes>);
  return _mm256_mullo_epi16(_mm256_shuffle_epi8(halves, load_256(moves.at)), load_256(moves.factor));
}

/// One code a byte. A word has room for any pair of codes but those of 7 bits.
template <int Bits>
NARROWFP_TARGET NARROWFP_INLINE __m256i expand_two_blocks(__m256i halves) noexcept {
  constexpr int mask = (1 << Bits) - 1;
  __m256i first;
  __m256i second;
  if constexpr (Bits < 7) {
    second = top_of_words<Bits, 0, 2>(halves);
    first = _mm256_and_si256(_mm256_srli_epi16(second, 16 - 2 * Bits), broadcast_16(mask));
  } else {
    second = top_of_words<Bits, 1, 1>(halves);
    first = _mm256_srli_epi16(top_of_words<Bits, 0, 1>(halves), 16 - Bits);
  }
  return _mm256_or_si256(first,
                         _mm256_and_si256(_mm256_srli_epi16(second, 8 - Bits), broadcast_16(mask << 8)));
}

/// The nibbles of 16 bytes, one a byte.
NARROWFP_TARGET NARROWFP_INLINE __m256i expand_nibbles(__m128i nibbles) noexcept {
  const __m256i pairs = _mm256_cvtepu8_epi16(nibbles);
  return _mm256_and_si256(_mm256_or_si256(pairs, _mm256_slli_epi16(pairs, 4)), broadcast_8(0x0F));
}

NARROWFP_TARGET NARROWFP_INLINE __m128i load_64(const void* p) noexcept {
  return _mm_loadl_epi64(static_cast<const __m128i*>(p));
}

/// 32 codes, one a byte, of which halves lie `stride` bytes apart, 2 * Bits or more.
template <int Bits>
NARROWFP_TARGET NARROWFP_INLINE __m256i load_two_blocks(const std::uint8_t* in, std::size_t stride) noexcept {
  if constexpr (Bits == 4) {
    return expand_nibbles(_mm_unpacklo_epi64(load_64(in), load_64(in + stride)));
  } else {
    const std::uint8_t* second = in + stride + 2 * Bits - half_load<Bits>;
    const __m256i halves = half_load<Bits> == 16 ? _mm256_set_m128i(load_128(second), load_128(in))
                                                 : _mm256_set_m128i(load_64(second), load_64(in));
    if constexpr (Bits == 8) {
      return halves;
    } else {
      return expand_two_blocks<Bits>(halves);
    }
  }
}

/// 32 codes of a dense stream, one a byte.
template <int Bits>
NARROWFP_TARGET NARROWFP_INLINE __m256i load_codes(const std::uint8_t* in) noexcept {
  if constexpr (Bits == 8) {
    return load_256(in);
  } else if constexpr (Bits == 4) {
    return expand_nibbles(load_128(in));
  } else {
    return load_two_blocks<Bits>(in, 2 * Bits);
  }
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#include "close.hpp"
