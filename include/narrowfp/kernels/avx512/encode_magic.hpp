// Layer: kernels/avx512. Floats to codes of 8 bits or fewer, 64 at a time. One float addition rounds, see
// docs/kernels/magic_addition.md; it carries its own rounding mode, so that MXCSR does not matter.
#if !defined(NARROWFP_SET)
#include "alone.hpp"

#include "words.hpp"
#include "bytes.hpp"
#define NARROWFP_ALONE
#endif

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// magic_rows in registers.
struct encode_constants {
  quad magic, spacing;
  __m512i low, high, nan_bits, inf_bits, sign_mask, nan_code, scale;
  __m128i sign_shift;
  byte_table codes;
};

template <unsigned Flags>
NARROWFP_TARGET NARROWFP_INLINE encode_constants load_constants(const magic_rows& facts,
                                                                float scale) noexcept {
  constexpr bool many = (Flags & flag_many_rows) != 0;
  const magic_rows& rows = *unknown(&facts);
  encode_constants c{};
  if constexpr (has_doubled_rows(Flags)) {
    c.magic = load_quad(rows.magic_words, false);
  } else {
    c.magic = load_quad(rows.magic, many);
  }
  if constexpr ((Flags & flag_stochastic) != 0) {
    c.spacing = load_quad(rows.spacing, many);
  }
  if constexpr ((Flags & flag_mapped) != 0) {
    c.codes = load_table(rows.codes);
  }
  c.low = broadcast(rows.low);
  c.high = broadcast(rows.high);
  c.nan_bits = broadcast(rows.nan_bits);
  c.inf_bits = broadcast(rows.inf_bits);
  c.sign_mask = _mm512_set1_epi8(static_cast<char>(1U << (rows.width - 1)));
  c.nan_code = _mm512_set1_epi8(static_cast<char>(rows.nan_code));
  c.scale = broadcast(core::bit_cast<std::uint32_t>(scale));
  c.sign_shift = _mm_cvtsi32_si128(8 - rows.width);
  return c;
}

/// The smaller of two numbers, and y where x is NaN. Written out: under -ffast-math a compiler may exchange
/// the operands.
NARROWFP_TARGET NARROWFP_INLINE __m512i smaller_or_second(__m512i x, __m512i y) noexcept {
  __m512i result;
  __asm__("vminps {%{sae%}, %2, %1, %0|%0, %1, %2, %{sae%}}" : "=v"(result) : "v"(x), "v"(y));
  return result;
}

/// The larger of two numbers, and y where x is NaN or they are equal.
NARROWFP_TARGET NARROWFP_INLINE __m512i larger_or_second(__m512i x, __m512i y) noexcept {
  __m512i result;
  __asm__("vmaxps {%{sae%}, %2, %1, %0|%0, %1, %2, %{sae%}}" : "=v"(result) : "v"(x), "v"(y));
  return result;
}

/// The smaller of the magnitudes of x and y where the mask is set, `otherwise` elsewhere; x is no NaN there.
NARROWFP_TARGET NARROWFP_INLINE __m512i smaller_magnitude(__m512i x, __m512i y, __mmask16 where = 0xFFFF,
                                                          __m512i otherwise = __m512i{}) noexcept {
  constexpr int smaller_without_sign = 0b1010;
  return _mm512_castps_si512(_mm512_mask_range_round_ps(_mm512_castsi512_ps(otherwise), where,
                                                        _mm512_castsi512_ps(x), _mm512_castsi512_ps(y),
                                                        smaller_without_sign, _MM_FROUND_NO_EXC));
}

/// Which lanes are not NaN. Written out: under -ffast-math a compiler may take it that all are.
NARROWFP_TARGET NARROWFP_INLINE __mmask16 numbers(__m512i x) noexcept {
  __mmask16 result;
  __asm__("vcmpps {$7, %{sae%}, %1, %1, %0|%0, %1, %1, %{sae%}, 7}" : "=Yk"(result) : "v"(x));  // ordered
  return result;
}

