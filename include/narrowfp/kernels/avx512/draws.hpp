// Layer: kernels/avx512. The draws of stochastic rounding, sixteen groups of four at a time.
#if !defined(NARROWFP_SET)
#include "alone.hpp"

#include "words.hpp"
#define NARROWFP_ALONE
#endif

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// The counters of eight groups, one in each 64-bit lane, each word in a low half. A multiplication reads
/// only that, so that new words need no masking, and a product's own low half is the word that the next round
/// takes over as is.
inline constexpr std::size_t philox_groups = 8;
struct philox_counters {
  __m512i word[4];
};

/// The high half of each 64-bit lane, in its low half; a shuffle, since shifts and multiplications compete.
NARROWFP_TARGET NARROWFP_INLINE __m512i high_dwords(__m512i x) noexcept {
  return _mm512_maskz_shuffle_epi32(0xFFFF, x, _MM_PERM_DDBB);
}

NARROWFP_TARGET NARROWFP_INLINE void next_round(philox_counters& c, std::uint32_t key_0,
                                                std::uint32_t key_1) noexcept {
  const __m512i product_0 =
      _mm512_maskz_mul_epu32(0xFF, c.word[0], _mm512_set1_epi64(core::philox_multiplier_0));
  const __m512i product_2 =
      _mm512_maskz_mul_epu32(0xFF, c.word[2], _mm512_set1_epi64(core::philox_multiplier_2));
  c = {{_mm512_ternarylogic_epi32(high_dwords(product_2), c.word[1], broadcast(key_0), 0x96),  // exclusive or
        product_2, _mm512_ternarylogic_epi32(high_dwords(product_0), c.word[3], broadcast(key_1), 0x96),
        product_0}};
}

/// The counters of eight groups from `group` on. Even lanes hold the first four, odd lanes the next:
/// unpacking then leaves them in order. Indices wrap at 2^64, groups at 2^62.
NARROWFP_TARGET NARROWFP_INLINE philox_counters counters_from(std::uint64_t group) noexcept {
  const __m512i counter = _mm512_and_si512(_mm512_add_epi64(_mm512_set1_epi64(static_cast<long long>(group)),
                                                            _mm512_setr_epi64(0, 4, 1, 5, 2, 6, 3, 7)),
                                           _mm512_set1_epi64(0x3FFF'FFFF'FFFF'FFFF));
  const __m512i zero = _mm512_setzero_si512();
  return {{counter, _mm512_srli_epi64(counter, 32), zero, zero}};
}

NARROWFP_TARGET NARROWFP_INLINE void store_draws(const philox_counters& c, std::uint32_t* out) noexcept {
  const __m512i words_01 = _mm512_mask_mov_epi32(c.word[0], 0xAAAA, _mm512_slli_epi64(c.word[1], 32));
  const __m512i words_23 = _mm512_mask_mov_epi32(c.word[2], 0xAAAA, _mm512_slli_epi64(c.word[3], 32));
  _mm512_storeu_si512(out, _mm512_maskz_unpacklo_epi64(0xFF, words_01, words_23));
  _mm512_storeu_si512(out + 16, _mm512_maskz_unpackhi_epi64(0xFF, words_01, words_23));
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#if defined(NARROWFP_ALONE)
#include "alone_end.hpp"
#endif
