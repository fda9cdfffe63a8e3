// Layer: kernels/avx512_vbmi. 16-bit numbers to codes of 8 bits or fewer, 64 at a time, in 16-bit lanes:
// bfloat16 and float16, and the leading halves of floats where rounding needs no more of them. It takes the
// byte permutations of VBMI to be worth it.
#if !defined(NARROWFP_SET)
#include "alone.hpp"

#if defined(NARROWFP_SET)
#include "../avx512/words.hpp"
#include "bytes.hpp"
#include "../avx512/dense.hpp"
#include "../avx512/sources.hpp"
#include "../vector/pack.hpp"
#endif
#define NARROWFP_ALONE
#endif

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// Two vectors of 16-bit numbers.
struct word_pair {
  __m512i a, b;
};

/// half_rows in registers.
struct half_constants {
  __m512i factor, offset, low, high, last, sign, nan_code, inf_code, order;
  __m128i sign_shift;
  byte_table codes;
};

template <unsigned Flags>
NARROWFP_TARGET NARROWFP_INLINE half_constants load_constants(const half_rows& facts,
                                                              const byte_indices& order) noexcept {
  const half_rows& rows = *unknown(&facts);
  half_constants c{};
  c.factor = _mm512_loadu_si512(rows.factor);
  c.offset = _mm512_loadu_si512(rows.offset);
  c.low = _mm512_set1_epi8(static_cast<char>(rows.low));
  c.high = _mm512_set1_epi8(static_cast<char>(rows.high));
  c.last = _mm512_set1_epi8(static_cast<char>(rows.last));
  c.sign = _mm512_set1_epi8(static_cast<char>(1U << (rows.width - 1)));
  c.nan_code = _mm512_set1_epi8(static_cast<char>(rows.nan_code));
  c.inf_code = _mm512_set1_epi8(static_cast<char>(rows.inf_code));
  c.sign_shift = _mm_cvtsi32_si128(8 - rows.width);
  c.order = _mm512_loadu_si512(unknown(&order)->at);
  if constexpr ((Flags & word_mapped) != 0) {
    c.codes = load_table(rows.codes);
  }
  return c;
}

/// Bytes of a from words of a, of b from words of b, alternating.
NARROWFP_TARGET NARROWFP_INLINE __m512i alternate(__m512i a, __m512i b) noexcept {
  return _mm512_mask_mov_epi8(a, 0xAAAAAAAAAAAAAAAA, b);
}

/// The counts of spacings, rounded.
template <unsigned Flags, scalar_format Source>
NARROWFP_TARGET NARROWFP_INLINE __m512i round_words(__m512i x, __m512i factor) noexcept {
  constexpr int shift = 14 - half_layout<Source>::fraction_bits;
  constexpr int fraction = 0x3FFF >> shift << shift;
  const __m512i significand = _mm512_ternarylogic_epi32(
      _mm512_slli_epi16(x, shift), _mm512_set1_epi16(fraction), _mm512_set1_epi16(0x4000), 0xEA);
  if constexpr ((Flags & (word_nearest | word_away)) == 0) {
    return _mm512_mulhi_epi16(significand, factor);
  } else {
    const __m512i up = _mm512_mulhrs_epi16(significand, factor);  // ties go up
    if constexpr ((Flags & word_away) != 0) {
      return up;
    } else {
      // One unit less and ties go down, and nothing else changes. Where the two differ, the even one is
      // right: up & (down | ~1).
      const __m512i less = _mm512_add_epi16(significand, _mm512_set1_epi16(-1));
      const __m512i down = _mm512_mulhrs_epi16(less, factor);
      return _mm512_ternarylogic_epi32(up, down, _mm512_set1_epi16(-2), 0xE0);
    }
  }
}

