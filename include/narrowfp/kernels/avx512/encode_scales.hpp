// Layer: kernels/avx512. Floats to unsigned formats without zero, by integer rounding in 16-bit lanes.
#if !defined(NARROWFP_SET)
#include "alone.hpp"

#if defined(NARROWFP_SET)
#include "words.hpp"
#include "bytes.hpp"
#include "dense.hpp"
#include "sources.hpp"
#include "../vector/pack.hpp"
#endif
#define NARROWFP_ALONE
#endif

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// The leading words of 32 floats, the last bit set if any bit below is: a0 b0 a1 b1 ...
NARROWFP_TARGET NARROWFP_INLINE __m512i fold(__m512i a, __m512i b) noexcept {
  constexpr __mmask32 odd_words = 0xAAAAAAAA;
  const __m512i high = _mm512_mask_mov_epi16(_mm512_srli_epi32(a, 16), odd_words, b);
  const __m512i low = _mm512_mask_mov_epi16(a, odd_words, _mm512_slli_epi32(b, 16));
  return _mm512_or_si512(high, _mm512_min_epu16(low, broadcast_16(1)));
}

/// A source of encode_groups: codes of scales.
template <scalar_format F, rounding Mode, overflow Policy>
struct scale_encoder_64 {
  static constexpr auto& facts = scale_grid_of<F, Mode, Policy>;
  static constexpr int shift = facts.shift - 16;

  /// 32 ranks, which are the codes.
  NARROWFP_TARGET NARROWFP_INLINE static __m512i ranks_of(__m512i x) noexcept {
    const __m512i infinity = broadcast_16(0x7F80);
    const __m512i high = broadcast_16(facts.high >> 16);
    __m512i m;
    [[maybe_unused]] __mmask32 is_nan = 0;
    [[maybe_unused]] const __mmask32 is_infinity = _mm512_cmpeq_epi16_mask(x, infinity);
    if constexpr (facts.negative_bits != 0) {
      // As unsigned integers, negative numbers are above NaN. -0 is none of them.
      const __mmask32 counts = _mm512_cmpneq_epi16_mask(x, broadcast_16(0x8000));
      m = _mm512_maskz_min_epu16(counts, x, high);
      is_nan = _mm512_mask_cmpgt_epu16_mask(counts, x, infinity);
    } else {
      m = _mm512_min_epi16(_mm512_max_epi16(x, _mm512_setzero_si512()), high);
      is_nan = _mm512_cmpgt_epi16_mask(_mm512_and_si512(x, broadcast_16(0x7FFF)), infinity);
    }
    if constexpr (facts.inf_bits != facts.high) {
      m = _mm512_mask_mov_epi16(m, is_infinity, broadcast_16(facts.inf_bits >> 16));
    }
    if constexpr (facts.from_denormals) {
      // From 2^-127 to 2^-126 denormal numbers have twice the spacing; stretched, they become binade 0, and
      // smaller ones 0. Others would become larger.
      m = _mm512_min_epu16(m, _mm512_subs_epu16(_mm512_add_epi16(m, m), broadcast_16(0x80)));
    } else {
      m = _mm512_max_epi16(m, broadcast_16(facts.low >> 16));
    }
    m = rounded(m);
    if constexpr (facts.rank_of_0 != 0) {
      m = _mm512_sub_epi16(m, broadcast_16(facts.rank_of_0));
    }
    return has_nan_above<F, Mode, Policy> ? m
                                          : _mm512_mask_mov_epi16(m, is_nan, broadcast_16(facts.nan_code));
  }

  template <class S>
  NARROWFP_TARGET NARROWFP_INLINE __m512i operator()(const S* in, const std::uint32_t*) const noexcept {
    if constexpr (std::same_as<S, narrow_float<formats::bfloat16>>) {
      const S* from = unknown(in);
      const __m512i a = _mm512_loadu_si512(from);
      const __m512i b = _mm512_loadu_si512(from + 32);
      const __m512i codes = _mm512_packus_epi16(ranks_of(a), ranks_of(b));
      return _mm512_maskz_permutexvar_epi64(0xFF, _mm512_setr_epi64(0, 2, 4, 6, 1, 3, 5, 7), codes);
    } else {
      const quad x = load_64(in, ~0ULL);
      const __m512i codes = _mm512_packus_epi16(ranks_of(fold(x.a, x.b)), ranks_of(fold(x.c, x.d)));
      const __m512i regroup = _mm512_set4_epi32(0x0F0D0B09, 0x0E0C0A08, 0x07050301, 0x06040200);
      return reordered(_mm512_shuffle_epi8(codes, regroup));
    }
  }

 private:
  /// m / 2^shift, rounded.
  NARROWFP_TARGET NARROWFP_INLINE static __m512i rounded(__m512i m) noexcept {
    if constexpr (Mode == rounding::toward_zero) {
      return _mm512_srli_epi16(m, shift);
    } else {
      const __m512i factor = broadcast_16(1U << (15 - shift));
      const __m512i up = _mm512_mulhrs_epi16(m, factor);  // ties go up
      if constexpr (Mode == rounding::nearest_away) {
        return up;
      } else {
        // As in round_words: one unit less and ties go down.
        const __m512i down = _mm512_mulhrs_epi16(_mm512_sub_epi16(m, broadcast_16(1)), factor);
        return _mm512_ternarylogic_epi32(up, down, _mm512_set1_epi16(-2), 0xE0);
      }
    }
  }
};

template <scalar_format F, rounding Mode, overflow Policy, class S>
NARROWFP_TARGET [[gnu::noinline]] void pack_scales(const S* in, std::uint8_t* out, std::size_t n) noexcept {
  std::size_t left = n;
  if (n >= code_group) {
    left = encode_groups<8, true>(in, out, n, nullptr, scale_encoder_64<F, Mode, Policy>{});
  }
  if (left != 0) {
    const std::size_t done = n - left;
    encode_last<8>(in + done, out + done, left, [](const S* elements, std::uint8_t* codes) {
      pack_scales<F, Mode, Policy>(elements, codes, 64);
    });
  }
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#if defined(NARROWFP_ALONE)
#include "alone_end.hpp"
#endif
