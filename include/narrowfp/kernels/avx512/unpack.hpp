// Layer: kernels, AVX-512; avx512.hpp includes this once for each set. Arrays of codes to arrays of floats,
// 64 at a time. Table lookups give the leading 16 bits of each value, which are all that are not zero.

#if defined(NARROWFP_SET)

namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// The first n of 64 codes; then zeros.
template <int Bits>
NARROWFP_TARGET NARROWFP_INLINE __m512i load_codes(const std::uint8_t* in, std::size_t n) noexcept {
  return expand_codes<Bits>(_mm512_maskz_loadu_epi8(first_bytes((n * Bits + 7) / 8), in));
}

/// Puts 64 codes in the order in which they come apart: see byte_order.
template <std::size_t Vectors>
NARROWFP_TARGET NARROWFP_INLINE __m512i interleave(__m512i codes) noexcept {
#if NARROWFP_VBMI
  return _mm512_maskz_permutexvar_epi8(
      ~0ULL, _mm512_loadu_si512(unknown(&(Vectors == 4 ? four_ways : two_ways))->at), codes);
#else
  if constexpr (Vectors == 4) {
    const __m512i dwords = _mm512_maskz_permutexvar_epi32(0xFFFF, transpose_dwords(), codes);
    return _mm512_shuffle_epi8(dwords, _mm512_set4_epi32(0x0F0B0703, 0x0E0A0602, 0x0D090501, 0x0C080400));
  } else {
    const __m512i qwords =
        _mm512_maskz_permutexvar_epi64(0xFF, _mm512_setr_epi64(0, 4, 1, 5, 2, 6, 3, 7), codes);
    return _mm512_shuffle_epi8(qwords, _mm512_set4_epi32(0x0F070E06, 0x0D050C04, 0x0B030A02, 0x09010800));
  }
#endif
}

constexpr bool has_sign(decode_shape shape) noexcept {
  return shape == decode_shape::signed_8 || shape == decode_shape::signed_8_but_80;
}

#if NARROWFP_VBMI

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
    return _mm512_mask_mov_epi8(look_up(codes, first), _mm512_movepi8_mask(codes), look_up(codes, second));
  } else {
    return look_up(codes, first);
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

#else

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

NARROWFP_TARGET NARROWFP_INLINE __m512i look_up_128(__m512i index, const quad& table) noexcept {
  return _mm512_mask_mov_epi16(_mm512_permutex2var_epi16(table.a, index, table.b),
                               _mm512_test_epi16_mask(index, _mm512_set1_epi16(0x40)),
                               _mm512_permutex2var_epi16(table.c, index, table.d));
}

template <decode_shape Shape>
NARROWFP_TARGET NARROWFP_INLINE __m512i look_up_words(__m512i index, const value_table& t) noexcept {
  if constexpr (Shape == decode_shape::six_bits) {
    return _mm512_permutex2var_epi16(t.low.a, index, t.low.b);
  } else if constexpr (Shape == decode_shape::eight_bits) {
    return _mm512_mask_mov_epi16(look_up_128(index, t.low),
                                 _mm512_test_epi16_mask(index, _mm512_set1_epi16(0x80)),
                                 look_up_128(index, t.high));
  } else {
    return look_up_128(index, t.low);
  }
}

/// The values of the codes at even and at odd bytes, as words.
template <decode_shape Shape>
NARROWFP_TARGET NARROWFP_INLINE void value_words(__m512i codes, const value_table& t, __m512i& even,
                                                 __m512i& odd) noexcept {
  const __m512i odd_codes = _mm512_srli_epi16(codes, 8);
  even = look_up_words<Shape>(codes, t);
  odd = look_up_words<Shape>(odd_codes, t);
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

#endif

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
template <decode_shape Shape, int Bits, bool Wide, bool Scaled>
NARROWFP_TARGET NARROWFP_INLINE void decode_64(const std::uint8_t* in, char* out, bool past_caches,
                                               __m512i scale, const value_table& table) noexcept {
  const __m512i codes = load_codes<Bits>(in, 64);
  if constexpr (Wide) {
    quad v = float_values<Shape>(codes, table);
    if constexpr (Scaled) {
      v = {times(v.a, scale), times(v.b, scale), times(v.c, scale), times(v.d, scale)};
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

/// One specialisation, out of line; it calls itself as pack_elements does.
template <decode_shape Shape, int Bits, bool Wide, bool Scaled>
NARROWFP_TARGET [[gnu::noinline]] void unpack_elements(const std::uint8_t* in, void* target, std::size_t n,
                                                    float scale, const value_tables& tables) noexcept {
  constexpr std::size_t size = Wide ? 4 : 2;
  const __m512i factor = broadcast(core::bit_cast<std::uint32_t>(scale));
  const value_table table = load_values<Shape>(tables);
  const std::size_t head = elements_to_line(target, size);
  const bool streams = n * size >= streaming_size && head % 8 * Bits % 8 == 0;
  std::size_t step = streams && head != 0 ? head : 64;
  bool past_caches = streams && head == 0;
  auto* out = static_cast<char*>(target);
  while (n >= 64) {
    decode_64<Shape, Bits, Wide, Scaled>(in, out, past_caches, factor, table);
    in += step * Bits / 8;
    out += step * size;
    n -= step;
    step = 64;
    past_caches = streams;
    // Elements can be written twice: what is left is decoded with elements before it, as one more whole
    // group.
    if (n != 0 && n < 64 && (64 - n) * Bits % 8 == 0) {
      in -= (64 - n) * Bits / 8;
      out -= (64 - n) * size;
      n = 64;
      past_caches = false;
    }
  }
  if (streams) {
    _mm_sfence();
  }
  if (n != 0) {
    alignas(64) std::uint8_t codes[64];
    alignas(64) char values[64 * size];
    load_some<1>(codes, in, (n * Bits + 7) / 8);
    unpack_elements<Shape, Bits, Wide, Scaled>(codes, values, 64, scale, tables);
    store_some<size>(out, values, n * size);
  }
}

/// Decodes n codes of Bits bits each, each times `scale`; false if this is no work for these kernels. Codes
/// of a width that is not common become bytes first, a buffer at a time.
template <scalar_format F, int Bits, class S>
bool decode(const std::uint8_t* in, S* out, std::size_t n, float scale) noexcept {
  if constexpr (is_common_width(Bits) && is_vector_target<F, Bits, S>) {
    using decoder = value_decoder<F, S>;
    constexpr bool wide = sizeof(S) == 4;
    if (is_one(scale)) {
      unpack_elements<decoder::shape, Bits, wide, false>(in, out, n, scale, decoder::data);
      return true;
    }
    if constexpr (wide && exact_in_float<F>) {
      if (scales_exactly<F>(scale)) {
        unpack_elements<decoder::shape, Bits, wide, true>(in, out, n, scale, decoder::data);
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
