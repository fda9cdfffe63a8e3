// Layer: kernels/avx512. The words of exact products: vector/products.hpp is written in them.
#if !defined(NARROWFP_SET)
#include "../avx512_base.hpp"
#include "../facts/product_tables.hpp"

#include "open.hpp"
#define NARROWFP_ALONE
#endif

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// A vector of bytes, of 16-bit words, or of the 32-bit lanes of their sums.
using byte_vector = __m512i;
using word_vector = __m512i;
inline constexpr std::size_t vector_bytes = 64;

/// Two halves.
NARROWFP_TARGET NARROWFP_INLINE __m512i joined(__m256i low, __m256i high) noexcept {
  return _mm512_maskz_inserti64x4(0xFF, _mm512_zextsi256_si512(low), high, 1);
}
NARROWFP_TARGET NARROWFP_INLINE __m256i load_half(const std::uint8_t* p) noexcept {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
}
NARROWFP_TARGET NARROWFP_INLINE __m128i load_128(const std::uint8_t* p) noexcept {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
}
NARROWFP_TARGET NARROWFP_INLINE __m128i load_64(const std::uint8_t* p) noexcept {
  return _mm_loadl_epi64(reinterpret_cast<const __m128i*>(p));
}
/// 32 bytes in Parts pieces.
template <std::size_t Parts>
NARROWFP_TARGET NARROWFP_INLINE __m256i load_half_pieces(const std::uint8_t* p, std::size_t stride) noexcept {
  if constexpr (Parts == 1) {
    return load_half(p);
  } else if constexpr (Parts == 2) {
    return _mm256_inserti128_si256(_mm256_castsi128_si256(load_128(p)), load_128(p + stride), 1);
  } else {
    const __m128i low = _mm_unpacklo_epi64(load_64(p), load_64(p + stride));
    const __m128i high = _mm_unpacklo_epi64(load_64(p + 2 * stride), load_64(p + 3 * stride));
    return _mm256_inserti128_si256(_mm256_castsi128_si256(low), high, 1);
  }
}

NARROWFP_TARGET NARROWFP_INLINE byte_vector bytes_of(int x) noexcept {
  return _mm512_set1_epi8(static_cast<char>(x));
}
/// Whether the set loads dense codes of such a width.
constexpr bool loads_codes(int bits) noexcept { return is_dense_width(bits); }

/// A vector's bytes in Parts pieces that lie `stride` apart.
template <std::size_t Parts>
NARROWFP_TARGET NARROWFP_INLINE byte_vector load_bytes(const std::uint8_t* p, std::size_t stride) noexcept {
  if constexpr (Parts == 1) {
    return _mm512_loadu_si512(p);
  } else {
    return joined(load_half_pieces<Parts / 2>(p, stride),
                  load_half_pieces<Parts / 2>(p + Parts / 2 * stride, stride));
  }
}

/// A vector of codes, one a byte, from Parts pieces of dense streams.
template <int Bits, std::size_t Parts>
NARROWFP_TARGET NARROWFP_INLINE byte_vector load_code_bytes(const std::uint8_t* p,
                                                            std::size_t stride) noexcept {
  if constexpr (Bits == 8) {
    return load_bytes<Parts>(p, stride);
  } else {
    const byte_vector codes = gather_codes<Bits, 64 / Parts>(reinterpret_cast<const std::byte*>(p), stride);
    return _mm512_and_si512(codes, bytes_of((1 << Bits) - 1));
  }
}

NARROWFP_TARGET NARROWFP_INLINE byte_vector even_nibbles(byte_vector x) noexcept {
  return _mm512_and_si512(x, _mm512_set1_epi8(0x0F));
}
NARROWFP_TARGET NARROWFP_INLINE byte_vector odd_nibbles(byte_vector x) noexcept {
  return _mm512_and_si512(_mm512_srli_epi16(x, 4), _mm512_set1_epi8(0x0F));
}

