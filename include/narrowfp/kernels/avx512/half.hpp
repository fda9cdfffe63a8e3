// Layer: kernels/avx512. Floats to and from bfloat16 and float16.
#if !defined(NARROWFP_SET)
#include "alone.hpp"

#include "words.hpp"
#define NARROWFP_ALONE
#endif

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// 16 floats as bfloat16 in dwords. Adding just under half a unit of the last place, and one more where that
/// place is odd, carries into it where nearest even goes up, and from the largest value to infinity.
template <rounding Mode, bool Saturate>
NARROWFP_TARGET NARROWFP_INLINE __m512i to_bfloat16(__m512i x) noexcept {
  const __m512i magnitude = _mm512_and_si512(x, broadcast(0x7FFFFFFF));
  const __mmask16 is_nan = _mm512_cmpgt_epu32_mask(magnitude, broadcast(0x7F800000));
  __m512i m = magnitude;
  if constexpr (Mode == rounding::nearest_even) {
    const __m512i odd = _mm512_and_si512(_mm512_srli_epi32(m, 16), broadcast(1));
    m = _mm512_add_epi32(_mm512_add_epi32(m, broadcast(0x7FFF)), odd);
  }
  if constexpr (Saturate) {
    m = _mm512_min_epu32(m, broadcast(0x7F7F0000));
  }
  m = _mm512_mask_or_epi32(m, is_nan, magnitude, broadcast(0x00400000));
  const __m512i with_sign = _mm512_ternarylogic_epi32(x, broadcast(0x80000000), m, 0xEA);
  return _mm512_srli_epi32(with_sign, 16);
}

/// 16 floats as float16 by the conversion instruction; NaN keeps what its first bits tell. Its form that
/// raises no flags has no intrinsic. It gives denormal numbers whatever MXCSR says, and denormal floats are
/// zero anyway.
template <rounding Mode, bool Saturate>
NARROWFP_TARGET NARROWFP_INLINE __m256i to_float16(__m512i x) noexcept {
  constexpr int mode = Mode == rounding::toward_zero ? _MM_FROUND_TO_ZERO : _MM_FROUND_TO_NEAREST_INT;
  if constexpr (Saturate) {
    const __m512i magnitude = _mm512_and_si512(x, broadcast(0x7FFFFFFF));
    const __mmask16 is_number = _mm512_cmple_epu32_mask(magnitude, broadcast(0x7F800000));
    const __m512i bounded = _mm512_min_epu32(magnitude, broadcast(0x477FE000));
    x = _mm512_mask_mov_epi32(x, is_number,
                              _mm512_ternarylogic_epi32(x, broadcast(0x80000000), bounded, 0xEA));
  }
  __m256i result;
  __asm__("vcvtps2ph {%2, %{sae%}, %1, %0|%0, %1, %{sae%}, %2}" : "=v"(result) : "v"(x), "i"(mode));
  return result;
}

/// 32 floats as F, in order.
template <scalar_format F, rounding Mode, bool Saturate>
NARROWFP_TARGET NARROWFP_INLINE __m512i to_halves(__m512i a, __m512i b) noexcept {
  if constexpr (std::same_as<F, formats::bfloat16>) {
    const __m512i packed =
        _mm512_packus_epi32(to_bfloat16<Mode, Saturate>(a), to_bfloat16<Mode, Saturate>(b));
    return _mm512_maskz_permutexvar_epi64(0xFF, _mm512_setr_epi64(0, 2, 4, 6, 1, 3, 5, 7), packed);
  } else {
    const __m512i first = _mm512_zextsi256_si512(to_float16<Mode, Saturate>(a));
    const __m256i second = to_float16<Mode, Saturate>(b);
    return _mm512_maskz_inserti64x4(0xFF, first, second, 1);
  }
}

/// 16 floats; NaN without its payload.
template <scalar_format F>
NARROWFP_TARGET NARROWFP_INLINE __m512i from_half_16(__m256i x) noexcept {
  __m512i value;
  if constexpr (std::same_as<F, formats::bfloat16>) {
    value = _mm512_slli_epi32(_mm512_maskz_cvtepu16_epi32(0xFFFF, x), 16);
  } else {
    value = _mm512_castps_si512(_mm512_maskz_cvt_roundph_ps(0xFFFF, x, _MM_FROUND_NO_EXC));
  }
  const __m512i magnitude = _mm512_and_si512(value, broadcast(0x7FFFFFFF));
  const __mmask16 is_nan = _mm512_cmpgt_epu32_mask(magnitude, broadcast(0x7F800000));
  const __m512i nan = _mm512_ternarylogic_epi32(value, broadcast(0x80000000), broadcast(0x7FC00000), 0xEA);
  return _mm512_mask_mov_epi32(value, is_nan, nan);
}

template <scalar_format F>
NARROWFP_TARGET NARROWFP_INLINE pair from_halves(half_vector x) noexcept {
  return {from_half_16<F>(_mm512_castsi512_si256(x)),
          from_half_16<F>(_mm512_maskz_extracti64x4_epi64(0xFF, x, 1))};
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#if defined(NARROWFP_ALONE)
#include "alone_end.hpp"
#endif
