// Layer: kernels/avx2. Floats to elements that count units: products converted to integers. Where bits below
// the scale may halve an element, these are half units, rounded down: they decide every comparison with a
// multiple of a half unit, and how an element rounds that is halved or not.
#pragma once

#include "sources.hpp"
#include "words.hpp"

#include "open.hpp"

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// The exponent of what is counted for elements of B.
template <block_type B>
inline constexpr int counted_exponent = core::binade_of(core::min_positive<typename B::element_format>) -
                                        (B::levels > 1 ? 1 : 0);

/// A magnitude of 2^exponent, counted.
template <block_type B>
constexpr int counts_of_binade(int exponent) noexcept {
  return 1 << (exponent - counted_exponent<B>);
}

/// Counts of 16 elements as words, more than 2^15 - 1 read as that: a0 .. a3, b0 .. b3, and in the other lane
/// a4 .. a7, b4 .. b7. Without bits they are rounded in MXCSR's mode.
template <block_type B>
NARROWFP_TARGET NARROWFP_INLINE __m256i count_units(__m256i a, __m256i b, __m256i counts_per_one) noexcept {
  const __m256i x = product(a, counts_per_one);
  const __m256i y = product(b, counts_per_one);
  const __m256i counts = B::levels > 1 ? _mm256_packs_epi32(truncated(x), truncated(y))
                                       : _mm256_packs_epi32(rounded_to_integers(x), rounded_to_integers(y));
  return _mm256_abs_epi16(_mm256_max_epi16(counts, broadcast_16(-0x7FFF)));
}

/// Half units, halved where `once` has all ones, and again where `twice` has, as units, half rounded up: one
/// rounding multiplication by 2^-(k + 1) if they are halved k times.
NARROWFP_TARGET NARROWFP_INLINE __m256i round_halves(__m256i half_units, __m256i once) noexcept {
  const __m256i factor = _mm256_sub_epi16(broadcast_16(0x4000), _mm256_and_si256(once, broadcast_16(0x2000)));
  return _mm256_mulhrs_epi16(half_units, factor);
}
NARROWFP_TARGET NARROWFP_INLINE __m256i round_halves(__m256i half_units, __m256i once,
                                                     __m256i twice) noexcept {
  __m256i factor = _mm256_sub_epi16(broadcast_16(0x4000), _mm256_and_si256(once, broadcast_16(0x2000)));
  factor = _mm256_sub_epi16(factor, _mm256_and_si256(twice, _mm256_srli_epi16(factor, 1)));
  return _mm256_mulhrs_epi16(half_units, factor);
}

/// 32 codes in order, from units as words and the elements' signs.
template <scalar_format F>
NARROWFP_TARGET NARROWFP_INLINE __m256i codes_of_units(__m256i ab, __m256i cd, const quad& x) noexcept {
  constexpr int most = ranks<F>.count - 1;
  const __m256i counts = _mm256_min_epu8(_mm256_packus_epi16(ab, cd), broadcast_8(most));
  // Saturating packs keep the sign.
  const __m256i signs = _mm256_packs_epi16(_mm256_packs_epi32(x.a, x.b), _mm256_packs_epi32(x.c, x.d));
  const __m256i sign =
      _mm256_and_si256(_mm256_srli_epi16(signs, 8 - F::width), broadcast_8(1 << (F::width - 1)));
  return quad_in_order(static_cast<const float*>(nullptr), _mm256_or_si256(counts, sign));
}

/// 32 codes, and the bits of pairs among the first 16 and, from bit 16 on, among the others.
struct unit_codes {
  __m256i codes;
  std::uint32_t pairs;
};

/// All ones in both words of pairs of which one exceeds `below`.
NARROWFP_TARGET NARROWFP_INLINE __m256i set_pairs(__m256i half_units, int below) noexcept {
  const __m256i swap = _mm256_set_epi8(13, 12, 15, 14, 9, 8, 11, 10, 5, 4, 7, 6, 1, 0, 3, 2, 13, 12, 15, 14,
                                       9, 8, 11, 10, 5, 4, 7, 6, 1, 0, 3, 2);
  const __m256i largest = _mm256_max_epi16(half_units, _mm256_shuffle_epi8(half_units, swap));
  return _mm256_cmpgt_epi16(largest, broadcast_16(below));
}

/// Encodes 32 elements, each half multiplied by a factor of its own, a power of two: exact but for zero,
/// denormal numbers and what becomes smaller than these, all of which a usual scale puts far below the unit.
template <block_type B>
NARROWFP_TARGET NARROWFP_INLINE unit_codes encode_units(const quad& x, float first, float second) noexcept {
  using F = typename B::element_format;
  __m256i ab = count_units<B>(x.a, x.b, broadcast_float(first));
  __m256i cd = count_units<B>(x.c, x.d, broadcast_float(second));
  std::uint32_t bits = 0;
  if constexpr (B::levels > 1) {
    constexpr int below = counts_of_binade<B>(B::threshold[1]) - 1;
    const __m256i ab_pairs = set_pairs(ab, below);
    const __m256i cd_pairs = set_pairs(cd, below);
    ab = round_halves(ab, ab_pairs);
    cd = round_halves(cd, cd_pairs);
    const __m256i pairs =
        quad_in_order(static_cast<const float*>(nullptr), _mm256_packs_epi32(ab_pairs, cd_pairs));
    bits =
        static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_packs_epi16(pairs, _mm256_setzero_si256())));
  }
  return {codes_of_units<F>(ab, cd, x), bits};
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#include "close.hpp"
