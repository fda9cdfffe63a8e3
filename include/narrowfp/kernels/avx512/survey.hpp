// Layer: kernels/avx512. What the quantizers of all block formats share: the largest magnitudes of 16 blocks
// at a time, and codes on their way to blocks.
#if !defined(NARROWFP_SET)
#include "alone.hpp"

#include "words.hpp"
#include "bytes.hpp"
#include "dense.hpp"
#include "encode_magic.hpp"
#define NARROWFP_ALONE
#endif

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// Blocks whose scales are chosen together: no element waits for a scale, and 16 scales cost what one does.
constexpr std::size_t run_blocks = 16;

/// In each 128-bit lane the largest dword of that lane of a, b, c and d.
NARROWFP_TARGET NARROWFP_INLINE __m512i largest_in_lanes(__m512i a, __m512i b, __m512i c,
                                                         __m512i d) noexcept {
  const __m512i ab =
      _mm512_max_epu32(_mm512_maskz_unpacklo_epi32(0xFFFF, a, b), _mm512_maskz_unpackhi_epi32(0xFFFF, a, b));
  const __m512i cd =
      _mm512_max_epu32(_mm512_maskz_unpacklo_epi32(0xFFFF, c, d), _mm512_maskz_unpackhi_epi32(0xFFFF, c, d));
  return _mm512_max_epu32(_mm512_maskz_unpacklo_epi64(0xFF, ab, cd),
                          _mm512_maskz_unpackhi_epi64(0xFF, ab, cd));
}

/// The larger of the lanes 0 and 2, 1 and 3 of a, then of b.
NARROWFP_TARGET NARROWFP_INLINE __m512i fold_quarters(__m512i a, __m512i b) noexcept {
  return _mm512_max_epu32(_mm512_maskz_shuffle_i32x4(0xFFFF, a, b, 0x44),
                          _mm512_maskz_shuffle_i32x4(0xFFFF, a, b, 0xEE));
}

/// What is known and chosen for the blocks of a run before their elements are encoded.
struct block_run {
  alignas(64) std::uint32_t largest[run_blocks][16];  ///< numbers of which the largest is the block's
  alignas(64) std::uint32_t code[run_blocks];         ///< of the scales
  alignas(64) float factor[run_blocks];               ///< elements are multiplied by this,
  alignas(64) float lacking[run_blocks];              ///< or by this as well, which it lacks of 1 / scale
  alignas(64) float scale[run_blocks];                ///< where elements ask for it
  __mmask16 zero;                                     ///< scales of value 0, under which all codes are 0
  __mmask16 unusual;                                  ///< blocks that are left to the scalar path

  NARROWFP_TARGET NARROWFP_INLINE __m512i at(std::size_t block) const noexcept {
    return _mm512_load_si512(largest[block]);
  }
};

/// The largest magnitudes of the blocks of a run.
NARROWFP_TARGET NARROWFP_INLINE __m512i largest_of(const block_run& run) noexcept {
  const __m512i ab = fold_quarters(largest_in_lanes(run.at(0), run.at(1), run.at(2), run.at(3)),
                                   largest_in_lanes(run.at(4), run.at(5), run.at(6), run.at(7)));
  const __m512i cd = fold_quarters(largest_in_lanes(run.at(8), run.at(9), run.at(10), run.at(11)),
                                   largest_in_lanes(run.at(12), run.at(13), run.at(14), run.at(15)));
  return _mm512_max_epu32(_mm512_maskz_shuffle_i32x4(0xFFFF, ab, cd, 0x88),
                          _mm512_maskz_shuffle_i32x4(0xFFFF, ab, cd, 0xDD));
}

NARROWFP_TARGET NARROWFP_INLINE quad magnitudes(const quad& x) noexcept {
  const __m512i mask = broadcast(0x7FFFFFFF);
  return {_mm512_and_si512(x.a, mask), _mm512_and_si512(x.b, mask), _mm512_and_si512(x.c, mask),
          _mm512_and_si512(x.d, mask)};
}

/// The blocks of a run before the first one that `unusual` marks.
NARROWFP_INLINE std::size_t blocks_before(__mmask16 unusual) noexcept {
  return static_cast<std::size_t>(__builtin_ctz(static_cast<unsigned>(unusual) | 1U << run_blocks));
}

