// Layer: kernels, AVX-512; avx512.hpp includes this once for each set. Floats to unsigned formats without
// zero, by integer rounding.

#if defined(NARROWFP_SET)

namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// 16 ranks, which are the codes, in dwords.
template <rounding Mode>
NARROWFP_TARGET NARROWFP_INLINE __m512i scale_ranks(__m512i x, const scale_lanes& lanes) noexcept {
  const __m512i infinity = broadcast(0x7F800000);
  const __mmask16 negative = _mm512_cmplt_epu32_mask(_mm512_sub_epi32(x, broadcast(0x80000001)), infinity);
  x = _mm512_mask_mov_epi32(x, negative, broadcast(lanes.negative_bits));
  const __m512i magnitude = _mm512_and_si512(x, broadcast(0x7FFFFFFF));
  __m512i m = _mm512_max_epu32(_mm512_min_epu32(magnitude, broadcast(lanes.high)), broadcast(lanes.low));
  m = _mm512_mask_mov_epi32(m, _mm512_cmpeq_epi32_mask(magnitude, infinity), broadcast(lanes.inf_bits));
  if (lanes.from_denormals) {
    // From 2^-127 to 2^-126 denormal numbers have twice the spacing; stretched, they become binade 0.
    const __mmask16 denormal = _mm512_cmplt_epu32_mask(m, broadcast(0x00800000));
    m = _mm512_mask_sub_epi32(m, denormal, _mm512_add_epi32(m, m), broadcast(0x00800000));
  }
  const __m128i shift = _mm_cvtsi32_si128(lanes.shift);
  const std::uint32_t half = 1U << (lanes.shift - 1);
  if constexpr (Mode == rounding::nearest_even) {
    const __m512i odd = _mm512_and_si512(_mm512_srl_epi32(m, shift), broadcast(1));
    m = _mm512_add_epi32(_mm512_add_epi32(m, odd), broadcast(half - 1));
  } else if constexpr (Mode == rounding::nearest_away) {
    m = _mm512_add_epi32(m, broadcast(half));
  }
  m = _mm512_sub_epi32(_mm512_srl_epi32(m, shift), broadcast(lanes.rank_of_0));
  return _mm512_mask_mov_epi32(m, _mm512_cmpgt_epu32_mask(magnitude, infinity), broadcast(lanes.nan_code));
}

/// A source of encode_array: codes of scales.
template <rounding Mode>
struct scale_encoder_64 {
  scale_lanes lanes;

  template <class S>
  NARROWFP_TARGET NARROWFP_INLINE __m512i operator()(const S* in, std::size_t n,
                                                     const std::uint32_t*) const noexcept {
    const quad x = load_64(in, first_bits(n));
    const quad codes = {scale_ranks<Mode>(x.a, lanes), scale_ranks<Mode>(x.b, lanes),
                        scale_ranks<Mode>(x.c, lanes), scale_ranks<Mode>(x.d, lanes)};
    return reordered(finish_64<lane_unsigned>(codes, x, encode_constants{}));
  }
};

template <rounding Mode, class S>
NARROWFP_TARGET void pack_scales(const S* in, std::uint8_t* out, std::size_t n,
                                 const scale_lanes& facts) noexcept {
  const scale_encoder_64<Mode> encoder = {facts};  // a copy that stores to `out` cannot change
  encode_array<8, true>(in, out, n, nullptr, encoder);
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET

#endif
