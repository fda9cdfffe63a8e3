// Layer: kernels/avx2. Elements in two's complement, 32 under a power of two:
// MXINT8.
#pragma once

#include "half.hpp"
#include "sources.hpp"
#include "words.hpp"

#include "open.hpp"

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// 16 products as integers, nearest even, in words.
NARROWFP_TARGET NARROWFP_INLINE __m256i to_integers(__m256i a, __m256i b, __m256i units_per_one) noexcept {
  return _mm256_packs_epi32(rounded_to_integers(product(a, units_per_one)),
                            rounded_to_integers(product(b, units_per_one)));
}

/// 32 codes in order; in default_environment.
NARROWFP_TARGET NARROWFP_INLINE __m256i encode_integers(const quad& x, float units_per_one) noexcept {
  const __m256i factor = broadcast_float(units_per_one);
  const __m256i codes = _mm256_packs_epi16(to_integers(x.a, x.b, factor), to_integers(x.c, x.d, factor));
  return quad_in_order(static_cast<const float*>(nullptr),
                       _mm256_max_epi8(codes, broadcast_8(-127)));  // symmetric
}

NARROWFP_TARGET NARROWFP_INLINE __m256i from_integers(const std::byte* codes) noexcept {
  const __m128i eight = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(codes));
  return _mm256_castps_si256(_mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(eight)));
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#include "close.hpp"
