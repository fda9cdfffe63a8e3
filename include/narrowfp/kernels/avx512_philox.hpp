// Layer: kernels, AVX-512; avx512.hpp includes this once for each set. The draws of stochastic rounding,
// eight groups of four at a time.

#if defined(NARROWFP_SET)

namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// The high half of each 64-bit lane, in its low half; a shuffle, since shifts and multiplications compete.
NARROWFP_TARGET NARROWFP_INLINE __m512i high_halves(__m512i x) noexcept {
  return _mm512_maskz_shuffle_epi32(0xFFFF, x, _MM_PERM_DDBB);
}

/// Writes the draws of `groups` groups from `first` on; a multiple of 8 groups.
///
/// Each 64-bit lane computes one group. A multiplication reads only the low half of a lane, so that the new
/// low words need no masking, and a product's own low half is the word that the next round takes over as is.
NARROWFP_TARGET inline void fill_draws(std::uint64_t seed, std::uint64_t first, std::uint32_t* draws,
                                       std::size_t groups) noexcept {
  const __m512i multiplier_0 = _mm512_set1_epi64(core::philox_multiplier_0);
  const __m512i multiplier_2 = _mm512_set1_epi64(core::philox_multiplier_2);
  std::uint32_t keys[2 * core::philox_rounds];
  for (std::uint32_t round = 0; round < core::philox_rounds; ++round) {
    keys[2 * round] = static_cast<std::uint32_t>(seed) + round * core::philox_key_step_0;
    keys[2 * round + 1] = static_cast<std::uint32_t>(seed >> 32) + round * core::philox_key_step_1;
  }
  // Even lanes hold the first four groups, odd lanes the next: unpacking then leaves them in order.
  const __m512i offset = _mm512_setr_epi64(0, 4, 1, 5, 2, 6, 3, 7);
  for (std::size_t g = 0; g < groups; g += 8) {
    // Indices wrap at 2^64, groups at 2^62.
    const __m512i counter =
        _mm512_and_si512(_mm512_add_epi64(_mm512_set1_epi64(static_cast<long long>(first + g)), offset),
                         _mm512_set1_epi64(0x3FFF'FFFF'FFFF'FFFF));
    __m512i c0 = counter;
    __m512i c1 = _mm512_srli_epi64(counter, 32);
    __m512i c2 = _mm512_setzero_si512();
    __m512i c3 = _mm512_setzero_si512();
#pragma GCC unroll 10
    for (std::size_t round = 0; round < core::philox_rounds; ++round) {
      const __m512i product_0 = _mm512_maskz_mul_epu32(0xFF, c0, multiplier_0);
      const __m512i product_2 = _mm512_maskz_mul_epu32(0xFF, c2, multiplier_2);
      c0 = _mm512_ternarylogic_epi32(high_halves(product_2), c1, broadcast(keys[2 * round]), 0x96);  // xor
      c2 = _mm512_ternarylogic_epi32(high_halves(product_0), c3, broadcast(keys[2 * round + 1]), 0x96);
      c1 = product_2;
      c3 = product_0;
    }
    const __m512i words_01 = _mm512_mask_mov_epi32(c0, 0xAAAA, _mm512_slli_epi64(c1, 32));
    const __m512i words_23 = _mm512_mask_mov_epi32(c2, 0xAAAA, _mm512_slli_epi64(c3, 32));
    _mm512_storeu_si512(draws + 4 * g, _mm512_maskz_unpacklo_epi64(0xFF, words_01, words_23));
    _mm512_storeu_si512(draws + 4 * g + 16, _mm512_maskz_unpackhi_epi64(0xFF, words_01, words_23));
  }
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET

#endif
