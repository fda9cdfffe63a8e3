// Layer: kernels/avx2. Elements in two's complement, 32 under a power of two: MXINT8.
#pragma once

#include "environment.hpp"
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

/// Dequantizes whole blocks up to an unusual scale. Conversions and products are exact, in 8 bits, and normal
/// under a usual scale, so that MXCSR does not matter, but for the conversion to float16, which raises flags.
///
/// Blocks under any scale would do: this is faster by a sixth, as the factor comes without a table.
template <block_type B, bool Stream, class S>
NARROWFP_TARGET NARROWFP_INLINE std::size_t decode_integers(const block_source& in, S* out,
                                                            std::size_t n) noexcept {
  constexpr int unit = core::binade_of(core::min_positive<typename B::element_format>);
  std::size_t done = 0;
  for (; n - done >= 32; done += 32) {
    const std::size_t block = done / 32;
    const int code = static_cast<int>(in.metadata[block * in.metadata_stride]);
    if (code + unit < 1 || code > 253) {  // a unit below the normal numbers; products beyond; NaN
      break;
    }
    const std::byte* codes = in.codes + block * in.code_stride;
    prefetch_ahead<64>(codes);
    const quad v = {from_integers(codes), from_integers(codes + 8), from_integers(codes + 16),
                    from_integers(codes + 24)};
    const __m256i factor = broadcast(static_cast<std::uint32_t>(code + unit) << 23);
    store_elements<Stream, true>(out + done, quad_elements, times(v, factor));
  }
  return done;
}

template <block_type B, class S>
NARROWFP_TARGET [[gnu::noinline]] std::size_t decode_all_integers(const block_source& in, S* out,
                                                                  std::size_t n) noexcept {
  if (n * sizeof(S) >= streaming_size && elements_to_line(out, 1) == 0) {
    const std::size_t done = decode_integers<B, true>(in, out, n);
    finish_streaming();
    return done;
  }
  return decode_integers<B, false>(in, out, n);
}

/// Dequantizes whole blocks and returns how many elements that were. There is no tensor scale.
template <block_type B, class S>
requires is_integer_block<B> std::size_t dequantize_groups(const block_source& in, S* out, std::size_t n,
                                                           float)
noexcept {
  if constexpr (std::same_as<S, narrow_float<formats::float16>>) {
    const default_environment guard(rounding::nearest_even);
    return decode_all_integers<B>(in, out, n);
  } else {
    return decode_all_integers<B>(in, out, n);
  }
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#include "close.hpp"
