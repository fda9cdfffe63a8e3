// Layer: kernels, AVX2; avx2.hpp includes this. Arrays of floats to arrays of codes.

#if defined(NARROWFP_SET)

namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

// Encoders: what is loaded once for an array, and 32 codes in order.

template <unsigned Flags>
struct word_encoding {
  word_lanes lanes;  // a copy that stores to the output cannot change

  NARROWFP_TARGET NARROWFP_INLINE explicit word_encoding(const word_lanes& facts) noexcept : lanes(facts) {}
  template <class S>
  NARROWFP_TARGET NARROWFP_INLINE __m256i encode(const S* in) const noexcept {
    return words_in_order(in, encode_32<Flags>(load_words(in), lanes));
  }
};

template <unsigned Flags, int FractionBits>
struct linear_encoding {
  linear_constants constants;

  NARROWFP_TARGET NARROWFP_INLINE explicit linear_encoding(const linear_lanes& facts) noexcept
      : constants(load_constants(facts)) {}
  template <class S>
  NARROWFP_TARGET NARROWFP_INLINE __m256i encode(const S* in) const noexcept {
    return quad_in_order(in, encode_linear<Flags, FractionBits>(load_quad(in), constants));
  }
};

NARROWFP_TARGET NARROWFP_INLINE __m128i squeeze_nibbles(__m256i codes) noexcept {
  const __m256i pairs = _mm256_maddubs_epi16(codes, broadcast_16(0x1001));
  return _mm256_castsi256_si128(_mm256_permute4x64_epi64(_mm256_packus_epi16(pairs, pairs), 0xD8));
}

/// Writes 32 codes of a dense stream.
template <int Bits, bool Stream>
NARROWFP_TARGET NARROWFP_INLINE void store_32(std::uint8_t* out, __m256i codes) noexcept {
  if constexpr (Bits == 8) {
    store_256<Stream>(out, codes);
  } else if constexpr (Bits == 4) {
    store_128(out, squeeze_nibbles(codes));
  } else {
    const __m256i pairs = _mm256_maddubs_epi16(codes, broadcast_16(0x4001));
    const __m256i fours = _mm256_madd_epi16(pairs, broadcast_32(0x10000001));
    const __m128i squeeze = _mm_setr_epi8(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, -1, -1, -1, -1);
    const __m256i in_lane = _mm256_shuffle_epi8(fours, _mm256_broadcastsi128_si256(squeeze));
    const __m256i dense = _mm256_permutevar8x32_epi32(in_lane, _mm256_setr_epi32(0, 1, 2, 4, 5, 6, 3, 7));
    store_128(out, _mm256_castsi256_si128(dense));
    _mm_storel_epi64(reinterpret_cast<__m128i*>(out + 16), _mm256_extracti128_si256(dense, 1));
  }
}

/// Encodes the first n < 32 of 32 elements, by a copy completed with zeros.
template <int Bits, class Encoding, class S>
NARROWFP_TARGET NARROWFP_INLINE void encode_some(const S* in, std::uint8_t* out, std::size_t n,
                                                 const Encoding& encoding) noexcept {
  S rest[32] = {};
  std::uint8_t codes[32];
  __builtin_memcpy(static_cast<void*>(rest), in, n * sizeof(S));
  store_32<Bits, false>(codes, encoding.encode(rest));
  __builtin_memcpy(out, codes, (n * Bits + 7) / 8);
}

/// Encodes n elements.
template <class Encoding, int Bits, class S, class Facts>
NARROWFP_TARGET [[gnu::noinline]] void pack_lanes(const S* in, std::uint8_t* out, std::size_t n,
                                                  const Facts& facts) noexcept {
  const Encoding encoding(facts);
  std::size_t i = 0;
  if constexpr (Bits == 8) {
    if (n >= streaming_size) {
      i = elements_to_line(out, 1);
      encode_some<Bits>(in, out, i, encoding);
      for (; n - i >= 32; i += 32) {
        prefetch_ahead<32 * sizeof(S)>(in + i);
        store_32<Bits, true>(out + i, encoding.encode(in + i));
      }
      _mm_sfence();
    }
  }
  for (; n - i >= 32; i += 32) {
    prefetch_ahead<32 * sizeof(S)>(in + i);
    store_32<Bits, false>(out + i / 8 * Bits, encoding.encode(in + i));
  }
  if (i < n) {
    encode_some<Bits>(in + i, out + i * Bits / 8, n - i, encoding);
  }
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET

#endif
