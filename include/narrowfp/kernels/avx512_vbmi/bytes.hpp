// Layer: kernels/avx512_vbmi. Bytes moved and looked up by the byte permutations of VBMI: tables of codes and
// values, dense streams, nibbles.
#if !defined(NARROWFP_SET)
#include "alone.hpp"

#include "../avx512/words.hpp"
#define NARROWFP_ALONE
#endif

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

// Tables.

/// A table of 64 words, doubled to dwords, by the exponent field of floats.
NARROWFP_TARGET NARROWFP_INLINE __m512i doubled_row_of_64(const quad& table, __m512i x) noexcept {
  const __m512i fields = _mm512_multishift_epi64_epi8(_mm512_set1_epi64(0x3737'3737'1717'1717), x);
  return _mm512_permutex2var_epi16(table.a, fields, table.b);
}

/// As pack_low_words, of words with anything in their high bytes.
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
NARROWFP_TARGET NARROWFP_INLINE __m512i look_up(const byte_table& table, __m512i index) noexcept {
  return _mm512_permutex2var_epi8(table.low, index, table.high);
}

/// The low bytes of the words of `ab` and `cd`, whose dwords are a | b << 16, in the order of pack
/// instructions on a, b, c and d: a0 a1 a2 a3 b0 ... d3 in each 16 bytes. The words must be below 256.
NARROWFP_TARGET NARROWFP_INLINE __m512i pack_low_words(__m512i ab, __m512i cd) noexcept {
  const __m512i regroup = _mm512_set4_epi32(0x0F0D0B09, 0x0E0C0A08, 0x07050301, 0x06040200);
  return _mm512_shuffle_epi8(_mm512_packus_epi16(ab, cd), regroup);
}

/// Whether rows come as two equal halves, and ranks mod 128, which a table then turns into codes.
constexpr bool has_doubled_rows(unsigned flags) noexcept {
  return (flags & flag_many_rows) != 0 && (flags & flag_mapped) != 0;
}

/// Rows of magic numbers by the exponent fields of floats.
template <unsigned Flags>
NARROWFP_TARGET NARROWFP_INLINE __m512i magic_row(const quad& table, __m512i x) noexcept {
  if constexpr (has_doubled_rows(Flags)) {
    return doubled_row_of_64(table, x);
  } else {
    return (Flags & flag_many_rows) != 0 ? row_of_64(table, x) : row_of_32(table, x);
  }
}

/// Ranks from words a | b << 16 and c | d << 16.
template <unsigned Flags>
NARROWFP_TARGET NARROWFP_INLINE __m512i pack_ranks(__m512i ab, __m512i cd) noexcept {
  return has_doubled_rows(Flags) ? pack_dirty_words(ab, cd) : pack_low_words(ab, cd);
}

// Dense streams.

/// Four bits each.
NARROWFP_TARGET NARROWFP_INLINE __m512i squeeze_4(__m512i codes) noexcept {
  const __m512i pairs = _mm512_maddubs_epi16(codes, _mm512_set1_epi16(0x1001));
  return _mm512_maskz_permutexvar_epi8(~0ULL, _mm512_loadu_si512(unknown(&merged_places<4, 2>)->at), pairs);
}

/// Six bits each: four codes fill three bytes.
NARROWFP_TARGET NARROWFP_INLINE __m512i squeeze_6(__m512i codes) noexcept {
  const __m512i pairs = _mm512_maddubs_epi16(codes, _mm512_set1_epi16(0x4001));
  const __m512i fours = _mm512_madd_epi16(pairs, broadcast(0x10000001));
  return _mm512_maskz_permutexvar_epi8(~0ULL, _mm512_loadu_si512(unknown(&merged_places<6, 4>)->at), fours);
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
  return _mm512_maskz_permutexvar_epi8(~0ULL, _mm512_loadu_si512(moves.to_stream), eights);
}

/// The codes of groups of eight in the lower bytes of 64 bits, one a byte, with anything above their width.
template <int Bits>
NARROWFP_TARGET NARROWFP_INLINE __m512i split_groups(__m512i eights) noexcept {
  constexpr long long first_bits_of_codes = 0x0706'0504'0302'0100 * Bits;
  return _mm512_multishift_epi64_epi8(_mm512_set1_epi64(first_bits_of_codes), eights);
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
  return split_groups<Bits>(_mm512_maskz_permutexvar_epi8(~0ULL, _mm512_loadu_si512(moves.to_groups), dense));
}

// Values.

/// Puts 64 codes in the order in which they come apart: see byte_order.
template <std::size_t Vectors>
NARROWFP_TARGET NARROWFP_INLINE __m512i interleave(__m512i codes) noexcept {
  return _mm512_maskz_permutexvar_epi8(
      ~0ULL, _mm512_loadu_si512(unknown(&(Vectors == 4 ? four_ways : two_ways))->at), codes);
}

constexpr bool has_sign(decode_shape shape) noexcept {
  return shape == decode_shape::signed_8 || shape == decode_shape::signed_8_but_80;
}

/// value_tables in registers: a byte table of 256, the second half where there is need of it.
struct value_table {
  byte_table high, low, high_2, low_2;
  __m512i high_80, low_80;
};
template <decode_shape Shape>
NARROWFP_TARGET NARROWFP_INLINE value_table load_values(const value_tables& facts) noexcept {
  const value_tables& tables = *unknown(&facts);
  value_table t{};
  t.high = load_table(tables.high);
  t.low = load_table(tables.low);
  if constexpr (Shape == decode_shape::eight_bits) {
    t.high_2 = load_table(tables.high + 128);
    t.low_2 = load_table(tables.low + 128);
  }
  t.high_80 = _mm512_set1_epi8(static_cast<char>(tables.high[0x80]));
  t.low_80 = _mm512_set1_epi8(static_cast<char>(tables.low[0x80]));
  return t;
}

template <decode_shape Shape>
NARROWFP_TARGET NARROWFP_INLINE __m512i look_up_plane(__m512i codes, const byte_table& first,
                                                      const byte_table& second) noexcept {
  if constexpr (Shape == decode_shape::six_bits) {
    return _mm512_maskz_permutexvar_epi8(~0ULL, codes, first.low);
  } else if constexpr (Shape == decode_shape::eight_bits) {
    return _mm512_mask_mov_epi8(look_up(first, codes), _mm512_movepi8_mask(codes), look_up(second, codes));
  } else {
    return look_up(first, codes);
  }
}

/// The values of the codes at even and at odd bytes, as words.
template <decode_shape Shape>
NARROWFP_TARGET NARROWFP_INLINE void value_words(__m512i codes, const value_table& t, __m512i& even,
                                                 __m512i& odd) noexcept {
  __m512i high = look_up_plane<Shape>(codes, t.high, t.high_2);
  __m512i low = look_up_plane<Shape>(codes, t.low, t.low_2);
  if constexpr (has_sign(Shape)) {
    high = _mm512_ternarylogic_epi32(codes, broadcast(0x80808080), high, 0xEA);
  }
  if constexpr (Shape == decode_shape::signed_8_but_80) {
    const __mmask64 is_80 = _mm512_cmpeq_epi8_mask(codes, broadcast(0x80808080));
    high = _mm512_mask_mov_epi8(high, is_80, t.high_80);
    low = _mm512_mask_mov_epi8(low, is_80, t.low_80);
  }
  even = _mm512_ternarylogic_epi32(low, broadcast(0x00FF00FF), _mm512_slli_epi16(high, 8), 0xEA);
  odd = _mm512_ternarylogic_epi32(high, broadcast(0xFF00FF00), _mm512_srli_epi16(low, 8), 0xEA);
}

/// 16 nibbles as dwords, with anything above them.
NARROWFP_TARGET NARROWFP_INLINE __m512i spread_nibbles(const std::byte* p) noexcept {
  long long sixteen = 0;
  __builtin_memcpy(&sixteen, p, 8);
  const __m512i all = _mm512_set1_epi64(sixteen);
  const __m512i offsets = _mm512_setr_epi64(0x0400000000, 0x0C00000008, 0x1400000010, 0x1C00000018,
                                            0x2400000020, 0x2C00000028, 0x3400000030, 0x3C00000038);
  return _mm512_multishift_epi64_epi8(offsets, all);
}

/// Twice 16 nibbles, each doubled: in the low five bits of words, with anything in bit 0 and above bit 4.
NARROWFP_TARGET NARROWFP_INLINE __m512i spread_doubled_nibbles(const std::byte* low,
                                                               const std::byte* high) noexcept {
  long long first = 0;
  long long second = 0;
  __builtin_memcpy(&first, low, 8);
  __builtin_memcpy(&second, high, 8);
  const __m512i all = _mm512_mask_set1_epi64(_mm512_set1_epi64(first), 0xF0, second);
  // From one bit before each nibble on.
  const __m512i offsets = _mm512_setr_epi64(
      0x000B'0007'0003'003F, 0x001B'0017'0013'000F, 0x002B'0027'0023'001F, 0x003B'0037'0033'002F,
      0x000B'0007'0003'003F, 0x001B'0017'0013'000F, 0x002B'0027'0023'001F, 0x003B'0037'0033'002F);
  return _mm512_multishift_epi64_epi8(offsets, all);
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#if defined(NARROWFP_ALONE)
#include "alone_end.hpp"
#endif
