// Layer: kernels/avx512. Elements to codes, and codes to elements, a quad at a time: what
// vector/any_scale.hpp asks of a set.
#if !defined(NARROWFP_SET)
#include "alone.hpp"

#if defined(NARROWFP_SET)
#include "words.hpp"
#include "bytes.hpp"
#include "dense.hpp"
#include "sources.hpp"
#include "../vector/arrays.hpp"
#include "../vector/scaled_floats.hpp"
#include "../vector/pack.hpp"
#include "../vector/unpack.hpp"
#include "encode_magic.hpp"
#include "draws.hpp"
#include "../vector/draws.hpp"
#include "pack.hpp"
#include "encode_scales.hpp"
#include "encode_by_facts.hpp"
#include "encode_mode.hpp"
#include "encode.hpp"
#include "unpack.hpp"
#include "half.hpp"
#include "block_values.hpp"
#include "half_values.hpp"
#include "survey.hpp"
#endif
#define NARROWFP_ALONE
#endif

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// Encodes a quad of quotients, rounded to odd, with the signs of the elements that they come from: codes in
/// packed places.
template <scalar_format F, rounding Mode>
struct element_encoder {
  static constexpr auto& facts = magic_rows_of<F, Mode, overflow::saturate>;
  static constexpr unsigned flags = facts.flags & ~special_flags;  // no element here is NaN or infinite
  encode_constants c = load_constants<flags>(facts.data, 1);

  NARROWFP_TARGET NARROWFP_INLINE element_encoder() noexcept {}
  NARROWFP_TARGET NARROWFP_INLINE __m512i encode(const quad& q, const quad& x) const noexcept {
    const quad ranks = {rank_scaled<flags>(q.a, nullptr, c), rank_scaled<flags>(q.b, nullptr, c),
                        rank_scaled<flags>(q.c, nullptr, c), rank_scaled<flags>(q.d, nullptr, c)};
    return finish_64<flags>(ranks, x, c);
  }
};

/// Decodes the first n codes of a quad.
template <scalar_format F>
struct element_decoder {
  using tables = value_decoder<F, float>;
  static constexpr float unit = 1;
  value_table table = load_values<tables::shape>(tables::data);

  NARROWFP_TARGET NARROWFP_INLINE element_decoder() noexcept {}
  NARROWFP_TARGET NARROWFP_INLINE quad decode(const std::uint8_t* in, std::size_t n) const noexcept {
    return float_values<tables::shape>(load_codes<F::width>(in, n), table);
  }
};

/// Writes the first n codes of a quad, which are in packed places.
template <int Bits>
NARROWFP_TARGET NARROWFP_INLINE void store_codes(std::uint8_t* out, std::size_t n, __m512i codes) noexcept {
  store_dense<Bits, false>(out, n, squeeze_codes<Bits>(codes));
}

/// Stores the first n values of a quad as elements of S. Brief ones are 0 below the leading 16 bits.
template <bool Stream, bool Brief = false, class S>
NARROWFP_TARGET NARROWFP_INLINE void store_elements(S* out, std::size_t n, const quad& v) noexcept {
  constexpr product_form form = Brief ? product_form::brief : product_form::exact;
  const __m512i values[4] = {v.a, v.b, v.c, v.d};
  if constexpr (sizeof(S) == 4) {
#pragma GCC unroll 4
    for (int i = 0; i < 4; ++i) {
      if (n >= 64) {
        store_whole<Stream>(out + 16 * i, values[i]);
      } else {
        _mm512_mask_storeu_epi32(out + 16 * i, static_cast<__mmask16>(first_bits(n) >> 16 * i & 0xFFFF),
                                 values[i]);
      }
    }
  } else if (n == 64) {
    store_as<Stream, form>(out, values);
  } else {
    S all[64];
    store_as<false, form>(all, values);
    __builtin_memcpy(static_cast<void*>(out), all, n * sizeof(S));
  }
}

/// Whether blocks are encoded under a given scale; integers are left to AVX2.
template <block_type B>
inline constexpr bool encodes_columns =
    [] { return divides_by_vectors<B> && !is_integer_format<typename B::element_format>; }();
template <block_type B>
inline constexpr bool quantizes_any_scale =
    [] { return has_any_scale_quantizer<B> && !is_integer_format<typename B::element_format>; }();
template <block_type B>
inline constexpr bool dequantizes_any_scale = is_any_scale_block<B>;

/// The kernels for blocks under one scale know draws.
template <block_type B>
inline constexpr bool quantizes_by_draws = false;

/// What the set quantizes, element by element in the mode, and dequantizes; integers are left to AVX2.
template <block_type B, rounding Mode>
inline constexpr bool quantizes_blocks = (scale_choice_of<B> != scale_choice::none ||
                                          quantizes_any_scale<B>)&&has_vector_mode<B, Mode>;
template <block_type B>
inline constexpr bool dequantizes_blocks = is_vector_block<B> ||
                                           (dequantizes_any_scale<B> &&
                                            !is_integer_format<typename B::element_format>);

/// The fewest elements that quantize_groups and dequantize_groups take, where fewer are taken in a copy: see
/// vector/last_blocks.hpp. 0: they are left to the scalar path, or these take any number.
template <block_type B>
inline constexpr std::size_t quantized_at_once = 0;
template <block_type B>
inline constexpr std::size_t dequantized_at_once = dequantizes_any_scale<B> ? 0 : quad_elements;

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#if defined(NARROWFP_ALONE)
#include "alone_end.hpp"
#endif
