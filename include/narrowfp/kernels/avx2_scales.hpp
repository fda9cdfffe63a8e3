// Layer: kernels, AVX2; avx2.hpp includes this. Floats to unsigned formats without zero, by integer rounding.

#if defined(NARROWFP_SET)

namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// Eight ranks, which are the codes, in dwords.
template <rounding Mode>
NARROWFP_TARGET NARROWFP_INLINE __m256i scale_ranks(__m256i x, const scale_lanes& lanes) noexcept {
  const __m256i infinity = broadcast_32(0x7F800000);
  const __m256i negative = _mm256_and_si256(_mm256_cmpgt_epi32(x, broadcast_32(0x80000000)),
                                            _mm256_cmpgt_epi32(broadcast_32(0xFF800001), x));
  x = _mm256_blendv_epi8(x, broadcast_32(lanes.negative_bits), negative);
  const __m256i magnitude = _mm256_and_si256(x, broadcast_32(0x7FFFFFFF));
  __m256i m =
      _mm256_max_epi32(_mm256_min_epi32(magnitude, broadcast_32(lanes.high)), broadcast_32(lanes.low));
  m = _mm256_blendv_epi8(m, broadcast_32(lanes.inf_bits), _mm256_cmpeq_epi32(magnitude, infinity));
  if (lanes.from_denormals) {
    // From 2^-127 to 2^-126 denormal numbers have twice the spacing; stretched, they become binade 0.
    const __m256i normal = broadcast_32(0x00800000);
    const __m256i stretched = _mm256_sub_epi32(_mm256_add_epi32(m, m), normal);
    m = _mm256_blendv_epi8(m, stretched, _mm256_cmpgt_epi32(normal, m));
  }
  const __m128i shift = _mm_cvtsi32_si128(lanes.shift);
  const std::uint32_t half = 1U << (lanes.shift - 1);
  if constexpr (Mode == rounding::nearest_even) {
    const __m256i odd = _mm256_and_si256(_mm256_srl_epi32(m, shift), broadcast_32(1));
    m = _mm256_add_epi32(_mm256_add_epi32(m, odd), broadcast_32(half - 1));
  } else if constexpr (Mode == rounding::nearest_away) {
    m = _mm256_add_epi32(m, broadcast_32(half));
  }
  m = _mm256_sub_epi32(_mm256_srl_epi32(m, shift), broadcast_32(lanes.rank_of_0));
  return _mm256_blendv_epi8(m, broadcast_32(lanes.nan_code), _mm256_cmpgt_epi32(magnitude, infinity));
}

template <rounding Mode>
struct scale_encoding {
  scale_lanes lanes;  // a copy that stores to the output cannot change

  NARROWFP_TARGET NARROWFP_INLINE explicit scale_encoding(const scale_lanes& facts) noexcept : lanes(facts) {}
  template <class S>
  NARROWFP_TARGET NARROWFP_INLINE __m256i encode(const S* in) const noexcept {
    const quad x = load_quad(in);
    const __m256i ab = _mm256_packus_epi32(scale_ranks<Mode>(x.a, lanes), scale_ranks<Mode>(x.b, lanes));
    const __m256i cd = _mm256_packus_epi32(scale_ranks<Mode>(x.c, lanes), scale_ranks<Mode>(x.d, lanes));
    return quad_in_order(in, _mm256_packus_epi16(ab, cd));
  }
};

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET

#endif
