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
/// place is odd, carries into it where nearest even goes up, and from the largest value to infinity. There is
/// no NaN if they are Numbers.
template <rounding Mode, bool Saturate, bool Numbers = false>
NARROWFP_TARGET NARROWFP_INLINE __m512i to_bfloat16(__m512i x) noexcept {
  const __m512i magnitude = _mm512_and_si512(x, broadcast(0x7FFFFFFF));
  constexpr bool with_sign = Numbers && !Saturate;
  __m512i m = with_sign ? x : magnitude;
  if constexpr (Mode == rounding::nearest_even) {
    const __m512i odd = _mm512_and_si512(_mm512_srli_epi32(m, 16), broadcast(1));
    m = _mm512_add_epi32(_mm512_add_epi32(m, broadcast(0x7FFF)), odd);
  }
  if constexpr (Saturate) {
    m = _mm512_min_epu32(m, broadcast(0x7F7F0000));
  }
  if constexpr (!Numbers) {
    const __mmask16 is_nan = _mm512_cmpgt_epu32_mask(magnitude, broadcast(0x7F800000));
    m = _mm512_mask_or_epi32(m, is_nan, magnitude, broadcast(0x00400000));
  }
  if constexpr (!with_sign) {
    m = _mm512_ternarylogic_epi32(x, broadcast(0x80000000), m, 0xEA);
  }
  return _mm512_srli_epi32(m, 16);
}

/// 16 floats as float16 by the conversion instruction; NaN keeps what its first bits tell. Its form that
/// raises no flags has no intrinsic. It gives denormal numbers whatever MXCSR says, and denormal floats are
/// zero anyway.
template <rounding Mode, bool Saturate, bool Numbers = false>
NARROWFP_TARGET NARROWFP_INLINE __m256i to_float16(__m512i x) noexcept {
  constexpr int mode = Mode == rounding::toward_zero ? _MM_FROUND_TO_ZERO : _MM_FROUND_TO_NEAREST_INT;
  if constexpr (Saturate) {
    const __m512i magnitude = _mm512_and_si512(x, broadcast(0x7FFFFFFF));
    const __m512i least = _mm512_min_epu32(magnitude, broadcast(0x477FE000));
    const __m512i bounded = _mm512_ternarylogic_epi32(x, broadcast(0x80000000), least, 0xEA);
    if constexpr (Numbers) {
      x = bounded;
    } else {
      const __mmask16 is_number = _mm512_cmple_epu32_mask(magnitude, broadcast(0x7F800000));
      x = _mm512_mask_mov_epi32(x, is_number, bounded);
    }
  }
  __m256i result;
  __asm__("vcvtps2ph {%2, %{sae%}, %1, %0|%0, %1, %{sae%}, %2}" : "=v"(result) : "v"(x), "i"(mode));
  return result;
}

/// Whether NaN takes more than numbers do.
template <scalar_format F, bool Saturate>
inline constexpr bool nan_costs = std::same_as<F, formats::bfloat16> || Saturate;

/// 32 floats as F, in order.
template <scalar_format F, rounding Mode, bool Saturate, bool Numbers = false>
NARROWFP_TARGET NARROWFP_INLINE __m512i to_halves(__m512i a, __m512i b) noexcept {
  if constexpr (std::same_as<F, formats::bfloat16>) {
    const __m512i packed =
        _mm512_packus_epi32(to_bfloat16<Mode, Saturate, Numbers>(a), to_bfloat16<Mode, Saturate, Numbers>(b));
    return _mm512_maskz_permutexvar_epi64(0xFF, _mm512_setr_epi64(0, 2, 4, 6, 1, 3, 5, 7), packed);
  } else {
    const __m512i first = _mm512_zextsi256_si512(to_float16<Mode, Saturate, Numbers>(a));
    const __m256i second = to_float16<Mode, Saturate, Numbers>(b);
    return _mm512_maskz_inserti64x4(0xFF, first, second, 1);
  }
}

/// Stores floats as F, in order.
template <bool Stream, scalar_format F, rounding Mode, bool Saturate, bool Numbers = false>
NARROWFP_TARGET NARROWFP_INLINE void store_as_halves(std::uint16_t* out, dwords a, dwords b) noexcept {
  store_halves<Stream>(out, to_halves<F, Mode, Saturate, Numbers>(a, b));
}

/// The code of infinity.
template <scalar_format F>
inline constexpr int half_infinity = std::same_as<F, formats::bfloat16> ? 0x7F80 : 0x7C00;

/// Where 32 numbers of F are NaN.
template <scalar_format F>
NARROWFP_TARGET NARROWFP_INLINE __mmask32 where_nan(half_vector x) noexcept {
  const __m512i doubled = _mm512_maskz_add_epi16(~0U, x, x);  // without signs
  return _mm512_cmpgt_epu16_mask(doubled, _mm512_set1_epi16(static_cast<short>(2 * half_infinity<F>)));
}
template <scalar_format F>
NARROWFP_TARGET NARROWFP_INLINE bool has_nan(half_vector x, half_vector y) noexcept {
  return (where_nan<F>(x) | where_nan<F>(y)) != 0;
}

/// 32 floats in order; NaN without its payload, unless they are Numbers. Conversion of float16 is exact
/// whatever MXCSR says.
template <scalar_format F, bool Numbers = false>
NARROWFP_TARGET NARROWFP_INLINE pair from_halves(half_vector x) noexcept {
  if constexpr (!Numbers) {
    constexpr int nan = half_infinity<F> | 1 << (F::fraction_bits - 1);
    const __m512i sign = _mm512_and_si512(x, _mm512_set1_epi16(-0x8000));
    x = _mm512_mask_mov_epi16(x, where_nan<F>(x), _mm512_or_si512(sign, _mm512_set1_epi16(nan)));
  }
  const __m256i first = _mm512_castsi512_si256(x);
  const __m256i second = _mm512_maskz_extracti64x4_epi64(0xFF, x, 1);
  if constexpr (std::same_as<F, formats::bfloat16>) {
    return {_mm512_slli_epi32(_mm512_maskz_cvtepu16_epi32(0xFFFF, first), 16),
            _mm512_slli_epi32(_mm512_maskz_cvtepu16_epi32(0xFFFF, second), 16)};
  } else {
    return {_mm512_castps_si512(_mm512_maskz_cvt_roundph_ps(0xFFFF, first, _MM_FROUND_NO_EXC)),
            _mm512_castps_si512(_mm512_maskz_cvt_roundph_ps(0xFFFF, second, _MM_FROUND_NO_EXC))};
  }
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#if defined(NARROWFP_ALONE)
#include "alone_end.hpp"
#endif
