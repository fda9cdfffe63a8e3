// Layer: kernels/neon. Elements to codes, and codes to elements, a quad at a time: what vector/any_scale.hpp
// asks of a set.
#pragma once

#include "dequantize.hpp"
#include "encode.hpp"
#include "encode_words.hpp"
#include "half.hpp"
#include "unpack.hpp"
#include "quantize.hpp"
#include "words.hpp"

#include "open.hpp"

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// Encodes a quad of quotients, rounded to odd, with the signs of the elements that they come from.
template <scalar_format F, rounding Mode>
struct element_encoder {
  static constexpr auto& facts = word_rows_of<F, Mode, overflow::saturate>;
  static constexpr unsigned flags = facts.flags & ~static_cast<unsigned>(special_flags | flag_many_rows);
  word_constants<flags> c = load_constants<flags>(*unknown(&facts.data));

  NARROWFP_INLINE static uint16x8_t words(dwords a, dwords b) noexcept {
    return leading_words(vreinterpretq_u16_u32(a), vreinterpretq_u16_u32(b));
  }
  NARROWFP_INLINE uint8x16_t encode(const quad& q, const quad& x) const noexcept {
    return encode_magnitudes<flags>(vminq_u16(words(q.a, q.b), c.high), vminq_u16(words(q.c, q.d), c.high),
                                    high_words({x.a, x.b}), high_words({x.c, x.d}), c);
  }
};

/// Decodes a quad of codes.
template <scalar_format F>
struct element_decoder {
  static constexpr float unit = 1;
  value_bytes<F, float> high = load_values<F, float>(unknown(&value_decoder<F, float>::data)->high);
  value_bytes<F, float> low = load_values<F, float>(unknown(&value_decoder<F, float>::data)->low);

  NARROWFP_INLINE quad decode(const std::uint8_t* in, std::size_t) const noexcept {
    const uint8x16_t c = load_codes_16<F::width>(in);
    return floats_of(look_up<true>(high, c), look_up<false>(low, c));
  }

  /// A quad of elements of a block.
  template <block_type B>
  NARROWFP_INLINE quad decode_blocks(const std::byte* in, std::size_t) const noexcept {
    static_assert(B::elements % quad_elements == 0);
    return decode(reinterpret_cast<const std::uint8_t*>(in), quad_elements);
  }
};

/// Whether blocks are encoded under a given scale.
template <block_type B>
inline constexpr bool encodes_columns = [] {
  using F = typename B::element_format;
  if constexpr (divides_by_vectors<B> && is_common_width(F::width) && B::elements % quad_elements == 0) {
    return element_encoder<F, F::native_rounding>::facts.exists;
  } else {
    return false;
  }
}();
template <block_type B>
inline constexpr bool quantizes_any_scale =
    [] { return is_common_any_scale_block<B> && encodes_columns<B>; }();
template <block_type B>
inline constexpr bool dequantizes_any_scale = is_common_any_scale_block<B>;

/// What the set quantizes, element by element in the mode, and dequantizes.
template <block_type B, rounding Mode>
inline constexpr bool quantizes_blocks = (quantizes<B> || quantizes_any_scale<B>)&&Mode == vector_mode<B>;
template <block_type B>
inline constexpr bool dequantizes_blocks = is_common_block<B> || dequantizes_any_scale<B>;

/// The fewest elements that quantize_groups and dequantize_groups take, where fewer are taken in a copy: see
/// vector/last_blocks.hpp. 0: they are left to the scalar path, or these take any number.
template <block_type B>
inline constexpr std::size_t quantized_at_once = quantizes_any_scale<B> ? 0 : B::elements;
template <block_type B>
inline constexpr std::size_t dequantized_at_once = dequantizes_any_scale<B>      ? 0
                                                   : B::elements > quad_elements ? B::elements
                                                                                 : quad_elements;

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#include "close.hpp"
