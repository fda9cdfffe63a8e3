// Layer: kernels, AVX-512; avx512.hpp includes this once for each set. Floats to blocks, 64 elements at a
// time. It stops at a group of blocks that holds something unusual, and before the last elements if they fill
// no group. docs/kernels.md shows why one division decides exactly.

#if defined(NARROWFP_SET)

namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// x / divisor, rounded once; a finite x whose quotient overflows counts as the largest float.
NARROWFP_TARGET inline void divide_floats(const float* in, float* out, std::size_t n,
                                          float divisor) noexcept {
  const __m512i infinity = broadcast(0x7F800000);
  for (std::size_t i = 0; i < n; i += 16) {
    const auto which = static_cast<__mmask16>(first_bits(n - i));
    const __m512i x = _mm512_maskz_loadu_epi32(which, in + i);
    const __m512i quotient = _mm512_castps_si512(_mm512_maskz_div_round_ps(
        0xFFFF, _mm512_castsi512_ps(x), _mm512_castsi512_ps(broadcast_float(divisor)),
        _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC));
    const __m512i mask = broadcast(0x7FFFFFFF);
    const __mmask16 overflowed =
        _mm512_mask_cmplt_epu32_mask(_mm512_cmpeq_epi32_mask(_mm512_and_si512(quotient, mask), infinity),
                                     _mm512_and_si512(x, mask), infinity);
    _mm512_mask_storeu_epi32(out + i, which,
                             _mm512_mask_sub_epi32(quotient, overflowed, quotient, broadcast(1)));
  }
}

NARROWFP_TARGET NARROWFP_INLINE quad magnitudes(const quad& x) noexcept {
  const __m512i mask = broadcast(0x7FFFFFFF);
  return {_mm512_and_si512(x.a, mask), _mm512_and_si512(x.b, mask), _mm512_and_si512(x.c, mask),
          _mm512_and_si512(x.d, mask)};
}

/// The larger of each dword and those at its place in the other 128-bit lanes.
NARROWFP_TARGET NARROWFP_INLINE __m512i largest_of_lanes(__m512i m) noexcept {
  m = _mm512_max_epu32(m, _mm512_maskz_shuffle_i32x4(0xFFFF, m, m, 0x4E));
  return _mm512_max_epu32(m, _mm512_maskz_shuffle_i32x4(0xFFFF, m, m, 0xB1));
}

/// The largest magnitudes of blocks of 32: in each 128-bit lane twice the first block's, twice the second's.
NARROWFP_TARGET NARROWFP_INLINE __m512i largest_of_two(const quad& m) noexcept {
  const __m512i first = _mm512_max_epu32(m.a, m.b);
  const __m512i second = _mm512_max_epu32(m.c, m.d);
  __m512i both = _mm512_max_epu32(_mm512_maskz_unpacklo_epi64(0xFF, first, second),
                                  _mm512_maskz_unpackhi_epi64(0xFF, first, second));
  both = _mm512_max_epu32(both, _mm512_maskz_shuffle_epi32(0xFFFF, both, _MM_PERM_CDAB));
  return largest_of_lanes(both);
}

/// The largest magnitudes of blocks of 16: in each 128-bit lane those of a, b, c, d.
NARROWFP_TARGET NARROWFP_INLINE __m512i largest_of_four(const quad& m) noexcept {
  const __m512i ab = _mm512_max_epu32(_mm512_maskz_unpacklo_epi32(0xFFFF, m.a, m.b),
                                      _mm512_maskz_unpackhi_epi32(0xFFFF, m.a, m.b));
  const __m512i cd = _mm512_max_epu32(_mm512_maskz_unpacklo_epi32(0xFFFF, m.c, m.d),
                                      _mm512_maskz_unpackhi_epi32(0xFFFF, m.c, m.d));
  return largest_of_lanes(
      _mm512_max_epu32(_mm512_maskz_unpacklo_epi64(0xFF, ab, cd), _mm512_maskz_unpackhi_epi64(0xFF, ab, cd)));
}

/// One dword of each 128-bit lane, four times.
template <int Which>
NARROWFP_TARGET NARROWFP_INLINE __m512i spread(__m512i x) noexcept {
  return _mm512_maskz_shuffle_epi32(0xFFFF, x, static_cast<_MM_PERM_ENUM>(Which * 0x55));
}

NARROWFP_TARGET NARROWFP_INLINE void store_8(std::byte* out, __m128i v) noexcept {
  _mm_storel_epi64(reinterpret_cast<__m128i*>(out), v);
}
NARROWFP_TARGET NARROWFP_INLINE void store_16(std::byte* out, __m128i v) noexcept {
  _mm_storeu_si128(reinterpret_cast<__m128i*>(out), v);
}

/// Writes the codes of 64 elements, dense, to two blocks of 32.
template <int Bits>
NARROWFP_TARGET NARROWFP_INLINE void store_two(std::byte* out, std::size_t stride, __m512i codes) noexcept {
  const __m512i dense = squeeze_codes<Bits>(codes);
  if constexpr (Bits == 4) {
    store_16(out, _mm512_castsi512_si128(dense));
    store_16(out + stride, _mm256_extracti128_si256(_mm512_castsi512_si256(dense), 1));
  } else if constexpr (Bits == 8) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out), _mm512_castsi512_si256(dense));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + stride),
                        _mm512_maskz_extracti64x4_epi64(0xFF, dense, 1));
  } else {
    const __m512i second =
        _mm512_maskz_permutexvar_epi64(0xFF, _mm512_setr_epi64(3, 4, 5, 0, 0, 0, 0, 0), dense);
    _mm512_mask_storeu_epi64(out, 0x07, dense);
    _mm512_mask_storeu_epi64(out + stride, 0x07, second);
  }
}

/// Writes nibbles of 64 elements to four blocks of 16.
NARROWFP_TARGET NARROWFP_INLINE void store_four(std::byte* out, std::size_t stride, __m512i codes) noexcept {
  const __m256i dense = _mm512_castsi512_si256(squeeze_codes<4>(codes));
  const __m128i low = _mm256_castsi256_si128(dense);
  const __m128i high = _mm256_extracti128_si256(dense, 1);
  store_8(out, low);
  store_8(out + stride, _mm_unpackhi_epi64(low, low));
  store_8(out + 2 * stride, high);
  store_8(out + 3 * stride, _mm_unpackhi_epi64(high, high));
}

/// The rank of 16 finite magnitudes in the element's range, in low bytes.
template <unsigned Flags>
NARROWFP_TARGET NARROWFP_INLINE __m512i rank_scaled(__m512i m, const encode_constants& c) noexcept {
  if constexpr ((Flags & lane_ties_away) != 0) {
    m = _mm512_or_si512(m, broadcast(1));
  }
  return round_lanes<Flags>(_mm512_min_epu32(m, c.high), nullptr, c);
}

/// The codes of finite elements, from their magnitudes in the element's range.
template <unsigned Flags>
NARROWFP_TARGET NARROWFP_INLINE __m512i encode_scaled(const quad& m, const quad& x,
                                                      const encode_constants& c) noexcept {
  const quad ranks = {rank_scaled<Flags>(m.a, c), rank_scaled<Flags>(m.b, c), rank_scaled<Flags>(m.c, c),
                      rank_scaled<Flags>(m.d, c)};
  return finish_64<Flags>(ranks, x, c);
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET

#endif
