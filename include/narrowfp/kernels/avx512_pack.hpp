// Layer: kernels, AVX-512; avx512.hpp includes this once for each set. Arrays of floats to arrays of codes.

#if defined(NARROWFP_SET)

namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

// Sources: 64 elements as 4 * 16 floats; elements whose mask bit is clear are not read and are 0.

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

// Targets: 64 codes as bytes, or as a dense stream of 4 or 6 bits each.

/// Writes the first n <= 64 codes of a dense stream.
template <int Bits, bool Stream>
NARROWFP_TARGET NARROWFP_INLINE void store_dense(std::uint8_t* out, std::size_t n, __m512i dense) noexcept {
  if (Bits == 8 && n >= 64) {
    store_whole<Stream>(out, dense);
  } else if (Bits == 4 && n >= 64) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out), _mm512_castsi512_si256(dense));
  } else if (Bits == 6 && n >= 64) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out), _mm512_castsi512_si256(dense));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out + 32), _mm512_extracti32x4_epi32(dense, 2));
  } else {
    _mm512_mask_storeu_epi8(out, first_bytes((n * Bits + 7) / 8), dense);
  }
}

/// 64 codes in packed places with those beyond the first n cleared.
NARROWFP_TARGET NARROWFP_INLINE __m512i first_codes(__m512i codes, std::size_t n) noexcept {
  const __m512i elements = _mm512_loadu_si512(unknown(&packed_elements)->at);
  return _mm512_maskz_mov_epi8(
      _mm512_cmplt_epu8_mask(elements, _mm512_set1_epi8(static_cast<char>(n & 0x7F))), codes);
}

/// A source of encode_array: the first n of 64 elements as a dense stream, by the lanes of a format.
template <unsigned Flags, int Bits>
struct lane_encoder_64 {
  encode_constants c;

  template <class S>
  NARROWFP_TARGET NARROWFP_INLINE __m512i operator()(const S* in, std::size_t n,
                                                     const std::uint32_t* random) const noexcept {
    const __m512i codes = encode_64<Flags>(load_64(in, first_bits(n)), random, c);
    return squeeze_codes<Bits>(n < 64 ? first_codes(codes, n) : codes);
  }
};

/// Encodes n elements, 64 at a time. `random` is null or points to as many draws.
template <int Bits, bool MayStream, class S, class Encoder>
NARROWFP_TARGET NARROWFP_INLINE void encode_array(const S* in, std::uint8_t* out, std::size_t n,
                                                  const std::uint32_t* random,
                                                  const Encoder& encoder) noexcept {
  std::size_t i = 0;
  if constexpr (Bits == 8 && MayStream) {
    if (n >= streaming_size) {
      i = elements_to_line(out, 1);
      if (i != 0) {
        store_dense<Bits, false>(out, i, encoder(in, i, random));
      }
      for (; n - i >= 64; i += 64) {
        prefetch_ahead<64 * sizeof(S)>(in + i);
        store_dense<Bits, true>(out + i, 64, encoder(in + i, 64, random));
      }
      _mm_sfence();
    }
  }
  for (; n - i >= 64; i += 64) {
    prefetch_ahead<64 * sizeof(S)>(in + i);
    store_dense<Bits, false>(out + i / 8 * Bits, 64, encoder(in + i, 64, random));
    if (random != nullptr) {
      random += 64;
    }
  }
  if (i < n) {
    store_dense<Bits, false>(out + i * Bits / 8, n - i, encoder(in + i, n - i, random));
  }
}

/// The same, with a buffer of draws at a time.
template <unsigned Flags, int Bits, class S>
NARROWFP_TARGET NARROWFP_INLINE void encode_drawing(const S* in, std::uint8_t* out, std::size_t n,
                                                    const encode_job& job,
                                                    const encode_lanes& lanes) noexcept {
  constexpr std::size_t batch = 1024;
  std::uint32_t draws[batch + 64];
  const std::size_t skipped = job.first_index % 4;
  const lane_encoder_64<Flags, Bits> encoder = {load_constants<Flags>(lanes, job.scale)};
  for (std::size_t done = 0; done < n; done += batch) {
    const std::size_t count = n - done < batch ? n - done : batch;
    const std::size_t read = (count + 63) / 64 * 64 + skipped;  // whole vectors of draws
    fill_draws(job.seed, (job.first_index + done) / 4, draws, (read + 63) / 64 * 16);
    encode_array<Bits, false>(in + done, out + done / 8 * Bits, count, draws + skipped, encoder);
  }
}

/// One specialisation, out of line.
template <unsigned Flags, int Bits, class S>
NARROWFP_TARGET void pack_lanes(const S* in, std::uint8_t* out, std::size_t n, const encode_job& job,
                                const encode_lanes& lanes) noexcept {
  if constexpr ((Flags & lane_stochastic) != 0) {
    encode_drawing<Flags, Bits>(in, out, n, job, lanes);
  } else {
    const lane_encoder_64<Flags, Bits> encoder = {load_constants<Flags>(lanes, job.scale)};
    encode_array<Bits, true>(in, out, n, nullptr, encoder);
  }
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET

#endif
