// Layer: kernels/facts. The facts of linear_grid for kernels that have neither variable shifts nor table
// lookups nor float arithmetic: a rank as a sum of maxima of the word and constants.
// docs/kernels/rank_sums.md explains it.
#pragma once

#include <cstdint>

#include "../../core/codec.hpp"
#include "../../core/real.hpp"
#include "linear_grid.hpp"

namespace narrowfp::inline v0::kernels {

/// The most binades that have a slope of their own: those of 5 fraction bits.
inline constexpr int rank_sum_binades = 7;

/// What a magnitude's word (the leading 16 bits of its float, the last one set if any bit below is) becomes:
/// 256 times its rank.
///
/// From binade to binade the rank rises twice as fast, up to the first one with all fraction bits, and beyond
/// it as fast as there. So it is a sum of terms that begin to rise where a binade begins:
///
///   2^f max(w, start[0]) + ... + 2 max(w, start[f - 1]) + max(w, start[f]) + max(w, start[f + 1]) - origin
struct rank_sum {
  std::uint16_t start[rank_sum_binades];  ///< from the highest binade down; as many as fraction bits, and two
  std::uint16_t origin;
  std::uint16_t high;       ///< greater words are read as this
  std::uint16_t inf_more;   ///< what infinity's word is more than `high`
  std::uint16_t nan_more;   ///< what NaN's is more than infinity's
  std::uint16_t nan_sign;   ///< all ones if NaN has a sign, else 0
  std::uint16_t zero_sign;  ///< likewise code 0
  std::uint16_t sign_bit;   ///< of a code
  std::uint16_t sign_down;  ///< how far it is below a word's
  bool has_specials;        ///< any of inf_more to zero_sign counts
};

/// How 256 times a rank is rounded: `plus` is added, and one more with `to_even` if the rank is odd.
struct rank_rounding {
  std::uint16_t plus;
  std::uint16_t to_even;
};

namespace {

constexpr rank_rounding rank_rounding_of(rounding mode) noexcept {
  return mode == rounding::nearest_even   ? rank_rounding{127, 1}
         : mode == rounding::nearest_away ? rank_rounding{128, 0}
                                          : rank_rounding{0, 0};
}

/// `Side` is a result of side_of: modes differ in nothing else but how sums are rounded.
template <scalar_format F, rounding Side, overflow Policy>
struct rank_sum_builder {
  struct result {
    rank_sum data;
    int binades;  ///< terms of the sum
    bool exists;
  };

  static constexpr auto& from = linear_of<F, Side, Policy>;

  static constexpr result build() noexcept {
    result r{};
    constexpr unsigned unlike = flag_unsigned | flag_low_value | flag_nan_last;
    if constexpr (from.exists && (from.flags & unlike) == 0) {
      // A word has 7 fraction bits, of which the last two tell a tie from what is above.
      r.exists = from.data.fraction_bits <= 5 &&
                 (from.data.low >> 23) > static_cast<unsigned>(from.data.fraction_bits) + 1;
      if (r.exists) {
        fill(r);
      }
    }
    return r;
  }

 private:
  static constexpr void fill(result& r) noexcept {
    constexpr linear_grid grid = from.data;
    constexpr bool nan_apart = (from.flags & flag_nan_apart) != 0;
    constexpr bool inf_apart = (from.flags & flag_inf_apart) != 0;
    constexpr bool nan_positive = (from.flags & flag_nan_positive) != 0;
    constexpr bool zero_positive = (from.flags & flag_unsigned_zero) != 0;
    r.binades = grid.fraction_bits + 2;
    std::uint32_t sum = 0;
    for (int i = 0; i < r.binades; ++i) {
      // The last term begins below half the smallest value, so that less than half is no tie.
      const bool is_last = i == r.binades - 1;
      const std::uint32_t start =
          (((grid.low >> 23) - static_cast<std::uint32_t>(i)) << 7) - (is_last ? 1U : 0U);
      r.data.start[i] = static_cast<std::uint16_t>(start);
      sum += start << (is_last ? 0 : grid.fraction_bits - i);
    }
    r.data.origin = static_cast<std::uint16_t>(sum - 127);
    const std::uint32_t inf = inf_apart ? grid.inf_bits : grid.high;
    const std::uint32_t nan = nan_apart ? grid.nan_bits : inf;
    r.exists = ((grid.high | inf | nan) & 0xFFFF) == 0;
    r.data.high = static_cast<std::uint16_t>(grid.high >> 16);
    r.data.inf_more = static_cast<std::uint16_t>((inf - grid.high) >> 16);
    r.data.nan_more = static_cast<std::uint16_t>((nan - inf) >> 16);
    r.data.nan_sign = nan_positive ? 0 : 0xFFFF;
    r.data.zero_sign = zero_positive ? 0 : 0xFFFF;
    r.data.sign_bit = static_cast<std::uint16_t>(1 << (F::width - 1));
    r.data.sign_down = static_cast<std::uint16_t>(16 - F::width);
    r.data.has_specials = inf_apart || nan_apart || nan_positive || zero_positive;
  }
};

template <scalar_format F, rounding Side, overflow Policy>
inline constexpr auto rank_sum_of = rank_sum_builder<F, Side, Policy>::build();

}  // namespace
}  // namespace narrowfp::inline v0::kernels