/// Quarters of 64 bits in the order in which packing leaves them.
NARROWFP_TARGET NARROWFP_INLINE byte_vector packed_bytes(__m512i a, __m512i b) noexcept {
  return _mm512_maskz_permutexvar_epi64(0xFF, _mm512_setr_epi64(0, 2, 4, 6, 1, 3, 5, 7),
                                        _mm512_packus_epi16(a, b));
}
/// Every second byte of two vectors.
NARROWFP_TARGET NARROWFP_INLINE byte_vector even_bytes(byte_vector a, byte_vector b) noexcept {
  const __m512i mask = _mm512_set1_epi16(0xFF);
  return packed_bytes(_mm512_and_si512(a, mask), _mm512_and_si512(b, mask));
}
NARROWFP_TARGET NARROWFP_INLINE byte_vector odd_bytes(byte_vector a, byte_vector b) noexcept {
  return packed_bytes(_mm512_srli_epi16(a, 8), _mm512_srli_epi16(b, 8));
}
NARROWFP_TARGET NARROWFP_INLINE void store_bytes(std::uint8_t* out, byte_vector x) noexcept {
  _mm512_storeu_si512(out, x);
}
NARROWFP_TARGET NARROWFP_INLINE void store_words(std::uint8_t* out, word_vector x) noexcept {
  _mm512_storeu_si512(out, x);
}
NARROWFP_TARGET NARROWFP_INLINE word_vector load_words(const std::uint8_t* in) noexcept {
  return _mm512_loadu_si512(in);
}
template <int N>
NARROWFP_TARGET NARROWFP_INLINE dwords shifted_left(dwords x) noexcept {
  return _mm512_maskz_slli_epi32(0xFFFF, x, N);
}
template <int N>
NARROWFP_TARGET NARROWFP_INLINE dwords shifted_right(dwords x) noexcept {
  return _mm512_maskz_srli_epi32(0xFFFF, x, N);
}
/// x * 2^n in 32 bits, for n of 0 to 31.
NARROWFP_TARGET NARROWFP_INLINE dwords shifted(dwords x, dwords n) noexcept {
  return _mm512_maskz_sllv_epi32(0xFFFF, x, n);
}

/// Entries of a table of 16 * Parts bytes.
template <int Parts>
NARROWFP_TARGET NARROWFP_INLINE byte_vector look_up_bytes(const std::uint8_t* table,
                                                          byte_vector index) noexcept {
  if constexpr (Parts == 1) {
    return _mm512_shuffle_epi8(load_part(unknown(table), 0), index);
  } else {
    byte_vector result = _mm512_setzero_si512();
#pragma GCC unroll 8
    for (int part = 0; part < Parts; ++part) {
      result = look_up_part(result, index, static_cast<char>(part), load_part(unknown(table), part));
    }
    return result;
  }
}

/// x, or -x where a bit of the codes is set.
template <int Bit>
NARROWFP_TARGET NARROWFP_INLINE byte_vector negated_by_bit(byte_vector x, byte_vector codes) noexcept {
  const __mmask64 negative = _mm512_test_epi8_mask(codes, _mm512_set1_epi8(static_cast<char>(1 << Bit)));
  return _mm512_mask_sub_epi8(x, negative, _mm512_setzero_si512(), x);
}
NARROWFP_TARGET NARROWFP_INLINE byte_vector low_bits_of_bytes(byte_vector x, int mask) noexcept {
  return _mm512_and_si512(x, _mm512_set1_epi8(static_cast<char>(mask)));
}

