// Layer: kernels/avx512. 16-bit lanes, and bytes made of them: the words of vector/leading_bytes.hpp.
#if !defined(NARROWFP_SET)
#include "alone.hpp"

#if defined(NARROWFP_SET)
#include "words.hpp"
#endif
#define NARROWFP_ALONE
#endif

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

NARROWFP_TARGET NARROWFP_INLINE half_vector added_words(half_vector a, half_vector b) noexcept {
  return _mm512_add_epi16(a, b);
}
template <int N>
NARROWFP_TARGET NARROWFP_INLINE half_vector words_shifted_right(half_vector x) noexcept {
  return _mm512_srli_epi16(x, N);
}
/// Whether any lane of x or y is above the limit.
NARROWFP_TARGET NARROWFP_INLINE bool any_word_above(half_vector x, half_vector y,
                                                    std::uint32_t limit) noexcept {
  return _mm512_cmpgt_epu16_mask(_mm512_max_epu16(x, y), broadcast_16(limit)) != 0;
}
/// `yes` where x is above the limit, else `no`.
NARROWFP_TARGET NARROWFP_INLINE half_vector where_word_above(half_vector x, std::uint32_t limit,
                                                             half_vector yes, half_vector no) noexcept {
  return _mm512_mask_mov_epi16(no, _mm512_cmpgt_epu16_mask(x, broadcast_16(limit)), yes);
}

/// Words below 256 as bytes, in the order of a pack instruction, and back.
NARROWFP_TARGET NARROWFP_INLINE half_vector bytes_of_words(half_vector x, half_vector y) noexcept {
  return _mm512_packus_epi16(x, y);
}
NARROWFP_TARGET NARROWFP_INLINE half_vector words_of_low_bytes(half_vector bytes) noexcept {
  return _mm512_unpacklo_epi8(bytes, _mm512_setzero_si512());
}
NARROWFP_TARGET NARROWFP_INLINE half_vector words_of_high_bytes(half_vector bytes) noexcept {
  return _mm512_unpackhi_epi8(bytes, _mm512_setzero_si512());
}
/// Bytes with the signs of words, in that order.
NARROWFP_TARGET NARROWFP_INLINE half_vector leading_signs(half_vector x, half_vector y) noexcept {
  return _mm512_packs_epi16(x, y);  // saturates, which keeps the sign
}
NARROWFP_TARGET NARROWFP_INLINE half_vector smaller_bytes(half_vector bytes, std::uint8_t limit) noexcept {
  return _mm512_min_epu8(bytes, broadcast_8(limit));
}
/// From that order.
NARROWFP_TARGET NARROWFP_INLINE half_vector bytes_in_order(half_vector bytes) noexcept {
  return _mm512_maskz_permutexvar_epi64(0xFF, _mm512_setr_epi64(0, 2, 4, 6, 1, 3, 5, 7), bytes);
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#if defined(NARROWFP_ALONE)
#include "alone_end.hpp"
#endif