/// The magnitudes of 16 floats, with NaN, infinity and the format's range folded in. Where a sign does not
/// count it is removed from x.
template <unsigned Flags>
NARROWFP_TARGET NARROWFP_INLINE __m512i clamp(__m512i& x, const encode_constants& c) noexcept {
  constexpr bool negative_nan = (Flags & flag_negative_nan) != 0;
  constexpr bool nan_apart = (Flags & flag_nan_apart) != 0;
  constexpr bool inf_apart = (Flags & flag_inf_apart) != 0;
  constexpr bool nan_positive = (Flags & flag_nan_positive) != 0;
  if constexpr ((Flags & flag_unsigned) != 0 && !negative_nan) {
    x = larger_or_second(_mm512_setzero_si512(), x);  // NaN stays, and -0
  }
  __m512i m;
  if constexpr (nan_positive && !nan_apart && !inf_apart) {
    x = smaller_or_second(x, c.high);  // the lesser of NaN and the largest value is the latter
    m = smaller_magnitude(x, c.high);
  } else if constexpr (nan_apart && !inf_apart && !negative_nan) {
    const __mmask16 number = numbers(x);
    m = smaller_magnitude(x, c.high, number, c.nan_bits);
    x = nan_positive ? _mm512_maskz_mov_epi32(number, x) : x;
  } else {
    // Negative numbers that become NaN keep the sign: as unsigned integers they are above NaN.
    const __m512i infinity = broadcast(0x7F800000);
    const __m512i magnitude = negative_nan ? x : _mm512_and_si512(x, broadcast(0x7FFFFFFF));
    m = _mm512_min_epu32(magnitude, c.high);
    if constexpr (inf_apart) {
      m = _mm512_mask_mov_epi32(m, _mm512_cmpeq_epi32_mask(magnitude, infinity), c.inf_bits);
    }
    if constexpr (nan_apart || inf_apart) {
      m = _mm512_mask_mov_epi32(m, _mm512_cmpgt_epu32_mask(magnitude, infinity), c.nan_bits);
    }
    if constexpr (nan_positive) {
      x = _mm512_maskz_mov_epi32(_mm512_cmple_epu32_mask(magnitude, infinity), x);
    }
  }
  if constexpr ((Flags & flag_ties_away) != 0) {
    m = _mm512_or_si512(m, broadcast(1));
  }
  if constexpr (negative_nan) {
    m = _mm512_maskz_mov_epi32(_mm512_cmpneq_epi32_mask(x, broadcast(0x80000000)), m);  // -0
  }
  if constexpr ((Flags & flag_low_value) != 0) {
    m = _mm512_max_epu32(m, c.low);
  }
  return m;
}

/// The magic number for each magnitude.
template <unsigned Flags>
NARROWFP_TARGET NARROWFP_INLINE __m512i magic_of(__m512i m, const encode_constants& c) noexcept {
  return magic_row<Flags>(c.magic, m);
}

/// The low bytes of four vectors of dwords, in the order of pack instructions.
template <unsigned Flags>
NARROWFP_TARGET NARROWFP_INLINE __m512i pack_low_bytes(const quad& v) noexcept {
  const __m512i low_words = broadcast(0xFFFF);
  const __m512i ab = _mm512_ternarylogic_epi32(v.a, low_words, _mm512_slli_epi32(v.b, 16), 0xEA);
  const __m512i cd = _mm512_ternarylogic_epi32(v.c, low_words, _mm512_slli_epi32(v.d, 16), 0xEA);
  return pack_ranks<Flags>(ab, cd);
}

/// What lies below the spacing of 16 magnitudes, in units of 2^-32 of it: the significand shifted so that the
/// spacing has weight 2^32.
NARROWFP_TARGET NARROWFP_INLINE __m512i discarded_fraction(__m512i m, __m512i spacing) noexcept {
  const __m512i significand =
      _mm512_ternarylogic_epi32(m, broadcast(0x007FFFFF), broadcast(0x00800000), 0xEA);
  const __m512i left = _mm512_sub_epi32(_mm512_srli_epi32(m, 23), spacing);
  const __m512i right = _mm512_sub_epi32(_mm512_setzero_si512(), left);
  return _mm512_or_si512(_mm512_sllv_epi32(significand, left), _mm512_srlv_epi32(significand, right));
}

/// The spacing at magnitudes, see magic_rows.
template <unsigned Flags>
NARROWFP_TARGET NARROWFP_INLINE __m512i spacing_of(__m512i m, const encode_constants& c) noexcept {
  return (Flags & flag_many_rows) != 0 ? row_of_64(c.spacing, m) : row_of_32(c.spacing, m);
}

/// Truncated ranks, one more where a discarded fraction and a draw carry.
NARROWFP_TARGET NARROWFP_INLINE __m512i step_up(__m512i ranks, __m512i fraction,
                                                const std::uint32_t* random) noexcept {
  const __m512i carried = _mm512_add_epi32(fraction, _mm512_loadu_si512(random));
  const __mmask16 up = _mm512_cmplt_epu32_mask(carried, fraction);
  return _mm512_mask_add_epi32(ranks, up, ranks, broadcast(1));
}

/// The magnitudes whose rows are used.
template <unsigned Flags>
NARROWFP_TARGET NARROWFP_INLINE __m512i in_rows(__m512i m, const encode_constants& c) noexcept {
  return (Flags & flag_low_value) != 0 ? m : _mm512_max_epu32(m, c.low);
}

