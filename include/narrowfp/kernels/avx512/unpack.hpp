// Layer: kernels/avx512. Arrays of codes to arrays of floats, 64 at a time. Table lookups give the leading 16
// bits of each value, which are all that are not zero.
#if !defined(NARROWFP_SET)
#include "alone.hpp"

#if defined(NARROWFP_SET)
#include "words.hpp"
#include "bytes.hpp"
#include "dense.hpp"
#include "../vector/unpack.hpp"
#endif
#define NARROWFP_ALONE
#endif

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// The first n of 64 codes; then zeros.
template <int Bits>
NARROWFP_TARGET NARROWFP_INLINE __m512i load_codes(const std::uint8_t* in, std::size_t n) noexcept {
  return expand_codes<Bits>(_mm512_maskz_loadu_epi8(first_bytes((n * Bits + 7) / 8), in));
}

/// The values of 64 codes as floats, in order.
template <decode_shape Shape>
NARROWFP_TARGET NARROWFP_INLINE quad float_values(__m512i codes, const value_table& t) noexcept {
  __m512i even;
  __m512i odd;
  value_words<Shape>(interleave<4>(codes), t, even, odd);
  const __m512i high_words = broadcast(0xFFFF0000);
  return {_mm512_slli_epi32(even, 16), _mm512_slli_epi32(odd, 16), _mm512_and_si512(even, high_words),
          _mm512_and_si512(odd, high_words)};
}

/// Writes four vectors; past the caches `out` is a multiple of 64.
NARROWFP_TARGET NARROWFP_INLINE void store_four(char* out, const quad& v, bool past_caches) noexcept {
  if (past_caches) [[unlikely]] {
    store_whole<true>(out, v.a);
    store_whole<true>(out + 64, v.b);
    store_whole<true>(out + 128, v.c);
    store_whole<true>(out + 192, v.d);
  } else {
    store_whole<false>(out, v.a);
    store_whole<false>(out + 64, v.b);
    store_whole<false>(out + 128, v.c);
    store_whole<false>(out + 192, v.d);
  }
}

/// Decodes 64 codes, to 32-bit elements or else to 16-bit ones.
template <decode_shape Shape, bool Wide, bool Scaled>
struct shape_decoder {
  value_table table;
  __m512i scale;

  template <int Bits>
  NARROWFP_TARGET NARROWFP_INLINE void decode(const std::uint8_t* in, char* out,
                                              bool past_caches) const noexcept {
    const __m512i codes = load_codes<Bits>(in, 64);
    if constexpr (Wide) {
      quad v = float_values<Shape>(codes, table);
      if constexpr (Scaled) {
        v = {product(v.a, scale), product(v.b, scale), product(v.c, scale), product(v.d, scale)};
      }
      store_four(out, v, past_caches);
    } else {
      __m512i even;
      __m512i odd;
      value_words<Shape>(interleave<2>(codes), table, even, odd);
      if (past_caches) [[unlikely]] {
        store_whole<true>(out, even);
        store_whole<true>(out + 64, odd);
      } else {
        store_whole<false>(out, even);
        store_whole<false>(out + 64, odd);
      }
    }
  }
};

/// One specialisation, out of line.
template <decode_shape Shape, int Bits, bool Wide, bool Scaled>
NARROWFP_TARGET [[gnu::noinline]] void unpack_elements(const std::uint8_t* in, char* out, std::size_t n,
                                                       float scale, const value_tables& tables) noexcept {
  const shape_decoder<Shape, Wide, Scaled> decoder = {load_values<Shape>(tables), broadcast_float(scale)};
  decode_array<Bits, Wide ? 4 : 2>(in, out, n, decoder, [&](const std::uint8_t* codes, char* elements) {
    unpack_elements<Shape, Bits, Wide, Scaled>(codes, elements, code_group, scale, tables);
  });
}

/// Decodes n codes of Bits bits each, each times `scale`; false if this is no work for these kernels. Codes
/// of a width that is not common become bytes first, a buffer at a time.
template <scalar_format F, int Bits, class S>
bool decode(const std::uint8_t* in, S* out, std::size_t n, float scale) noexcept {
  if constexpr (is_common_width(Bits) && is_vector_target<F, Bits, S>) {
    using decoder = value_decoder<F, S>;
    constexpr bool wide = sizeof(S) == 4;
    if (is_one(scale)) {
      unpack_elements<decoder::shape, Bits, wide, false>(in, reinterpret_cast<char*>(out), n, scale,
                                                         decoder::data);
      return true;
    }
    if constexpr (wide && exact_in_float<F>) {
      if (scales_exactly<F>(scale)) {
        unpack_elements<decoder::shape, Bits, wide, true>(in, reinterpret_cast<char*>(out), n, scale,
                                                          decoder::data);
        return true;
      }
    }
  } else if constexpr (is_vector_target<F, Bits, S>) {
    std::uint8_t codes[bytes_at_a_time];
    for (std::size_t done = 0; done < n; done += bytes_at_a_time) {
      const std::size_t count = n - done < bytes_at_a_time ? n - done : bytes_at_a_time;
      expand_bytes<Bits>(in + done / 8 * Bits, codes, count);
      if (!decode<F, 8>(codes, out + done, count, scale)) {
        return false;
      }
    }
    return true;
  }
  return false;
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#if defined(NARROWFP_ALONE)
#include "alone_end.hpp"
#endif