NARROWFP_TARGET NARROWFP_INLINE byte_vector magnitudes_of_bytes(byte_vector x) noexcept {
  return _mm512_abs_epi8(x);
}
/// x, or -x where y is negative; anything where y is 0.
NARROWFP_TARGET NARROWFP_INLINE byte_vector with_signs_of(byte_vector x, byte_vector y) noexcept {
  return _mm512_mask_sub_epi8(x, _mm512_movepi8_mask(y), _mm512_setzero_si512(), x);
}
NARROWFP_TARGET NARROWFP_INLINE byte_vector difference_of_bytes(byte_vector a, byte_vector b) noexcept {
  return _mm512_sub_epi8(a, b);
}
/// a - b, or 0 where that is negative.
NARROWFP_TARGET NARROWFP_INLINE byte_vector difference_or_0(byte_vector a, byte_vector b) noexcept {
  return _mm512_subs_epu8(a, b);
}
/// Bytes without so many low bits. If these are not 0, the upper bits are anything.
template <int Bits>
NARROWFP_TARGET NARROWFP_INLINE byte_vector shifted_fields(byte_vector x) noexcept {
  return Bits == 0 ? x : _mm512_srli_epi16(x, Bits);
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
  const __m512i zero = _mm512_setzero_si512();
  return {_mm512_maddubs_epi16(_mm512_unpacklo_epi8(x, zero), _mm512_unpacklo_epi8(y, y)),
          _mm512_maddubs_epi16(_mm512_unpackhi_epi8(x, zero), _mm512_unpackhi_epi8(y, y))};
}
/// -2^x of bytes 0 to 15, 0 of others.
template <bool More>
NARROWFP_TARGET NARROWFP_INLINE weight_pair negative_powers(byte_vector x) noexcept {
  const __m512i zero = _mm512_setzero_si512();
  const __m512i ones = _mm512_set1_epi16(-1);
  return {_mm512_sllv_epi16(ones, _mm512_unpacklo_epi8(x, zero)),
          _mm512_sllv_epi16(ones, _mm512_unpackhi_epi8(x, zero))};
}

/// Whether signed bytes are multiplied as they are.
inline constexpr bool multiplies_signed_bytes = false;
/// Sums of two neighbours' products, as words: bytes without sign, of 127 at most, and signed ones.
NARROWFP_TARGET NARROWFP_INLINE word_vector sums_with_magnitudes(byte_vector x, byte_vector y) noexcept {
  return _mm512_maddubs_epi16(x, y);
}
/// Sums of two neighbours' products, as words: signed bytes, of which y has no -128.
NARROWFP_TARGET NARROWFP_INLINE word_vector pair_sums(byte_vector x, byte_vector y) noexcept {
  const __m512i with_sign = _mm512_mask_sub_epi8(y, _mm512_movepi8_mask(x), _mm512_setzero_si512(), y);
  return _mm512_maddubs_epi16(_mm512_abs_epi8(x), with_sign);
}
NARROWFP_TARGET NARROWFP_INLINE word_vector sum_of_words(word_vector a, word_vector b) noexcept {
  return _mm512_add_epi16(a, b);
}
NARROWFP_TARGET NARROWFP_INLINE word_vector difference_of_words(word_vector a, word_vector b) noexcept {
  return _mm512_sub_epi16(a, b);
}
NARROWFP_TARGET NARROWFP_INLINE dwords product_of_words(dwords a, dwords b) noexcept {
  return _mm512_mullo_epi16(a, b);
}
/// Sums of two neighbours' products of words.
NARROWFP_TARGET NARROWFP_INLINE dwords weighted_sums(word_vector words, dwords weights) noexcept {
  return _mm512_madd_epi16(words, weights);
}
NARROWFP_TARGET NARROWFP_INLINE dwords ones_of_words() noexcept { return _mm512_set1_epi16(1); }

/// The smaller of signed bytes.
NARROWFP_TARGET NARROWFP_INLINE byte_vector least_bytes(byte_vector a, byte_vector b) noexcept {
  return _mm512_min_epi8(a, b);
}
NARROWFP_TARGET NARROWFP_INLINE bool any_is_128(byte_vector x) noexcept {
  return _mm512_cmpeq_epi8_mask(x, _mm512_set1_epi8(-128)) != 0;
}

/// The first Groups of values, as many as lanes, that have just been computed, each in as many neighbouring
/// lanes. Few are
/// broadcast one by one, as a vector read would wait for all of them to be stored.
template <std::size_t Groups>
NARROWFP_TARGET NARROWFP_INLINE dwords spread(const std::uint32_t* values) noexcept {
  if constexpr (Groups <= 4) {
    dwords all = broadcast(values[0]);
#pragma GCC unroll 4
    for (std::size_t g = 1; g < Groups; ++g) {
      const auto own = static_cast<__mmask16>(((1U << lanes / Groups) - 1) << g * (lanes / Groups));
      all = _mm512_mask_mov_epi32(all, own, broadcast(values[g]));
    }
    return all;
  } else if constexpr (Groups == 8) {
    const __m512i index = _mm512_setr_epi32(0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7);
    return _mm512_maskz_permutexvar_epi32(0xFFFF, index, _mm512_loadu_si512(values));
  } else {
    return _mm512_loadu_si512(values);
  }
}

