// Layer: kernels/generic. Words to codes of 8 bits or fewer by a sum of maxima; see facts/rank_sums.hpp and
// docs/kernels/rank_sums.md. What the dispatcher calls to encode.
#pragma once

#include <concepts>

#include "../facts/rank_sums.hpp"
#include "loops.hpp"
#include "words.hpp"

#include "open.hpp"

namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// A rank_sum in registers, with `Binades` terms.
template <int Binades>
struct rank_constants {
  signed_words start[std::size_t{Binades}];
  signed_words high;
  half_vector origin, plus, to_even, sign_bit;
  half_vector inf_more, nan_more, nan_sign, zero_sign;
  int sign_down;
  bool has_specials;
};

template <int Binades>
NARROWFP_INLINE rank_constants<Binades> load_constants(const rank_sum& sum,
                                                       const rank_rounding& by) noexcept {
  rank_constants<Binades> c;
#pragma GCC unroll 8
  for (int i = 0; i < Binades; ++i) {
    c.start[i] = as_signed(broadcast_word(sum.start[i]));
  }
  c.high = as_signed(broadcast_word(sum.high));
  c.origin = broadcast_word(sum.origin);
  c.plus = broadcast_word(by.plus);
  c.to_even = broadcast_word(by.to_even);
  c.sign_bit = broadcast_word(sum.sign_bit);
  c.inf_more = broadcast_word(sum.inf_more);
  c.nan_more = broadcast_word(sum.nan_more);
  c.nan_sign = broadcast_word(sum.nan_sign);
  c.zero_sign = broadcast_word(sum.zero_sign);
  c.sign_down = sum.sign_down;
  c.has_specials = sum.has_specials;
  return c;
}

/// The ranks of magnitudes that are not above c.high, rounded.
template <int Binades>
NARROWFP_INLINE half_vector ranks_of(signed_words m, const rank_constants<Binades>& c) noexcept {
  half_vector sum = as_words(larger(m, c.start[0]));
#pragma GCC unroll 8
  for (int i = 1; i < Binades; ++i) {
    if (i < Binades - 1) {
      sum += sum;
    }
    sum += as_words(larger(m, c.start[i]));
  }
  sum -= c.origin;
  return (sum + c.plus + ((sum >> 8) & c.to_even)) >> 8;
}

/// The sign bits of codes.
template <int Binades>
NARROWFP_INLINE half_vector signs_of(half_vector words, const rank_constants<Binades>& c) noexcept {
  return (words >> c.sign_down) & c.sign_bit;
}

/// The codes of words, infinity and NaN among them.
template <int Binades>
NARROWFP_INLINE half_vector encode_words(half_vector words, const rank_constants<Binades>& c) noexcept {
  const signed_words m = magnitude(words);
  signed_words bounded = smaller(m, c.high);
  half_vector signs = signs_of(words, c);
  if (c.has_specials) {
    const auto from_inf = as_words(m > (signed_words{} + std::int16_t{0x7F7F}));
    const auto is_nan = as_words(m > (signed_words{} + std::int16_t{0x7F80}));
    bounded += as_signed((from_inf & c.inf_more) + (is_nan & c.nan_more));
    signs &= c.nan_sign | ~is_nan;
  }
  const half_vector rank = ranks_of(bounded, c);
  if (c.has_specials) {
    signs &= c.zero_sign | as_words(rank != half_vector{});
  }
  return rank | signs;
}

/// A source of encode_groups.
template <int Binades>
struct sum_encoding {
  rank_constants<Binades> c;

  NARROWFP_INLINE bytes operator()(const float* in, const std::uint32_t*) const noexcept {
    const quad_words x = load_words(in);
    return codes_in_order({encode_words(x.first, c), encode_words(x.second, c)});
  }
};

/// Encodes n >= code_group elements: of codes that are bytes, no elements are left by the loop.
template <int Binades, int Bits>
[[gnu::noinline]] void pack_elements(const float* in, std::uint8_t* out, std::size_t n, const rank_sum& sum,
                                     const rank_rounding& by) noexcept {
  const sum_encoding<Binades> encoding = {load_constants<Binades>(sum, by)};
  [[maybe_unused]] const std::size_t left = encode_groups<Bits, false>(in, out, n, nullptr, encoding);
  if (Bits != 8 && left != 0) {
    const std::size_t done = n - left;
    encode_last<Bits>(in + done, out + done * Bits / 8, left,
                      [&](const float* elements, std::uint8_t* codes) {
                        pack_elements<Binades, Bits>(elements, codes, code_group, sum, by);
                      });
  }
}

/// Encodes n elements as codes of Bits bits each; false if this is no work for these kernels. Few elements
/// are not: broadcasting the constants, and of a dense stream copying the last ones, would take longer than
/// the scalar path does.
template <scalar_format F, int Bits, class S>
bool encode(const S* in, std::uint8_t* out, std::size_t n, const encode_job& job) noexcept {
  if constexpr (std::same_as<S, float> && (Bits == 8 || Bits == 4) && is_vector_source<F, Bits, S>) {
    constexpr std::size_t least = Bits == 8 ? code_group : 2 * code_group;
    if (n >= least && is_one(job.scale)) {
      return with_constants(job, [&](auto mode, auto policy) {
        if constexpr (mode != rounding::stochastic) {
          constexpr auto& sum = rank_sum_of<F, side_of(mode), policy>;
          if constexpr (sum.exists) {
            pack_elements<sum.binades, Bits>(in, out, n, sum.data, rank_rounding_of(mode));
            return true;
          }
        }
        return false;
      });
    }
  }
  return false;
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET

#include "close.hpp"
