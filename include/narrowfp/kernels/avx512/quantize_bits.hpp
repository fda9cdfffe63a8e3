// Layer: kernels/avx512. Floats to blocks with bits below their scale: HiF4, HiF5 and the shared
// microexponents. Their elements count units and round ties away.
//
// Every decision asks whether an exact product |x| * factor reaches a number of few bits. Products rounded
// toward zero never pass such a number, so that float multiplication decides exactly. Under a power of two
// the pairs' bits need no product: patterns are compared.
#if !defined(NARROWFP_SET)
#include "alone.hpp"

#include "words.hpp"
#include "bytes.hpp"
#include "dense.hpp"
#include "encode_magic.hpp"
#include "survey.hpp"
#define NARROWFP_ALONE
#endif

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

/// Bits 0, 2, 4, ... 14 of x, together.
NARROWFP_INLINE std::uint32_t every_second(std::uint32_t x) noexcept {
  x &= 0x5555;
  x = (x | x >> 1) & 0x3333;
  x = (x | x >> 2) & 0x0F0F;
  return (x | x >> 4) & 0x00FF;
}

/// A factor into the range of B's elements, as one to units of theirs; halved where a bit is set.
template <block_type B>
NARROWFP_TARGET NARROWFP_INLINE __m512i to_units(float factor) noexcept {
  constexpr int unit = B::element_format::ulp_exponent(0);
  return _mm512_sub_epi32(broadcast_float(factor), _mm512_set1_epi32(unit * (1 << 23)));
}
NARROWFP_TARGET NARROWFP_INLINE __m512i halve_where(__mmask16 which, __m512i factor) noexcept {
  return _mm512_mask_sub_epi32(factor, which, factor, broadcast(1U << 23));
}

/// Sets HiF4's bits of block b of a run, behind its scale's code; returns what the elements of each group of
/// 4 are multiplied by.
template <block_type B>
NARROWFP_TARGET NARROWFP_INLINE __m512i choose_hif4_bits(std::size_t b, block_run& run) noexcept {
  constexpr int down = _MM_FROUND_TO_ZERO | _MM_FROUND_NO_EXC;
  const __m512 factor = _mm512_castsi512_ps(broadcast_float(run.factor[b]));
  const __m512i four =
      _mm512_castps_si512(_mm512_maskz_mul_round_ps(0xFFFF, _mm512_castsi512_ps(run.at(b)), factor, down));
  const __m512i eight = _mm512_max_epu32(four, _mm512_maskz_shuffle_epi32(0xFFFF, four, _MM_PERM_CDAB));
  const __m512i to_set_eight = broadcast(static_cast<std::uint32_t>(127 + B::threshold[1]) << 23);
  const __m512i to_set_four = broadcast(static_cast<std::uint32_t>(127 + B::threshold[2]) << 23);
  const __mmask16 eights = _mm512_cmpge_epu32_mask(eight, to_set_eight);
  const __mmask16 fours = _mm512_cmpge_epu32_mask(
      four, _mm512_mask_add_epi32(to_set_four, eights, to_set_four, broadcast(1U << 23)));
  run.code[b] |= every_second(eights) << 8 | std::uint32_t{fours} << 16;
  return halve_where(fours, halve_where(eights, to_units<B>(run.factor[b])));
}

/// Sets the bits of the pairs of the elements x, which are block b of a run, behind its scale's code; returns
/// what the elements are multiplied by.
template <block_type B>
NARROWFP_TARGET NARROWFP_INLINE __m512i choose_pair_bits(__m512i x, std::size_t b, block_run& run) noexcept {
  const __m512i m = _mm512_and_si512(x, broadcast(0x7FFFFFFF));
  const __m512i pair = _mm512_max_epu32(m, _mm512_maskz_shuffle_epi32(0xFFFF, m, _MM_PERM_CDAB));
  const __m512i to_set = broadcast((run.code[b] + static_cast<std::uint32_t>(B::threshold[1])) << 23);
  const __mmask16 pairs = _mm512_cmpge_epu32_mask(pair, to_set);
  run.code[b] |= every_second(pairs) << 8;
  return halve_where(pairs, to_units<B>(run.factor[b]));
}

/// What part `Part` of 64 elements, from block `first` of a run on, is multiplied by; its pairs' bits are set
/// here.
template <block_type B, int Part>
NARROWFP_TARGET NARROWFP_INLINE __m512i factors_of(__m512i x, std::size_t first, block_run& run,
                                                   __m512i by_group) noexcept {
  if constexpr (scale_choice_of<B> == scale_choice::hif4) {
    const __m512i groups = _mm512_setr_epi32(0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3);
    return _mm512_maskz_permutexvar_epi32(0xFFFF, _mm512_add_epi32(groups, broadcast(4 * Part)), by_group);
  } else {
    return choose_pair_bits<B>(x, first + Part, run);
  }
}

/// Twice the count of units of 16 elements, and a bit below it, in the low bytes.
///
/// |x| * factor + 1/2, toward zero, in a float whose last bit weighs 1/2: half away from zero.
NARROWFP_TARGET NARROWFP_INLINE __m512i count_units(__m512i x, __m512i factor, std::uint32_t most) noexcept {
  constexpr std::uint32_t two_to_22_and_a_half = 0x4A800001;
  const __m512i m = _mm512_and_si512(x, broadcast(0x7FFFFFFF));
  const __m512i sum = _mm512_castps_si512(_mm512_maskz_fmadd_round_ps(
      0xFFFF, _mm512_castsi512_ps(m), _mm512_castsi512_ps(factor),
      _mm512_castsi512_ps(broadcast(two_to_22_and_a_half)), _MM_FROUND_TO_ZERO | _MM_FROUND_NO_EXC));
  return _mm512_min_epu32(sum, broadcast(two_to_22_and_a_half - 1 + 2 * most));
}

/// The codes, in packed places, of the 64 elements x from block `first` of a run on.
template <block_type B>
NARROWFP_TARGET NARROWFP_INLINE __m512i encode_with_bits(const quad& x, std::size_t first,
                                                         block_run& run) noexcept {
  using F = typename B::element_format;
  constexpr auto most = static_cast<std::uint32_t>(ranks<F>.count - 1);
  __m512i by_group = _mm512_setzero_si512();
  if constexpr (scale_choice_of<B> == scale_choice::hif4) {
    by_group = choose_hif4_bits<B>(first, run);
  }
  const quad twice = {count_units(x.a, factors_of<B, 0>(x.a, first, run, by_group), most),
                      count_units(x.b, factors_of<B, 1>(x.b, first, run, by_group), most),
                      count_units(x.c, factors_of<B, 2>(x.c, first, run, by_group), most),
                      count_units(x.d, factors_of<B, 3>(x.d, first, run, by_group), most)};
  const __m512i packed = _mm512_srli_epi16(pack_low_bytes<0>(twice), 1);
  const __m512i signs = _mm512_srli_epi16(
      _mm512_packs_epi16(_mm512_packs_epi32(x.a, x.b), _mm512_packs_epi32(x.c, x.d)), 8 - F::width);
  const __m512i sign = _mm512_set1_epi8(static_cast<char>(1U << (F::width - 1)));
  const __m512i count =
      _mm512_and_si512(packed, _mm512_set1_epi8(static_cast<char>((1U << (F::width - 1)) - 1)));
  return _mm512_ternarylogic_epi32(signs, sign, count, 0xEA);
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#if defined(NARROWFP_ALONE)
#include "alone_end.hpp"
#endif
