// Layer: kernels/avx2. The words of exact products: vector/products.hpp is written in them.
#pragma once

#include "../facts/product_tables.hpp"
#include "dense.hpp"
#include "environment.hpp"
#include "sources.hpp"
#include "unpack.hpp"
#include "words.hpp"

#include "open.hpp"

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// A vector of bytes, of 16-bit words, or of the 32-bit lanes of their sums.
using byte_vector = __m256i;
using word_vector = __m256i;
inline constexpr std::size_t vector_bytes = 32;

NARROWFP_TARGET NARROWFP_INLINE byte_vector bytes_of(int x) noexcept { return broadcast_8(x); }
/// Whether the set loads dense codes of such a width.
constexpr bool loads_codes(int bits) noexcept { return is_dense_width(bits); }

/// A vector's bytes in Parts pieces that lie `stride` apart.
template <std::size_t Parts>
NARROWFP_TARGET NARROWFP_INLINE byte_vector load_bytes(const std::uint8_t* p, std::size_t stride) noexcept {
  if constexpr (Parts == 1) {
    return load_256(p);
  } else if constexpr (Parts == 2) {
    return _mm256_inserti128_si256(_mm256_castsi128_si256(load_128(p)), load_128(p + stride), 1);
  } else {
    static_assert(Parts == 4);
    const __m128i low = _mm_unpacklo_epi64(load_64(p), load_64(p + stride));
    const __m128i high = _mm_unpacklo_epi64(load_64(p + 2 * stride), load_64(p + 3 * stride));
    return _mm256_inserti128_si256(_mm256_castsi128_si256(low), high, 1);
  }
}

/// A vector of codes, one a byte, from Parts pieces of dense streams.
template <int Bits, std::size_t Parts>
NARROWFP_TARGET NARROWFP_INLINE byte_vector load_code_bytes(const std::uint8_t* p,
                                                            std::size_t stride) noexcept {
  if constexpr (Bits == 8) {
    return load_bytes<Parts>(p, stride);
  } else if constexpr (Parts == 1) {
    return load_codes<Bits>(p);
  } else {
    static_assert(Parts == 2);
    return load_two_blocks<Bits>(p, stride);
  }
}

NARROWFP_TARGET NARROWFP_INLINE byte_vector even_nibbles(byte_vector x) noexcept {
  return _mm256_and_si256(x, broadcast_8(0x0F));
}
NARROWFP_TARGET NARROWFP_INLINE byte_vector odd_nibbles(byte_vector x) noexcept {
  return _mm256_and_si256(_mm256_srli_epi16(x, 4), broadcast_8(0x0F));
}

/// Every second byte of two vectors.
NARROWFP_TARGET NARROWFP_INLINE byte_vector even_bytes(byte_vector a, byte_vector b) noexcept {
  const __m256i mask = broadcast_16(0xFF);
  return _mm256_permute4x64_epi64(_mm256_packus_epi16(_mm256_and_si256(a, mask), _mm256_and_si256(b, mask)),
                                  0xD8);
}
NARROWFP_TARGET NARROWFP_INLINE byte_vector odd_bytes(byte_vector a, byte_vector b) noexcept {
  return _mm256_permute4x64_epi64(_mm256_packus_epi16(_mm256_srli_epi16(a, 8), _mm256_srli_epi16(b, 8)),
                                  0xD8);
}
NARROWFP_TARGET NARROWFP_INLINE void store_bytes(std::uint8_t* out, byte_vector x) noexcept {
  store_256<false>(out, x);
}
NARROWFP_TARGET NARROWFP_INLINE void store_words(std::uint8_t* out, word_vector x) noexcept {
  store_256<false>(out, x);
}
NARROWFP_TARGET NARROWFP_INLINE word_vector load_words(const std::uint8_t* in) noexcept {
  return load_256(in);
}