NARROWFP_TARGET NARROWFP_INLINE void store_8(std::byte* out, __m128i v) noexcept {
  _mm_storel_epi64(reinterpret_cast<__m128i*>(out), v);
}
NARROWFP_TARGET NARROWFP_INLINE void store_16(std::byte* out, __m128i v) noexcept {
  _mm_storeu_si128(reinterpret_cast<__m128i*>(out), v);
}

/// Writes 64 codes in packed places, dense, to consecutive blocks.
template <int Bits, std::size_t Elements>
NARROWFP_TARGET NARROWFP_INLINE void store_blocks(std::byte* out, std::size_t stride,
                                                  __m512i codes) noexcept {
  const __m512i dense = squeeze_codes<Bits>(codes);
  const __m256i low = _mm512_castsi512_si256(dense);
  constexpr std::size_t bytes = Elements * Bits / 8;
  constexpr std::size_t common = is_common_width(Bits) ? bytes : 0;
  if constexpr (common == 32) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out), low);
    if constexpr (Bits == 8) {
      const __m256i high = _mm512_maskz_extracti64x4_epi64(0xFF, dense, 1);
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + stride), high);
    }
  } else if constexpr (common == 24) {
    const __m512i second =
        _mm512_maskz_permutexvar_epi64(0xFF, _mm512_setr_epi64(3, 4, 5, 0, 0, 0, 0, 0), dense);
    store_16(out, _mm256_castsi256_si128(low));
    store_8(out + 16, _mm256_extracti128_si256(low, 1));
    store_16(out + stride, _mm512_castsi512_si128(second));
    store_8(out + stride + 16, _mm256_extracti128_si256(_mm512_castsi512_si256(second), 1));
  } else if constexpr (common == 16) {
    store_16(out, _mm256_castsi256_si128(low));
    store_16(out + stride, _mm256_extracti128_si256(low, 1));
    if constexpr (Bits == 8) {
      const __m256i high = _mm512_maskz_extracti64x4_epi64(0xFF, dense, 1);
      store_16(out + 2 * stride, _mm256_castsi256_si128(high));
      store_16(out + 3 * stride, _mm256_extracti128_si256(high, 1));
    }
  } else if constexpr (common == 8) {
    const __m128i first = _mm256_castsi256_si128(low);
    const __m128i third = _mm256_extracti128_si256(low, 1);
    store_8(out, first);
    store_8(out + stride, _mm_unpackhi_epi64(first, first));
    store_8(out + 2 * stride, third);
    store_8(out + 3 * stride, _mm_unpackhi_epi64(third, third));
  } else {
    alignas(64) std::byte all[64];
    _mm512_store_si512(all, dense);
    for (std::size_t b = 0; b < 64 / Elements; ++b) {
      __builtin_memcpy(out + b * stride, all + b * bytes, bytes);
    }
  }
}

/// Writes the last 64 codes, of which n < 64 exist, to the blocks that exist.
template <int Bits, std::size_t Elements>
NARROWFP_TARGET NARROWFP_INLINE void store_last_blocks(std::byte* out, std::size_t stride, __m512i codes,
                                                       std::size_t n) noexcept {
  constexpr std::size_t bytes = Elements * Bits / 8;
  alignas(64) std::byte all[64];
  _mm512_store_si512(all, squeeze_codes<Bits>(codes));
  for (std::size_t b = 0; b * Elements < n; ++b) {
    __builtin_memcpy(out + b * stride, all + b * bytes, bytes);
  }
}

/// The rank of 16 numbers in the element's range, none of them NaN, in low bytes.
template <unsigned Flags>
NARROWFP_TARGET NARROWFP_INLINE __m512i rank_scaled(__m512i x, const std::uint32_t* random,
                                                    const encode_constants& c) noexcept {
  __m512i m = smaller_magnitude(x, c.high);
  if constexpr ((Flags & flag_ties_away) != 0) {
    m = _mm512_or_si512(m, broadcast(1));
  }
  return round_magnitudes<Flags>(m, random, c);
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#if defined(NARROWFP_ALONE)
#include "alone_end.hpp"
#endif
