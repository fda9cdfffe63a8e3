// Layer: kernels/avx2. Floats to and from bfloat16 and float16.
#pragma once

#include "encode.hpp"
#include "environment.hpp"
#include "sources.hpp"
#include "words.hpp"

#include "open.hpp"

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// Eight floats as bfloat16 in dwords. Adding just under half a unit of the last place, and one more where
/// that place is odd, carries into it where nearest even goes up, and from the largest value to infinity.
template <rounding Mode, bool Saturate>
NARROWFP_TARGET NARROWFP_INLINE __m256i to_bfloat16(__m256i x) noexcept {
  const __m256i magnitude = _mm256_and_si256(x, broadcast(0x7FFFFFFF));
  const __m256i is_nan = _mm256_cmpgt_epi32(magnitude, broadcast(0x7F800000));
  __m256i m = x;
  if constexpr (Saturate) {
    const __m256i bounded = _mm256_min_epi32(magnitude, broadcast(0x7F7F0000));
    m = _mm256_or_si256(bounded, _mm256_and_si256(x, broadcast(0x80000000)));
  }
  if constexpr (Mode == rounding::nearest_even) {
    const __m256i odd = _mm256_and_si256(_mm256_srli_epi32(m, 16), broadcast(1));
    m = _mm256_add_epi32(_mm256_add_epi32(m, broadcast(0x7FFF)), odd);
  }
  const __m256i nan = _mm256_or_si256(x, broadcast(0x00400000));
  return _mm256_srli_epi32(chosen(m, nan, is_nan), 16);
}

/// Eight floats as float16. The conversion takes its rounding mode from the instruction; NaN keeps what its
/// first bits tell.
template <rounding Mode, bool Saturate>
NARROWFP_TARGET NARROWFP_INLINE __m128i to_float16(__m256i x) noexcept {
  constexpr int mode = Mode == rounding::toward_zero ? _MM_FROUND_TO_ZERO : _MM_FROUND_TO_NEAREST_INT;
  if constexpr (Saturate) {
    const __m256i magnitude = _mm256_and_si256(x, broadcast(0x7FFFFFFF));
    const __m256i is_nan = _mm256_cmpgt_epi32(magnitude, broadcast(0x7F800000));
    const __m256i bounded = _mm256_or_si256(_mm256_min_epi32(magnitude, broadcast(0x477FE000)),
                                            _mm256_and_si256(x, broadcast(0x80000000)));
    x = chosen(bounded, x, is_nan);
  }
  return _mm256_cvtps_ph(_mm256_castsi256_ps(x), mode);
}

/// 16 floats as F, in order.
template <scalar_format F, rounding Mode, bool Saturate>
NARROWFP_TARGET NARROWFP_INLINE __m256i to_half_16(__m256i a, __m256i b) noexcept {
  if constexpr (std::same_as<F, formats::bfloat16>) {
    const __m256i packed =
        _mm256_packus_epi32(to_bfloat16<Mode, Saturate>(a), to_bfloat16<Mode, Saturate>(b));
    return _mm256_permute4x64_epi64(packed, 0xD8);
  } else {
    const __m128i first = to_float16<Mode, Saturate>(a);
    const __m128i second = to_float16<Mode, Saturate>(b);
    return _mm256_inserti128_si256(_mm256_castsi128_si256(first), second, 1);
  }
}

/// 16 floats in order as bfloat16, whose bits are the leading ones.
NARROWFP_TARGET NARROWFP_INLINE __m256i leading_words(__m256i a, __m256i b) noexcept {
  const __m256i packed = _mm256_packus_epi32(_mm256_srli_epi32(a, 16), _mm256_srli_epi32(b, 16));
  return _mm256_permute4x64_epi64(packed, 0xD8);
}

/// Stores 32 floats in order as elements of S. Brief ones are 0 below the leading 16 bits.
template <bool Stream, bool Brief, class S>
NARROWFP_TARGET NARROWFP_INLINE void store_as(S* out, const quad& v) noexcept {
  if constexpr (std::same_as<S, float>) {
    store_quad<Stream>(out, v);
  } else if constexpr (Brief && std::same_as<S, narrow_float<formats::bfloat16>>) {
    store_256<Stream>(out, leading_words(v.a, v.b));
    store_256<Stream>(out + 16, leading_words(v.c, v.d));
  } else {
    using F = typename S::format;
    constexpr rounding mode = rounding::nearest_even;
    store_256<Stream>(out, to_half_16<F, mode, false>(v.a, v.b));
    store_256<Stream>(out + 16, to_half_16<F, mode, false>(v.c, v.d));
  }
}

/// The same: a quad of elements is stored whole.
template <bool Stream, class S>
NARROWFP_TARGET NARROWFP_INLINE void store_elements(S* out, std::size_t, const quad& v) noexcept {
  store_as<Stream, false>(out, v);
}

/// Converts the first n < 16 of 16 elements, by a copy completed with zeros.
template <scalar_format F, rounding Mode, bool Saturate>
NARROWFP_TARGET NARROWFP_INLINE void pack_some(const float* in, std::uint16_t* out, std::size_t n) noexcept {
  float rest[16] = {};
  std::uint16_t halves[16];
  __builtin_memcpy(rest, in, n * sizeof(float));
  store_256<false>(halves, to_half_16<F, Mode, Saturate>(load_256(rest), load_256(rest + 8)));
  __builtin_memcpy(out, halves, n * sizeof(std::uint16_t));
}