/// Bytes of 1 where a bit is set in the byte of the same 32 bits that `byte` says.
NARROWFP_TARGET NARROWFP_INLINE byte_vector found_bits(dwords metadata, const std::uint8_t* byte,
                                                       const std::uint8_t* bit) noexcept {
  const __m512i bytes = _mm512_shuffle_epi8(metadata, _mm512_loadu_si512(unknown(byte)));
  return _mm512_min_epu8(_mm512_and_si512(bytes, _mm512_loadu_si512(unknown(bit))), _mm512_set1_epi8(1));
}
NARROWFP_TARGET NARROWFP_INLINE byte_vector sum_of_bytes(byte_vector a, byte_vector b) noexcept {
  return _mm512_add_epi8(a, b);
}
/// Words of 2^(both bytes), which are 7 together at most.
NARROWFP_TARGET NARROWFP_INLINE dwords powers_of_bytes(byte_vector counts) noexcept {
  return _mm512_sllv_epi16(_mm512_set1_epi16(1), _mm512_maddubs_epi16(counts, _mm512_set1_epi8(1)));
}

/// The sum of signed lanes.
NARROWFP_TARGET NARROWFP_INLINE std::int64_t total_of_lanes(dwords x) noexcept {
  std::int32_t lane[lanes];
  _mm512_storeu_si512(lane, x);
  std::int64_t total = 0;
#pragma GCC unroll 16
  for (const std::int32_t each : lane) {
    total += each;
  }
  return total;
}
NARROWFP_TARGET NARROWFP_INLINE void store_lanes(std::int32_t* out, dwords x) noexcept {
  _mm512_storeu_si512(out, x);
}

/// As many doubles as a vector has lanes.
struct double_lanes {
  __m512d low, high;
};
NARROWFP_TARGET NARROWFP_INLINE double_lanes zero_doubles() noexcept {
  return {_mm512_setzero_pd(), _mm512_setzero_pd()};
}
/// Half a vector's doubles from Groups values.
template <std::size_t Groups>
NARROWFP_TARGET NARROWFP_INLINE __m512d spread_half(const double* values) noexcept {
  if constexpr (Groups == 1) {
    return _mm512_set1_pd(*values);
  } else if constexpr (Groups == 8) {
    return _mm512_loadu_pd(values);
  } else {
    const __m512i index =
        Groups == 2 ? _mm512_setr_epi64(0, 0, 0, 0, 1, 1, 1, 1) : _mm512_setr_epi64(0, 0, 1, 1, 2, 2, 3, 3);
    return _mm512_maskz_permutexvar_pd(0xFF, index, _mm512_zextpd256_pd512(_mm256_loadu_pd(values)));
  }
}
/// Groups values, each in as many neighbouring lanes.
template <std::size_t Groups>
NARROWFP_TARGET NARROWFP_INLINE double_lanes spread(const double* values) noexcept {
  if constexpr (Groups == 1) {
    const __m512d all = _mm512_set1_pd(*values);
    return {all, all};
  } else {
    return {spread_half<Groups / 2>(values), spread_half<Groups / 2>(values + Groups / 2)};
  }
}
NARROWFP_TARGET NARROWFP_INLINE __m256i upper_half(__m512i x) noexcept {
  return _mm512_maskz_extracti64x4_epi64(0xF, x, 1);
}
/// The sum of lanes that are integers in units of 1 / `per_unit`.
NARROWFP_TARGET NARROWFP_INLINE std::int64_t total_of_doubles(double_lanes x, double per_unit) noexcept {
  const __m512d scale = _mm512_set1_pd(per_unit);
  const __m512i low = _mm512_maskz_cvttpd_epi64(0xFF, _mm512_mul_pd(x.low, scale));
  const __m512i high = _mm512_maskz_cvttpd_epi64(0xFF, _mm512_mul_pd(x.high, scale));
  std::int64_t lane[8];
  _mm512_storeu_si512(lane, _mm512_add_epi64(low, high));
  return ((lane[0] + lane[1]) + (lane[2] + lane[3])) + ((lane[4] + lane[5]) + (lane[6] + lane[7]));
}

