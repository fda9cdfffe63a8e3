// Layer: kernels/avx2. Arrays of codes to arrays of floats, 32 at a time: shuffles look up the bytes of the
// leading 16 bits of each value.
#pragma once

#include "dense.hpp"
#include "environment.hpp"
#include "loops.hpp"
#include "words.hpp"

#include "open.hpp"

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// Whether the values of negative codes are those of positive ones with a sign.
template <scalar_format F, class S>
inline constexpr bool has_sign_apart = [] {
  constexpr std::size_t half = std::size_t{1} << (F::width - 1);
  bool apart = F::is_signed;
  for (std::size_t code = 0; code < half; ++code) {
    apart = apart && value_decoder<F, S>::bits(code + half) == (value_decoder<F, S>::bits(code) ^ 0x80000000);
  }
  return apart;
}();

/// Part tables of value_tables: of all codes or, where one shuffle does not tell them, of magnitudes; twice
/// those of 128 where codes of 8 bits have no sign apart.
template <scalar_format F, class S>
struct value_chains {
  static constexpr bool narrow_magnitudes = F::width > 4 && F::width < 8 && has_sign_apart<F, S>;
  static constexpr int index_bits = core::larger(core::smaller(F::width - (narrow_magnitudes ? 1 : 0), 7), 4);
  static constexpr int parts = 1 << (index_bits - 4);
  static constexpr bool whole = value_decoder<F, S>::shape == decode_shape::eight_bits;
  static constexpr int mask = (1 << index_bits) - 1;

  static constexpr chained_table<parts> chain(const std::uint8_t (&bytes)[256], int from) noexcept {
    chained_table<parts> table{};
    for (int i = 0; i < 16 * parts; ++i) {
      table.set(i, bytes[from + i]);
    }
    table.chain();
    return table;
  }

  chained_table<parts> high = chain(value_decoder<F, S>::data.high, 0);
  chained_table<parts> low = chain(value_decoder<F, S>::data.low, 0);
  chained_table<parts> high_2 = chain(value_decoder<F, S>::data.high, whole ? 128 : 0);
  chained_table<parts> low_2 = chain(value_decoder<F, S>::data.low, whole ? 128 : 0);
};

/// What decodes F: value_chains, or decode_line.
template <scalar_format F, class S>
inline constexpr auto decode_tables_of = [] {
  if constexpr (std::same_as<S, float> && is_leading_byte_of_float16<F>) {
    return decode_line_of<F, narrow_float<formats::float16>>;
  } else if constexpr (decode_line_of<F, S>.exists) {
    return decode_line_of<F, S>;
  } else {
    return value_chains<F, S>{};
  }
}();
template <scalar_format F, class S>
using decode_tables = std::remove_const_t<decltype(decode_tables_of<F, S>)>;

/// The leading 16 bits of 32 values, or whole bfloat16 or float16: where the codes are in order by quarters
/// of vectors, those of first are in order of unpack instructions.
struct value_words {
  __m256i first, second;
};

/// Gives the bytes of magnitudes, where they are such, the signs of the codes, and code 80 of 8 bits the
/// value of its own that it may have.
template <scalar_format F, class S>
NARROWFP_TARGET NARROWFP_INLINE void put_signs(__m256i& high, __m256i& low, __m256i codes,
                                               __m256i magnitudes) noexcept {
  constexpr decode_shape shape = value_decoder<F, S>::shape;
  if constexpr (shape == decode_shape::signed_8 || shape == decode_shape::signed_8_but_80) {
    high = _mm256_xor_si256(high, _mm256_xor_si256(codes, magnitudes));
  } else if constexpr (value_chains<F, S>::narrow_magnitudes) {
    const __m256i signs = _mm256_and_si256(_mm256_slli_epi16(codes, 8 - F::width), broadcast_8(0x80));
    high = _mm256_xor_si256(high, signs);
  }
  if constexpr (shape == decode_shape::signed_8_but_80) {
    constexpr auto& words = value_decoder<F, S>::data.words;
    constexpr int difference = words[0x80] ^ words[0] ^ 0x8000;
    const __m256i is_80 = _mm256_cmpeq_epi8(codes, broadcast_8(0x80));
    high = _mm256_xor_si256(high, _mm256_and_si256(is_80, broadcast_8(difference >> 8)));
    low = _mm256_xor_si256(low, _mm256_and_si256(is_80, broadcast_8(difference & 0xFF)));
  }
}