/// Entries of a table of 16 * Parts bytes, of indices that are no more.
template <int Parts>
NARROWFP_TARGET NARROWFP_INLINE byte_vector look_up_bytes(const std::uint8_t* table,
                                                          byte_vector index) noexcept {
  if constexpr (Parts == 2) {
    // A shuffle gives 0 where bit 7 of an index is set, and does not look at bits 4 to 6.
    const __m256i low =
        _mm256_shuffle_epi8(load_part(unknown(table)), _mm256_add_epi8(index, broadcast_8(0x70)));
    const __m256i high =
        _mm256_shuffle_epi8(load_part(unknown(table + 16)), _mm256_sub_epi8(index, broadcast_8(16)));
    return _mm256_or_si256(low, high);
  }
  byte_vector result = _mm256_shuffle_epi8(load_part(unknown(table)), index);
#pragma GCC unroll 8
  for (int part = 1; part < Parts; ++part) {
    // Those from this sixteenth on; the next one replaces what is beyond it.
    const __m256i here = _mm256_cmpgt_epi8(index, broadcast_8(16 * part - 1));
    const __m256i entries = _mm256_shuffle_epi8(load_part(unknown(table + 16 * part)),
                                                _mm256_sub_epi8(index, broadcast_8(16 * part)));
    result = chosen(result, entries, here);
  }
  return result;
}

/// x, or -x where a bit of the codes is set.
template <int Bit>
NARROWFP_TARGET NARROWFP_INLINE byte_vector negated_by_bit(byte_vector x, byte_vector codes) noexcept {
  // The bit comes to the top of its byte; others do not matter, but that one is set.
  const __m256i sign = _mm256_slli_epi16(codes, 7 - Bit);
  return _mm256_sign_epi8(x, _mm256_or_si256(sign, broadcast_8(1)));
}
NARROWFP_TARGET NARROWFP_INLINE byte_vector low_bits_of_bytes(byte_vector x, int mask) noexcept {
  return _mm256_and_si256(x, broadcast_8(mask));
}

NARROWFP_TARGET NARROWFP_INLINE byte_vector magnitudes_of_bytes(byte_vector x) noexcept {
  return _mm256_abs_epi8(x);
}
/// x, or -x where y is negative; anything where y is 0.
NARROWFP_TARGET NARROWFP_INLINE byte_vector with_signs_of(byte_vector x, byte_vector y) noexcept {
  return _mm256_sign_epi8(x, y);
}
NARROWFP_TARGET NARROWFP_INLINE byte_vector difference_of_bytes(byte_vector a, byte_vector b) noexcept {
  return _mm256_sub_epi8(a, b);
}
/// a - b, or 0 where that is negative.
NARROWFP_TARGET NARROWFP_INLINE byte_vector difference_or_0(byte_vector a, byte_vector b) noexcept {
  return _mm256_subs_epu8(a, b);
}
/// Bytes without so many low bits. If these are not 0, the upper bits are anything.
template <int Bits>
NARROWFP_TARGET NARROWFP_INLINE byte_vector shifted_fields(byte_vector x) noexcept {
  return Bits == 0 ? x : _mm256_srli_epi16(x, Bits);
}

NARROWFP_TARGET NARROWFP_INLINE byte_vector bytes_of_lanes(dwords x) noexcept { return x; }

/// As many words as a vector has bytes; products and powers are in the same order, those of 16 bytes
/// together.
struct word_pair {
  word_vector low, high;
};
struct weight_pair {
  dwords low, high;
};
/// Products of bytes: without sign, of 128 at most, and signed ones.
NARROWFP_TARGET NARROWFP_INLINE word_pair products_with_magnitudes(byte_vector x, byte_vector y) noexcept {
  const __m256i zero = _mm256_setzero_si256();
  return {_mm256_maddubs_epi16(_mm256_unpacklo_epi8(x, zero), _mm256_unpacklo_epi8(y, y)),
          _mm256_maddubs_epi16(_mm256_unpackhi_epi8(x, zero), _mm256_unpackhi_epi8(y, y))};
}
/// -2^x of bytes 0 to 15, 0 of others; of those only negative ones, down to -112, unless there are More.
template <bool More>
NARROWFP_TARGET NARROWFP_INLINE weight_pair negative_powers(byte_vector x) noexcept {
  // A shuffle gives 0 where bit 7 of an index is set, and does not look at bits 4 to 6.
  const __m256i index = More ? _mm256_adds_epu8(x, broadcast_8(0x70)) : x;
  const __m256i low = _mm256_setr_epi64x(static_cast<std::int64_t>(0x80C0E0F0F8FCFEFFU), 0,
                                         static_cast<std::int64_t>(0x80C0E0F0F8FCFEFFU), 0);
  const __m256i high = _mm256_setr_epi64x(-1, static_cast<std::int64_t>(0x80C0E0F0F8FCFEFFU), -1,
                                          static_cast<std::int64_t>(0x80C0E0F0F8FCFEFFU));
  const __m256i low_bytes = _mm256_shuffle_epi8(low, index);
  const __m256i high_bytes = _mm256_shuffle_epi8(high, index);
  return {_mm256_unpacklo_epi8(low_bytes, high_bytes), _mm256_unpackhi_epi8(low_bytes, high_bytes)};
}

