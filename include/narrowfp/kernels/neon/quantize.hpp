// Layer: kernels/neon. Elements to blocks under one scale, a block at a time. It stops at a block that holds
// something unusual, and before the last elements if they fill no block. docs/kernels/ratios.md shows why a
// float quotient decides exactly.
#pragma once

#include "encode_words.hpp"
#include "environment.hpp"
#include "half.hpp"
#include "pack.hpp"
#include "quantize_hif4.hpp"
#include "words.hpp"

#include "open.hpp"

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// The facts of a block format's elements, without what only NaN and infinity need, which these blocks do not
/// hold.
template <block_type B>
struct element_words {
  static constexpr auto& facts = word_rows_of<typename B::element_format, vector_mode<B>, overflow::saturate>;
  static constexpr unsigned flags =
      facts.flags & ~static_cast<unsigned>(flag_nan_apart | flag_nan_positive | flag_nan_last |
                                           flag_inf_apart | flag_many_rows);
};

/// Whether there is a quantizer for B.
template <block_type B>
inline constexpr bool quantizes = common_scale_choice<B> == scale_choice::hif4 ||
                                  (common_scale_choice<B> != scale_choice::none &&
                                   element_words<B>::facts.exists);

/// Elements i .. i + 15 of a block as words.
struct words_16 {
  uint16x8_t x, y;
};
template <class S>
NARROWFP_INLINE words_16 load_words(const S* in) noexcept {
  return {leading_words(in), leading_words(in + 8)};
}

/// Writes the codes of a quad.
template <int Bits>
NARROWFP_INLINE void store_codes(std::uint8_t* out, std::size_t, uint8x16_t codes) noexcept {
  if constexpr (Bits == 8) {
    vst1q_u8(out, codes);
  } else if constexpr (Bits == 4) {
    vst1_u8(out, vget_low_u8(vsliq_n_u8(vuzp1q_u8(codes, codes), vuzp2q_u8(codes, codes), 4)));
  } else {
    const uint8x16_t dense = six_bits(codes);
    vst1_u8(out, vget_low_u8(dense));
    vst1q_lane_u32(reinterpret_cast<std::uint32_t*>(out + 8), vreinterpretq_u32_u8(dense), 2);
  }
}

/// One block under a power of two. False: nothing is written.
///
/// Dividing by a power of two subtracts from the exponent. That is exact but for zero, denormal numbers and
/// what becomes smaller than these, all of which a usual scale puts far below the smallest element.
template <block_type B, class S>
NARROWFP_INLINE bool quantize_power(const S* in, const block_target& out, std::uint32_t carry,
                                    const word_constants<element_words<B>::flags>& c) noexcept {
  using F = typename B::element_format;
  const std::uint32_t amax = largest_magnitude<B::elements>(in);
  const power_scale scale = choose_power<B, vector_mode<B>>(amax, carry);
  if (!scale.is_usual) {
    return false;
  }
  const int16x8_t offset = vdupq_n_s16(static_cast<std::int16_t>(amax == 0 ? 0 : (scale.code - 127) * 128));
  auto* codes = reinterpret_cast<std::uint8_t*>(out.codes);
#pragma GCC unroll 2
  for (std::size_t i = 0; i < B::elements; i += 16) {
    const words_16 w = load_words(in + i);
    const uint16x8_t m = words_less(w.x, offset, c.high);
    const uint16x8_t n = words_less(w.y, offset, c.high);
    store_codes<F::width>(codes + i / 8 * F::width, quad_elements,
                          encode_magnitudes<element_words<B>::flags>(m, n, w.x, w.y, c));
  }
  out.metadata[0] = static_cast<std::byte>(scale.code);
  return true;
}

/// |x| / divisor of 8 elements, right in every decision between neighbours of 8 bits or fewer, as words.
NARROWFP_INLINE uint16x8_t quotient_words(const pair& x, float divisor, float reciprocal) noexcept {
  const auto refined = [=](uint32x4_t v) __attribute__((always_inline)) {
    const dwords m = magnitude(v);
    const dwords first = product(m, broadcast_float(reciprocal));
    const dwords rest = product_less(m, first, broadcast_float(divisor));  // exact
    return vreinterpretq_u16_u32(product_more(first, rest, broadcast_float(reciprocal)));
  };
  return leading_words(refined(x.a), refined(x.b));
}

