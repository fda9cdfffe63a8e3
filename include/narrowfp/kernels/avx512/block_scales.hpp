// Layer: kernels/avx512. The scales of a run of blocks.
#if !defined(NARROWFP_SET)
#include "alone.hpp"

#include "words.hpp"
#include "bytes.hpp"
#include "dense.hpp"
#include "encode_magic.hpp"
#include "survey.hpp"
#include "quantize_bits.hpp"
#include "quotients.hpp"
#define NARROWFP_ALONE
#endif

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// Powers of two. Dividing by one subtracts from the exponent. It is exact but for results far below the
/// smallest element, and denormal inputs, which a usual scale puts there.
///
/// Every rule is the exponent of amax + carry, as integers: see scale_carry.
template <block_type B>
NARROWFP_TARGET NARROWFP_INLINE void choose_powers(__m512i amax, std::uint32_t carry, int least_usual,
                                                   block_run& run) noexcept {
  constexpr int top = core::binade_of(B::facts::largest);
  const __m512i field = _mm512_srli_epi32(_mm512_add_epi32(amax, broadcast(carry)), 23);
  const __m512i code = _mm512_sub_epi32(_mm512_max_epu32(field, broadcast(top)), broadcast(top));
  const __m512i inverse = _mm512_slli_epi32(_mm512_sub_epi32(broadcast(254), code), 23);
  const __mmask16 is_zero = _mm512_testn_epi32_mask(amax, amax);
  const __mmask16 low = _mm512_cmplt_epi32_mask(code, _mm512_set1_epi32(least_usual));
  // Else the inverse is denormal, or is halved for a bit and denormal as a factor to units.
  constexpr int most_usual = 254 - static_cast<int>(B::levels) -
                             (B::levels > 1 ? core::larger(B::element_format::ulp_exponent(0), 0) : 0);
  const __mmask16 high = _mm512_cmpgt_epu32_mask(code, broadcast(most_usual));
  const __mmask16 not_finite = _mm512_cmpge_epu32_mask(amax, broadcast(0x7F800000));
  _mm512_store_si512(run.code, _mm512_mask_mov_epi32(code, is_zero, _mm512_setzero_si512()));
  _mm512_store_si512(run.factor, _mm512_mask_mov_epi32(inverse, is_zero, _mm512_setzero_si512()));
  run.zero = 0;
  run.unusual = static_cast<__mmask16>((low & ~is_zero) | high | not_finite);
}

/// The scale that a sum with a magic number stands for.
NARROWFP_TARGET NARROWFP_INLINE __m512i scale_of(__m512i sum, __m512i magic) noexcept {
  return _mm512_castps_si512(_mm512_maskz_sub_round_ps(0xFFFF, _mm512_castsi512_ps(sum),
                                                       _mm512_castsi512_ps(magic),
                                                       _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC));
}

/// The ratio of the largest magnitude to the largest element, rounded to nearest, or up if carry is 1.
template <block_type B, unsigned Flags>
NARROWFP_TARGET NARROWFP_INLINE void choose_ratios(__m512i amax, std::uint32_t carry,
                                                   const encode_constants& c, block_run& run) noexcept {
  constexpr float_reciprocal of_largest = reciprocal_in_floats(B::facts::largest);
  __m512i wanted =
      quotient_by(amax, broadcast_float(of_largest.nearest), broadcast_float(of_largest.lacking));
  wanted = _mm512_min_epu32(wanted, c.high);
  // The sum's low byte is the rank, which is the code; less the magic number it is the scale.
  const __m512i magic = magic_of<Flags>(_mm512_max_epu32(wanted, c.low), c);
  __m512i code = round_magnitudes<Flags>(wanted, nullptr, c);
  __m512i scale = scale_of(code, magic);
  if (carry != 0) {
    // A denormal amax, of which a quotient may not be left, is above 0 as well.
    const __mmask16 is_above =
        _mm512_cmpgt_epu32_mask(wanted, scale) |
        static_cast<__mmask16>(_mm512_testn_epi32_mask(scale, scale) & _mm512_test_epi32_mask(amax, amax));
    code = _mm512_mask_add_epi32(code, is_above, code, broadcast(1));
    scale = scale_of(code, magic);
  }
  const __m512i reciprocal = reciprocal_of<typename B::scale_format>(scale);
  _mm512_store_si512(run.code, code);
  _mm512_store_si512(run.scale, scale);
  _mm512_store_si512(run.factor, reciprocal);
  _mm512_store_si512(run.lacking, product(product_less(broadcast_float(1), reciprocal, scale), reciprocal));
  run.zero = _mm512_testn_epi32_mask(scale, scale);
  run.unusual = _mm512_cmpge_epu32_mask(amax, broadcast(0x7F800000));
}

/// The constants of a scale's own encoding, where there is one.
template <block_type B>
struct scale_encoder {
  static constexpr unsigned flags = 0;
  NARROWFP_TARGET NARROWFP_INLINE static encode_constants load() noexcept { return encode_constants{}; }
};
template <block_type B>
requires(scale_choice_of<B> == scale_choice::ratio) struct scale_encoder<B> {
  static constexpr auto& facts =
      magic_rows_of<typename B::scale_format, rounding::nearest_even, overflow::saturate>;
  static constexpr unsigned flags = facts.flags & ~special_flags;
  NARROWFP_TARGET NARROWFP_INLINE static encode_constants load() noexcept {
    return load_constants<flags>(facts.data, 1);
  }
};

/// Chooses the scales of a run: one copy for all modes, as this is once in some hundred elements.
/// `least_usual` is the mode's least_usual_code.
template <block_type B>
NARROWFP_TARGET [[gnu::noinline]] void choose_scales(std::uint32_t carry, [[maybe_unused]] int least_usual,
                                                     block_run& run) noexcept {
  const __m512i amax = largest_of(run);
  if constexpr (scale_choice_of<B> == scale_choice::power_of_two) {
    choose_powers<B>(amax, carry, least_usual, run);
  } else if constexpr (scale_choice_of<B> == scale_choice::ratio) {
    choose_ratios<B, scale_encoder<B>::flags>(amax, carry, scale_encoder<B>::load(), run);
  } else {
    choose_hif4_scales<B>(amax, run);
  }
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#if defined(NARROWFP_ALONE)
#include "alone_end.hpp"
#endif
