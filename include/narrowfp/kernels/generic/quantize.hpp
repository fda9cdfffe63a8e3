// Layer: kernels/generic. Floats to blocks under one scale, a block at a time, by words: under powers of two,
// as MX, by sums; under ratios, as NVFP4, whose elements are few, by thresholds. It stops at a block that
// holds something unusual, and before the last elements if they fill no block.
#pragma once

#include <concepts>

#include "../facts/counted_blocks.hpp"
#include "../facts/rank_sums.hpp"
#include "encode.hpp"
#include "words.hpp"

#include "open.hpp"

namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

template <block_type B>
inline constexpr bool is_stored = B::element_format::width == 8 || B::element_format::width == 4;

/// Whether there is a quantizer for B.
template <block_type B, rounding Mode, class S>
inline constexpr bool quantizes_words = [] {
  if constexpr (!std::same_as<S, float> || !is_vector_block<B> || B::levels != 1 || !is_stored<B>) {
    return false;
  } else if constexpr (scale_choice_of<B> == scale_choice::power_of_two) {
    return Mode != rounding::stochastic &&
           rank_sum_of<typename B::element_format, rounding::nearest_even, overflow::saturate>.exists;
  } else if constexpr (scale_choice_of<B> == scale_choice::ratio && Mode == rounding::nearest_even) {
    return counted_scale_choice<B> == scale_choice::ratio;
  } else {
    return false;
  }
}();

/// The words of a block.
template <block_type B>
struct block_words {
  static constexpr std::size_t quads = B::elements / quad_elements;
  quad_words quad[quads];
};

template <block_type B>
NARROWFP_INLINE block_words<B> load_block(const float* in) noexcept {
  block_words<B> x;
#pragma GCC unroll 4
  for (std::size_t i = 0; i < block_words<B>::quads; ++i) {
    x.quad[i] = load_words(in + i * quad_elements);
  }
  return x;
}

/// The word of the largest magnitude.
template <block_type B>
NARROWFP_INLINE std::uint32_t largest_word(const block_words<B>& x) noexcept {
  signed_words largest = larger(magnitude(x.quad[0].first), magnitude(x.quad[0].second));
#pragma GCC unroll 4
  for (std::size_t i = 1; i < block_words<B>::quads; ++i) {
    largest = larger(largest, larger(magnitude(x.quad[i].first), magnitude(x.quad[i].second)));
  }
  return largest_lane(largest);
}

/// Writes a block of which code_of(words) are the codes of 8 elements, in the lower bytes of words.
template <block_type B, class CodeOf>
NARROWFP_INLINE void store_block(const block_words<B>& x, std::uint32_t scale_code, const block_target& out,
                                 const CodeOf& code_of) noexcept {
  constexpr int bits = B::element_format::width;
  out.metadata[0] = static_cast<std::byte>(scale_code);
  auto* codes = reinterpret_cast<std::uint8_t*>(out.codes);
#pragma GCC unroll 4
  for (std::size_t i = 0; i < block_words<B>::quads; ++i) {
    store_codes<bits>(codes + i * (quad_elements / 8) * bits, quad_elements,
                      codes_in_order({code_of(x.quad[i].first), code_of(x.quad[i].second)}));
  }
}

/// Codes under a power of two.
///
/// Dividing by it subtracts from the exponent. That is exact but for zero, denormal numbers and what becomes
/// smaller than these, all of which a usual scale puts far below the smallest element.
template <int Binades>
struct power_codes {
  const rank_constants<Binades>& c;
  signed_words offset;

  NARROWFP_INLINE half_vector operator()(half_vector words) const noexcept {
    return ranks_of(smaller(magnitude(words) - offset, c.high), c) | signs_of(words, c);
  }
};

/// One block under a power of two. False: nothing is written.
template <block_type B, int Binades>
NARROWFP_INLINE bool quantize_power(const float* in, const block_target& out, std::uint32_t carry,
                                    const rank_constants<Binades>& c) noexcept {
  const block_words<B> x = load_block<B>(in);
  const std::uint32_t amax = largest_word(x) << 16;  // the bits below count as the word's last one
  const power_scale scale = choose_power<B, rounding::nearest_even>(amax, carry);
  if (!scale.is_usual) {
    return false;
  }
  const auto offset = static_cast<std::uint16_t>(amax == 0 ? 0 : (scale.code - 127) * 128);
  store_block(x, static_cast<std::uint32_t>(scale.code), out,
              power_codes<Binades>{c, as_signed(broadcast_word(offset))});
  return true;
}