/// Whether signed bytes are multiplied as they are.
inline constexpr bool multiplies_signed_bytes = false;
/// Sums of two neighbours' products, as words: bytes without sign, of 127 at most, and signed ones.
NARROWFP_TARGET NARROWFP_INLINE word_vector sums_with_magnitudes(byte_vector x, byte_vector y) noexcept {
  return _mm256_maddubs_epi16(x, y);
}
/// Sums of two neighbours' products, as words: signed bytes, of which y has no -128.
NARROWFP_TARGET NARROWFP_INLINE word_vector pair_sums(byte_vector x, byte_vector y) noexcept {
  return _mm256_maddubs_epi16(_mm256_abs_epi8(x), _mm256_sign_epi8(y, x));
}
NARROWFP_TARGET NARROWFP_INLINE word_vector sum_of_words(word_vector a, word_vector b) noexcept {
  return _mm256_add_epi16(a, b);
}
NARROWFP_TARGET NARROWFP_INLINE word_vector difference_of_words(word_vector a, word_vector b) noexcept {
  return _mm256_sub_epi16(a, b);
}
NARROWFP_TARGET NARROWFP_INLINE dwords product_of_words(dwords a, dwords b) noexcept {
  return _mm256_mullo_epi16(a, b);
}
/// Sums of two neighbours' products of words.
NARROWFP_TARGET NARROWFP_INLINE dwords weighted_sums(word_vector words, dwords weights) noexcept {
  return _mm256_madd_epi16(words, weights);
}
NARROWFP_TARGET NARROWFP_INLINE dwords ones_of_words() noexcept { return broadcast_16(1); }

/// The smaller of signed bytes.
NARROWFP_TARGET NARROWFP_INLINE byte_vector least_bytes(byte_vector a, byte_vector b) noexcept {
  return _mm256_min_epi8(a, b);
}
NARROWFP_TARGET NARROWFP_INLINE bool any_is_128(byte_vector x) noexcept {
  return _mm256_movemask_epi8(_mm256_cmpeq_epi8(x, broadcast_8(0x80))) != 0;
}

/// The first Groups of values, as many as lanes, that have just been computed, each in as many neighbouring
/// lanes. Few are
/// broadcast one by one, as a vector read would wait for all of them to be stored.
template <std::size_t Groups>
NARROWFP_TARGET NARROWFP_INLINE dwords spread(const std::uint32_t* values) noexcept {
  if constexpr (Groups == 1) {
    return broadcast(values[0]);
  } else if constexpr (Groups == 2) {
    return _mm256_blend_epi32(broadcast(values[0]), broadcast(values[1]), 0xF0);
  } else if constexpr (Groups == 4) {
    return _mm256_permutevar8x32_epi32(load_256(values), _mm256_setr_epi32(0, 0, 1, 1, 2, 2, 3, 3));
  } else {
    return load_256(values);
  }
}

/// Bytes of 1 where a bit is set in the byte of the same 32 bits that `byte` says.
NARROWFP_TARGET NARROWFP_INLINE byte_vector found_bits(dwords metadata, const std::uint8_t* byte,
                                                       const std::uint8_t* bit) noexcept {
  const __m256i bytes = _mm256_shuffle_epi8(metadata, load_256(unknown(byte)));
  return _mm256_min_epu8(_mm256_and_si256(bytes, load_256(unknown(bit))), broadcast_8(1));
}
NARROWFP_TARGET NARROWFP_INLINE byte_vector sum_of_bytes(byte_vector a, byte_vector b) noexcept {
  return _mm256_add_epi8(a, b);
}
/// Words of 2^(both bytes), which are 7 together at most.
NARROWFP_TARGET NARROWFP_INLINE dwords powers_of_bytes(byte_vector counts) noexcept {
  const __m256i powers = _mm256_set1_epi64x(static_cast<std::int64_t>(0x8040201008040201U));
  const __m256i n = _mm256_maddubs_epi16(counts, broadcast_8(1));
  return _mm256_shuffle_epi8(powers, _mm256_or_si256(n, broadcast_16(-0x8000)));
}

