// Layer: kernels, AVX-512; avx512.hpp includes this once for each set. Floats to HiF4 blocks, sixteen at a
// time.
//
// Every decision compares an exact product |x| * factor with a number of few bits, "reached" or not. Products
// rounded toward zero never pass such a number, so that float multiplication decides exactly.

#if defined(NARROWFP_SET)

namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// Codes as steps of amax, see scale_steps; factors by code from a table.
template <block_type B>
NARROWFP_TARGET NARROWFP_INLINE void choose_hif4_scales(__m512i amax, block_run& run) noexcept {
  constexpr auto& steps = scale_steps_of<B>;
  constexpr auto last = static_cast<int>(core::last_scale_code<typename B::scale_format>);
  static_assert(scale_steps<B>::codes_in_binade == 4);
  const __m512i fraction = _mm512_and_si512(amax, broadcast(0x7FFFFF));
  __m512i code = _mm512_slli_epi32(_mm512_srli_epi32(amax, 23), 2);
  code = _mm512_add_epi32(code, _mm512_set1_epi32(steps.code_of_one - 4 * 127));
  for (const std::uint32_t from : steps.from_fraction) {
    code =
        _mm512_mask_add_epi32(code, _mm512_cmpge_epu32_mask(fraction, broadcast(from)), code, broadcast(1));
  }
  code = _mm512_min_epi32(_mm512_max_epi32(code, _mm512_setzero_si512()), _mm512_set1_epi32(last));
  _mm512_store_si512(run.code, code);
  for (std::size_t b = 0; b < run_blocks; ++b) {
    run.factor[b] = element_factors<B>[run.code[b]];
  }
  run.zero = 0;
  run.unusual = _mm512_cmpge_epu32_mask(amax, broadcast(0x7F800000));
}

/// The largest of the groups of 4 of a block's magnitudes, in order.
NARROWFP_TARGET NARROWFP_INLINE __m512i largest_of_fours(const quad& m) noexcept {
  return reordered(largest_in_lanes(m.a, m.b, m.c, m.d));
}

/// Sets the bits of block b of a run, behind its scale's code; returns what the elements of each group of 4
/// are multiplied by to become multiples of the element's spacing.
template <block_type B>
NARROWFP_TARGET NARROWFP_INLINE __m512i choose_hif4_bits(std::size_t b, block_run& run) noexcept {
  constexpr int down = _MM_FROUND_TO_ZERO | _MM_FROUND_NO_EXC;
  constexpr int unit = B::element_format::ulp_exponent(0);
  const __m512i f = broadcast_float(run.factor[b]);
  const __m512i four = _mm512_castps_si512(
      _mm512_maskz_mul_round_ps(0xFFFF, _mm512_castsi512_ps(run.at(b)), _mm512_castsi512_ps(f), down));
  const __m512i eight = _mm512_max_epu32(four, _mm512_maskz_shuffle_epi32(0xFFFF, four, _MM_PERM_CDAB));
  const __m512i to_set_eight = broadcast(static_cast<std::uint32_t>(127 + B::threshold[1]) << 23);
  const __m512i to_set_four = broadcast(static_cast<std::uint32_t>(127 + B::threshold[2]) << 23);
  const __m512i binade = broadcast(1U << 23);
  const __mmask16 eights = _mm512_cmpge_epu32_mask(eight, to_set_eight);
  const __mmask16 fours =
      _mm512_cmpge_epu32_mask(four, _mm512_mask_add_epi32(to_set_four, eights, to_set_four, binade));
  // One bit of each two.
  std::uint32_t pairs = eights & 0x5555U;
  pairs = (pairs | pairs >> 1) & 0x3333U;
  pairs = (pairs | pairs >> 2) & 0x0F0FU;
  pairs = (pairs | pairs >> 4) & 0x00FFU;
  run.code[b] |= pairs << 8 | std::uint32_t{fours} << 16;
  __m512i by_group = _mm512_sub_epi32(f, _mm512_set1_epi32(unit * (1 << 23)));
  by_group = _mm512_mask_sub_epi32(by_group, eights, by_group, binade);
  return _mm512_mask_sub_epi32(by_group, fours, by_group, binade);
}

/// Twice the rank of 16 elements, and a bit below it, in the low bytes.
///
/// |x| * factor + 1/2, toward zero, in a float whose last bit weighs 1/2: half away from zero.
template <int Part>
NARROWFP_TARGET NARROWFP_INLINE __m512i hif4_ranks(__m512i x, __m512i by_group,
                                                   std::uint32_t largest_rank) noexcept {
  constexpr std::uint32_t two_to_22_and_a_half = 0x4A800001;
  const __m512i groups = _mm512_setr_epi32(0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3);
  const __m512i factor =
      _mm512_maskz_permutexvar_epi32(0xFFFF, _mm512_add_epi32(groups, _mm512_set1_epi32(4 * Part)), by_group);
  const __m512i m = _mm512_and_si512(x, broadcast(0x7FFFFFFF));
  const __m512i sum = _mm512_castps_si512(_mm512_maskz_fmadd_round_ps(
      0xFFFF, _mm512_castsi512_ps(m), _mm512_castsi512_ps(factor),
      _mm512_castsi512_ps(broadcast(two_to_22_and_a_half)), _MM_FROUND_TO_ZERO | _MM_FROUND_NO_EXC));
  return _mm512_min_epu32(sum, broadcast(two_to_22_and_a_half - 1 + 2 * largest_rank));
}

/// The codes of one block, in packed places.
template <block_type B>
NARROWFP_TARGET NARROWFP_INLINE __m512i hif4_codes(const quad& x, __m512i by_group) noexcept {
  using F = typename B::element_format;
  constexpr auto largest = static_cast<std::uint32_t>(ranks<F>.count - 1);
  const quad twice = {hif4_ranks<0>(x.a, by_group, largest), hif4_ranks<1>(x.b, by_group, largest),
                      hif4_ranks<2>(x.c, by_group, largest), hif4_ranks<3>(x.d, by_group, largest)};
  const __m512i packed = _mm512_srli_epi16(pack_low_bytes<0>(twice), 1);
  const __m512i signs = _mm512_srli_epi16(
      _mm512_packs_epi16(_mm512_packs_epi32(x.a, x.b), _mm512_packs_epi32(x.c, x.d)), 8 - F::width);
  const __m512i sign = _mm512_set1_epi8(static_cast<char>(1U << (F::width - 1)));
  const __m512i rank = _mm512_and_si512(packed, _mm512_set1_epi8(static_cast<char>(largest)));
  return _mm512_ternarylogic_epi32(signs, sign, rank, 0xEA);
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET

#endif
