// Layer: kernels, AVX-512; avx512.hpp includes this once for each set. Floats to unsigned formats without
// zero, by integer rounding.

#if defined(NARROWFP_SET)

namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// 16 codes in dwords. As signed integers, negative numbers are small ones.
template <rounding Mode, bool InfApart, bool FromDenormals>
NARROWFP_TARGET NARROWFP_INLINE __m512i scale_codes(__m512i x, const scale_lanes& lanes) noexcept {
  const __m512i infinity = broadcast(0x7F800000);
  // NaN, and all negative numbers but -0.
  const __mmask16 not_number =
      _mm512_mask_cmpneq_epi32_mask(_mm512_cmpgt_epu32_mask(x, infinity), x, broadcast(0x80000000));
  __m512i m = _mm512_min_epi32(_mm512_max_epi32(x, broadcast(lanes.low)), broadcast(lanes.high));
  if constexpr (InfApart) {
    m = _mm512_mask_mov_epi32(m, _mm512_cmpeq_epi32_mask(x, infinity), broadcast(lanes.inf_bits));
  }
  if constexpr (FromDenormals) {
    // From 2^-127 to 2^-126 denormal numbers have twice the spacing; stretched, they become binade 0.
    const __mmask16 denormal = _mm512_cmplt_epi32_mask(m, broadcast(0x00800000));
    m = _mm512_mask_sub_epi32(m, denormal, _mm512_add_epi32(m, m), broadcast(0x00800000));
  }
  const __m128i shift = _mm_cvtsi32_si128(lanes.shift);
  const std::uint32_t half = 1U << (lanes.shift - 1);
  const std::uint32_t less = lanes.rank_of_0 << lanes.shift;  // of the smallest value, so that its rank is 0
  if constexpr (Mode == rounding::nearest_even) {
    const __m512i odd = _mm512_and_si512(_mm512_srl_epi32(m, shift), broadcast(1));
    m = _mm512_add_epi32(_mm512_add_epi32(m, odd), broadcast(half - 1 - less));
  } else {
    m = _mm512_add_epi32(m, broadcast((Mode == rounding::nearest_away ? half : 0) - less));
  }
  m = _mm512_srl_epi32(m, shift);
  // A NaN's sign does not count; a negative number is NaN or, saturating, the smallest value.
  const __m512i magnitude = _mm512_and_si512(x, broadcast(0x7FFFFFFF));
  const __m512i nan_code = broadcast(lanes.nan_code);
  return lanes.negative_bits != 0
             ? _mm512_mask_mov_epi32(m, not_number, nan_code)
             : _mm512_mask_mov_epi32(m, _mm512_cmpgt_epu32_mask(magnitude, infinity), nan_code);
}

/// A source of encode_array: codes of scales.
template <rounding Mode, bool InfApart, bool FromDenormals>
struct scale_encoder_64 {
  scale_lanes lanes;

  template <class S>
  NARROWFP_TARGET NARROWFP_INLINE __m512i operator()(const S* in, std::size_t n,
                                                     const std::uint32_t*) const noexcept {
    const quad x = load_64(in, first_bits(n));
    const quad codes = {scale_codes<Mode, InfApart, FromDenormals>(x.a, lanes),
                        scale_codes<Mode, InfApart, FromDenormals>(x.b, lanes),
                        scale_codes<Mode, InfApart, FromDenormals>(x.c, lanes),
                        scale_codes<Mode, InfApart, FromDenormals>(x.d, lanes)};
    return reordered(finish_64<lane_unsigned>(codes, x, encode_constants{}));
  }
};

template <rounding Mode, bool InfApart, bool FromDenormals, class S>
NARROWFP_TARGET void pack_scales(const S* in, std::uint8_t* out, std::size_t n,
                                 const scale_lanes& facts) noexcept {
  // A copy that stores to `out` cannot change.
  const scale_encoder_64<Mode, InfApart, FromDenormals> encoder = {facts};
  encode_array<8, true>(in, out, n, nullptr, encoder);
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET

#endif
