// Layer: kernels/avx2. Floats to blocks with HiF4's scale and bits: HiF4 and HiF5.
//
// Every decision asks whether an exact product |x| * factor, halved for each bit that is set, reaches a
// multiple of half a unit. So its half units, rounded down, decide all of them, and a product rounded toward
// zero has the same half units.
#pragma once

#include "dense.hpp"
#include "sources.hpp"
#include "survey.hpp"
#include "units.hpp"
#include "words.hpp"

#include "open.hpp"

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// The magnitudes' codes, and all ones in the words of groups that set their bits.
struct hif4_words {
  __m256i codes, eights, fours;
};
template <block_type B>
NARROWFP_TARGET NARROWFP_INLINE hif4_words hif4_codes(__m256i half_units) noexcept {
  // The largest of each 4 elements, then of each 8, in each of their places.
  const __m256i rotate = _mm256_set_epi8(13, 12, 15, 14, 9, 8, 11, 10, 5, 4, 7, 6, 1, 0, 3, 2, 13, 12, 15, 14,
                                         9, 8, 11, 10, 5, 4, 7, 6, 1, 0, 3, 2);
  __m256i of_four = _mm256_max_epi16(half_units, _mm256_shuffle_epi32(half_units, 0xB1));
  of_four = _mm256_max_epi16(of_four, _mm256_shuffle_epi8(of_four, rotate));
  const __m256i of_eight = _mm256_max_epi16(of_four, _mm256_permute4x64_epi64(of_four, 0x4E));
  // Bits are set from a threshold on, or twice that for 4 elements where that of the 8 is set.
  constexpr int to_set_eight = counts_of_binade<B>(B::threshold[1]);
  constexpr int to_set_four = counts_of_binade<B>(B::threshold[2]);
  const __m256i eights = _mm256_cmpgt_epi16(of_eight, broadcast_16(to_set_eight - 1));
  const __m256i fours = _mm256_cmpgt_epi16(
      of_four,
      _mm256_add_epi16(broadcast_16(to_set_four - 1), _mm256_and_si256(eights, broadcast_16(to_set_four))));
  return {round_halves(half_units, eights, fours), eights, fours};
}

/// The codes of 32 elements, and all ones in the words of groups that set their bits: two for each 4, those
/// of the first 4 of each 8 in the lower lane.
template <block_type B, class S>
NARROWFP_TARGET NARROWFP_INLINE hif4_words encode_half(const S* in, __m256i counts_per_one) noexcept {
  const quad x = load_elements(in);
  const hif4_words ab = hif4_codes<B>(count_units<B>(x.a, x.b, counts_per_one));
  const hif4_words cd = hif4_codes<B>(count_units<B>(x.c, x.d, counts_per_one));
  return {codes_of_units<typename B::element_format>(ab.codes, cd.codes, x),
          _mm256_packs_epi32(ab.eights, cd.eights), _mm256_packs_epi32(ab.fours, cd.fours)};
}

/// The bits of a block from those of its halves: of each 8 elements, then of each 4.
NARROWFP_TARGET NARROWFP_INLINE std::uint32_t hif4_bits(const hif4_words& low,
                                                        const hif4_words& high) noexcept {
  const __m256i all = _mm256_packs_epi16(_mm256_packs_epi32(low.fours, high.fours),
                                         _mm256_packs_epi32(low.eights, high.eights));
  const __m128i first = _mm256_castsi256_si128(all);
  const __m128i second = _mm256_extracti128_si256(all, 1);
  const auto eights = static_cast<std::uint32_t>(_mm_movemask_epi8(first)) >> 8;
  const auto fours = static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_unpacklo_epi8(first, second)));
  return eights | fours << 8;
}

/// One block under a given scale.
template <block_type B, class S>
NARROWFP_TARGET NARROWFP_INLINE void encode_hif4(const S* in, const block_target& out, std::size_t block,
                                                 std::uint32_t code) noexcept {
  constexpr int bits = B::element_format::width;
  const auto factor = core::bit_cast<std::uint32_t>(element_factors<B>[code]);
  const __m256i counts_per_one =
      _mm256_set1_epi32(static_cast<int>(factor) - counted_exponent<B> * (1 << 23));
  const hif4_words low = encode_half<B>(in, counts_per_one);
  const hif4_words high = encode_half<B>(in + 32, counts_per_one);
  auto* codes = reinterpret_cast<std::uint8_t*>(out.codes + block * out.code_stride);
  store_32<bits, false>(codes, low.codes);
  store_32<bits, false>(codes + std::size_t{4} * bits, high.codes);
  const std::uint32_t metadata = code | hif4_bits(low, high) << 8;
  __builtin_memcpy(out.metadata + block * out.metadata_stride, &metadata, 4);
}

/// The codes of the scales of eight blocks, see scale_steps.
template <block_type B>
NARROWFP_TARGET NARROWFP_INLINE __m256i stepped_scale_codes(__m256i amax) noexcept {
  constexpr auto& steps = scale_steps_of<B>;
  constexpr auto last = static_cast<int>(core::last_scale_code<typename B::scale_format>);
  static_assert(scale_steps<B>::codes_in_binade == 4);
  const __m256i fraction = _mm256_and_si256(amax, broadcast(0x7FFFFF));
  __m256i code = _mm256_slli_epi32(_mm256_srli_epi32(amax, 23), 2);
  code = _mm256_add_epi32(code, _mm256_set1_epi32(steps.code_of_one - 4 * 127));
  for (const std::uint32_t from : steps.from_fraction) {
    code =
        _mm256_sub_epi32(code, _mm256_cmpgt_epi32(fraction, _mm256_set1_epi32(static_cast<int>(from) - 1)));
  }
  return _mm256_min_epi32(_mm256_max_epi32(code, _mm256_setzero_si256()), _mm256_set1_epi32(last));
}

/// Quantizes whole blocks; in default_environment, toward zero. It stops at a block that holds an infinity or
/// a NaN, or so large a number that its half units are no 32-bit integer.
template <block_type B, class S>
NARROWFP_TARGET [[gnu::noinline]] std::size_t quantize_hif4(const S* in, std::size_t n,
                                                            const block_target& out) noexcept {
  // Two binades above what the largest scale can represent.
  constexpr auto too_large =
      static_cast<std::uint32_t>(core::binade_of(B::facts::largest) +
                                 core::binade_of(B::scale_format::max_finite) + 4 + 127)
      << 23;
  alignas(32) std::uint32_t code[blocks_at_a_time<B>];
  std::size_t done = 0;
  for (bool usual = true; usual && n - done >= 64;) {
    const std::size_t left = (n - done) / 64;
    std::size_t count = left < blocks_at_a_time<B> ? left : blocks_at_a_time<B>;
    __m256i largest[blocks_at_a_time<B>];
    survey_blocks<B>(in + done, count, largest);
    std::uint32_t unusual = 0;
    for (std::size_t b = 0; b < count; b += 8) {
      const __m256i amax = largest_of_each(largest + b);
      store_256<false>(code + b, stepped_scale_codes<B>(amax));
      unusual |= ones_of(_mm256_cmpgt_epi32(amax, broadcast(too_large - 1))) << b;
    }
    if (unusual != 0) {
      usual = false;
      count = static_cast<std::size_t>(__builtin_ctz(unusual));
    }
    for (std::size_t b = 0; b < count; ++b, done += 64) {
      encode_hif4<B>(in + done, out, done / 64, code[b]);
    }
  }
  return done;
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#include "close.hpp"
