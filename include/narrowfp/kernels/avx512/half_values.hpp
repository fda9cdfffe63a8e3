// Layer: kernels/avx512. The values of 64 elements of consecutive blocks, as bfloat16 or float16.
#if !defined(NARROWFP_SET)
#include "alone.hpp"

#if defined(NARROWFP_SET)
#include "words.hpp"
#include "bytes.hpp"
#include "dense.hpp"
#include "../vector/unpack.hpp"
#include "unpack.hpp"
#include "half.hpp"
#include "block_values.hpp"
#endif
#define NARROWFP_ALONE
#endif

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// What values are on their way to an element of the output.
enum class product_form : std::uint8_t {
  brief,    ///< floats, of which the leading 16 bits are all that are not zero
  exact,    ///< floats
  rounded,  ///< products with a tensor scale, rounded to float
  odd,      ///< the same rounded to odd, so that one more rounding, to 16 bits, is right
};

/// 32 numbers of F from the floats of a and b: a's in the low words of dwords, b's in the high ones.
template <scalar_format F, product_form Way>
NARROWFP_TARGET NARROWFP_INLINE __m512i alternating_halves(__m512i a, __m512i b) noexcept {
  if constexpr (std::same_as<F, formats::float16>) {
    const __m512i low = _mm512_maskz_cvtepu16_epi32(0xFFFF, to_float16<rounding::nearest_even, false>(a));
    const __m512i high = _mm512_maskz_cvtepu16_epi32(0xFFFF, to_float16<rounding::nearest_even, false>(b));
    return _mm512_or_si512(low, _mm512_slli_epi32(high, 16));
  } else if constexpr (Way == product_form::brief) {
    return _mm512_mask_mov_epi16(_mm512_srli_epi32(a, 16), 0xAAAAAAAA, b);
  } else {
    return _mm512_or_si512(to_bfloat16<rounding::nearest_even, false>(a),
                           _mm512_slli_epi32((to_bfloat16<rounding::nearest_even, false>(b)), 16));
  }
}

/// 32 numbers of F in order from 32 floats.
template <scalar_format F, product_form Way>
NARROWFP_TARGET NARROWFP_INLINE __m512i halves_in_order(__m512i a, __m512i b) noexcept {
  if constexpr (std::same_as<F, formats::bfloat16> && Way == product_form::brief) {
    const __m512i high_words =
        _mm512_setr_epi32(0x0003'0001, 0x0007'0005, 0x000B'0009, 0x000F'000D, 0x0013'0011, 0x0017'0015,
                          0x001B'0019, 0x001F'001D, 0x0023'0021, 0x0027'0025, 0x002B'0029, 0x002F'002D,
                          0x0033'0031, 0x0037'0035, 0x003B'0039, 0x003F'003D);
    return _mm512_permutex2var_epi16(a, high_words, b);
  } else {
    return to_halves<F, rounding::nearest_even, false>(a, b);
  }
}

/// The 16 values of nibbles under block b's scale and the tensor scale. The first of two products is exact.
template <bool Usual, product_form Way, std::size_t Blocks>
NARROWFP_TARGET NARROWFP_INLINE __m512i nibble_values(__m512i nibbles, const group_scales<Blocks>& scales,
                                                      std::size_t b, __m512i tensor_scale) noexcept {
  const __m512i scaled = scaled_nibbles<Usual>(nibbles, scales, b);
  if constexpr (Way == product_form::rounded) {
    return product(scaled, tensor_scale);
  } else if constexpr (Way == product_form::odd) {
    return product_to_odd(scaled, tensor_scale);
  } else {
    return scaled;
  }
}

/// 64 nibbles of consecutive blocks. A table has the values under two blocks' scales, or the same one's, in
/// turn.
template <block_type B, bool Stream, bool Usual, product_form Way, class S>
NARROWFP_TARGET NARROWFP_INLINE void store_nibbles(const block_source& in,
                                                   const group_scales<64 / B::elements>& scales,
                                                   __m512i tensor_scale, __m512i nibbles, S* out) noexcept {
  using F = typename S::format;
#pragma GCC unroll 2
  for (std::size_t i = 0; i < 64; i += 32) {
    const std::size_t a = i / B::elements;
    const std::size_t b = (i + 16) / B::elements;
    const std::byte* low = in.codes + a * in.code_stride + i % B::elements / 2;
    const std::byte* high = in.codes + b * in.code_stride + (i + 16) % B::elements / 2;
    const __m512i first = nibble_values<Usual, Way>(nibbles, scales, a, tensor_scale);
    __m512i second = first;
    __m512i index = spread_doubled_nibbles(low, high);
    if constexpr (B::elements == 16) {
      second = nibble_values<Usual, Way>(nibbles, scales, b, tensor_scale);
      const __m512i last_bit = broadcast(0x00010001);
      const __m512i of_second = _mm512_maskz_mov_epi64(0xF0, last_bit);
      index = _mm512_ternarylogic_epi32(last_bit, of_second, index, 0xCA);
    }
    const __m512i table = alternating_halves<F, Way>(first, second);
    store_whole<Stream>(out + i, _mm512_maskz_permutexvar_epi16(~0U, index, table));
  }
}

/// Stores 64 floats in order as elements of S.
template <bool Stream, product_form Way, class S>
NARROWFP_TARGET NARROWFP_INLINE void store_as(S* out, const __m512i (&values)[4]) noexcept {
  if constexpr (sizeof(S) == 4) {
#pragma GCC unroll 4
    for (std::size_t i = 0; i < 4; ++i) {
      store_whole<Stream>(out + 16 * i, values[i]);
    }
  } else {
    using F = typename S::format;
    store_whole<Stream>(out, halves_in_order<F, Way>(values[0], values[1]));
    store_whole<Stream>(out + 32, halves_in_order<F, Way>(values[2], values[3]));
  }
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#if defined(NARROWFP_ALONE)
#include "alone_end.hpp"
#endif