/// The sum of signed lanes.
NARROWFP_TARGET NARROWFP_INLINE std::int64_t total_of_lanes(dwords x) noexcept {
  const __m256i low = _mm256_cvtepi32_epi64(_mm256_castsi256_si128(x));
  const __m256i all = _mm256_add_epi64(low, _mm256_cvtepi32_epi64(_mm256_extracti128_si256(x, 1)));
  const __m128i two = _mm_add_epi64(_mm256_castsi256_si128(all), _mm256_extracti128_si256(all, 1));
  return _mm_cvtsi128_si64(two) + _mm_extract_epi64(two, 1);
}
NARROWFP_TARGET NARROWFP_INLINE void store_lanes(std::int32_t* out, dwords x) noexcept {
  store_256<false>(out, x);
}

/// As many doubles as a vector has lanes.
struct double_lanes {
  __m256d low, high;
};
NARROWFP_TARGET NARROWFP_INLINE double_lanes zero_doubles() noexcept {
  return {_mm256_setzero_pd(), _mm256_setzero_pd()};
}
/// Groups values, each in as many neighbouring lanes.
template <std::size_t Groups>
NARROWFP_TARGET NARROWFP_INLINE double_lanes spread(const double* values) noexcept {
  if constexpr (Groups == 1) {
    const __m256d all = _mm256_broadcast_sd(values);
    return {all, all};
  } else if constexpr (Groups == 2) {
    return {_mm256_broadcast_sd(values), _mm256_broadcast_sd(values + 1)};
  } else if constexpr (Groups == 4) {
    const __m256d two = _mm256_broadcast_pd(reinterpret_cast<const __m128d*>(values));
    const __m256d next = _mm256_broadcast_pd(reinterpret_cast<const __m128d*>(values + 2));
    return {_mm256_permute_pd(_mm256_permute4x64_pd(two, 0x50), 0xC),
            _mm256_permute_pd(_mm256_permute4x64_pd(next, 0x50), 0xC)};
  } else {
    return {_mm256_loadu_pd(values), _mm256_loadu_pd(values + 4)};
  }
}
/// The sum of lanes that are integers in units of 1 / `per_unit`.
NARROWFP_TARGET NARROWFP_INLINE std::int64_t total_of_doubles(double_lanes x, double per_unit) noexcept {
  const __m256d scale = _mm256_set1_pd(per_unit);
  double lane[8];
  _mm256_storeu_pd(lane, _mm256_mul_pd(x.low, scale));
  _mm256_storeu_pd(lane + 4, _mm256_mul_pd(x.high, scale));
  std::int64_t total = 0;
#pragma GCC unroll 8
  for (const double each : lane) {
    total += static_cast<std::int64_t>(each);
  }
  return total;
}

/// x, or twice x where a byte of `bits` is 1, not 0.
NARROWFP_TARGET NARROWFP_INLINE byte_vector doubled_where(byte_vector x, byte_vector bits) noexcept {
  return _mm256_add_epi8(x, _mm256_and_si256(x, _mm256_sub_epi8(_mm256_setzero_si256(), bits)));
}
NARROWFP_TARGET NARROWFP_INLINE dwords floats_of_eight(__m128i bytes) noexcept {
  return _mm256_castps_si256(_mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(bytes)));
}
/// Signed bytes as floats.
NARROWFP_TARGET NARROWFP_INLINE quad floats_of_bytes(byte_vector x) noexcept {
  const __m128i low = _mm256_castsi256_si128(x);
  const __m128i high = _mm256_extracti128_si256(x, 1);
  return {floats_of_eight(low), floats_of_eight(_mm_srli_si128(low, 8)), floats_of_eight(high),
          floats_of_eight(_mm_srli_si128(high, 8))};
}

/// Decodes a vector of codes to four of floats: the values times 2^exponent.
template <scalar_format F>
struct float_decoder {
  static constexpr int exponent = 0;