/// The exponent fields of a in even bytes, of b in odd ones.
template <scalar_format Source>
NARROWFP_TARGET NARROWFP_INLINE __m512i exponent_fields(const word_pair& x) noexcept {
  constexpr long long from_bit = half_layout<Source>::fraction_bits;
  constexpr long long even_bytes = 0x0030'0020'0010'0000 + from_bit * 0x0001'0001'0001'0001;
  const __m512i of_a = _mm512_multishift_epi64_epi8(_mm512_set1_epi64(even_bytes), x.a);
  return _mm512_mask_multishift_epi64_epi8(of_a, 0xAAAAAAAAAAAAAAAA, _mm512_set1_epi64(even_bytes << 8), x.b);
}

/// 64 codes, in the order of `order`, of numbers whose exponent fields are rows, or alike mod 64.
template <unsigned Flags, scalar_format Source>
NARROWFP_TARGET NARROWFP_INLINE __m512i encode_words(const word_pair& x, __m512i field,
                                                     const half_constants& c) noexcept {
  using layout = half_layout<Source>;
  const __m512i factor = _mm512_maskz_permutexvar_epi8(~0ULL, field, c.factor);
  const __m512i a = round_words<Flags, Source>(x.a, _mm512_and_si512(factor, _mm512_set1_epi16(0xFF)));
  const __m512i b = round_words<Flags, Source>(x.b, _mm512_srli_epi16(factor, 8));
  __m512i codes = _mm512_add_epi8(alternate(a, _mm512_slli_epi16(b, 8)),
                                  _mm512_maskz_permutexvar_epi8(~0ULL, field, c.offset));
  codes = _mm512_min_epu8(codes, c.last);
  if constexpr ((Flags & word_mapped) != 0) {
    codes = look_up(c.codes, codes);
  }
  [[maybe_unused]] __m512i is_nan = _mm512_setzero_si512();
  if constexpr ((Flags & (word_nan | word_inf)) != 0) {
    const __m512i mask = _mm512_set1_epi16(0x7FFF);
    const __m512i infinity =
        _mm512_set1_epi16(static_cast<short>((layout::fields - 1) << layout::fraction_bits));
    const __m512i a_magnitude = _mm512_and_si512(x.a, mask);
    const __m512i b_magnitude = _mm512_and_si512(x.b, mask);
    constexpr int compare = (Flags & word_inf_is_nan) != 0 ? _MM_CMPINT_NLT : _MM_CMPINT_NLE;
    is_nan = alternate(_mm512_movm_epi16(_mm512_cmp_epu16_mask(a_magnitude, infinity, compare)),
                       _mm512_movm_epi16(_mm512_cmp_epu16_mask(b_magnitude, infinity, compare)));
    if constexpr ((Flags & word_inf) != 0) {
      const __m512i is_inf = alternate(_mm512_movm_epi16(_mm512_cmpeq_epu16_mask(a_magnitude, infinity)),
                                       _mm512_movm_epi16(_mm512_cmpeq_epu16_mask(b_magnitude, infinity)));
      codes = _mm512_ternarylogic_epi32(is_inf, c.inf_code, codes, 0xCA);
    }
    if constexpr ((Flags & word_nan_signed) != 0) {
      codes = _mm512_ternarylogic_epi32(is_nan, c.nan_code, codes, 0xCA);
    }
  }
  __m512i signs = alternate(_mm512_srli_epi16(x.a, 8), x.b);
  if constexpr ((Flags & word_narrow) != 0) {
    signs = _mm512_srl_epi16(signs, c.sign_shift);
  }
  const __m512i with_sign = _mm512_ternarylogic_epi32(signs, c.sign, codes, 0xEA);
  codes = (Flags & word_unsigned_zero) != 0
              ? _mm512_mask_mov_epi8(codes, _mm512_test_epi8_mask(codes, codes), with_sign)
              : with_sign;
  if constexpr ((Flags & word_nan) != 0 && (Flags & word_nan_signed) == 0) {
    codes = _mm512_ternarylogic_epi32(is_nan, c.nan_code, codes, 0xCA);
  }
  return _mm512_maskz_permutexvar_epi8(~0ULL, c.order, codes);
}

