// Layer: kernels/avx2. Floats to and from bfloat16 and float16.
#pragma once

#include "encode.hpp"
#include "environment.hpp"
#include "sources.hpp"
#include "words.hpp"

#include "open.hpp"

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// Eight floats as bfloat16 in dwords. Adding just under half a unit of the last place, and one more where
/// that place is odd, carries into it where nearest even goes up, and from the largest value to infinity.
/// There is no NaN if they are Numbers.
template <rounding Mode, bool Saturate, bool Numbers>
NARROWFP_TARGET NARROWFP_INLINE __m256i to_bfloat16(__m256i x) noexcept {
  const __m256i magnitude = _mm256_and_si256(x, broadcast(0x7FFFFFFF));
  __m256i m = x;
  if constexpr (Saturate) {
    const __m256i bounded = _mm256_min_epi32(magnitude, broadcast(0x7F7F0000));
    m = _mm256_or_si256(bounded, _mm256_and_si256(x, broadcast(0x80000000)));
  }
  if constexpr (Mode == rounding::nearest_even) {
    const __m256i odd = _mm256_and_si256(_mm256_srli_epi32(m, 16), broadcast(1));
    m = _mm256_add_epi32(_mm256_add_epi32(m, broadcast(0x7FFF)), odd);
  }
  if constexpr (!Numbers) {
    const __m256i is_nan = _mm256_cmpgt_epi32(magnitude, broadcast(0x7F800000));
    m = chosen(m, _mm256_or_si256(x, broadcast(0x00400000)), is_nan);
  }
  return _mm256_srli_epi32(m, 16);
}

/// Eight floats as float16. The conversion takes its rounding mode from the instruction; NaN keeps what its
/// first bits tell.
template <rounding Mode, bool Saturate, bool Numbers>
NARROWFP_TARGET NARROWFP_INLINE __m128i to_float16(__m256i x) noexcept {
  constexpr int mode = Mode == rounding::toward_zero ? _MM_FROUND_TO_ZERO : _MM_FROUND_TO_NEAREST_INT;
  if constexpr (Saturate) {
    const __m256i magnitude = _mm256_and_si256(x, broadcast(0x7FFFFFFF));
    const __m256i bounded = _mm256_or_si256(_mm256_min_epi32(magnitude, broadcast(0x477FE000)),
                                            _mm256_and_si256(x, broadcast(0x80000000)));
    x = Numbers ? bounded : chosen(bounded, x, _mm256_cmpgt_epi32(magnitude, broadcast(0x7F800000)));
  }
  return _mm256_cvtps_ph(_mm256_castsi256_ps(x), mode);
}

/// Whether NaN takes more than numbers do.
template <scalar_format F, bool Saturate>
inline constexpr bool nan_costs = std::same_as<F, formats::bfloat16> || Saturate;

/// 16 floats as F, in order.
template <scalar_format F, rounding Mode, bool Saturate, bool Numbers = false>
NARROWFP_TARGET NARROWFP_INLINE __m256i to_halves(__m256i a, __m256i b) noexcept {
  if constexpr (std::same_as<F, formats::bfloat16>) {
    const __m256i packed =
        _mm256_packus_epi32(to_bfloat16<Mode, Saturate, Numbers>(a), to_bfloat16<Mode, Saturate, Numbers>(b));
    return _mm256_permute4x64_epi64(packed, 0xD8);
  } else {
    const __m128i first = to_float16<Mode, Saturate, Numbers>(a);
    const __m128i second = to_float16<Mode, Saturate, Numbers>(b);
    return _mm256_inserti128_si256(_mm256_castsi128_si256(first), second, 1);
  }
}

/// 16 floats in order as bfloat16, whose bits are the leading ones.
NARROWFP_TARGET NARROWFP_INLINE __m256i leading_words(__m256i a, __m256i b) noexcept {
  const __m256i packed = _mm256_packus_epi32(_mm256_srli_epi32(a, 16), _mm256_srli_epi32(b, 16));
  return _mm256_permute4x64_epi64(packed, 0xD8);
}

/// Stores a quad of floats in order, always whole, as elements of S. Brief ones are 0 below the leading 16
/// bits.
template <bool Stream, bool Brief = false, class S>
NARROWFP_TARGET NARROWFP_INLINE void store_elements(S* out, std::size_t, const quad& v) noexcept {
  if constexpr (std::same_as<S, float>) {
    store_quad<Stream>(out, v);
  } else if constexpr (Brief && std::same_as<S, narrow_float<formats::bfloat16>>) {
    store_256<Stream>(out, leading_words(v.a, v.b));
    store_256<Stream>(out + 16, leading_words(v.c, v.d));
  } else {
    using F = typename S::format;
    constexpr rounding mode = rounding::nearest_even;
    store_256<Stream>(out, to_halves<F, mode, false>(v.a, v.b));
    store_256<Stream>(out + 16, to_halves<F, mode, false>(v.c, v.d));
  }
}

/// Stores 16 floats as F, in order. What is float16 in two parts is joined for stores past the caches alone.
template <bool Stream, scalar_format F, rounding Mode, bool Saturate, bool Numbers = false>
NARROWFP_TARGET NARROWFP_INLINE void store_as_halves(std::uint16_t* out, dwords a, dwords b) noexcept {
  if constexpr (std::same_as<F, formats::float16> && !Stream) {
    store_128(out, to_float16<Mode, Saturate, Numbers>(a));
    store_128(out + 8, to_float16<Mode, Saturate, Numbers>(b));
  } else {
    store_halves<Stream>(out, to_halves<F, Mode, Saturate, Numbers>(a, b));
  }
}

/// The code of infinity.
template <scalar_format F>
inline constexpr int half_infinity = std::same_as<F, formats::bfloat16> ? 0x7F80 : 0x7C00;

/// Whether any of 32 numbers of F is NaN.
template <scalar_format F>
NARROWFP_TARGET NARROWFP_INLINE bool has_nan(__m256i x, __m256i y) noexcept {
  // Without signs, and doubled.
  const __m256i larger = _mm256_max_epu16(_mm256_add_epi16(x, x), _mm256_add_epi16(y, y));
  const __m256i above = _mm256_subs_epu16(larger, broadcast_16(2 * half_infinity<F>));
  return _mm256_testz_si256(above, above) == 0;
}

/// 16 floats in order; NaN without its payload, unless they are Numbers. Conversion of float16 is exact
/// whatever MXCSR says.
template <scalar_format F, bool Numbers = false>
NARROWFP_TARGET NARROWFP_INLINE pair from_halves(__m256i x) noexcept {
  if constexpr (!Numbers) {
    constexpr int quiet_bit = 1 << (F::fraction_bits - 1);
    const __m256i magnitude = _mm256_and_si256(x, broadcast_16(0x7FFF));
    const __m256i is_nan = _mm256_cmpgt_epi16(magnitude, broadcast_16(half_infinity<F>));
    x = _mm256_or_si256(x, _mm256_and_si256(is_nan, broadcast_16(quiet_bit)));
    x = _mm256_andnot_si256(_mm256_and_si256(is_nan, broadcast_16(quiet_bit - 1)), x);
  }
  if constexpr (std::same_as<F, formats::bfloat16>) {
    const __m256i zero = _mm256_setzero_si256();
    x = _mm256_permute4x64_epi64(x, 0xD8);
    return {_mm256_unpacklo_epi16(zero, x), _mm256_unpackhi_epi16(zero, x)};
  } else {
    return halves_to_floats(x);
  }
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#include "close.hpp"
