// Layer: kernels/avx512. Where elements come from, as floats.
#if !defined(NARROWFP_SET)
#include "alone.hpp"

#include "words.hpp"
#define NARROWFP_ALONE
#endif

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

// 64 elements as 4 * 16 floats; elements whose mask bit is clear are not read and are 0.

NARROWFP_TARGET NARROWFP_INLINE __m512i load_16(const float* in, __mmask16 which) noexcept {
  return _mm512_maskz_loadu_epi32(which, in);
}
NARROWFP_TARGET NARROWFP_INLINE __m512i load_16(const narrow_float<formats::bfloat16>* in,
                                                __mmask16 which) noexcept {
  return _mm512_slli_epi32(_mm512_maskz_cvtepu16_epi32(0xFFFF, _mm256_maskz_loadu_epi16(which, in)), 16);
}
NARROWFP_TARGET NARROWFP_INLINE __m512i load_16(const narrow_float<formats::float16>* in,
                                                __mmask16 which) noexcept {
  // Exact; denormal numbers are converted whatever MXCSR says.
  return _mm512_castps_si512(
      _mm512_maskz_cvt_roundph_ps(0xFFFF, _mm256_maskz_loadu_epi16(which, in), _MM_FROUND_NO_EXC));
}

template <class S>
NARROWFP_TARGET NARROWFP_INLINE quad load_64(const S* source, unsigned long long which) noexcept {
  const S* in =
      unknown(source);  // an array that ends before in + 48 is not read there, whatever g++ warns of
  return {load_16(in, static_cast<__mmask16>(which & 0xFFFF)),
          load_16(in + 16, static_cast<__mmask16>(which >> 16 & 0xFFFF)),
          load_16(in + 32, static_cast<__mmask16>(which >> 32 & 0xFFFF)),
          load_16(in + 48, static_cast<__mmask16>(which >> 48))};
}

/// The first n elements of a quad; then zeros.
template <class S>
NARROWFP_TARGET NARROWFP_INLINE quad load_elements(const S* in, std::size_t n) noexcept {
  return load_64(in, first_bits(n));
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#if defined(NARROWFP_ALONE)
#include "alone_end.hpp"
#endif
