// Layer: kernels, AVX-512; avx512.hpp includes this once for each set. Helpers that several kernels share.

#if defined(NARROWFP_SET)

namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

NARROWFP_TARGET NARROWFP_INLINE __m512i broadcast(std::uint32_t x) noexcept {
  return _mm512_set1_epi32(static_cast<int>(x));
}

/// The low n bits of a mask set.
NARROWFP_INLINE unsigned long long first_bits(std::size_t n) noexcept {
  return n >= 64 ? ~0ULL : (1ULL << n) - 1;
}

/// The same as a mask of bytes, in a mask register: AddressSanitizer asks for its single bits, and clang 14
/// fails to take them from a general register.
NARROWFP_TARGET NARROWFP_INLINE __mmask64 first_bytes(std::size_t n) noexcept {
  const __mmask64 bits = first_bits(n);
  if (__builtin_constant_p(bits)) {
    return bits;
  }
  __mmask64 mask;
  __asm__("kmovq {%1, %0|%0, %1}" : "=k"(mask) : "r"(bits));
  return mask;
}

/// Bytes of output from which on stores go past the caches: more than the last-level cache has for one core.
constexpr std::size_t streaming_size = std::size_t{32} << 20;

/// Codes of a buffer between two kernels: a multiple of 64 that stays in the first-level cache.
constexpr std::size_t bytes_at_a_time = 1024;

/// Elements of that size before the first whole cache line from p on.
NARROWFP_INLINE std::size_t elements_to_line(const void* p, std::size_t element_size) noexcept {
  return (~reinterpret_cast<std::uintptr_t>(p) + 1) % 64 / element_size;
}

template <bool Stream>
NARROWFP_TARGET NARROWFP_INLINE void store_whole(void* out, __m512i v) noexcept {
  if constexpr (Stream) {
    _mm512_stream_si512(static_cast<__m512i*>(out), v);
  } else {
    _mm512_storeu_si512(out, v);
  }
}

/// Index of a 4x4 transposition of dwords over 128-bit lanes.
NARROWFP_TARGET NARROWFP_INLINE __m512i transpose_dwords() noexcept {
  return _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
}

/// Four vectors, for 64 elements.
struct quad {
  __m512i a, b, c, d;
};

// Where a result may be infinite the instructions are written out, with integers to the compiler: clang 17
// and later take for granted under -ffast-math that no float is.

/// Products of floats, rounded to nearest.
NARROWFP_TARGET NARROWFP_INLINE __m512i times(__m512i x, __m512i scale) noexcept {
  __m512i product;
  __asm__("vmulps {%{rn-sae%}, %2, %1, %0|%0, %1, %2, %{rn-sae%}}" : "=v"(product) : "v"(x), "v"(scale));
  return product;
}
/// Quotients of floats, rounded to nearest.
NARROWFP_TARGET NARROWFP_INLINE __m512i float_quotient(__m512i x, __m512i divisor) noexcept {
  __m512i result;
  __asm__("vdivps {%{rn-sae%}, %2, %1, %0|%0, %1, %2, %{rn-sae%}}" : "=v"(result) : "v"(x), "v"(divisor));
  return result;
}

/// A table by the exponent field of floats, mod 32.
NARROWFP_TARGET NARROWFP_INLINE __m512i row_of_32(__m512i x, const quad& table) noexcept {
  return _mm512_permutex2var_epi32(table.a, _mm512_srli_epi32(x, 23), table.b);
}

/// The same, mod 64.
NARROWFP_TARGET NARROWFP_INLINE __m512i row_of_64(__m512i x, const quad& table) noexcept {
  const __m512i field = _mm512_srli_epi32(x, 23);
  const __m512i low = _mm512_permutex2var_epi32(table.a, field, table.b);
  const __m512i high = _mm512_permutex2var_epi32(table.c, field, table.d);
  return _mm512_mask_mov_epi32(low, _mm512_test_epi32_mask(field, broadcast(32)), high);
}

