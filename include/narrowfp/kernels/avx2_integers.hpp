// Layer: kernels, AVX2; avx2.hpp includes this. Elements in two's complement, 32 under a power of two:
// MXINT8.

#if defined(NARROWFP_SET)

namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// 16 products as integers, nearest even, in words.
NARROWFP_TARGET NARROWFP_INLINE __m256i to_integers(__m256 a, __m256 b, __m256 units_per_one) noexcept {
  return _mm256_packs_epi32(_mm256_cvtps_epi32(float_product(a, units_per_one)),
                            _mm256_cvtps_epi32(float_product(b, units_per_one)));
}

/// 32 codes in order; in default_environment.
NARROWFP_TARGET NARROWFP_INLINE __m256i encode_integers(const float_quad& x, float units_per_one) noexcept {
  const __m256 factor = _mm256_set1_ps(units_per_one);
  const __m256i codes = _mm256_packs_epi16(to_integers(x.a, x.b, factor), to_integers(x.c, x.d, factor));
  return quad_in_order(static_cast<const float*>(nullptr),
                       _mm256_max_epi8(codes, broadcast_8(-127)));  // symmetric
}

NARROWFP_TARGET NARROWFP_INLINE __m256 from_integers(const std::byte* codes) noexcept {
  const __m128i eight = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(codes));
  return _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(eight));
}

/// Dequantizes whole blocks up to an unusual scale. Conversions and products are exact, in 8 bits, and normal
/// under a usual scale, so that MXCSR does not matter; to float16 it runs in default_environment, as the
/// conversion raises flags.
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
    const float_quad v = {from_integers(codes), from_integers(codes + 8), from_integers(codes + 16),
                          from_integers(codes + 24)};
    const __m256 factor = _mm256_castsi256_ps(broadcast_32(static_cast<std::uint32_t>(code + unit) << 23));
    store_as<Stream, true>(out + done, times(v, factor));
  }
  return done;
}

template <block_type B, class S>
NARROWFP_TARGET [[gnu::noinline]] std::size_t dequantize_integers(const block_source& in, S* out,
                                                                  std::size_t n) noexcept {
  if (n * sizeof(S) >= streaming_size && elements_to_line(out, 1) == 0) {
    const std::size_t done = decode_integers<B, true>(in, out, n);
    _mm_sfence();
    return done;
  }
  return decode_integers<B, false>(in, out, n);
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET

#endif