/// The first n of 64 numbers; then zeros.
template <unsigned Flags, class S>
NARROWFP_TARGET NARROWFP_INLINE word_pair load_words(const S* in, std::size_t n = 64) noexcept {
  const unsigned long long which = first_bits(n);
  if constexpr (std::same_as<S, float>) {
    quad x = load_64(in, which);
    if constexpr ((Flags & word_nan) != 0) {
      // A product with 1 is a quiet NaN, which the leading half shows.
      const __m512i one = broadcast(0x3F800000);
      x = {product(x.a, one), product(x.b, one), product(x.c, one), product(x.d, one)};
    }
    return {_mm512_mask_mov_epi16(_mm512_srli_epi32(x.a, 16), 0xAAAAAAAA, x.b),
            _mm512_mask_mov_epi16(_mm512_srli_epi32(x.c, 16), 0xAAAAAAAA, x.d)};
  } else {
    const S* from = unknown(in);
    return {_mm512_maskz_loadu_epi16(static_cast<__mmask32>(which & 0xFFFFFFFF), from),
            _mm512_maskz_loadu_epi16(static_cast<__mmask32>(which >> 32), from + 32)};
  }
}

/// A source of encode_groups: 64 codes from 16-bit lanes.
template <unsigned Flags, int Bits, scalar_format Source>
struct word_encoder_64 {
  half_constants c;

  template <class S>
  NARROWFP_TARGET NARROWFP_INLINE __m512i operator()(const S* in, const std::uint32_t*) const noexcept {
    const word_pair x = load_words<Flags>(in);
    __m512i field = exponent_fields<Source>(x);
    if constexpr (half_layout<Source>::fields > 64) {
      field = _mm512_min_epu8(_mm512_max_epu8(field, c.low), c.high);
    }
    const __m512i codes = encode_words<Flags, Source>(x, field, c);
    if constexpr (Bits == 8) {
      return codes;
    } else {
      return squeeze_codes<Bits>(codes);
    }
  }
};

template <unsigned Flags, int Bits, scalar_format Source, class S>
NARROWFP_TARGET [[gnu::noinline]] void pack_words(const S* in, std::uint8_t* out, std::size_t n,
                                                  const half_rows& rows) noexcept {
  std::size_t left = n;
  if (n >= code_group) {
    constexpr auto& order = alternating_places<std::same_as<S, float>, Bits == 8>;
    const word_encoder_64<Flags, Bits, Source> encoder = {load_constants<Flags>(rows, order)};
    left = encode_groups<Bits, true>(in, out, n, nullptr, encoder);
  }
  if (left != 0) {
    const std::size_t done = n - left;
    encode_last<Bits>(in + done, out + done * Bits / 8, left, [&](const S* elements, std::uint8_t* codes) {
      pack_words<Flags, Bits, Source>(elements, codes, 64, rows);
    });
  }
}

/// Encodes n elements in 16-bit lanes; false where these are not exact or not better.
template <scalar_format F, rounding Mode, overflow Policy, int Bits, class S>
bool encode_by_words(const S* in, std::uint8_t* out, std::size_t n) noexcept {
  if constexpr (std::same_as<S, float>) {
    // To nearest even, what lies below the leading half matters.
    if constexpr (Mode == rounding::nearest_away || Mode == rounding::toward_zero) {
      constexpr auto& facts = half_rows_of<F, Mode, Policy, formats::bfloat16>;
      if constexpr (facts.exists) {
        pack_words<facts.flags, Bits, formats::bfloat16>(in, out, n, facts.data);
        return true;
      }
    }
  } else {
    constexpr auto& facts = half_rows_of<F, Mode, Policy, typename S::format>;
    if constexpr (facts.exists) {
      pack_words<facts.flags, Bits, typename S::format>(in, out, n, facts.data);
      return true;
    }
  }
  return false;
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#if defined(NARROWFP_ALONE)
#include "alone_end.hpp"
#endif
