// Layer: kernels/avx512. Bytes moved and looked up: tables of codes and values, dense streams, nibbles.
#if !defined(NARROWFP_SET)
#include "alone.hpp"

#include "words.hpp"
#define NARROWFP_ALONE
#endif

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

// Tables.

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
NARROWFP_TARGET NARROWFP_INLINE __m512i look_up(const byte_table& table, __m512i index) noexcept {
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

/// The low bytes of the words of `ab` and `cd`, whose dwords are a | b << 16, in the order of pack
/// instructions on a, b, c and d: a0 a1 a2 a3 b0 ... d3 in each 16 bytes. The words must be below 256.
NARROWFP_TARGET NARROWFP_INLINE __m512i pack_low_words(__m512i ab, __m512i cd) noexcept {
  const __m512i regroup = _mm512_set4_epi32(0x0F0D0B09, 0x0E0C0A08, 0x07050301, 0x06040200);
  return _mm512_shuffle_epi8(_mm512_packus_epi16(ab, cd), regroup);
}

/// Whether rows come as two equal halves, and ranks mod 128, which a table then turns into codes.
constexpr bool has_doubled_rows(unsigned) noexcept { return false; }

/// Rows of magic numbers by the exponent fields of floats.
template <unsigned Flags>
NARROWFP_TARGET NARROWFP_INLINE __m512i magic_row(const quad& table, __m512i x) noexcept {
  return (Flags & flag_many_rows) != 0 ? row_of_64(table, x) : row_of_32(table, x);
}

/// Ranks from words a | b << 16 and c | d << 16.
template <unsigned Flags>
NARROWFP_TARGET NARROWFP_INLINE __m512i pack_ranks(__m512i ab, __m512i cd) noexcept {
  return pack_low_words(ab, cd);
}

// Dense streams.

/// Four bits each.
NARROWFP_TARGET NARROWFP_INLINE __m512i squeeze_4(__m512i codes) noexcept {
  const __m512i pairs = _mm512_maddubs_epi16(codes, _mm512_set1_epi16(0x1001));
  const __m512i in_lane = _mm512_shuffle_epi8(pairs, _mm512_set4_epi32(-1, -1, 0x0E0C0A08, 0x06040200));
  return _mm512_maskz_permutexvar_epi16(
      ~0U,
      _mm512_setr_epi64(0x0018'0010'0008'0000, 0x0019'0011'0009'0001, 0x001A'0012'000A'0002,
                        0x001B'0013'000B'0003, 0, 0, 0, 0),
      in_lane);
}

/// Six bits each: four codes fill three bytes.
NARROWFP_TARGET NARROWFP_INLINE __m512i squeeze_6(__m512i codes) noexcept {
  const __m512i pairs = _mm512_maddubs_epi16(reordered(codes), _mm512_set1_epi16(0x4001));
  const __m512i fours = _mm512_madd_epi16(pairs, broadcast(0x10000001));
  const __m512i in_lane =
      _mm512_shuffle_epi8(fours, _mm512_set4_epi32(-1, 0x0E0D0C0A, 0x09080605, 0x04020100));
  return _mm512_maskz_permutexvar_epi32(
      0x0FFF, _mm512_setr_epi32(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 0, 0, 0, 0), in_lane);
}

/// 2 to 7 bits each: eight codes fill as many bytes. Multiplications by powers of two join two codes in a
/// word, and two of those in a dword.
template <int Bits>
NARROWFP_TARGET NARROWFP_INLINE __m512i squeeze_any(__m512i codes) noexcept {
  const dense_moves& moves = *unknown(&dense_moves_of<Bits>);
  const __m512i second_of_two = _mm512_set1_epi16(static_cast<short>(1 | 1 << (8 + Bits)));
  const __m512i pairs = _mm512_maddubs_epi16(second_of_two, codes);
  const __m512i fours = _mm512_madd_epi16(pairs, broadcast(1U | 1U << (16 + 2 * Bits)));
  const __m512i low_bits = _mm512_set1_epi64((1LL << 4 * Bits) - 1);
  const __m512i eights = join(low_bits, fours, _mm512_srli_epi64(fours, 32 - 4 * Bits));
  const __m512i in_lane = _mm512_shuffle_epi8(eights, _mm512_loadu_si512(moves.to_stream_in_lane));
  return _mm512_maskz_permutexvar_epi16(~0U, _mm512_loadu_si512(moves.words_to_stream), in_lane);
}

/// The codes of groups of eight in the lower bytes of 64 bits, one a byte, with anything above their width.
template <int Bits>
NARROWFP_TARGET NARROWFP_INLINE __m512i split_groups(__m512i eights) noexcept {
  const __m512i fours =
      join(_mm512_set1_epi64((1LL << 4 * Bits) - 1), eights, _mm512_slli_epi64(eights, 32 - 4 * Bits));
  const __m512i pairs = join(broadcast((1U << 2 * Bits) - 1), fours, _mm512_slli_epi32(fours, 16 - 2 * Bits));
  return join(_mm512_set1_epi16((1 << Bits) - 1), pairs, _mm512_slli_epi16(pairs, 8 - Bits));
}

/// The codes of 16 elements in each 128-bit lane.
template <int Bits>
NARROWFP_TARGET NARROWFP_INLINE __m512i expand_quarters(__m512i quarters) noexcept {
  const dense_moves& moves = *unknown(&dense_moves_of<Bits>);
  return split_groups<Bits>(_mm512_shuffle_epi8(quarters, _mm512_loadu_si512(moves.to_groups_in_lane)));
}

template <int Bits>
NARROWFP_TARGET NARROWFP_INLINE __m512i expand_any(__m512i dense) noexcept {
  const dense_moves& moves = *unknown(&dense_moves_of<Bits>);
  return expand_quarters<Bits>(
      _mm512_maskz_permutexvar_epi16(~0U, _mm512_loadu_si512(moves.words_to_groups), dense));
}

// Values.

/// The same vector, about which the compiler knows nothing: of two shuffles of what it loads clang makes four
/// loads and seven shuffles.
NARROWFP_TARGET NARROWFP_INLINE __m512i unknown_vector(__m512i x) noexcept {
  __asm__("" : "+v"(x));
  return x;
}

/// Puts 64 codes in the order in which they come apart: see byte_order.
template <std::size_t Vectors>
NARROWFP_TARGET NARROWFP_INLINE __m512i interleave(__m512i codes) noexcept {
  if constexpr (Vectors == 4) {
    const __m512i transposed = _mm512_maskz_permutexvar_epi32(0xFFFF, transpose_dwords(), codes);
    return _mm512_shuffle_epi8(unknown_vector(transposed),
                               _mm512_set4_epi32(0x0F0B0703, 0x0E0A0602, 0x0D090501, 0x0C080400));
  } else {
    const __m512i qwords =
        _mm512_maskz_permutexvar_epi64(0xFF, _mm512_setr_epi64(0, 4, 1, 5, 2, 6, 3, 7), codes);
    return _mm512_shuffle_epi8(unknown_vector(qwords),
                               _mm512_set4_epi32(0x0F070E06, 0x0D050C04, 0x0B030A02, 0x09010800));
  }
}

constexpr bool has_sign(decode_shape shape) noexcept {
  return shape == decode_shape::signed_8 || shape == decode_shape::signed_8_but_80;
}

/// value_tables in registers: tables of 32 words, two for 6 bits, four for 7, eight for all of 8.
struct value_table {
  quad low, high;
  __m512i value_80;
};
template <decode_shape Shape>
NARROWFP_TARGET NARROWFP_INLINE value_table load_values(const value_tables& facts) noexcept {
  const value_tables& tables = *unknown(&facts);
  value_table t{};
  t.low = load_quad(tables.words, Shape != decode_shape::six_bits);
  if constexpr (Shape == decode_shape::eight_bits) {
    t.high = load_quad(tables.words + 128, true);
  }
  t.value_80 = _mm512_set1_epi16(static_cast<short>(tables.words[0x80]));
  return t;
}

NARROWFP_TARGET NARROWFP_INLINE __m512i look_up_128(const quad& table, __m512i index) noexcept {
  return _mm512_mask_mov_epi16(_mm512_permutex2var_epi16(table.a, index, table.b),
                               _mm512_test_epi16_mask(index, _mm512_set1_epi16(0x40)),
                               _mm512_permutex2var_epi16(table.c, index, table.d));
}

template <decode_shape Shape>
NARROWFP_TARGET NARROWFP_INLINE __m512i look_up_words(const value_table& t, __m512i index) noexcept {
  if constexpr (Shape == decode_shape::six_bits) {
    return _mm512_permutex2var_epi16(t.low.a, index, t.low.b);
  } else if constexpr (Shape == decode_shape::eight_bits) {
    return _mm512_mask_mov_epi16(look_up_128(t.low, index),
                                 _mm512_test_epi16_mask(index, _mm512_set1_epi16(0x80)),
                                 look_up_128(t.high, index));
  } else {
    return look_up_128(t.low, index);
  }
}

/// The values of the codes at even and at odd bytes, as words.
template <decode_shape Shape>
NARROWFP_TARGET NARROWFP_INLINE void value_words(__m512i codes, const value_table& t, __m512i& even,
                                                 __m512i& odd) noexcept {
  const __m512i odd_codes = _mm512_srli_epi16(codes, 8);
  even = look_up_words<Shape>(t, codes);
  odd = look_up_words<Shape>(t, odd_codes);
  if constexpr (has_sign(Shape)) {
    even = _mm512_ternarylogic_epi32(_mm512_slli_epi16(codes, 8), broadcast(0x80008000), even, 0xEA);
    odd = _mm512_ternarylogic_epi32(codes, broadcast(0x80008000), odd, 0xEA);
  }
  if constexpr (Shape == decode_shape::signed_8_but_80) {
    const __m512i code_80 = _mm512_set1_epi16(0x80);
    const __m512i even_codes = _mm512_and_si512(codes, broadcast(0x00FF00FF));
    even = _mm512_mask_mov_epi16(even, _mm512_cmpeq_epi16_mask(even_codes, code_80), t.value_80);
    odd = _mm512_mask_mov_epi16(odd, _mm512_cmpeq_epi16_mask(odd_codes, code_80), t.value_80);
  }
}

/// 16 nibbles as dwords, with anything above them.
NARROWFP_TARGET NARROWFP_INLINE __m512i spread_nibbles(const std::byte* p) noexcept {
  long long sixteen = 0;
  __builtin_memcpy(&sixteen, p, 8);
  const __m512i all = _mm512_set1_epi64(sixteen);
  const __m512i eights = _mm512_maskz_permutexvar_epi32(
      0xFFFF, _mm512_setr_epi32(0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1), all);
  return _mm512_srlv_epi32(eights,
                           _mm512_setr_epi32(0, 4, 8, 12, 16, 20, 24, 28, 0, 4, 8, 12, 16, 20, 24, 28));
}

/// Twice 16 nibbles, each doubled: in the low five bits of words, with anything in bit 0 and above bit 4.
NARROWFP_TARGET NARROWFP_INLINE __m512i spread_doubled_nibbles(const std::byte* low,
                                                               const std::byte* high) noexcept {
  long long first = 0;
  long long second = 0;
  __builtin_memcpy(&first, low, 8);
  __builtin_memcpy(&second, high, 8);
  const __m512i all = _mm512_mask_set1_epi64(_mm512_set1_epi64(first), 0xF0, second);
  // The four nibbles of each word, in four words.
  const __m512i in_lane = _mm512_setr_epi64(
      0x0100'0100'0100'0100, 0x0302'0302'0302'0302, 0x0504'0504'0504'0504, 0x0706'0706'0706'0706,
      0x0100'0100'0100'0100, 0x0302'0302'0302'0302, 0x0504'0504'0504'0504, 0x0706'0706'0706'0706);
  const __m512i words = _mm512_shuffle_epi8(all, in_lane);
  const __m512i nibbles = _mm512_srlv_epi16(words, _mm512_set1_epi64(0x000C'0008'0004'0000));
  return _mm512_add_epi16(nibbles, nibbles);
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#if defined(NARROWFP_ALONE)
#include "alone_end.hpp"
#endif
