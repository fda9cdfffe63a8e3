// Layer: kernels, AVX2; avx2.hpp includes this. Blocks of 32 integers under a power of two, MXINT8. It stops
// at a block that holds something unusual, and before the last elements if they fill no block.

#if defined(NARROWFP_SET)

namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// 16 floats as integers in units of the element's, nearest even, in words.
NARROWFP_TARGET NARROWFP_INLINE __m256i to_integers(__m256 a, __m256 b, __m256 units_per_one) noexcept {
  return _mm256_packs_epi32(_mm256_cvtps_epi32(float_product(a, units_per_one)),
                            _mm256_cvtps_epi32(float_product(b, units_per_one)));
}

/// Quantizes whole blocks; in default_environment. Products with powers of two are exact but for denormal
/// numbers, which a usual scale puts far below the unit.
template <block_type B, class S>
NARROWFP_TARGET [[gnu::noinline]] std::size_t quantize_integers(const S* in, std::size_t n,
                                                                const block_target& out,
                                                                std::uint32_t carry) noexcept {
  using F = typename B::element_format;
  constexpr int unit = core::binade_of(core::min_positive<F>);
  constexpr int top = core::binade_of(F::max_finite);
  std::size_t done = 0;
  for (; n - done >= 32; done += 32) {
    const std::uint32_t amax = largest_of<32>(in + done);
    const int code = core::larger(static_cast<int>((amax + carry) >> 23) - top, 0);
    if (amax >= 0x7F800000 || code > 254 || (code < 4 - unit && amax != 0)) {
      break;
    }
    const auto field = static_cast<std::uint32_t>(core::smaller(254 - unit - code, 254));
    const __m256 units_per_one = _mm256_castsi256_ps(broadcast_32(field << 23));
    const float_quad x = load_floats(in + done);
    const __m256i ab = to_integers(x.a, x.b, units_per_one);
    const __m256i cd = to_integers(x.c, x.d, units_per_one);
    const __m256i codes = _mm256_max_epi8(_mm256_packs_epi16(ab, cd), broadcast_8(-127));  // symmetric
    const std::size_t block = done / 32;
    store_256<false>(out.codes + block * out.code_stride,
                     quad_in_order(static_cast<const float*>(nullptr), codes));
    out.metadata[block * out.metadata_stride] = static_cast<std::byte>(code);
  }
  return done;
}

NARROWFP_TARGET NARROWFP_INLINE __m256 from_integers(const std::byte* codes) noexcept {
  const __m128i eight = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(codes));
  return _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(eight));
}

/// Dequantizes whole blocks. Conversions and products are exact, in 8 bits, and normal under a usual scale,
/// so that MXCSR does not matter.
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
NARROWFP_TARGET std::size_t dequantize_integers(const block_source& in, S* out, std::size_t n) noexcept {
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