template <scalar_format F, class S>
NARROWFP_TARGET NARROWFP_INLINE value_words words_of_values(__m256i codes,
                                                            const value_chains<F, S>& tables) noexcept {
  constexpr decode_shape shape = value_decoder<F, S>::shape;
  const __m256i index = _mm256_and_si256(codes, broadcast_8(value_chains<F, S>::mask));
  __m256i high = look_up(tables.high, index);
  __m256i low = look_up(tables.low, index);
  if constexpr (shape == decode_shape::eight_bits) {
    high = chosen(high, look_up(tables.high_2, index), codes);
    low = chosen(low, look_up(tables.low_2, index), codes);
  }
  put_signs<F, S>(high, low, codes, index);
  return {_mm256_unpacklo_epi8(low, high), _mm256_unpackhi_epi8(low, high)};
}

/// Words on the line from magnitudes in high bytes.
template <scalar_format F, class S>
NARROWFP_TARGET NARROWFP_INLINE __m256i words_on_line(__m256i magnitudes) noexcept {
  constexpr auto& line = decode_line_of<F, S>;
  const __m256i scaled = line.step <= 8 ? _mm256_srli_epi16(magnitudes, 8 - line.step)
                                        : _mm256_slli_epi16(magnitudes, line.step - 8);
  return _mm256_add_epi16(scaled, broadcast_16(line.offset));
}
template <scalar_format F, class S>
NARROWFP_TARGET NARROWFP_INLINE value_words words_of_values(__m256i codes,
                                                            const decode_line& tables) noexcept {
  constexpr auto& line = decode_line_of<F, S>;
  constexpr bool all_bits = F::width == 8 && !F::is_signed;
  const __m256i m = all_bits ? codes : _mm256_and_si256(codes, broadcast_8(0x7F));
  if constexpr (is_leading_byte<F, S>) {
    // The last 16 magnitudes alone are not negative: exceptions are put right in bytes.
    const __m256i in_last = _mm256_sub_epi8(m, broadcast_8(0x70));
    const __m256i bytes = _mm256_xor_si256(codes, _mm256_shuffle_epi8(load_part(tables.last_high), in_last));
    const __m256i zero = _mm256_setzero_si256();
    return {_mm256_unpacklo_epi8(zero, bytes), _mm256_unpackhi_epi8(zero, bytes)};
  }
  // A shuffle gives 0 where the index is negative: for m from 16 on.
  const __m256i in_first = _mm256_adds_epu8(m, broadcast_8(0x70));
  __m256i high = _mm256_shuffle_epi8(load_part(tables.first_high), in_first);
  __m256i low = _mm256_shuffle_epi8(load_part(tables.first_low), in_first);
  if constexpr (line.has_last) {
    const __m256i order = all_bits ? _mm256_xor_si256(m, broadcast_8(0x80)) : m;
    const __m256i in_last = _mm256_subs_epi8(order, broadcast_8(0x70));
    high = _mm256_or_si256(high, _mm256_shuffle_epi8(load_part(tables.last_high), in_last));
    low = _mm256_or_si256(low, _mm256_shuffle_epi8(load_part(tables.last_low), in_last));
  }
  put_signs<F, S>(high, low, codes, m);
  const __m256i zero = _mm256_setzero_si256();
  return {
      _mm256_xor_si256(words_on_line<F, S>(_mm256_unpacklo_epi8(zero, m)), _mm256_unpacklo_epi8(low, high)),
      _mm256_xor_si256(words_on_line<F, S>(_mm256_unpackhi_epi8(zero, m)), _mm256_unpackhi_epi8(low, high))};
}

