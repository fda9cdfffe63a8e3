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
