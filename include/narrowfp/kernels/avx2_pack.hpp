// Layer: kernels, AVX2; avx2.hpp includes this. Arrays of floats to arrays of codes.

#if defined(NARROWFP_SET)

namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

// Sources: the leading words of 32 elements, and how their codes get into order.

NARROWFP_TARGET NARROWFP_INLINE words_32 fold_32(__m256i a, __m256i b, __m256i c, __m256i d) noexcept {
  return {fold(a, b), fold(c, d)};
}
NARROWFP_TARGET NARROWFP_INLINE __m256i unfold(__m256i codes) noexcept {
  // From a0 b0 a1 b1 ... c0 d0 ... in each lane.
  const __m128i regroup = _mm_setr_epi8(0, 2, 4, 6, 1, 3, 5, 7, 8, 10, 12, 14, 9, 11, 13, 15);
  const __m256i in_lane = _mm256_shuffle_epi8(codes, _mm256_broadcastsi128_si256(regroup));
  return _mm256_permutevar8x32_epi32(in_lane, _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7));
}

NARROWFP_TARGET NARROWFP_INLINE words_32 load_32(const float* in) noexcept {
  return fold_32(load_256(in), load_256(in + 8), load_256(in + 16), load_256(in + 24));
}
NARROWFP_TARGET NARROWFP_INLINE __m256i in_order(const float*, __m256i codes) noexcept {
  return unfold(codes);
}

NARROWFP_TARGET NARROWFP_INLINE words_32 load_32(const narrow_float<formats::bfloat16>* in) noexcept {
  return {load_256(in), load_256(in + 16)};
}
NARROWFP_TARGET NARROWFP_INLINE __m256i in_order(const narrow_float<formats::bfloat16>*,
                                                 __m256i codes) noexcept {
  return _mm256_permute4x64_epi64(codes, 0xD8);
}

/// Exact; denormal numbers are converted whatever MXCSR says. A signaling NaN would raise a flag there.
NARROWFP_TARGET NARROWFP_INLINE __m256i half_to_float(__m128i x) noexcept {
  const __m128i magnitude = _mm_and_si128(x, _mm_set1_epi16(0x7FFF));
  const __m128i is_nan = _mm_cmpgt_epi16(magnitude, _mm_set1_epi16(0x7C00));
  const __m128i quiet = _mm_or_si128(x, _mm_and_si128(is_nan, _mm_set1_epi16(0x0200)));
  return _mm256_castps_si256(_mm256_cvtph_ps(quiet));
}

NARROWFP_TARGET NARROWFP_INLINE __m256i load_8(const narrow_float<formats::float16>* in) noexcept {
  return half_to_float(_mm_loadu_si128(reinterpret_cast<const __m128i*>(in)));
}
NARROWFP_TARGET NARROWFP_INLINE words_32 load_32(const narrow_float<formats::float16>* in) noexcept {
  return fold_32(load_8(in), load_8(in + 8), load_8(in + 16), load_8(in + 24));
}
NARROWFP_TARGET NARROWFP_INLINE __m256i in_order(const narrow_float<formats::float16>*,
                                                 __m256i codes) noexcept {
  return unfold(codes);
}

NARROWFP_TARGET NARROWFP_INLINE __m128i squeeze_nibbles(__m256i codes) noexcept {
  const __m256i pairs = _mm256_maddubs_epi16(codes, broadcast_16(0x1001));
  return _mm256_castsi256_si128(_mm256_permute4x64_epi64(_mm256_packus_epi16(pairs, pairs), 0xD8));
}

/// Writes 32 codes of a dense stream.
template <int Bits>
NARROWFP_TARGET NARROWFP_INLINE void store_32(std::uint8_t* out, __m256i codes) noexcept {
  if constexpr (Bits == 8) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out), codes);
  } else if constexpr (Bits == 4) {
    store_128(out, squeeze_nibbles(codes));
  } else {
    const __m256i pairs = _mm256_maddubs_epi16(codes, broadcast_16(0x4001));
    const __m256i fours = _mm256_madd_epi16(pairs, _mm256_set1_epi32(0x10000001));
    const __m128i squeeze = _mm_setr_epi8(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, -1, -1, -1, -1);
    const __m256i in_lane = _mm256_shuffle_epi8(fours, _mm256_broadcastsi128_si256(squeeze));
    const __m256i dense = _mm256_permutevar8x32_epi32(in_lane, _mm256_setr_epi32(0, 1, 2, 4, 5, 6, 3, 7));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out), _mm256_castsi256_si128(dense));
    _mm_storel_epi64(reinterpret_cast<__m128i*>(out + 16), _mm256_extracti128_si256(dense, 1));
  }
}

/// Encodes n elements.
template <unsigned Flags, int Bits, class S>
NARROWFP_TARGET void pack_words(const S* in, std::uint8_t* out, std::size_t n,
                                const word_lanes& facts) noexcept {
  const word_lanes lanes = facts;  // a copy that stores to `out` cannot change
  std::size_t i = 0;
  for (; n - i >= 32; i += 32) {
    store_32<Bits>(out + i / 8 * Bits, in_order(in, encode_32<Flags>(load_32(in + i), lanes)));
  }
  if (i < n) {
    // The same on a copy, completed with zeros.
    S rest[32] = {};
    std::uint8_t codes[32];
    __builtin_memcpy(rest, in + i, (n - i) * sizeof(S));
    store_32<Bits>(codes, in_order(in, encode_32<Flags>(load_32(rest), lanes)));
    __builtin_memcpy(out + i / 8 * Bits, codes, ((n - i) * Bits + 7) / 8);
  }
}

template <scalar_format F, rounding Mode, overflow Policy, int Bits, class S>
bool encode_mode(const S* in, std::uint8_t* out, std::size_t n) noexcept {
  constexpr auto& facts = words_of<F, Mode, Policy>;
  if constexpr (facts.exists) {
    pack_words<facts.flags & ~static_cast<unsigned>(lane_many_rows), Bits>(in, out, n, facts.lanes);
  }
  return facts.exists;
}

template <scalar_format F, rounding Mode, int Bits, class S>
bool encode_mode(const S* in, std::uint8_t* out, std::size_t n, overflow policy) noexcept {
  return policy == overflow::saturate ? encode_mode<F, Mode, overflow::saturate, Bits>(in, out, n)
                                      : encode_mode<F, Mode, overflow::native, Bits>(in, out, n);
}

/// Encodes n elements as codes of Bits bits each; false if this is no work for these kernels.
template <scalar_format F, int Bits, class S>
bool encode(const S* in, std::uint8_t* out, std::size_t n, const encode_job& job) noexcept {
  if constexpr (is_lane_source<F, Bits, S>) {
    if (!is_one(job.scale)) {
      return false;
    }
    switch (job.mode) {
      case rounding::nearest_even:
        return encode_mode<F, rounding::nearest_even, Bits>(in, out, n, job.policy);
      case rounding::nearest_away:
        return encode_mode<F, rounding::nearest_away, Bits>(in, out, n, job.policy);
      case rounding::toward_zero:
        return encode_mode<F, rounding::toward_zero, Bits>(in, out, n, job.policy);
      default:
        return false;
    }
  }
  return false;
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET

#endif
