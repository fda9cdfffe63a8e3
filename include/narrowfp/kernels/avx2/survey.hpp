// Layer: kernels/avx2. The largest magnitudes of blocks, before their elements are encoded.
#pragma once

#include "sources.hpp"
#include "words.hpp"

#include "open.hpp"

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// Groups of 32 elements whose scales are found before their elements are encoded: a processor would not look
/// far enough ahead to find work beside the long way from elements to a scale.
inline constexpr std::size_t groups_at_a_time = 16;

template <block_type B>
inline constexpr std::size_t blocks_at_a_time = groups_at_a_time* group_elements<B> / B::elements;

/// Float patterns of which the largest is the largest magnitude of 16, 32 or 64 elements. It reads an array
/// first.
template <std::size_t N, class S>
NARROWFP_TARGET NARROWFP_INLINE __m256i largest_in_lanes(const S* in) noexcept {
  prefetch_ahead<N * sizeof(S)>(in);
  const __m256i mask = broadcast(0x7FFFFFFF);
  __m256i largest = _mm256_setzero_si256();
  if constexpr (N == 16) {
    const pair x = load_16(in);
    largest = _mm256_max_epi32(_mm256_and_si256(x.a, mask), _mm256_and_si256(x.b, mask));
  } else {
#pragma GCC unroll 2
    for (std::size_t i = 0; i < N; i += 32) {
      const quad x = load_unordered(in + i);
      const __m256i ab = _mm256_max_epi32(_mm256_and_si256(x.a, mask), _mm256_and_si256(x.b, mask));
      const __m256i cd = _mm256_max_epi32(_mm256_and_si256(x.c, mask), _mm256_and_si256(x.d, mask));
      largest = _mm256_max_epi32(largest, _mm256_max_epi32(ab, cd));
    }
  }
  return largest;
}

/// The same of some blocks, made up with zeros to a multiple of eight.
template <block_type B, class S>
NARROWFP_TARGET NARROWFP_INLINE void survey_blocks(const S* in, std::size_t blocks,
                                                   __m256i (&largest)[blocks_at_a_time<B>]) noexcept {
  std::size_t b = 0;
  for (; b < blocks; ++b) {
    largest[b] = largest_in_lanes<B::elements>(in + b * B::elements);
  }
  for (; b % 8 != 0; ++b) {
    largest[b] = _mm256_setzero_si256();
  }
}

NARROWFP_TARGET NARROWFP_INLINE __m256i larger_of_unpacked(__m256i a, __m256i b) noexcept {
  return _mm256_max_epi32(_mm256_unpacklo_epi32(a, b), _mm256_unpackhi_epi32(a, b));
}
/// In each 128-bit lane the largest dword of that lane of a, b, c and d.
NARROWFP_TARGET NARROWFP_INLINE __m256i largest_in_lanes_of(__m256i a, __m256i b, __m256i c,
                                                            __m256i d) noexcept {
  const __m256i ab = larger_of_unpacked(a, b);
  const __m256i cd = larger_of_unpacked(c, d);
  return _mm256_max_epi32(_mm256_unpacklo_epi64(ab, cd), _mm256_unpackhi_epi64(ab, cd));
}
/// The largest dwords of eight vectors.
NARROWFP_TARGET NARROWFP_INLINE __m256i largest_of_each(const __m256i* v) noexcept {
  const __m256i first = largest_in_lanes_of(v[0], v[1], v[2], v[3]);
  const __m256i second = largest_in_lanes_of(v[4], v[5], v[6], v[7]);
  return _mm256_max_epi32(_mm256_permute2x128_si256(first, second, 0x20),
                          _mm256_permute2x128_si256(first, second, 0x31));
}

/// A bit for each dword that is all ones.
NARROWFP_TARGET NARROWFP_INLINE std::uint32_t ones_of(__m256i mask) noexcept {
  return static_cast<std::uint32_t>(_mm256_movemask_ps(_mm256_castsi256_ps(mask)));
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#include "close.hpp"