template <block_type B, int Binades>
[[gnu::noinline]] std::size_t quantize_powers(const float* in, std::size_t n, const block_target& out,
                                              std::uint32_t carry, const rank_sum& sum,
                                              const rank_rounding& by) noexcept {
  const rank_constants<Binades> c = load_constants<Binades>(sum, by);
  std::size_t done = 0;
  for (block_target to = out; n - done >= B::elements; done += B::elements, to = from_block(to, 1)) {
    prefetch_ahead<B::elements * sizeof(float)>(in + done);
    if (!quantize_power<B>(in + done, to, carry, c)) {
      break;
    }
  }
  return done;
}

/// The scales of a block format by the word of the largest magnitude: word_ratios, by one rule of two.
struct ratio_table {
  const std::uint8_t* code;
  const word_scale* scale;
  int base, last;

  template <class Ratios>
  static constexpr ratio_table of(const Ratios& ratios) noexcept {
    return {ratios.code, ratios.scale, Ratios::base, Ratios::size - 1};
  }
};

/// Codes under a ratio: how many thresholds a magnitude is above.
template <block_type B>
struct ratio_codes {
  using thresholds = word_thresholds<B, rounding::nearest_even>;
  const typename thresholds::row& row;
  signed_words offset;

  NARROWFP_INLINE half_vector operator()(half_vector words) const noexcept {
    constexpr int width = B::element_format::width;
    const signed_words m = magnitude(words) - offset;
    signed_words rank = {};
#pragma GCC unroll 16
    for (std::size_t i = 0; i < thresholds::count; ++i) {
      rank -= m > load_signed_words(row.below[i]);
    }
    const half_vector signs = (words >> (16 - width)) & broadcast_word(std::uint16_t{1} << (width - 1));
    return as_words(rank) | signs;
  }
};

/// One block under a ratio. False: nothing is written.
template <block_type B>
NARROWFP_INLINE bool quantize_ratio(const float* in, const block_target& out,
                                    const ratio_table& ratios) noexcept {
  const block_words<B> x = load_block<B>(in);
  const auto amax = static_cast<int>(largest_word(x));
  if (amax >= 0x7F80) {
    return false;
  }
  const int entry = core::smaller(core::larger(amax - ratios.base, 0), ratios.last);
  const std::uint8_t code = amax == 0 ? std::uint8_t{0} : ratios.code[entry];
  if (code == 0) {  // a scale of 0, under which all codes are 0
    out.metadata[0] = std::byte{0};
    __builtin_memset(out.codes, 0, B::code_bytes);
    return true;
  }
  const word_scale scale = ratios.scale[code];
  const auto offset = broadcast_word(static_cast<std::uint16_t>(scale.offset));
  store_block(x, code, out,
              ratio_codes<B>{word_thresholds_of<B, rounding::nearest_even>.of_class[scale.scale_class],
                             as_signed(offset)});
  return true;
}

template <block_type B>
[[gnu::noinline]] std::size_t quantize_ratios(const float* in, std::size_t n, const block_target& out,
                                              const ratio_table& ratios) noexcept {
  std::size_t done = 0;
  for (block_target to = out; n - done >= B::elements; done += B::elements, to = from_block(to, 1)) {
    prefetch_ahead<B::elements * sizeof(float)>(in + done);
    if (!quantize_ratio<B>(in + done, to, ratios)) {
      break;
    }
  }
  return done;
}

/// Quantizes whole blocks and returns how many elements that were.
template <block_type B, rounding Mode>
std::size_t quantize_groups(const float* in, std::size_t n, const block_target& out,
                            scale_rule rule) noexcept {
  if constexpr (scale_choice_of<B> == scale_choice::ratio) {
    return quantize_ratios<B>(in, n, out,
                              rule == scale_rule::rceil ? ratio_table::of(word_ratios_of<B, true>)
                                                        : ratio_table::of(word_ratios_of<B>));
  } else {
    constexpr auto& sum = rank_sum_of<typename B::element_format, rounding::nearest_even, overflow::saturate>;
    return quantize_powers<B, sum.binades>(in, n, out, scale_carry<B>(rule) & 0xFFFF0000, sum.data,
                                           rank_rounding_of(Mode));
  }
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET

#include "close.hpp"