/// The low bytes of the words of `ab` and `cd`, whose dwords are a | b << 16, in the order of pack
/// instructions on a, b, c and d: a0 a1 a2 a3 b0 ... d3 in each 16 bytes. The words must be below 256.
NARROWFP_TARGET NARROWFP_INLINE __m512i pack_words(__m512i ab, __m512i cd) noexcept {
  const __m512i regroup = _mm512_set4_epi32(0x0F0D0B09, 0x0E0C0A08, 0x07050301, 0x06040200);
  return _mm512_shuffle_epi8(_mm512_packus_epi16(ab, cd), regroup);
}

#if NARROWFP_VBMI

/// A table of 64 words, doubled to dwords, by the exponent field of floats.
NARROWFP_TARGET NARROWFP_INLINE __m512i doubled_row_of_64(__m512i x, const quad& table) noexcept {
  const __m512i fields = _mm512_multishift_epi64_epi8(_mm512_set1_epi64(0x3737'3737'1717'1717), x);
  return _mm512_permutex2var_epi16(table.a, fields, table.b);
}

/// As pack_words, of words with anything in their high bytes.
NARROWFP_TARGET NARROWFP_INLINE __m512i pack_dirty_words(__m512i ab, __m512i cd) noexcept {
  const __m512i in_first_lane = _mm512_set4_epi32(0x4E4A4642, 0x4C484440, 0x0E0A0602, 0x0C080400);
  const __m512i lane = _mm512_setr_epi64(0, 0, 0x1010101010101010, 0x1010101010101010, 0x2020202020202020,
                                         0x2020202020202020, 0x3030303030303030, 0x3030303030303030);
  return _mm512_permutex2var_epi8(ab, _mm512_add_epi8(in_first_lane, lane), cd);
}

/// A table of 128 bytes in registers.
struct byte_table {
  __m512i low, high;
};
NARROWFP_TARGET NARROWFP_INLINE byte_table load_table(const std::uint8_t* table) noexcept {
  return {_mm512_loadu_si512(table), _mm512_loadu_si512(table + 64)};
}

/// Its entries by 64 indices, whose top bits are ignored.
NARROWFP_TARGET NARROWFP_INLINE __m512i look_up(__m512i index, const byte_table& table) noexcept {
  return _mm512_permutex2var_epi8(table.low, index, table.high);
}

#else

/// A table of 128 bytes in registers, by sixteenths.
struct byte_table {
  quad low, high;
};
NARROWFP_TARGET NARROWFP_INLINE __m512i load_part(const std::uint8_t* table, int part) noexcept {
  return _mm512_maskz_broadcast_i32x4(0xFFFF,
                                      _mm_loadu_si128(reinterpret_cast<const __m128i*>(table + 16 * part)));
}
NARROWFP_TARGET NARROWFP_INLINE byte_table load_table(const std::uint8_t* table) noexcept {
  return {{load_part(table, 0), load_part(table, 1), load_part(table, 2), load_part(table, 3)},
          {load_part(table, 4), load_part(table, 5), load_part(table, 6), load_part(table, 7)}};
}

/// Adds the entries of one sixteenth.
NARROWFP_TARGET NARROWFP_INLINE __m512i look_up_part(__m512i result, __m512i index, char part,
                                                     __m512i entries) noexcept {
  const __m512i sixteenth = _mm512_and_si512(index, _mm512_set1_epi8(0x70));
  const __mmask64 here = _mm512_cmpeq_epi8_mask(sixteenth, _mm512_set1_epi8(static_cast<char>(part * 16)));
  return _mm512_mask_shuffle_epi8(result, here, entries, _mm512_and_si512(index, _mm512_set1_epi8(15)));
}

/// Its entries by 64 indices, whose top bits are ignored.
NARROWFP_TARGET NARROWFP_INLINE __m512i look_up(__m512i index, const byte_table& table) noexcept {
  __m512i result = _mm512_setzero_si512();
  result = look_up_part(result, index, 0, table.low.a);
  result = look_up_part(result, index, 1, table.low.b);
  result = look_up_part(result, index, 2, table.low.c);
  result = look_up_part(result, index, 3, table.low.d);
  result = look_up_part(result, index, 4, table.high.a);
  result = look_up_part(result, index, 5, table.high.b);
  result = look_up_part(result, index, 6, table.high.c);
  return look_up_part(result, index, 7, table.high.d);
}

#endif

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET

#endif