  NARROWFP_TARGET NARROWFP_INLINE quad decode(byte_vector codes) const noexcept {
    return decode_32<F>(codes, decode_tables_of<F, float>);
  }
};
NARROWFP_TARGET NARROWFP_INLINE dwords halves_as_floats(__m128i x) noexcept {
  return _mm256_castps_si256(_mm256_cvtph_ps(x));
}
/// Codes that are moved to be float16, which an instruction widens, denormal ones whatever MXCSR says.
template <scalar_format F>
requires(F::width <= 8 && half_code_of<F>.exists) struct float_decoder<F> {
  static constexpr int shift = half_code_of<F>.shift;
  static constexpr int exponent = half_code_of<F>.exponent;

  NARROWFP_TARGET NARROWFP_INLINE quad decode(byte_vector codes) const noexcept {
    // The sign comes to the top of each word, the magnitude below it, then to its place.
    const __m256i at_top = F::width == 8 ? codes : _mm256_slli_epi16(codes, 8 - F::width);
    const __m256i zero = _mm256_setzero_si256();
    const __m256i first = in_place(_mm256_unpacklo_epi8(zero, at_top));
    const __m256i second = in_place(_mm256_unpackhi_epi8(zero, at_top));
    return {halves_as_floats(_mm256_castsi256_si128(first)), halves_as_floats(_mm256_castsi256_si128(second)),
            halves_as_floats(_mm256_extracti128_si256(first, 1)),
            halves_as_floats(_mm256_extracti128_si256(second, 1))};
  }

 private:
  NARROWFP_TARGET NARROWFP_INLINE static __m256i in_place(__m256i words) noexcept {
    constexpr int right = 16 - F::width - shift;
    constexpr int kept = 0x8000 | ((1 << (F::width - 1)) - 1) << shift;
    return right == 0 ? words
                      : _mm256_and_si256(_mm256_srai_epi16(words, right), broadcast_16(kept - 0x10000));
  }
};

NARROWFP_TARGET NARROWFP_INLINE byte_vector least_unsigned_bytes(byte_vector a, byte_vector b) noexcept {
  return _mm256_min_epu8(a, b);
}
NARROWFP_TARGET NARROWFP_INLINE byte_vector most_unsigned_bytes(byte_vector a, byte_vector b) noexcept {
  return _mm256_max_epu8(a, b);
}
NARROWFP_TARGET NARROWFP_INLINE bool any_byte_is_above(byte_vector x, int limit) noexcept {
  const __m256i above = _mm256_subs_epu8(x, broadcast_8(limit));
  return _mm256_testz_si256(above, above) == 0;
}
NARROWFP_TARGET NARROWFP_INLINE bool any_byte_is_0(byte_vector x) noexcept {
  return _mm256_movemask_epi8(_mm256_cmpeq_epi8(x, _mm256_setzero_si256())) != 0;
}
/// Floats as doubles.
NARROWFP_TARGET NARROWFP_INLINE double_lanes widened(dwords x) noexcept {
  const __m256 floats = _mm256_castsi256_ps(x);
  return {_mm256_cvtps_pd(_mm256_castps256_ps128(floats)), _mm256_cvtps_pd(_mm256_extractf128_ps(floats, 1))};
}
/// Signed lanes as doubles.
NARROWFP_TARGET NARROWFP_INLINE double_lanes converted(dwords x) noexcept {
  return {_mm256_cvtepi32_pd(_mm256_castsi256_si128(x)), _mm256_cvtepi32_pd(_mm256_extracti128_si256(x, 1))};
}

// Arithmetic of doubles. Kernels see to it that every result is exact, so that neither rounding nor the order
// that -ffast-math may choose matters.

NARROWFP_TARGET NARROWFP_INLINE double_lanes sum(double_lanes a, double_lanes b) noexcept {
  return {_mm256_add_pd(a.low, b.low), _mm256_add_pd(a.high, b.high)};
}
NARROWFP_TARGET NARROWFP_INLINE double_lanes product(double_lanes a, double_lanes b) noexcept {
  return {_mm256_mul_pd(a.low, b.low), _mm256_mul_pd(a.high, b.high)};
}
/// c + a * b.
NARROWFP_TARGET NARROWFP_INLINE double_lanes product_more(double_lanes c, double_lanes a,
                                                          double_lanes b) noexcept {
  return {_mm256_fmadd_pd(a.low, b.low, c.low), _mm256_fmadd_pd(a.high, b.high, c.high)};
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#include "close.hpp"