/// Rounds 16 magnitudes by one addition, stochastic ones toward zero: the low bytes of the result are ranks.
template <unsigned Flags>
NARROWFP_TARGET NARROWFP_INLINE __m512i add_magic(__m512i m, const encode_constants& c) noexcept {
  constexpr int mode =
      _MM_FROUND_NO_EXC | ((Flags & flag_toward_zero) != 0 ? _MM_FROUND_TO_ZERO : _MM_FROUND_TO_NEAREST_INT);
  const __m512i magic = magic_of<Flags>(in_rows<Flags>(m, c), c);
  return _mm512_castps_si512(
      _mm512_maskz_add_round_ps(0xFFFF, _mm512_castsi512_ps(m), _mm512_castsi512_ps(magic), mode));
}

/// Rounds 16 magnitudes: the low bytes of the result are their ranks.
template <unsigned Flags>
NARROWFP_TARGET NARROWFP_INLINE __m512i round_magnitudes(__m512i m, const std::uint32_t* random,
                                                         const encode_constants& c) noexcept {
  const __m512i sum = add_magic<Flags>(m, c);
  if constexpr ((Flags & flag_stochastic) != 0) {
    return step_up(sum, discarded_fraction(m, spacing_of<Flags>(in_rows<Flags>(m, c), c)), random);
  } else {
    return sum;
  }
}

/// The ranks of 16 floats, in low bytes; from x the sign is to be taken.
template <unsigned Flags>
NARROWFP_TARGET NARROWFP_INLINE __m512i encode_16(__m512i& x, const std::uint32_t* random,
                                                  const encode_constants& c) noexcept {
  if constexpr ((Flags & flag_scaled) != 0) {
    x = product(x, c.scale);
  }
  return round_magnitudes<Flags>(clamp<Flags>(x, c), random, c);
}

NARROWFP_TARGET NARROWFP_INLINE unsigned long long nan_mask(__m512i x) noexcept {
  const __m512i magnitude = _mm512_and_si512(x, broadcast(0x7FFFFFFF));
  return _mm512_cmpgt_epu32_mask(magnitude, broadcast(0x7F800000));
}

/// 64 codes, one a byte, in packed places, from ranks in low bytes and the elements whose signs they take.
template <unsigned Flags>
NARROWFP_TARGET NARROWFP_INLINE __m512i finish_64(const quad& ranks, const quad& x,
                                                  const encode_constants& c) noexcept {
  __m512i codes = pack_low_bytes<Flags>(ranks);
  if constexpr ((Flags & flag_mapped) != 0) {
    codes = look_up(c.codes, codes);
  }
  if constexpr ((Flags & flag_unsigned) == 0) {
    // Saturating packs keep the sign.
    __m512i signs = _mm512_packs_epi16(_mm512_packs_epi32(x.a, x.b), _mm512_packs_epi32(x.c, x.d));
    if constexpr ((Flags & flag_narrow) != 0) {
      signs = _mm512_srl_epi16(signs, c.sign_shift);
    }
    const __m512i with_sign = _mm512_ternarylogic_epi32(signs, c.sign_mask, codes, 0xEA);
    codes = (Flags & flag_unsigned_zero) != 0
                ? _mm512_mask_mov_epi8(codes, _mm512_test_epi8_mask(codes, codes), with_sign)
                : with_sign;
  }
  return codes;
}

/// 64 codes of floats, in packed places. `random` points to 64 draws for stochastic rounding.
template <unsigned Flags>
NARROWFP_TARGET NARROWFP_INLINE __m512i encode_64(quad x, const std::uint32_t* random,
                                                  const encode_constants& c) noexcept {
  constexpr int step = (Flags & flag_stochastic) != 0 ? 16 : 0;
  __mmask64 nans = 0;
  if constexpr ((Flags & flag_nan_last) != 0) {
    nans = nan_mask(x.a) | nan_mask(x.b) << 16 | nan_mask(x.c) << 32 | nan_mask(x.d) << 48;
  }
  const quad ranks = {encode_16<Flags>(x.a, random, c), encode_16<Flags>(x.b, random + step, c),
                      encode_16<Flags>(x.c, random + 2 * step, c),
                      encode_16<Flags>(x.d, random + 3 * step, c)};
  __m512i codes = finish_64<Flags>(ranks, x, c);
  if constexpr ((Flags & flag_nan_last) != 0) {
    codes = reordered(_mm512_mask_mov_epi8(reordered(codes), nans, c.nan_code));
  }
  return codes;
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#if defined(NARROWFP_ALONE)
#include "alone_end.hpp"
#endif
