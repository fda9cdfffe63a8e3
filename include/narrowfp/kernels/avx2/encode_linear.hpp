// Layer: kernels/avx2. Floats to codes of 8 bits or fewer, 32 at a time, by one fused multiplication and
// addition that rounds; see linear_grid and docs/kernels/fused_addition.md. All of it runs in
// default_environment.
#pragma once

#include "words.hpp"

#include "open.hpp"

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// linear_grid in registers.
struct linear_constants {
  __m256i low, high, nan_bits, inf_bits;
  __m256i spacing_factor;
  __m256i sign_mask;
  __m128i sign_shift;
};
NARROWFP_TARGET NARROWFP_INLINE linear_constants load_constants(const linear_grid& facts) noexcept {
  const linear_grid& grid = *unknown(&facts);
  return {broadcast(grid.low),
          broadcast(grid.high),
          broadcast(grid.nan_bits),
          broadcast(grid.inf_bits),
          broadcast_float(grid.spacing_factor),
          broadcast_8(1 << (grid.width - 1)),
          _mm_cvtsi32_si128(8 - grid.width)};
}

/// The magnitudes of 8 floats, with NaN and the format's range folded in. Signs that do not count are removed
/// from x.
template <unsigned Flags>
NARROWFP_TARGET NARROWFP_INLINE __m256i clamp(__m256i& x, const linear_constants& c) noexcept {
  const __m256i sign = broadcast(0x80000000);
  const __m256i infinity = broadcast(0x7F800000);
  __m256i magnitude;
  if constexpr ((Flags & flag_negative_nan) != 0) {
    // Negative numbers stay: as unsigned integers, they are above NaN. -0 is none of them.
    magnitude = _mm256_andnot_si256(_mm256_cmpeq_epi32(x, sign), x);
  } else {
    if constexpr ((Flags & flag_unsigned) != 0) {
      x = larger_or_second(_mm256_setzero_si256(), x);
    } else if constexpr ((Flags & (flag_nan_positive | flag_nan_apart)) == flag_nan_positive) {
      x = smaller_or_second(x, c.high);
    }
    magnitude = _mm256_andnot_si256(sign, x);
  }
  if constexpr ((Flags & (flag_nan_positive | flag_nan_apart)) == (flag_nan_positive | flag_nan_apart)) {
    x = _mm256_andnot_si256(_mm256_cmpgt_epi32(magnitude, infinity), x);
  }
  __m256i m;
  if constexpr ((Flags & flag_nan_apart) != 0) {
    m = _mm256_min_epu32(smaller_or_second(c.high, magnitude), c.nan_bits);  // NaN is above high twice
  } else {
    m = _mm256_min_epu32(magnitude, c.high);
  }
  if constexpr ((Flags & flag_inf_apart) != 0) {
    m = _mm256_max_epi32(m, _mm256_and_si256(_mm256_cmpeq_epi32(magnitude, infinity), c.inf_bits));
  }
  return (Flags & flag_ties_away) != 0 ? _mm256_or_si256(m, broadcast(1)) : m;
}

/// Rounds 8 magnitudes: dwords rank * 2^(7 - FractionBits).
template <int FractionBits>
NARROWFP_TARGET NARROWFP_INLINE __m256i round_linear(__m256i m, const linear_constants& c) noexcept {
  const __m256i power = _mm256_and_si256(_mm256_max_epi32(m, c.low), broadcast(0x7F800000));
  const __m256i sum = product_more(m, power, c.spacing_factor);
  return _mm256_madd_epi16(sum, broadcast(0x10000 | 1 << (7 - FractionBits)));
}

/// Codes, one a byte, in the order of pack instructions on a, b, c, d.
template <unsigned Flags, int FractionBits>
NARROWFP_TARGET NARROWFP_INLINE __m256i finish_linear(const quad& rounded, const quad& x,
                                                      const linear_constants& c) noexcept {
  const __m256i ab = _mm256_packus_epi32(rounded.a, rounded.b);
  const __m256i cd = _mm256_packus_epi32(rounded.c, rounded.d);
  __m256i codes =
      _mm256_packus_epi16(_mm256_srli_epi16(ab, 7 - FractionBits), _mm256_srli_epi16(cd, 7 - FractionBits));
  if constexpr ((Flags & flag_unsigned) == 0) {
    // Saturating packs keep the sign.
    __m256i signs = _mm256_packs_epi16(_mm256_packs_epi32(x.a, x.b), _mm256_packs_epi32(x.c, x.d));
    if constexpr ((Flags & flag_narrow) != 0) {
      signs = _mm256_srl_epi16(signs, c.sign_shift);
    }
    signs = _mm256_and_si256(signs, c.sign_mask);
    if constexpr ((Flags & flag_unsigned_zero) != 0) {
      signs = _mm256_andnot_si256(_mm256_cmpeq_epi8(codes, _mm256_setzero_si256()), signs);
    }
    codes = _mm256_or_si256(codes, signs);
  }
  return codes;
}

/// 32 codes, one a byte, in the order of pack instructions on x.a, b, c, d.
template <unsigned Flags, int FractionBits>
NARROWFP_TARGET NARROWFP_INLINE __m256i encode_linear(quad x, const linear_constants& c) noexcept {
  const quad m = {clamp<Flags>(x.a, c), clamp<Flags>(x.b, c), clamp<Flags>(x.c, c), clamp<Flags>(x.d, c)};
  const quad rounded = {round_linear<FractionBits>(m.a, c), round_linear<FractionBits>(m.b, c),
                        round_linear<FractionBits>(m.c, c), round_linear<FractionBits>(m.d, c)};
  return finish_linear<Flags, FractionBits>(rounded, x, c);
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#include "close.hpp"