/// x, or twice x where a byte of `bits` is 1, not 0.
NARROWFP_TARGET NARROWFP_INLINE byte_vector doubled_where(byte_vector x, byte_vector bits) noexcept {
  return _mm512_mask_add_epi8(x, _mm512_test_epi8_mask(bits, bits), x, x);
}
template <int Quarter>
NARROWFP_TARGET NARROWFP_INLINE dwords floats_of_quarter(byte_vector x) noexcept {
  const __m512i lanes_of_16 =
      _mm512_maskz_cvtepi8_epi32(0xFFFF, _mm512_maskz_extracti32x4_epi32(0xF, x, Quarter));
  return _mm512_castps_si512(_mm512_maskz_cvtepi32_ps(0xFFFF, lanes_of_16));
}
/// Signed bytes as floats.
NARROWFP_TARGET NARROWFP_INLINE quad floats_of_bytes(byte_vector x) noexcept {
  return {floats_of_quarter<0>(x), floats_of_quarter<1>(x), floats_of_quarter<2>(x), floats_of_quarter<3>(x)};
}

/// Decodes a vector of codes to four of floats: the values times 2^exponent.
template <scalar_format F>
struct float_decoder {
  static constexpr int exponent = 0;
  static constexpr decode_shape shape = value_decoder<F, float>::shape;
  value_table table;

  NARROWFP_TARGET NARROWFP_INLINE float_decoder() noexcept
      : table(load_values<shape>(value_decoder<F, float>::data)) {}
  NARROWFP_TARGET NARROWFP_INLINE quad decode(byte_vector codes) const noexcept {
    return float_values<shape>(codes, table);
  }
};
NARROWFP_TARGET NARROWFP_INLINE byte_vector least_unsigned_bytes(byte_vector a, byte_vector b) noexcept {
  return _mm512_min_epu8(a, b);
}
NARROWFP_TARGET NARROWFP_INLINE byte_vector most_unsigned_bytes(byte_vector a, byte_vector b) noexcept {
  return _mm512_max_epu8(a, b);
}
NARROWFP_TARGET NARROWFP_INLINE bool any_byte_is_above(byte_vector x, int limit) noexcept {
  return _mm512_cmpgt_epu8_mask(x, bytes_of(limit)) != 0;
}
NARROWFP_TARGET NARROWFP_INLINE bool any_byte_is_0(byte_vector x) noexcept {
  return _mm512_testn_epi8_mask(x, x) != 0;
}
/// Floats as doubles.
NARROWFP_TARGET NARROWFP_INLINE double_lanes widened(dwords x) noexcept {
  return {_mm512_maskz_cvtps_pd(0xFF, _mm256_castsi256_ps(_mm512_castsi512_si256(x))),
          _mm512_maskz_cvtps_pd(0xFF, _mm256_castsi256_ps(upper_half(x)))};
}
/// Signed lanes as doubles.
NARROWFP_TARGET NARROWFP_INLINE double_lanes converted(dwords x) noexcept {
  return {_mm512_maskz_cvtepi32_pd(0xFF, _mm512_castsi512_si256(x)),
          _mm512_maskz_cvtepi32_pd(0xFF, upper_half(x))};
}

// Arithmetic of doubles. Kernels see to it that every result is exact, so that neither rounding nor the order
// that -ffast-math may choose matters.

NARROWFP_TARGET NARROWFP_INLINE double_lanes sum(double_lanes a, double_lanes b) noexcept {
  return {_mm512_add_pd(a.low, b.low), _mm512_add_pd(a.high, b.high)};
}
NARROWFP_TARGET NARROWFP_INLINE double_lanes product(double_lanes a, double_lanes b) noexcept {
  return {_mm512_mul_pd(a.low, b.low), _mm512_mul_pd(a.high, b.high)};
}
/// c + a * b.
NARROWFP_TARGET NARROWFP_INLINE double_lanes product_more(double_lanes c, double_lanes a,
                                                          double_lanes b) noexcept {
  return {_mm512_fmadd_pd(a.low, b.low, c.low), _mm512_fmadd_pd(a.high, b.high, c.high)};
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#if defined(NARROWFP_ALONE)
#include "alone_end.hpp"
#endif
