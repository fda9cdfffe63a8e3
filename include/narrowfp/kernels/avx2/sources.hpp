// Layer: kernels/avx2. Where 32 elements come from, as floats or as the leading words of floats, and how
// their codes get into order.
#pragma once

#include "encode_words.hpp"
#include "words.hpp"

#include "open.hpp"

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

NARROWFP_TARGET NARROWFP_INLINE pair halves_to_floats(__m256i x) noexcept {
  return {_mm256_castps_si256(_mm256_cvtph_ps(_mm256_castsi256_si128(x))),
          _mm256_castps_si256(_mm256_cvtph_ps(_mm256_extracti128_si256(x, 1)))};
}

NARROWFP_TARGET NARROWFP_INLINE pair load_16(const float* in) noexcept {
  return {load_256(in), load_256(in + 8)};
}
/// Exact; denormal numbers are converted whatever MXCSR says. A signaling NaN would raise a flag there.
NARROWFP_TARGET NARROWFP_INLINE pair load_16(const narrow_float<formats::float16>* in) noexcept {
  const __m256i x = load_256(in);
  const __m256i magnitude = _mm256_and_si256(x, broadcast_16(0x7FFF));
  const __m256i is_nan = _mm256_cmpgt_epi16(magnitude, broadcast_16(0x7C00));
  return halves_to_floats(_mm256_or_si256(x, _mm256_and_si256(is_nan, broadcast_16(0x0200))));
}
/// Unpacked without a change of lanes; see quad_in_order.
NARROWFP_TARGET NARROWFP_INLINE pair load_16(const narrow_float<formats::bfloat16>* in) noexcept {
  const __m256i x = load_256(in);
  const __m256i zero = _mm256_setzero_si256();
  return {_mm256_unpacklo_epi16(zero, x), _mm256_unpackhi_epi16(zero, x)};
}
template <class S>
NARROWFP_TARGET NARROWFP_INLINE quad load_unordered(const S* in) noexcept {
  const pair first = load_16(in);
  const pair second = load_16(in + 16);
  return {first.a, first.b, second.a, second.b};
}
/// 32 elements in order.
template <class S>
NARROWFP_TARGET NARROWFP_INLINE quad load_elements(const S* in, std::size_t = quad_elements) noexcept {
  const quad x = load_unordered(in);
  if constexpr (std::same_as<S, narrow_float<formats::bfloat16>>) {
    return {_mm256_permute2x128_si256(x.a, x.b, 0x20), _mm256_permute2x128_si256(x.a, x.b, 0x31),
            _mm256_permute2x128_si256(x.c, x.d, 0x20), _mm256_permute2x128_si256(x.c, x.d, 0x31)};
  } else {
    return x;
  }
}

/// From the order of pack instructions on a, b, c, d.
template <class S>
NARROWFP_TARGET NARROWFP_INLINE __m256i quad_in_order(const S*, __m256i codes) noexcept {
  return _mm256_permutevar8x32_epi32(codes, std::same_as<S, narrow_float<formats::bfloat16>>
                                                ? _mm256_setr_epi32(0, 1, 4, 5, 2, 3, 6, 7)
                                                : _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7));
}

template <class S>
NARROWFP_TARGET NARROWFP_INLINE words_32 load_words(const S* in) noexcept {
  const quad x = load_unordered(in);
  return {fold(x.a, x.b), fold(x.c, x.d)};
}
NARROWFP_TARGET NARROWFP_INLINE words_32 load_words(const narrow_float<formats::bfloat16>* in) noexcept {
  return {load_256(in), load_256(in + 16)};
}
/// From the order of pack instructions on folded words: a0 b0 a1 b1 ... c0 d0 ... in each lane.
NARROWFP_TARGET NARROWFP_INLINE __m256i unfold(__m256i codes) noexcept {
  const __m128i regroup = _mm_setr_epi8(0, 2, 4, 6, 1, 3, 5, 7, 8, 10, 12, 14, 9, 11, 13, 15);
  const __m256i in_lane = _mm256_shuffle_epi8(codes, _mm256_broadcastsi128_si256(regroup));
  return _mm256_permutevar8x32_epi32(in_lane, _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7));
}
template <class S>
NARROWFP_TARGET NARROWFP_INLINE __m256i words_in_order(const S*, __m256i codes) noexcept {
  if constexpr (std::same_as<S, narrow_float<formats::bfloat16>>) {
    return _mm256_permute4x64_epi64(codes, 0xD8);
  } else {
    return unfold(codes);
  }
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#include "close.hpp"
