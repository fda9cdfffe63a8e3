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
        store_32<Bits, true>(out + i, encoding.encode(in + i));
      }
      _mm_sfence();
    }
  }
  for (; n - i >= 32; i += 32) {
    store_32<Bits, false>(out + i / 8 * Bits, encoding.encode(in + i));
  }
  if (i < n) {
    encode_some<Bits>(in + i, out + i * Bits / 8, n - i, encoding);
  }
}

/// Which of the two encodings serves S. Words of bfloat16 come without folding, which makes them cheaper.
template <scalar_format F, rounding Mode, overflow Policy, class S>
inline constexpr bool prefers_linear =
    linear_of<F, Mode, Policy>.exists && Mode != rounding::toward_zero &&
    (!std::same_as<S, narrow_float<formats::bfloat16>> || !words_of<F, Mode, Policy>.exists);

template <scalar_format F, rounding Mode, overflow Policy, int Bits, class S>
bool encode_mode(const S* in, std::uint8_t* out, std::size_t n) noexcept {
  if constexpr (prefers_linear<F, Mode, Policy, S>) {
    constexpr auto& facts = linear_of<F, Mode, Policy>;
    const default_environment guard(rounding::nearest_even);
    pack_lanes<linear_encoding<facts.flags, facts.fraction_bits>, Bits>(in, out, n, facts.lanes);
    return true;
  } else if constexpr (words_of<F, Mode, Policy>.exists) {
    constexpr auto& facts = words_of<F, Mode, Policy>;
    constexpr unsigned flags = facts.flags & ~static_cast<unsigned>(lane_many_rows);
    pack_lanes<word_encoding<flags>, Bits>(in, out, n, facts.lanes);
    return true;
  } else if constexpr (scale_lanes_of<F, Mode, Policy>.exists && Bits == 8) {
    pack_lanes<scale_encoding<Mode>, Bits>(in, out, n, scale_lanes_of<F, Mode, Policy>);
    return true;
  } else {
    return false;
  }
}

template <scalar_format F, rounding Mode, int Bits, class S>
bool encode_mode(const S* in, std::uint8_t* out, std::size_t n, overflow policy) noexcept {
  return policy == overflow::saturate ? encode_mode<F, Mode, overflow::saturate, Bits>(in, out, n)
                                      : encode_mode<F, Mode, overflow::native, Bits>(in, out, n);
}

template <scalar_format F, int Bits, class S>
bool encode_unscaled(const S* in, std::uint8_t* out, std::size_t n, const encode_job& job) noexcept {
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

NARROWFP_TARGET NARROWFP_INLINE float_quad as_floats(const quad& x) noexcept {
  return {_mm256_castsi256_ps(x.a), _mm256_castsi256_ps(x.b), _mm256_castsi256_ps(x.c),
          _mm256_castsi256_ps(x.d)};
}
/// 32 elements in order.
template <class S>
NARROWFP_TARGET NARROWFP_INLINE float_quad load_floats(const S* in) noexcept {
  const quad x = load_quad(in);
  if constexpr (std::same_as<S, narrow_float<formats::bfloat16>>) {
    return as_floats({_mm256_permute2x128_si256(x.a, x.b, 0x20), _mm256_permute2x128_si256(x.a, x.b, 0x31),
                      _mm256_permute2x128_si256(x.c, x.d, 0x20), _mm256_permute2x128_si256(x.c, x.d, 0x31)});
  } else {
    return as_floats(x);
  }
}

/// Products rounded to float, and up to 31 more; in default_environment.
template <class S>
NARROWFP_TARGET [[gnu::noinline]] void multiply_floats(const S* in, float* out, std::size_t n,
                                                       float scale) noexcept {
  const __m256 factor = _mm256_set1_ps(scale);
  std::size_t i = 0;
  for (; n - i >= 32; i += 32) {
    store_quad<false>(out + i, times(load_floats(in + i), factor));
  }
  if (i < n) {
    S rest[32] = {};
    __builtin_memcpy(static_cast<void*>(rest), in + i, (n - i) * sizeof(S));
    store_quad<false>(out + i, times(load_floats(rest), factor));
  }
}

/// Encodes products, a buffer at a time.
template <scalar_format F, int Bits, class S>
bool encode_scaled(const S* in, std::uint8_t* out, std::size_t n, encode_job job) noexcept {
  constexpr std::size_t size = 1024;
  alignas(32) float products[size];
  const float scale = job.scale;
  job.scale = 1;
  for (std::size_t done = 0; done < n; done += size) {
    const std::size_t count = n - done < size ? n - done : size;
    {
      const default_environment guard(rounding::nearest_even, denormals::kept);
      multiply_floats(in + done, products, count, scale);
    }
    if (!encode_unscaled<F, Bits>(products, out + done / 8 * Bits, count, job)) {
      return false;  // the first time, before anything is written
    }
    job.first_index += count;
  }
  return true;
}

/// Encodes n elements as codes of Bits bits each; false if this is no work for these kernels.
template <scalar_format F, int Bits, class S>
bool encode(const S* in, std::uint8_t* out, std::size_t n, const encode_job& job) noexcept {
  if constexpr (is_lane_source<F, Bits, S>) {
    if (is_one(job.scale)) {
      return encode_unscaled<F, Bits>(in, out, n, job);
    }
    // No invalid operation, of which the result would be a NaN with the wrong sign.
    const std::uint32_t magnitude = core::bit_cast<std::uint32_t>(job.scale) & 0x7FFFFFFF;
    return magnitude != 0 && magnitude < 0x7F800000 && encode_scaled<F, Bits>(in, out, n, job);
  }
  return false;
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET

#endif