template <scalar_format F, rounding Mode, bool Saturate>
NARROWFP_TARGET [[gnu::noinline]] void pack_halves(const float* in, std::uint16_t* out,
                                                   std::size_t n) noexcept {
  std::size_t i = 0;
  if (n * sizeof(std::uint16_t) >= streaming_size) {
    i = elements_to_line(out, sizeof(std::uint16_t));
    pack_some<F, Mode, Saturate>(in, out, i);
    for (; n - i >= 16; i += 16) {
      prefetch_ahead<16 * sizeof(float)>(in + i);
      store_256<true>(out + i, to_half_16<F, Mode, Saturate>(load_256(in + i), load_256(in + i + 8)));
    }
    _mm_sfence();
  }
  for (; n - i >= 16; i += 16) {
    prefetch_ahead<16 * sizeof(float)>(in + i);
    store_256<false>(out + i, to_half_16<F, Mode, Saturate>(load_256(in + i), load_256(in + i + 8)));
  }
  pack_some<F, Mode, Saturate>(in + i, out + i, n - i);
}

/// 16 floats in order; NaN without its payload. Conversion of float16 is exact whatever MXCSR says.
template <scalar_format F>
NARROWFP_TARGET NARROWFP_INLINE pair from_half_16(__m256i x) noexcept {
  constexpr bool is_bfloat16 = std::same_as<F, formats::bfloat16>;
  constexpr int infinity = is_bfloat16 ? 0x7F80 : 0x7C00;
  constexpr int quiet_bit = is_bfloat16 ? 0x0040 : 0x0200;
  const __m256i magnitude = _mm256_and_si256(x, broadcast_16(0x7FFF));
  const __m256i is_nan = _mm256_cmpgt_epi16(magnitude, broadcast_16(infinity));
  x = _mm256_or_si256(x, _mm256_and_si256(is_nan, broadcast_16(quiet_bit)));
  x = _mm256_andnot_si256(_mm256_and_si256(is_nan, broadcast_16(quiet_bit - 1)), x);
  if constexpr (is_bfloat16) {
    const __m256i zero = _mm256_setzero_si256();
    x = _mm256_permute4x64_epi64(x, 0xD8);
    return {_mm256_unpacklo_epi16(zero, x), _mm256_unpackhi_epi16(zero, x)};
  } else {
    return halves_to_floats(x);
  }
}

template <scalar_format F, bool Stream>
NARROWFP_TARGET NARROWFP_INLINE void unpack_16(const std::uint16_t* in, float* out) noexcept {
  const pair values = from_half_16<F>(load_256(in));
  store_256<Stream>(out, values.a);
  store_256<Stream>(out + 8, values.b);
}

/// Converts the first n < 16 of 16 elements, by a copy completed with zeros.
template <scalar_format F>
NARROWFP_TARGET NARROWFP_INLINE void unpack_some(const std::uint16_t* in, float* out,
                                                 std::size_t n) noexcept {
  std::uint16_t rest[16] = {};
  float values[16];
  __builtin_memcpy(rest, in, n * sizeof(std::uint16_t));
  unpack_16<F, false>(rest, values);
  __builtin_memcpy(out, values, n * sizeof(float));
}

template <scalar_format F>
NARROWFP_TARGET void unpack_halves(const std::uint16_t* in, float* out, std::size_t n) noexcept {
  std::size_t i = 0;
  if (n * sizeof(float) >= streaming_size) {
    i = elements_to_line(out, sizeof(float));
    unpack_some<F>(in, out, i);
    for (; n - i >= 16; i += 16) {
      prefetch_ahead<16 * sizeof(std::uint16_t)>(in + i);
      unpack_16<F, true>(in + i, out + i);
    }
    _mm_sfence();
  }
  for (; n - i >= 16; i += 16) {
    prefetch_ahead<16 * sizeof(std::uint16_t)>(in + i);
    unpack_16<F, false>(in + i, out + i);
  }
  unpack_some<F>(in + i, out + i, n - i);
}

template <scalar_format F, rounding Mode>
void pack_halves(const float* in, std::uint16_t* out, std::size_t n, overflow policy) noexcept {
  policy == overflow::saturate ? pack_halves<F, Mode, true>(in, out, n)
                               : pack_halves<F, Mode, false>(in, out, n);
}

/// Encodes n floats as bfloat16 or float16; false if this is no work for these kernels.
template <scalar_format F>
bool encode_half(const float* in, std::uint16_t* out, std::size_t n, const encode_job& job) noexcept {
  const auto encode_floats = [&job](const float* from, std::uint16_t* to, std::size_t count) {
    const default_environment guard(rounding::nearest_even);
    switch (job.mode) {
      case rounding::nearest_even:
        pack_halves<F, rounding::nearest_even>(from, to, count, job.policy);
        return true;
      case rounding::toward_zero:
        pack_halves<F, rounding::toward_zero>(from, to, count, job.policy);
        return true;
      default:
        return false;
    }
  };
  if (is_one(job.scale)) {
    return encode_floats(in, out, n);
  }
  return encode_products(in, n, job.scale, [&](const float* products, std::size_t done, std::size_t count) {
    return encode_floats(products, out + done, count);
  });
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#include "close.hpp"
