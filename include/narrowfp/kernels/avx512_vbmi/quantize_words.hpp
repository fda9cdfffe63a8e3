// Layer: kernels/avx512_vbmi. bfloat16 to blocks of 32 elements under a power of two, in 16-bit lanes: the
// scale is subtracted from exponents on their way to a table.
#if !defined(NARROWFP_SET)
#include "alone.hpp"

#if defined(NARROWFP_SET)
#include "../avx512/words.hpp"
#include "bytes.hpp"
#include "../avx512/dense.hpp"
#include "../avx512/sources.hpp"
#include "../vector/pack.hpp"
#include "../avx512/encode_magic.hpp"
#include "../avx512/draws.hpp"
#include "../vector/draws.hpp"
#include "encode_words.hpp"
#include "../avx512/survey.hpp"
#include "../avx512/quantize_bits.hpp"
#include "../avx512/quotients.hpp"
#include "../avx512/block_scales.hpp"
#include "../avx512/quantize.hpp"
#endif
#define NARROWFP_ALONE
#endif

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// The facts of the elements, which saturate.
template <block_type B, rounding Mode>
inline constexpr auto& block_halves =
    half_rows_of<typename B::element_format, Mode, overflow::saturate, formats::bfloat16>;

/// Whether blocks of S are quantized so.
template <block_type B, rounding Mode, class S>
inline constexpr bool takes_words = [] {
  if constexpr (std::same_as<S, narrow_float<formats::bfloat16>> && B::levels == 1 && B::elements == 32 &&
                scale_choice_of<B> == scale_choice::power_of_two) {
    return block_halves<B, Mode>.exists;
  } else {
    return false;
  }
}();

/// half_rows with rows by what an exponent field is above `low`.
template <block_type B, rounding Mode>
inline constexpr half_rows rows_above_low = [] {
  half_rows rows = block_halves<B, Mode>.data;
  for (std::size_t row = 0; row < 64; ++row) {
    rows.factor[row] = block_halves<B, Mode>.data.factor[(row + rows.low) % 64];
    rows.offset[row] = block_halves<B, Mode>.data.offset[(row + rows.low) % 64];
  }
  rows.high = static_cast<std::uint8_t>(rows.high - rows.low);
  return rows;
}();

/// In the upper half of each dword the larger magnitude of its two, as a float.
NARROWFP_TARGET NARROWFP_INLINE __m512i larger_of_pairs(__m512i x) noexcept {
  const __m512i m = _mm512_and_si512(x, _mm512_set1_epi16(0x7FFF));
  return _mm512_maskz_max_epu16(0xAAAAAAAA, m, _mm512_slli_epi32(m, 16));
}

template <block_type B>
NARROWFP_TARGET NARROWFP_INLINE void survey_group(const word_pair& x, std::size_t first,
                                                  block_run& run) noexcept {
  _mm512_store_si512(run.largest[first], larger_of_pairs(x.a));
  _mm512_store_si512(run.largest[first + 1], larger_of_pairs(x.b));
}

/// How 64 elements are read: to 16-bit lanes.
template <class S>
struct word_reader {
  NARROWFP_TARGET NARROWFP_INLINE static word_pair read(const S* in, std::size_t n) noexcept {
    return load_words<0>(in, n);
  }
};

/// How they become codes.
template <block_type B, rounding Mode, class S>
requires(takes_words<B, Mode, S>) struct group_encoder<B, Mode, S> : word_reader<S> {
  using reader = word_reader<S>;
  // No element here is NaN or infinite.
  static constexpr unsigned flags =
      block_halves<B, Mode>.flags & ~(word_nan | word_nan_signed | word_inf | word_inf_is_nan);
  static constexpr int one = half_layout<formats::bfloat16>::bias;
  half_constants c;

  NARROWFP_TARGET NARROWFP_INLINE static group_encoder load() noexcept {
    return {{}, load_constants<flags>(rows_above_low<B, Mode>, alternating_places<false, false>)};
  }

  /// An element's row is its exponent field less the scale's, from `low` on. A usual scale is so large that
  /// this is below `low` for denormal elements.
  NARROWFP_TARGET NARROWFP_INLINE __m512i operator()(const word_pair& x, std::size_t first,
                                                     const block_run& run,
                                                     const std::uint32_t*) const noexcept {
    const __m512i scales = _mm512_set1_epi16(static_cast<short>(run.code[first] | run.code[first + 1] << 8));
    const __m512i below_low =
        _mm512_subs_epu8(scales, _mm512_set1_epi8(static_cast<char>(one - block_halves<B, Mode>.data.low)));
    const __m512i row = _mm512_subs_epu8(exponent_fields<formats::bfloat16>(x), below_low);
    return encode_words<flags, formats::bfloat16>(x, _mm512_min_epu8(row, c.high), c);
  }
};

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#if defined(NARROWFP_ALONE)
#include "alone_end.hpp"
#endif