/// Floats from 32 codes.
template <scalar_format F>
NARROWFP_TARGET NARROWFP_INLINE quad decode_32(__m256i codes,
                                               const decode_tables<F, float>& tables) noexcept {
  if constexpr (is_leading_byte_of_float16<F>) {
    const __m256i order = _mm256_setr_epi32(0, 1, 4, 5, 2, 3, 6, 7);  // from which unpacking once gives that
    const value_words w =
        words_of_values<F, narrow_float<formats::float16>>(_mm256_permutevar8x32_epi32(codes, order), tables);
    const pair first = halves_to_floats(w.first);
    const pair second = halves_to_floats(w.second);
    return {first.a, first.b, second.a, second.b};
  }
  // An order from which unpacking twice gives whole vectors of elements in order.
  const __m256i order = _mm256_setr_epi32(0, 2, 4, 6, 1, 3, 5, 7);
  const value_words w = words_of_values<F, float>(_mm256_permutevar8x32_epi32(codes, order), tables);
  const __m256i zero = _mm256_setzero_si256();
  return {_mm256_unpacklo_epi16(zero, w.first), _mm256_unpackhi_epi16(zero, w.first),
          _mm256_unpacklo_epi16(zero, w.second), _mm256_unpackhi_epi16(zero, w.second)};
}

/// Decodes 32 codes of a dense stream. Past the caches `out` is a multiple of 32.
template <scalar_format F, int Bits, bool Scaled, class S>
NARROWFP_TARGET NARROWFP_INLINE void decode_32(const std::uint8_t* in, S* out, bool past_caches, float scale,
                                               const decode_tables<F, S>& tables) noexcept {
  const __m256i codes = load_codes<Bits>(in);
  if constexpr (sizeof(S) == 4) {
    quad v = decode_32<F>(codes, tables);
    if constexpr (Scaled) {
      v = times(v, broadcast_float(scale));
    }
    if (past_caches) [[unlikely]] {
      store_quad<true>(out, v);
    } else {
      store_quad<false>(out, v);
    }
  } else {
    // As above, but unpacking once.
    const __m256i order = _mm256_setr_epi32(0, 1, 4, 5, 2, 3, 6, 7);
    const value_words w = words_of_values<F, S>(_mm256_permutevar8x32_epi32(codes, order), tables);
    if (past_caches) [[unlikely]] {
      store_256<true>(out, w.first);
      store_256<true>(out + 16, w.second);
    } else {
      store_256<false>(out, w.first);
      store_256<false>(out + 16, w.second);
    }
  }
}

/// A source of decode_array.
template <scalar_format F, bool Scaled, class S>
struct group_decoder {
  float scale;

  template <int Bits>
  NARROWFP_TARGET NARROWFP_INLINE void decode(const std::uint8_t* in, char* out,
                                              bool past_caches) const noexcept {
    decode_32<F, Bits, Scaled>(in, reinterpret_cast<S*>(out), past_caches, scale, decode_tables_of<F, S>);
  }
};

/// Decodes n codes. If they are scaled, it runs in default_environment.
template <scalar_format F, int Bits, bool Scaled, class S>
NARROWFP_TARGET [[gnu::noinline]] void unpack_elements(const std::uint8_t* in, S* out, std::size_t n,
                                                       float scale) noexcept {
  const float factor = Scaled ? scale : 1;  // a constant takes no register
  const group_decoder<F, Scaled, S> decoder = {factor};
  const auto last = [&](const std::uint8_t* codes, char* elements) {
    unpack_elements<F, Bits, Scaled>(codes, reinterpret_cast<S*>(elements), code_group, factor);
  };
  decode_array<Bits, sizeof(S)>(in, reinterpret_cast<char*>(out), n, decoder, last);
}

/// Decodes n codes of Bits bits each, each times `scale`; false if this is no work for these kernels.
template <scalar_format F, int Bits, class S>
bool decode(const std::uint8_t* in, S* out, std::size_t n, float scale) noexcept {
  if constexpr (is_dense_width(Bits) && is_vector_target<F, Bits, S>) {
    if (is_one(scale)) {
      unpack_elements<F, Bits, false>(in, out, n, 1);
      return true;
    }
    if constexpr (std::same_as<S, float> && exact_in_float<F>) {
      if (scales_exactly<F>(scale)) {
        const default_environment guard(rounding::nearest_even);
        unpack_elements<F, Bits, true>(in, out, n, scale);
        return true;
      }
    }
  }
  return false;
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#include "close.hpp"
