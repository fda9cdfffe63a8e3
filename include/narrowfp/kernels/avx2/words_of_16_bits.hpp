// Layer: kernels/avx2. 16-bit lanes, and bytes made of them: the words of vector/leading_bytes.hpp.
#pragma once

#include "words.hpp"

#include "open.hpp"

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

NARROWFP_TARGET NARROWFP_INLINE half_vector added_words(half_vector a, half_vector b) noexcept {
  return _mm256_add_epi16(a, b);
}
template <int N>
NARROWFP_TARGET NARROWFP_INLINE half_vector words_shifted_right(half_vector x) noexcept {
  return _mm256_srli_epi16(x, N);
}
/// Whether any lane of x or y, below 2^15, is above the limit.
NARROWFP_TARGET NARROWFP_INLINE bool any_word_above(half_vector x, half_vector y, int limit) noexcept {
  const half_vector above = _mm256_cmpgt_epi16(_mm256_max_epi16(x, y), broadcast_16(limit));
  return _mm256_testz_si256(above, above) == 0;
}
/// `yes` where x, below 2^15, is above the limit, else `no`.
NARROWFP_TARGET NARROWFP_INLINE half_vector where_word_above(half_vector x, int limit, half_vector yes,
                                                             half_vector no) noexcept {
  return chosen(no, yes, _mm256_cmpgt_epi16(x, broadcast_16(limit)));
}

/// Words below 256 as bytes, in the order of a pack instruction, and back.
NARROWFP_TARGET NARROWFP_INLINE half_vector bytes_of_words(half_vector x, half_vector y) noexcept {
  return _mm256_packus_epi16(x, y);
}
NARROWFP_TARGET NARROWFP_INLINE half_vector words_of_low_bytes(half_vector bytes) noexcept {
  return _mm256_unpacklo_epi8(bytes, _mm256_setzero_si256());
}
NARROWFP_TARGET NARROWFP_INLINE half_vector words_of_high_bytes(half_vector bytes) noexcept {
  return _mm256_unpackhi_epi8(bytes, _mm256_setzero_si256());
}
/// Bytes with the signs of words, in that order.
NARROWFP_TARGET NARROWFP_INLINE half_vector leading_signs(half_vector x, half_vector y) noexcept {
  return _mm256_packs_epi16(x, y);  // saturates, which keeps the sign
}
NARROWFP_TARGET NARROWFP_INLINE half_vector smaller_bytes(half_vector bytes, int limit) noexcept {
  return _mm256_min_epu8(bytes, broadcast_8(limit));
}
/// From that order.
NARROWFP_TARGET NARROWFP_INLINE half_vector bytes_in_order(half_vector bytes) noexcept {
  return _mm256_permute4x64_epi64(bytes, 0xD8);
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#include "close.hpp"
