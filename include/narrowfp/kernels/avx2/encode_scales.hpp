// Layer: kernels/avx2. Floats to unsigned formats without zero, by integer rounding in 16-bit lanes.
#pragma once

#include "encode_words.hpp"
#include "sources.hpp"
#include "words.hpp"

#include "open.hpp"

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

template <scalar_format F, rounding Mode, overflow Policy>
struct scale_encoding {
  static constexpr auto& facts = scale_grid_of<F, Mode, Policy>;
  static constexpr int shift = facts.shift - 16;

  NARROWFP_TARGET NARROWFP_INLINE explicit scale_encoding(const scale_grid&) noexcept {}

  /// 16 ranks, which are the codes. is_nan gets all ones where the code is NaN's.
  NARROWFP_TARGET NARROWFP_INLINE static __m256i ranks_of(__m256i x, __m256i& is_nan) noexcept {
    const __m256i infinity = broadcast_16(0x7F80);
    __m256i m;
    if constexpr (facts.negative_bits != 0) {
      // As unsigned integers, negative numbers are above NaN. -0 is none of them.
      m = _mm256_andnot_si256(_mm256_cmpeq_epi16(x, broadcast_16(0x8000)), x);
      m = _mm256_min_epu16(m, broadcast_16(0x7F81));
      is_nan = _mm256_cmpgt_epi16(m, infinity);
    } else {
      m = _mm256_max_epi16(x, _mm256_setzero_si256());
      is_nan = _mm256_cmpgt_epi16(_mm256_and_si256(x, broadcast_16(0x7FFF)), infinity);
    }
    const __m256i is_infinity = _mm256_cmpeq_epi16(m, infinity);
    m = _mm256_max_epi16(_mm256_min_epi16(m, broadcast_16(facts.high >> 16)), broadcast_16(facts.low >> 16));
    if constexpr (facts.inf_bits != facts.high) {
      m = _mm256_max_epi16(m, _mm256_and_si256(is_infinity, broadcast_16(facts.inf_bits >> 16)));
    }
    if constexpr (facts.from_denormals) {
      // From 2^-127 to 2^-126 denormal numbers have twice the spacing; stretched, they become binade 0.
      // Others would become larger.
      m = _mm256_min_epu16(m, _mm256_sub_epi16(_mm256_add_epi16(m, m), broadcast_16(0x80)));
    }
    constexpr int half = 1 << (shift - 1);
    constexpr int origin = static_cast<int>(facts.rank_of_0) << shift;
    if constexpr (Mode == rounding::nearest_even) {
      const __m256i odd = _mm256_and_si256(_mm256_srli_epi16(m, shift), broadcast_16(1));
      m = _mm256_add_epi16(_mm256_add_epi16(m, odd), broadcast_16(half - 1 - origin));
    } else {
      m = _mm256_add_epi16(m, broadcast_16((Mode == rounding::nearest_away ? half : 0) - origin));
    }
    return _mm256_srli_epi16(m, shift);
  }

  template <class S>
  NARROWFP_TARGET NARROWFP_INLINE __m256i operator()(const S* in, const std::uint32_t*) const noexcept {
    const words_32 x = load_words(in);
    words_32 is_nan;
    const __m256i first = ranks_of(x.first, is_nan.first);
    const __m256i second = ranks_of(x.second, is_nan.second);
    const __m256i nan =
        _mm256_and_si256(_mm256_packs_epi16(is_nan.first, is_nan.second), broadcast_8(facts.nan_code));
    return words_in_order(in, _mm256_max_epu8(_mm256_packus_epi16(first, second), nan));
  }
};

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#include "close.hpp"
