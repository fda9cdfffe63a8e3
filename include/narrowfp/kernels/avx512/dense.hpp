// Layer: kernels, AVX-512; avx512.hpp includes this once for each set. 64 codes, one a byte, to and from a
// dense stream.

#if defined(NARROWFP_SET)

namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// Bytes in packed places as bytes in order, or back.
NARROWFP_TARGET NARROWFP_INLINE __m512i reordered(__m512i codes) noexcept {
  return _mm512_maskz_permutexvar_epi32(0xFFFF, transpose_dwords(), codes);
}

/// The low bits of each dword or qword from `low`, those above them from `high`.
NARROWFP_TARGET NARROWFP_INLINE __m512i join(__m512i low_bits, __m512i low, __m512i high) noexcept {
  return _mm512_ternarylogic_epi32(low_bits, low, high, 0xCA);
}

/// Four bits each.
NARROWFP_TARGET NARROWFP_INLINE __m512i squeeze_4(__m512i codes) noexcept {
  const __m512i pairs = _mm512_maddubs_epi16(codes, _mm512_set1_epi16(0x1001));
#if NARROWFP_VBMI
  return _mm512_maskz_permutexvar_epi8(~0ULL, _mm512_loadu_si512(unknown(&merged_places<4, 2>)->at), pairs);
#else
  const __m512i in_lane = _mm512_shuffle_epi8(pairs, _mm512_set4_epi32(-1, -1, 0x0E0C0A08, 0x06040200));
  return _mm512_maskz_permutexvar_epi16(
      ~0U,
      _mm512_setr_epi64(0x0018'0010'0008'0000, 0x0019'0011'0009'0001, 0x001A'0012'000A'0002,
                        0x001B'0013'000B'0003, 0, 0, 0, 0),
      in_lane);
#endif
}

/// Six bits each: four codes fill three bytes.
NARROWFP_TARGET NARROWFP_INLINE __m512i squeeze_6(__m512i codes) noexcept {
#if NARROWFP_VBMI
  const __m512i pairs = _mm512_maddubs_epi16(codes, _mm512_set1_epi16(0x4001));
  const __m512i fours = _mm512_madd_epi16(pairs, broadcast(0x10000001));
  return _mm512_maskz_permutexvar_epi8(~0ULL, _mm512_loadu_si512(unknown(&merged_places<6, 4>)->at), fours);
#else
  const __m512i pairs = _mm512_maddubs_epi16(reordered(codes), _mm512_set1_epi16(0x4001));
  const __m512i fours = _mm512_madd_epi16(pairs, broadcast(0x10000001));
  const __m512i in_lane =
      _mm512_shuffle_epi8(fours, _mm512_set4_epi32(-1, 0x0E0D0C0A, 0x09080605, 0x04020100));
  return _mm512_maskz_permutexvar_epi32(
      0x0FFF, _mm512_setr_epi32(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 0, 0, 0, 0), in_lane);
#endif
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
#if NARROWFP_VBMI
  return _mm512_maskz_permutexvar_epi8(~0ULL, _mm512_loadu_si512(moves.to_stream), eights);
#else
  const __m512i in_lane = _mm512_shuffle_epi8(eights, _mm512_loadu_si512(moves.to_stream_in_lane));
  return _mm512_maskz_permutexvar_epi16(~0U, _mm512_loadu_si512(moves.words_to_stream), in_lane);
#endif
}

/// 64 codes in packed places, of Bits bits each, as a dense stream.
template <int Bits>
NARROWFP_TARGET NARROWFP_INLINE __m512i squeeze_codes(__m512i codes) noexcept {
  if constexpr (Bits == 8) {
    return reordered(codes);
  } else if constexpr (Bits == 4) {
    return squeeze_4(codes);
  } else if constexpr (Bits == 6) {
    return squeeze_6(codes);
  } else {
    return squeeze_any<Bits>(reordered(codes));
  }
}

/// 12 bytes a lane, 3 bytes a dword, 12 bits a word, 6 bits a byte.
NARROWFP_TARGET NARROWFP_INLINE __m512i expand_6(__m512i dense) noexcept {
  const __m512i quarters = _mm512_maskz_permutexvar_epi32(
      0xFFFF, _mm512_setr_epi32(0, 1, 2, 2, 3, 4, 5, 5, 6, 7, 8, 8, 9, 10, 11, 11), dense);
  const __m512i fours =
      _mm512_shuffle_epi8(quarters, _mm512_set4_epi32(0x0B0B0A09, 0x08080706, 0x05050403, 0x02020100));
  const __m512i pairs = join(broadcast(0x00000FFF), fours, _mm512_slli_epi32(fours, 4));
  return join(_mm512_set1_epi16(0x003F), pairs, _mm512_slli_epi16(pairs, 2));
}

/// The codes of groups of eight in the lower bytes of 64 bits, one a byte, with anything above their width.
template <int Bits>
NARROWFP_TARGET NARROWFP_INLINE __m512i split_groups(__m512i eights) noexcept {
#if NARROWFP_VBMI
  constexpr long long first_bits_of_codes = 0x0706'0504'0302'0100 * Bits;
  return _mm512_multishift_epi64_epi8(_mm512_set1_epi64(first_bits_of_codes), eights);
#else
  const __m512i fours =
      join(_mm512_set1_epi64((1LL << 4 * Bits) - 1), eights, _mm512_slli_epi64(eights, 32 - 4 * Bits));
  const __m512i pairs = join(broadcast((1U << 2 * Bits) - 1), fours, _mm512_slli_epi32(fours, 16 - 2 * Bits));
  return join(_mm512_set1_epi16((1 << Bits) - 1), pairs, _mm512_slli_epi16(pairs, 8 - Bits));
#endif
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
#if NARROWFP_VBMI
  return split_groups<Bits>(_mm512_maskz_permutexvar_epi8(~0ULL, _mm512_loadu_si512(moves.to_groups), dense));
#else
  return expand_quarters<Bits>(
      _mm512_maskz_permutexvar_epi16(~0U, _mm512_loadu_si512(moves.words_to_groups), dense));
#endif
}

/// The codes of a dense stream of 64, one a byte, with anything above their width.
template <int Bits>
NARROWFP_TARGET NARROWFP_INLINE __m512i expand_codes(__m512i dense) noexcept {
  if constexpr (Bits == 8) {
    return dense;
  } else if constexpr (Bits == 4) {
    const __m512i words = _mm512_maskz_cvtepu8_epi16(~0U, _mm512_castsi512_si256(dense));
    return _mm512_or_si512(words, _mm512_slli_epi16(words, 4));
  } else if constexpr (Bits == 6) {
    return expand_6(dense);
  } else {
    return expand_any<Bits>(dense);
  }
}

/// n codes, one a byte, to or from a dense stream of a width that is not common.
template <int Bits>
NARROWFP_TARGET void squeeze_bytes(const std::uint8_t* codes, std::uint8_t* stream, std::size_t n) noexcept {
  for (std::size_t i = 0; i < n; i += 64) {
    const std::size_t count = n - i < 64 ? n - i : 64;
    _mm512_mask_storeu_epi8(stream + i / 8 * Bits, first_bytes((count * Bits + 7) / 8),
                            squeeze_any<Bits>(_mm512_maskz_loadu_epi8(first_bytes(count), codes + i)));
  }
}
template <int Bits>
NARROWFP_TARGET void expand_bytes(const std::uint8_t* stream, std::uint8_t* codes, std::size_t n) noexcept {
  for (std::size_t i = 0; i < n; i += 64) {
    const std::size_t count = n - i < 64 ? n - i : 64;
    const __m512i dense = _mm512_maskz_loadu_epi8(first_bytes((count * Bits + 7) / 8), stream + i / 8 * Bits);
    _mm512_mask_storeu_epi8(codes + i, first_bytes(count), expand_any<Bits>(dense));
  }
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET

#endif
