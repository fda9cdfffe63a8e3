// Layer: kernels/avx2. Stochastic rounding: the words of vector/draws.hpp and vector/moved.hpp.
#pragma once

#include "words.hpp"

#include "open.hpp"

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// Four counters a vector, one a 64-bit lane.
inline constexpr std::size_t philox_groups = 4;
struct philox_counters {
  __m256i word[4];
};

/// The high half of each 64-bit lane, in its low half.
NARROWFP_TARGET NARROWFP_INLINE __m256i high_dwords(__m256i x) noexcept {
  return _mm256_shuffle_epi32(x, 0xF5);
}

/// One round. A multiplication reads only the low half of a lane, so that new words need no masking, and a
/// product's own low half is the word that the next round takes over as is.
NARROWFP_TARGET NARROWFP_INLINE void next_round(philox_counters& c, std::uint32_t key_0,
                                                std::uint32_t key_1) noexcept {
  const __m256i product_0 = _mm256_mul_epu32(c.word[0], _mm256_set1_epi64x(core::philox_multiplier_0));
  const __m256i product_2 = _mm256_mul_epu32(c.word[2], _mm256_set1_epi64x(core::philox_multiplier_2));
  c.word[0] = _mm256_xor_si256(_mm256_xor_si256(high_dwords(product_2), c.word[1]), broadcast(key_0));
  c.word[2] = _mm256_xor_si256(_mm256_xor_si256(high_dwords(product_0), c.word[3]), broadcast(key_1));
  c.word[1] = product_2;
  c.word[3] = product_0;
}

NARROWFP_TARGET NARROWFP_INLINE void store_draws(const philox_counters& c, std::uint32_t* draws) noexcept {
  const __m256i words_01 = _mm256_blend_epi32(c.word[0], _mm256_slli_epi64(c.word[1], 32), 0xAA);
  const __m256i words_23 = _mm256_blend_epi32(c.word[2], _mm256_slli_epi64(c.word[3], 32), 0xAA);
  store_256<false>(draws, _mm256_unpacklo_epi64(words_01, words_23));
  store_256<false>(draws + 8, _mm256_unpackhi_epi64(words_01, words_23));
}

NARROWFP_TARGET NARROWFP_INLINE philox_counters counters_from(std::uint64_t group) noexcept {
  // In this order unpacking leaves the groups in theirs. Indices wrap at 2^64, groups at 2^62.
  const __m256i counter = _mm256_and_si256(
      _mm256_add_epi64(_mm256_set1_epi64x(static_cast<long long>(group)), _mm256_setr_epi64x(0, 2, 1, 3)),
      _mm256_set1_epi64x(0x3FFF'FFFF'FFFF'FFFF));
  const __m256i zero = _mm256_setzero_si256();
  return {{counter, _mm256_srli_epi64(counter, 32), zero, zero}};
}

/// The exponent field of the format's spacing at each of 8 magnitudes.
NARROWFP_TARGET NARROWFP_INLINE __m256i spacing_fields(__m256i fields, const word_rows& rows) noexcept {
  const __m256i row = _mm256_subs_epu8(fields, broadcast(rows.base));
  return _mm256_and_si256(look_up(rows.spacing, row), broadcast(0xFF));
}
NARROWFP_TARGET NARROWFP_INLINE __m256i spacing_fields(__m256i fields, const linear_grid& grid) noexcept {
  return _mm256_sub_epi32(_mm256_max_epi32(fields, broadcast(grid.low >> 23)),
                          broadcast(static_cast<std::uint32_t>(grid.fraction_bits)));
}

/// The spacings of a format, held where stores to the output cannot change them.
template <class Facts>
struct spacings_of {
  Facts facts;

  NARROWFP_TARGET NARROWFP_INLINE explicit spacings_of(const Facts& from) noexcept : facts(from) {}
  NARROWFP_TARGET NARROWFP_INLINE dwords at(dwords fields) const noexcept {
    return spacing_fields(fields, facts);
  }
};

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#include "close.hpp"
