// Layer: kernels, AVX2; avx2.hpp includes this. Floats to blocks, 32 or 64 elements at a time. It stops at a
// group of blocks that holds something unusual, and before the last elements if they fill no group.

#if defined(NARROWFP_SET)

namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// x / divisor, rounded once; a finite x whose quotient overflows counts as the largest float. It runs in
/// default_environment.
NARROWFP_TARGET NARROWFP_INLINE __m256i quotient(__m256i x, __m256 divisor) noexcept {
  const __m256i infinity = broadcast_32(0x7F800000);
  const __m256i mask = broadcast_32(0x7FFFFFFF);
  const __m256i q = _mm256_castps_si256(_mm256_div_ps(_mm256_castsi256_ps(x), divisor));
  const __m256i overflowed = _mm256_and_si256(_mm256_cmpeq_epi32(_mm256_and_si256(q, mask), infinity),
                                              _mm256_cmpgt_epi32(infinity, _mm256_and_si256(x, mask)));
  return _mm256_add_epi32(q, overflowed);  // subtracts 1
}
NARROWFP_TARGET [[gnu::noinline]] inline void divide_some(const float* in, float* out, std::size_t n,
                                                          float divisor) noexcept {
  const __m256 by = _mm256_set1_ps(divisor);
  std::size_t i = 0;
  for (; n - i >= 8; i += 8) {
    store_256<false>(out + i, quotient(load_256(in + i), by));
  }
  if (i < n) {
    float rest[8] = {};
    __builtin_memcpy(rest, in + i, (n - i) * sizeof(float));
    store_256<false>(rest, quotient(load_256(rest), by));
    __builtin_memcpy(out + i, rest, (n - i) * sizeof(float));
  }
}
inline void divide_floats(const float* in, float* out, std::size_t n, float divisor) noexcept {
  const default_environment guard(rounding::nearest_even);
  divide_some(in, out, n, divisor);
}

NARROWFP_TARGET NARROWFP_INLINE words_32 magnitudes(const words_32& x) noexcept {
  return {_mm256_and_si256(x.first, broadcast_16(0x7FFF)), _mm256_and_si256(x.second, broadcast_16(0x7FFF))};
}

/// The largest of 16 words. (The instruction finds the least of 8.)
NARROWFP_TARGET NARROWFP_INLINE int largest_word(__m256i m) noexcept {
  const __m128i of_two = _mm_max_epu16(_mm256_castsi256_si128(m), _mm256_extracti128_si256(m, 1));
  const __m128i least = _mm_minpos_epu16(_mm_xor_si128(of_two, _mm_set1_epi16(-1)));
  return 0xFFFF & ~_mm_cvtsi128_si32(least);
}

/// Minus the number of thresholds that each word passes.
template <class Thresholds>
NARROWFP_TARGET NARROWFP_INLINE __m256i minus_passed(__m256i m, const Thresholds& row) noexcept {
  __m256i sum = _mm256_cmpgt_epi16(m, load_256(row.below[0]));
#pragma GCC unroll 8
  for (std::size_t i = 1; i < sizeof row.below / sizeof row.below[0]; ++i) {
    sum = _mm256_add_epi16(sum, _mm256_cmpgt_epi16(m, load_256(row.below[i])));
  }
  return sum;
}

/// Nibbles, one a byte, from minus the ranks and the signs of x.
NARROWFP_TARGET NARROWFP_INLINE __m256i nibbles_of(__m256i first, __m256i second,
                                                   const words_32& x) noexcept {
  const __m256i signs = _mm256_srli_epi16(_mm256_packs_epi16(x.first, x.second), 4);
  return _mm256_sub_epi8(_mm256_and_si256(signs, broadcast_8(8)), _mm256_packs_epi16(first, second));
}

/// Groups of 32 elements that pass through a buffer at a time: first the scales of all, then their elements.
/// A processor would not look far enough ahead to find work beside the long way from elements to a scale.
inline constexpr std::size_t groups_at_a_time = 16;

/// A group between the two phases: its words with their signs, and what the power of two of each half's scale
/// subtracts from them, twice.
struct word_group {
  words_32 x;
  std::uint32_t offset[2];
  std::uint8_t code[2];
};

NARROWFP_INLINE std::uint32_t twice(int word) noexcept { return 0x10001U * static_cast<std::uint16_t>(word); }
NARROWFP_TARGET NARROWFP_INLINE __m256i divided(__m256i x, const std::uint32_t& offset) noexcept {
  const __m256i m = _mm256_and_si256(x, broadcast_16(0x7FFF));
  return _mm256_sub_epi16(m,
                          _mm256_castps_si256(_mm256_broadcast_ss(reinterpret_cast<const float*>(&offset))));
}

/// One block of 32 under a power of two: its scale. False: not here.
///
/// Dividing by a power of two subtracts from the exponent. That is exact but for zero, denormal numbers and
/// what becomes smaller than these, all of which a usual scale puts far below the smallest element.
template <block_type B>
NARROWFP_TARGET NARROWFP_INLINE bool find_power(const words_32& x, word_group& group) noexcept {
  using F = typename B::element_format;
  constexpr int top = core::binade_of(F::max_finite);
  constexpr int least_usual = core::larger(4 - core::binade_of(core::min_positive<F>), 0);
  const words_32 m = magnitudes(x);
  const int amax = largest_word(_mm256_max_epu16(m.first, m.second));
  const int code = core::larger((amax >> 7) - top, 0);
  group.offset[0] = twice(amax == 0 ? 0 : (code - 127) * 128);
  group.code[0] = static_cast<std::uint8_t>(code);
  return amax < 0x7F80 && (code >= least_usual || amax == 0);
}