/// The code of the scale nearest to the ratio of the largest magnitude to the largest element, or, by the
/// rule rceil, of the smallest that is not below it.
template <block_type B>
NARROWFP_INLINE std::uint32_t ratio_code(float amax, scale_rule rule) noexcept {
  using SF = typename B::scale_format;
  constexpr float largest = core::to_floating<float>(B::facts::largest);
  constexpr std::uint32_t high = magic_rows_of<SF, rounding::nearest_even, overflow::saturate>.data.high;
  const auto bits = core::bit_cast<std::uint32_t>(quotient(amax, largest));
  const std::uint32_t wanted = bits < high ? bits : high;
  const auto code = static_cast<std::uint32_t>(
      scalar::rounded_rank<rounding::nearest_even>(float_rows<SF>[wanted >> 23], wanted, false, 0));
  if (rule == scale_rule::rceil) {
    // A denormal amax, of which no quotient may be left, is above 0 as well.
    const auto scale = core::bit_cast<std::uint32_t>(values<SF, float>[code]);
    const bool is_above = wanted > scale || (scale == 0 && core::bit_cast<std::uint32_t>(amax) != 0);
    return is_above ? code + 1 : code;
  }
  return code;
}

/// One block under such a ratio. False: nothing is written.
template <block_type B, class S>
NARROWFP_INLINE bool quantize_ratio(const S* in, const block_target& out, scale_rule rule,
                                    const word_constants<element_words<B>::flags>& c) noexcept {
  using F = typename B::element_format;
  const std::uint32_t amax = largest_magnitude<B::elements>(in);
  if (amax >= 0x7F800000) {
    return false;
  }
  const std::uint32_t code = ratio_code<B>(core::bit_cast<float>(amax), rule);
  const float scale = values<typename B::scale_format, float>[code];
  const float reciprocal = quotient(1, scale);
  // Under a scale of 0 all codes are 0.
  const uint8x16_t mask = vdupq_n_u8(code == 0 ? 0 : 0xFF);
  auto* codes = reinterpret_cast<std::uint8_t*>(out.codes);
#pragma GCC unroll 2
  for (std::size_t i = 0; i < B::elements; i += 16) {
    const pair x = load_pair(in + i);
    const pair y = load_pair(in + i + 8);
    const uint16x8_t m = vminq_u16(quotient_words(x, scale, reciprocal), c.high);
    const uint16x8_t n = vminq_u16(quotient_words(y, scale, reciprocal), c.high);
    const uint8x16_t all = encode_magnitudes<element_words<B>::flags>(m, n, high_words(x), high_words(y), c);
    store_codes<F::width>(codes + i / 8 * F::width, quad_elements, vandq_u8(all, mask));
  }
  out.metadata[0] = static_cast<std::byte>(code);
  return true;
}

/// Quantizes whole blocks; in default_environment.
template <block_type B, class S>
[[gnu::noinline]] std::size_t quantize_words(const S* in, std::size_t n, const block_target& out,
                                             scale_rule rule) noexcept {
  using words = element_words<B>;
  const word_constants<words::flags> c = load_constants<words::flags>(*unknown(&words::facts.data));
  std::size_t done = 0;
  for (; n - done >= B::elements; done += B::elements) {
    const block_target to = from_block(out, done / B::elements);
    bool usual;
    if constexpr (common_scale_choice<B> == scale_choice::ratio) {
      usual = quantize_ratio<B>(in + done, to, rule, c);
    } else {
      usual = quantize_power<B>(in + done, to, scale_carry<B>(rule), c);
    }
    if (!usual) {
      break;
    }
  }
  return done;
}

/// Quantizes whole blocks and returns how many elements that were.
template <block_type B, rounding Mode, class S>
std::size_t quantize_groups(const S* in, std::size_t n, const block_target& out, scale_rule rule,
                            const block_draws&) noexcept {
  static_assert(Mode == vector_mode<B>);
  if constexpr (common_scale_choice<B> == scale_choice::hif4) {
    const default_environment guard(rounding::toward_zero);
    return quantize_hif4<B>(in, n, out);
  } else if constexpr (quantizes<B>) {
    const default_environment guard(rounding::nearest_even);
    return quantize_words<B>(in, n, out, rule);
  } else {
    return 0;
  }
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#include "close.hpp"
