// Layer: kernels/avx2. Floats to codes of 8 bits or fewer, 32 at a time, in 16-bit lanes; see word_rows and
// docs/kernels/words.md.
#pragma once

#include "words.hpp"

#include "open.hpp"

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// The leading 16 bits of 32 floats, the last bit set if any bit below is.
struct words_32 {
  __m256i first, second;
};

/// Words a0 b0 a1 b1 ... of two vectors of floats.
NARROWFP_TARGET NARROWFP_INLINE __m256i fold(__m256i a, __m256i b) noexcept {
  const __m256i high = _mm256_blend_epi16(_mm256_srli_epi32(a, 16), b, 0xAA);
  const __m256i low = _mm256_blend_epi16(a, _mm256_slli_epi32(b, 16), 0xAA);
  return _mm256_or_si256(high, _mm256_min_epu16(low, broadcast_16(1)));
}

/// Magnitudes with NaN, infinity and the format's range folded in. Signs that do not count are removed from
/// x; is_nan gets all ones where NaN was.
template <unsigned Flags>
NARROWFP_TARGET NARROWFP_INLINE __m256i clamp(__m256i& x, __m256i& is_nan, const word_rows& rows) noexcept {
  const __m256i infinity = broadcast_16(0x7F80);
  if constexpr ((Flags & flag_unsigned) != 0) {
    // Negative numbers but -0, and -infinity; not NaN.
    const __m256i negative = _mm256_and_si256(_mm256_cmpgt_epi16(x, broadcast_16(-0x8000)),
                                              _mm256_cmpgt_epi16(broadcast_16(-0x7F), x));
    x = chosen(x, broadcast_16(rows.negative_bits), negative);
  }
  const __m256i magnitude = _mm256_and_si256(x, broadcast_16(0x7FFF));
  __m256i m = _mm256_min_epu16(magnitude, broadcast_16(rows.high));
  if constexpr ((Flags & (flag_nan_apart | flag_nan_positive | flag_nan_last)) != 0) {
    is_nan = _mm256_cmpgt_epi16(magnitude, infinity);
  }
  // The bits of infinity and NaN are above `high`.
  if constexpr ((Flags & flag_inf_apart) != 0) {
    const __m256i is_infinity = _mm256_cmpeq_epi16(magnitude, infinity);
    m = _mm256_max_epi16(m, _mm256_and_si256(is_infinity, broadcast_16(rows.inf_bits)));
  }
  if constexpr ((Flags & flag_nan_apart) != 0) {
    m = _mm256_max_epi16(m, _mm256_and_si256(is_nan, broadcast_16(rows.nan_bits)));
  }
  if constexpr ((Flags & flag_nan_positive) != 0) {
    x = _mm256_andnot_si256(is_nan, x);
  }
  return m;
}

/// The counts of spacings, rounded to nearest even.
NARROWFP_TARGET NARROWFP_INLINE __m256i round_words(__m256i m, __m256i factor) noexcept {
  const __m256i significand = _mm256_or_si256(_mm256_and_si256(m, broadcast_16(0x7F)), broadcast_16(0x80));
  const __m256i count = _mm256_mullo_epi16(significand, factor);
  const __m256i odd = _mm256_and_si256(_mm256_srli_epi16(count, 8), broadcast_16(1));
  return _mm256_srli_epi16(_mm256_add_epi16(_mm256_add_epi16(count, broadcast_16(0x7F)), odd), 8);
}

/// The exponents of clamped magnitudes, as rows of word_rows.
NARROWFP_TARGET NARROWFP_INLINE __m256i rows_of(const words_32& m, const word_rows& rows) noexcept {
  const __m256i fields = _mm256_packus_epi16(_mm256_srli_epi16(m.first, 7), _mm256_srli_epi16(m.second, 7));
  return _mm256_subs_epu8(fields, broadcast_8(rows.base));
}