/// Its elements.
template <block_type B, unsigned Flags>
NARROWFP_TARGET NARROWFP_INLINE void encode_under_power(const word_group& group, const block_target& out,
                                                        std::size_t block, const word_lanes& lanes) noexcept {
  using F = typename B::element_format;
  constexpr rounding mode = lane_block_mode<B, float>;
  const __m256i first = divided(group.x.first, group.offset[0]);
  const __m256i second = divided(group.x.second, group.offset[0]);
  __m256i codes;
  if constexpr (has_word_thresholds<B, mode>) {
    const auto& row = unknown(&word_thresholds_of<B, mode>)->of_class[0];
    codes = nibbles_of(minus_passed(first, row), minus_passed(second, row), group.x);
  } else {
    const __m256i high = broadcast_16(lanes.high);
    codes = encode_magnitudes<Flags>({_mm256_min_epi16(first, high), _mm256_min_epi16(second, high)}, group.x,
                                     lanes);
  }
  store_32<F::width, false>(reinterpret_cast<std::uint8_t*>(out.codes + block * out.code_stride),
                            unfold(codes));
  out.metadata[block * out.metadata_stride] = static_cast<std::byte>(group.code[0]);
}

/// Two blocks of 16 under the ratio of the largest magnitude to the largest element: their scales. False: not
/// here.
template <block_type B>
NARROWFP_TARGET NARROWFP_INLINE bool find_ratios(const words_32& x, word_group& group) noexcept {
  constexpr auto& ratios = word_ratios_of<B>;
  constexpr int last_entry = word_ratios<B>::size - 1;
  const words_32 m = magnitudes(x);
  const int amax[2] = {largest_word(m.first), largest_word(m.second)};
  for (std::size_t i = 0; i < 2; ++i) {
    const int entry = core::larger(amax[i] - word_ratios<B>::base, 0);
    group.code[i] = ratios.code[core::smaller(entry, last_entry)];
    group.offset[i] = twice(ratios.scale[group.code[i]].offset);
  }
  return core::larger(amax[0], amax[1]) < 0x7F80;
}

/// Their elements.
template <block_type B>
NARROWFP_TARGET NARROWFP_INLINE void encode_under_ratios(const word_group& group, const block_target& out,
                                                         std::size_t block) noexcept {
  const auto& thresholds = word_thresholds_of<B, lane_block_mode<B, float>>;
  constexpr auto& ratios = word_ratios_of<B>;
  const __m256i first = minus_passed(divided(group.x.first, group.offset[0]),
                                     thresholds.of_class[ratios.scale[group.code[0]].scale_class]);
  const __m256i second = minus_passed(divided(group.x.second, group.offset[1]),
                                      thresholds.of_class[ratios.scale[group.code[1]].scale_class]);
  const __m128i codes = squeeze_nibbles(unfold(nibbles_of(first, second, group.x)));
  for (std::size_t i = 0; i < 2; ++i) {
    std::byte* to = out.codes + (block + i) * out.code_stride;
    i == 0 ? _mm_storel_epi64(reinterpret_cast<__m128i*>(to), codes)
           : _mm_storeh_pd(reinterpret_cast<double*>(to), _mm_castsi128_pd(codes));
    out.metadata[(block + i) * out.metadata_stride] = static_cast<std::byte>(group.code[i]);
    if (group.code[i] == 0) {  // a scale of 0, under which all codes are 0
      __builtin_memset(to, 0, 8);
    }
  }
}

template <block_type B>
NARROWFP_TARGET std::size_t quantize_words(const float* in, std::size_t n, const block_target& out) noexcept {
  using F = typename B::element_format;
  constexpr bool is_ratio = word_scale_way<B> == scale_way::ratio;
  constexpr auto& facts = words_of<F, lane_block_mode<B, float>, overflow::saturate>;
  // No element of these groups is NaN or infinite.
  constexpr unsigned specials = lane_nan_apart | lane_nan_positive | lane_nan_last | lane_inf_apart;
  const word_lanes lanes = facts.lanes;  // a copy that stores to `out` cannot change
  word_group groups[groups_at_a_time];
  std::size_t done = 0;
  for (bool usual = true; usual && n - done >= 32;) {
    std::size_t count = 0;
    for (; usual && count < groups_at_a_time && n - done >= 32 * (count + 1); ++count) {
      word_group& group = groups[count];
      group.x = load_words(in + done + 32 * count);
      if constexpr (is_ratio) {
        usual = find_ratios<B>(group.x, group);
      } else {
        usual = find_power<B>(group.x, group);
      }
    }
    count -= usual ? 0 : 1;
    for (std::size_t g = 0; g < count; ++g, done += 32) {
      if constexpr (is_ratio) {
        encode_under_ratios<B>(groups[g], out, done / 16);
      } else {
        encode_under_power<B, facts.flags & ~specials>(groups[g], out, done / 32, lanes);
      }
    }
  }
  return done;
}

/// Quantizes whole groups of elements and returns how many elements that were.
template <block_type B, rounding Mode>
std::size_t quantize_groups(const float* in, std::size_t n, const block_target& out) noexcept {
  if constexpr (word_scale_way<B> == scale_way::hif4) {
    const default_environment guard(rounding::toward_zero);
    return quantize_hif4<B>(in, n, out);
  } else if constexpr (word_scale_way<B> != scale_way::none) {
    return quantize_words<B>(in, n, out);
  } else {
    return 0;
  }
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET

#endif
