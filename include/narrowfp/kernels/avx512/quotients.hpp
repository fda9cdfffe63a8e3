// Layer: kernels/avx512. Quotients of elements by a scale, and decisions about them. docs/kernels/ratios.md
// shows why a float quotient decides exactly.
#if !defined(NARROWFP_SET)
#include "alone.hpp"

#include "words.hpp"
#include "bytes.hpp"
#include "encode_magic.hpp"
#define NARROWFP_ALONE
#endif

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// x / s by r, the nearest float to 1 / s, and e, what it lacks: right in every decision between neighbours
/// of 8 bits or fewer. 0 where both are 0.
NARROWFP_TARGET NARROWFP_INLINE __m512i quotient_by(__m512i x, __m512i r, __m512i e) noexcept {
  return product_more(product(x, e), x, r);
}

/// 1 / scale to nearest, and 0 for 0.
template <scalar_format F>
NARROWFP_TARGET NARROWFP_INLINE __m512i reciprocal_of(__m512i scale) noexcept {
  const __mmask16 not_zero = _mm512_test_epi32_mask(scale, scale);
  if constexpr (reciprocals<F>.exist) {
    const __m512i of_fraction = _mm512_loadu_si512(reciprocals<F>.of_fraction);
    const __m512i found = _mm512_maskz_permutexvar_epi32(0xFFFF, _mm512_srli_epi32(scale, 19), of_fraction);
    return _mm512_maskz_sub_epi32(not_zero, found, _mm512_and_si512(scale, broadcast(0x7F800000)));
  } else {
    return _mm512_castps_si512(_mm512_maskz_div_round_ps(not_zero, _mm512_castsi512_ps(broadcast_float(1)),
                                                         _mm512_castsi512_ps(scale),
                                                         _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC));
  }
}

/// The ranks of 16 quotients by draws, in low bytes. The quotient is cut to a float, whose fraction what is
/// left of x continues: divided, that is n / d units of 2^-32 spacings, n an integer and d the divisor's
/// significand, below 2^5. Times the rounded reciprocal it is right to half a unit in its last place and
/// below 2^11, so that its integer part is that of n / d.
template <unsigned Flags>
NARROWFP_TARGET NARROWFP_INLINE __m512i draw_quotients(__m512i x, __m512i divisor, __m512i reciprocal,
                                                       __m512i lacking, const std::uint32_t* random,
                                                       const encode_constants& c) noexcept {
  const __m512i magnitude = _mm512_and_si512(x, broadcast(0x7FFFFFFF));
  __m512i q = quotient_by(magnitude, reciprocal, lacking);
  const __mmask16 is_above = _mm512_movepi32_mask(product_less(magnitude, q, divisor));
  q = _mm512_mask_sub_epi32(q, is_above, q, broadcast(1));
  const __m512i rest = product(product_less(magnitude, q, divisor), reciprocal);
  const __m512i m = _mm512_min_epu32(q, c.high);
  const __m512i spacing = spacing_of<Flags>(in_rows<Flags>(m, c), c);
  const __m512i units = _mm512_slli_epi32(_mm512_sub_epi32(broadcast(2 * 127 + 32 - 9), spacing), 23);
  const __m512i more =
      _mm512_maskz_cvtt_roundps_epi32(_mm512_cmplt_epu32_mask(q, c.high),  // the largest has no fraction
                                      _mm512_castsi512_ps(product(rest, units)), _MM_FROUND_NO_EXC);
  return step_up(add_magic<Flags>(m, c), _mm512_add_epi32(discarded_fraction(m, spacing), more), random);
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#if defined(NARROWFP_ALONE)
#include "alone_end.hpp"
#endif