/// The codes of clamped magnitudes, rounded to nearest even.
template <unsigned Flags>
NARROWFP_TARGET NARROWFP_INLINE __m256i encode_magnitudes(const words_32& m, const word_rows& rows) noexcept {
  const __m256i zero = _mm256_setzero_si256();
  const __m256i row = rows_of(m, rows);
  const __m256i factor = look_up(rows.factor, row);
  const __m256i counts = _mm256_packus_epi16(round_words(m.first, _mm256_unpacklo_epi8(factor, zero)),
                                             round_words(m.second, _mm256_unpackhi_epi8(factor, zero)));
  const __m256i codes = _mm256_add_epi8(counts, look_up(rows.offset, row));
  return (Flags & flag_mapped) != 0 ? look_up(rows.codes, codes) : codes;
}

/// Fractions times numbers of codes, which are in high bytes, rounded.
template <unsigned Flags>
NARROWFP_TARGET NARROWFP_INLINE __m256i count_codes(__m256i m, __m256i codes) noexcept {
  const __m256i fraction = _mm256_and_si256(m, broadcast_16(0x7F));
  return (Flags & flag_toward_zero) != 0 ? _mm256_mulhi_epu16(fraction, codes)
                                         : _mm256_mulhrs_epi16(fraction, codes);
}

/// The codes of clamped magnitudes in other modes; see tapered_encoder.
template <unsigned Flags>
NARROWFP_TARGET NARROWFP_INLINE __m256i encode_tapered(const words_32& m, const word_rows& rows) noexcept {
  const __m256i zero = _mm256_setzero_si256();
  __m256i row = rows_of(m, rows);
  const __m256i factor = look_up(rows.factor, row);
  __m256i counts = _mm256_packus_epi16(count_codes<Flags>(m.first, _mm256_unpacklo_epi8(zero, factor)),
                                       count_codes<Flags>(m.second, _mm256_unpackhi_epi8(zero, factor)));
  if constexpr ((Flags & flag_toward_zero) == 0) {
    const __m256i carries = _mm256_cmpeq_epi8(counts, factor);
    row = _mm256_sub_epi8(row, carries);
    counts = _mm256_andnot_si256(carries, counts);
  }
  return _mm256_add_epi8(counts, look_up(rows.offset, row));
}

/// Codes with the signs of x.
template <unsigned Flags>
NARROWFP_TARGET NARROWFP_INLINE __m256i with_signs(__m256i codes, const words_32& x,
                                                   const word_rows& rows) noexcept {
  if constexpr ((Flags & flag_unsigned) == 0) {
    __m256i signs = _mm256_packs_epi16(x.first, x.second);  // saturates, which keeps the sign
    if constexpr ((Flags & flag_narrow) != 0) {
      signs = _mm256_srl_epi16(signs, _mm_cvtsi32_si128(8 - rows.width));
    }
    signs = _mm256_and_si256(signs, broadcast_8(1 << (rows.width - 1)));
    if constexpr ((Flags & flag_unsigned_zero) != 0) {
      signs = _mm256_andnot_si256(_mm256_cmpeq_epi8(codes, _mm256_setzero_si256()), signs);
    }
    codes = _mm256_or_si256(codes, signs);
  }
  return codes;
}

/// 32 codes, one a byte, in the order of pack instructions on x.first and x.second.
template <unsigned Flags>
NARROWFP_TARGET NARROWFP_INLINE __m256i encode_32(words_32 x, const word_rows& rows) noexcept {
  __m256i first_nan = _mm256_setzero_si256();
  __m256i second_nan = first_nan;
  const words_32 m = {clamp<Flags>(x.first, first_nan, rows), clamp<Flags>(x.second, second_nan, rows)};
  __m256i codes =
      (Flags & flag_tapered) != 0 ? encode_tapered<Flags>(m, rows) : encode_magnitudes<Flags>(m, rows);
  codes = with_signs<Flags>(codes, x, rows);
  if constexpr ((Flags & flag_nan_last) != 0) {
    codes = chosen(codes, broadcast_8(rows.nan_code), _mm256_packs_epi16(first_nan, second_nan));
  }
  return codes;
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#include "close.hpp"
