// Layer: kernels/avx2. Floats to blocks, 32 or 64 elements at a time. It stops at a group of blocks that
// holds something unusual, and before the last elements if they fill no group.
#pragma once

#include "dense.hpp"
#include "encode_words.hpp"
#include "environment.hpp"
#include "quantize_hif4.hpp"
#include "quantize_powers.hpp"
#include "sources.hpp"
#include "survey.hpp"
#include "words.hpp"

#include "open.hpp"

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// The largest of 16 words below 2^15. (The instruction finds the least of 8.)
NARROWFP_TARGET NARROWFP_INLINE int largest_word(__m256i m) noexcept {
  const __m128i of_two = _mm_max_epu16(_mm256_castsi256_si128(m), _mm256_extracti128_si256(m, 1));
  const __m128i least = _mm_minpos_epu16(_mm_xor_si128(of_two, _mm_set1_epi16(-1)));
  return 0xFFFF & ~_mm_cvtsi128_si32(least);
}

/// Two blocks of 16 between the two phases: words of magnitudes, signs as nibbles, and for each block its
/// scale with what dividing by its power of two subtracts from words, twice.
struct ratio_group {
  __m256i magnitude[2];
  __m256i signs;
  std::uint32_t offset[2];
  std::uint8_t code[2];
};

/// Finds the scales: the ratios of largest magnitudes to the largest element, rounded to nearest or up.
/// False: not here.
template <block_type B, bool Up, class S>
NARROWFP_TARGET NARROWFP_INLINE bool find_ratios(const S* in, ratio_group& group) noexcept {
  constexpr auto& ratios = word_ratios_of<B, Up>;
  prefetch_ahead<32 * sizeof(S)>(in);
  const words_32 x = load_words(in);
  group.signs = _mm256_and_si256(_mm256_srli_epi16(_mm256_packs_epi16(x.first, x.second), 4), broadcast_8(8));
  group.magnitude[0] = _mm256_and_si256(x.first, broadcast_16(0x7FFF));
  group.magnitude[1] = _mm256_and_si256(x.second, broadcast_16(0x7FFF));
  bool finite = true;
#pragma GCC unroll 2
  for (std::size_t i = 0; i < 2; ++i) {
    const int amax = largest_word(group.magnitude[i]);
    group.code[i] = ratios.code_of(amax);
    group.offset[i] = 0x10001U * static_cast<std::uint16_t>(ratios.scale[group.code[i]].offset);
    finite = finite && amax < 0x7F80;
  }
  return finite;
}

/// Minus the ranks of a block's elements: a rank is the number of thresholds that the magnitude passes.
template <block_type B>
NARROWFP_TARGET NARROWFP_INLINE __m256i minus_ranks(__m256i magnitude, const std::uint32_t& offset,
                                                    std::uint8_t code) noexcept {
  constexpr auto& thresholds = word_thresholds_of<B, vector_mode<B>>;
  const auto& row = thresholds.of_class[word_ratios_of<B>.scale[code].scale_class];
  const __m256i m = _mm256_sub_epi16(
      magnitude, _mm256_castps_si256(_mm256_broadcast_ss(reinterpret_cast<const float*>(&offset))));
  __m256i sum = _mm256_cmpgt_epi16(m, load_256(row.below[0]));
#pragma GCC unroll 8
  for (std::size_t i = 1; i < thresholds.count; ++i) {
    sum = _mm256_add_epi16(sum, _mm256_cmpgt_epi16(m, load_256(row.below[i])));
  }
  return sum;
}

/// Encodes the elements and writes both blocks.
template <block_type B, class S>
NARROWFP_TARGET NARROWFP_INLINE void encode_under_ratios(const S* in, const ratio_group& group,
                                                         const block_target& out,
                                                         std::size_t block) noexcept {
  const __m256i first = minus_ranks<B>(group.magnitude[0], group.offset[0], group.code[0]);
  const __m256i second = minus_ranks<B>(group.magnitude[1], group.offset[1], group.code[1]);
  const __m256i codes = _mm256_sub_epi8(group.signs, _mm256_packs_epi16(first, second));
  const __m128i nibbles = squeeze_nibbles(words_in_order(in, codes));
  std::byte* to[2] = {out.codes + block * out.code_stride, out.codes + (block + 1) * out.code_stride};
  _mm_storel_epi64(reinterpret_cast<__m128i*>(to[0]), nibbles);
  _mm_storel_epi64(reinterpret_cast<__m128i*>(to[1]), _mm_unpackhi_epi64(nibbles, nibbles));
  for (std::size_t i = 0; i < 2; ++i) {
    out.metadata[(block + i) * out.metadata_stride] = static_cast<std::byte>(group.code[i]);
    if (group.code[i] == 0) {  // a scale of 0, under which all codes are 0
      __builtin_memset(to[i], 0, 8);
    }
  }
}

/// Blocks of 16 under ratios, by integers alone.
template <block_type B, bool Up, class S>
NARROWFP_TARGET [[gnu::noinline]] std::size_t quantize_ratios(const S* in, std::size_t n,
                                                              const block_target& out) noexcept {
  ratio_group groups[groups_at_a_time];
  std::size_t done = 0;
  for (bool usual = true; usual && n - done >= 32;) {
    std::size_t count = 0;
    for (; usual && count < groups_at_a_time && n - done >= 32 * (count + 1); ++count) {
      usual = find_ratios<B, Up>(in + done + 32 * count, groups[count]);
    }
    count -= usual ? 0 : 1;
    for (std::size_t g = 0; g < count; ++g, done += 32) {
      encode_under_ratios<B>(in, groups[g], out, done / 16);
    }
  }
  return done;
}

/// Quantizes whole groups of elements and returns how many elements that were.
template <block_type B, rounding Mode, class S>
std::size_t quantize_groups(const S* in, std::size_t n, const block_target& out,
                            [[maybe_unused]] scale_rule rule, const block_draws&) noexcept {
  if constexpr (is_integer_block<B> || counted_scale_choice<B> == scale_choice::power_of_two) {
    const default_environment guard(Mode == rounding::toward_zero ? Mode : rounding::nearest_even);
    return quantize_powers<B, Mode>(in, n, out, scale_carry<B>(rule));
  } else if constexpr (counted_scale_choice<B> == scale_choice::hif4) {
    const default_environment guard(rounding::toward_zero);
    return quantize_hif4<B>(in, n, out);
  } else if constexpr (counted_scale_choice<B> == scale_choice::ratio) {
    return rule == scale_rule::rceil ? quantize_ratios<B, true>(in, n, out)
                                     : quantize_ratios<B, false>(in, n, out);
  } else {
    return 0;
  }
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#include "close.hpp"
