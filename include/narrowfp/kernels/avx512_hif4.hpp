// Layer: kernels, AVX-512; avx512.hpp includes this once for each set. Floats to HiF4 blocks.
//
// Every decision compares an exact product |x| * factor with a number of few bits, "reached" or not. Products
// rounded toward zero never pass such a number, so that float multiplication decides exactly.

#if defined(NARROWFP_SET)

namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// 16 elements in the element's range, and which of their groups set their bits.
struct hif4_part {
  __m512i scaled;
  std::uint64_t eights, fours;  ///< a bit for each element
};

NARROWFP_TARGET NARROWFP_INLINE __m512i halve_where(__m512i x, __mmask16 which) noexcept {
  const __m512 v = _mm512_castsi512_ps(x);
  return _mm512_castps_si512(_mm512_mask_mul_round_ps(v, which, v, _mm512_castsi512_ps(broadcast(0x3F000000)),
                                                      _MM_FROUND_TO_ZERO | _MM_FROUND_NO_EXC));
}

NARROWFP_TARGET NARROWFP_INLINE hif4_part scale_16(__m512i magnitude, __m512i factor) noexcept {
  constexpr int down = _MM_FROUND_TO_ZERO | _MM_FROUND_NO_EXC;
  __m512i product = _mm512_castps_si512(
      _mm512_maskz_mul_round_ps(0xFFFF, _mm512_castsi512_ps(magnitude), _mm512_castsi512_ps(factor), down));
  // The largest of each 4 elements, then of each 8, in each of their places.
  __m512i of_four = _mm512_max_epu32(product, _mm512_maskz_shuffle_epi32(0xFFFF, product, _MM_PERM_CDAB));
  of_four = _mm512_max_epu32(of_four, _mm512_maskz_shuffle_epi32(0xFFFF, of_four, _MM_PERM_BADC));
  const __m512i of_eight =
      _mm512_max_epu32(of_four, _mm512_maskz_shuffle_i32x4(0xFFFF, of_four, of_four, 0xB1));
  const __m512i two = broadcast(0x40000000);
  const __m512i four = broadcast(0x40800000);
  const __mmask16 eights = _mm512_cmpge_epu32_mask(of_eight, four);
  const __mmask16 fours = _mm512_cmpge_epu32_mask(of_four, _mm512_mask_mov_epi32(two, eights, four));
  product = halve_where(halve_where(product, eights), fours);
  return {product, eights, fours};
}

/// One block. False: it holds an infinity or a NaN, and nothing is written.
template <block_type B, unsigned Flags>
NARROWFP_TARGET NARROWFP_INLINE bool quantize_hif4(const quad& x, const block_target& out, std::size_t block,
                                                   const encode_constants& c) noexcept {
  const quad m = magnitudes(x);
  __m512i largest = _mm512_max_epu32(_mm512_max_epu32(m.a, m.b), _mm512_max_epu32(m.c, m.d));
  largest = _mm512_max_epu32(largest, _mm512_maskz_shuffle_epi32(0xFFFF, largest, _MM_PERM_CDAB));
  largest = _mm512_max_epu32(largest, _mm512_maskz_shuffle_epi32(0xFFFF, largest, _MM_PERM_BADC));
  const auto amax =
      static_cast<std::uint32_t>(_mm_cvtsi128_si32(_mm512_castsi512_si128(largest_of_lanes(largest))));
  if (amax >= 0x7F800000) {
    return false;
  }
  const std::uint32_t code = stepped_scale_code<B>(amax);
  const __m512i factor = broadcast_float(element_factors<B>[code]);
  const hif4_part a = scale_16(m.a, factor);
  const hif4_part b = scale_16(m.b, factor);
  const hif4_part d = scale_16(m.c, factor);
  const hif4_part e = scale_16(m.d, factor);
  const quad scaled = {a.scaled, b.scaled, d.scaled, e.scaled};
  const __m512i codes = squeeze_codes<4>(encode_scaled<Flags>(scaled, x, c));
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(out.codes + block * out.code_stride),
                      _mm512_castsi512_si256(codes));
  // One bit of each 8 and of each 4.
  std::uint64_t eights = a.eights | b.eights << 16 | d.eights << 32 | e.eights << 48;
  eights = (eights & 0x0101010101010101) * 0x0102040810204080 >> 56;
  std::uint64_t fours = (a.fours | b.fours << 16 | d.fours << 32 | e.fours << 48) & 0x1111111111111111;
  fours = (fours | fours >> 3) & 0x0303030303030303;
  fours = (fours | fours >> 6) & 0x000F000F000F000F;
  fours = (fours | fours >> 12) & 0x000000FF000000FF;
  fours = (fours | fours >> 24) & 0xFFFF;
  const auto metadata = static_cast<std::uint32_t>(code | eights << 8 | fours << 16);
  __builtin_memcpy(out.metadata + block * out.metadata_stride, &metadata, 4);
  return true;
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET

#endif
