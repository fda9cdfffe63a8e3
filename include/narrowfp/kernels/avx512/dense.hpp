// Layer: kernels/avx512. 64 codes, one a byte, to and from a dense stream.
#if !defined(NARROWFP_SET)
#include "alone.hpp"

#include "words.hpp"
#include "bytes.hpp"
#define NARROWFP_ALONE
#endif

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// 64 codes in packed places, of Bits bits each, as a dense stream.
template <int Bits>
NARROWFP_TARGET NARROWFP_INLINE __m512i squeeze_codes(__m512i codes) noexcept {
  if constexpr (Bits == 8) {
    return reordered(codes);
  } else if constexpr (Bits == 4) {
    return squeeze_4(codes);
  } else if constexpr (Bits == 6) {
    return squeeze_6(codes);
  } else {
    return squeeze_any<Bits>(reordered(codes));
  }
}

/// 12 bytes a lane, 3 bytes a dword, 12 bits a word, 6 bits a byte.
NARROWFP_TARGET NARROWFP_INLINE __m512i expand_6(__m512i dense) noexcept {
  const __m512i quarters = _mm512_maskz_permutexvar_epi32(
      0xFFFF, _mm512_setr_epi32(0, 1, 2, 2, 3, 4, 5, 5, 6, 7, 8, 8, 9, 10, 11, 11), dense);
  const __m512i fours =
      _mm512_shuffle_epi8(quarters, _mm512_set4_epi32(0x0B0B0A09, 0x08080706, 0x05050403, 0x02020100));
  const __m512i pairs = join(broadcast(0x00000FFF), fours, _mm512_slli_epi32(fours, 4));
  return join(_mm512_set1_epi16(0x003F), pairs, _mm512_slli_epi16(pairs, 2));
}

/// The codes of a dense stream of 64, one a byte, with anything above their width.
template <int Bits>
NARROWFP_TARGET NARROWFP_INLINE __m512i expand_codes(__m512i dense) noexcept {
  if constexpr (Bits == 8) {
    return dense;
  } else if constexpr (Bits == 4) {
    const __m512i words = _mm512_maskz_cvtepu8_epi16(~0U, _mm512_castsi512_si256(dense));
    return _mm512_or_si512(words, _mm512_slli_epi16(words, 4));
  } else if constexpr (Bits == 6) {
    return expand_6(dense);
  } else {
    return expand_any<Bits>(dense);
  }
}

/// n codes, one a byte, to or from a dense stream of a width that is not common.
template <int Bits>
NARROWFP_TARGET void squeeze_bytes(const std::uint8_t* codes, std::uint8_t* stream, std::size_t n) noexcept {
  for (std::size_t i = 0; i < n; i += 64) {
    const std::size_t count = n - i < 64 ? n - i : 64;
    _mm512_mask_storeu_epi8(stream + i / 8 * Bits, first_bytes((count * Bits + 7) / 8),
                            squeeze_any<Bits>(_mm512_maskz_loadu_epi8(first_bytes(count), codes + i)));
  }
}
template <int Bits>
NARROWFP_TARGET void expand_bytes(const std::uint8_t* stream, std::uint8_t* codes, std::size_t n) noexcept {
  for (std::size_t i = 0; i < n; i += 64) {
    const std::size_t count = n - i < 64 ? n - i : 64;
    const __m512i dense = _mm512_maskz_loadu_epi8(first_bytes((count * Bits + 7) / 8), stream + i / 8 * Bits);
    _mm512_mask_storeu_epi8(codes + i, first_bytes(count), expand_any<Bits>(dense));
  }
}

/// Writes the first n <= 64 codes of a dense stream.
template <int Bits, bool Stream>
NARROWFP_TARGET NARROWFP_INLINE void store_dense(std::uint8_t* out, std::size_t n, __m512i dense) noexcept {
  if (Bits == 8 && n >= 64) {
    store_whole<Stream>(out, dense);
  } else if (Bits == 4 && n >= 64) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out), _mm512_castsi512_si256(dense));
  } else if (Bits == 6 && n >= 64) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out), _mm512_castsi512_si256(dense));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out + 32), _mm512_extracti32x4_epi32(dense, 2));
  } else {
    _mm512_mask_storeu_epi8(out, first_bytes((n * Bits + 7) / 8), dense);
  }
}

template <int Bits, bool Stream>
NARROWFP_TARGET NARROWFP_INLINE void store_group(std::uint8_t* out, __m512i dense) noexcept {
  store_dense<Bits, Stream>(out, 64, dense);
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#if defined(NARROWFP_ALONE)
#include "alone_end.hpp"
#endif
