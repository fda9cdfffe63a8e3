// Layer: kernels/facts. The facts of magic_rows for kernels that read 16-bit numbers: bfloat16, float16, and
// the leading halves of floats where the rest of them cannot matter.
#pragma once

#include <cstddef>
#include <cstdint>

#include "../../core/bits.hpp"
#include "../../core/real.hpp"
#include "../../core/rounding.hpp"
#include "../../formats/fp16.hpp"
#include "magic_rows.hpp"

namespace narrowfp::inline v0::kernels {

/// What 64 codes are made from. A significand, its leading bit brought to bit 14, times the row's factor is
/// the count of spacings with 15 fraction bits; the offset makes it the rank.
struct half_rows {
  std::uint8_t factor[64];  ///< by exponent field mod 64
  std::uint8_t offset[64];
  std::uint8_t codes[128];  ///< rank -> code
  std::uint8_t low, high;   ///< exponent fields are clamped to these
  std::uint8_t last;        ///< greater ranks are read as this
  std::uint8_t inf_code, nan_code;
  int width;
};

enum word_flag : unsigned {
  word_mapped = 1,         ///< `codes` is needed
  word_unsigned_zero = 2,  ///< code 0 takes no sign
  word_nan = 4,            ///< NaN has a code of its own
  word_nan_signed = 8,     ///< and takes its sign
  word_inf = 16,           ///< infinity has a code of its own, and takes its sign
  word_inf_is_nan = 32,    ///< what NaN has, infinity has as well
  word_narrow = 256,       ///< fewer than 8 bits
  word_nearest = 64,       ///< ties to even; else see word_away
  word_away = 128,         ///< ties away from zero; else toward zero
};

/// How a 16-bit number is laid out.
template <scalar_format F>
struct half_layout {
  static constexpr int fraction_bits = F::fraction_bits;
  static constexpr int bias = F::min_normal_binade == -14 ? 15 : 127;
  static constexpr int fields = 2 * (bias + 1);
};

namespace {

template <scalar_format F, rounding Mode, overflow Policy, scalar_format Source>
struct half_encoder {
  struct result {
    half_rows data;
    unsigned flags;
    bool exists;
  };

  static constexpr auto& from = magic_rows_of<F, Mode, Policy>;
  using layout = half_layout<Source>;

  static constexpr result build() noexcept {
    result r{};
    if constexpr (from.exists && F::has_zero && F::is_signed && Mode != rounding::stochastic) {
      fill(r);
    }
    return r;
  }

 private:
  static constexpr int factor_shift =
      Mode == rounding::toward_zero ? 2 : 1;  // a truncating product drops 16 bits
  static constexpr int max_binade = core::binade_of(F::max_finite);

  static constexpr int spacing_of(int binade) noexcept {
    return from.row_spacing[core::larger(binade, from.low_binade) + 127];
  }

  static constexpr void fill(result& r) noexcept {
    constexpr rounding side = Mode == rounding::toward_zero ? Mode : rounding::nearest_even;
    const auto& codes = codes_of_ranks<F, side, Policy>;
    const int count = ranks<F>.count;
    const std::uint32_t largest_code = codes[0][static_cast<std::size_t>(count - 1)];
    const std::uint32_t overflow_code = codes[0][overflow_rank<F>];
    const std::uint32_t infinity_code = codes[0][infinity_rank<F>];
    const std::uint32_t nan_code = codes[0][nan_rank<F>];
    const bool keeps_finite = overflow_code == largest_code;
    const int last = keeps_finite ? count - 1 : count;
    const bool mapped = (from.flags & flag_mapped) != 0;

    // Rows, from the binade just below half the least spacing on, to the first beyond the largest value.
    const int first = spacing_of(from.low_binade) - 2;
    const int beyond = max_binade + 1;
    if (beyond - first >= 64 || count > 128 || (mapped && last > 127)) {
      return;
    }
    const bool all_fields = layout::fields <= 64;  // the clamp would change nothing
    const int low_field = all_fields ? 0 : core::larger(first + layout::bias, 0);
    const int high_field = all_fields ? layout::fields - 1 : beyond + layout::bias;
    if (high_field >= layout::fields) {
      return;
    }
    for (int field = low_field; field <= high_field; ++field) {
      const int binade = core::larger(field, 1) - layout::bias;
      int factor = 0;
      int offset = 0;
      if (binade > max_binade || field == layout::fields - 1) {
        offset = last;
      } else if (const int fraction_bits = binade - spacing_of(binade); fraction_bits >= -1) {
        offset = from.row_offset[core::larger(binade, from.low_binade) + 127];
        if (field == 0 && layout::fields <= 64) {
          // Subnormal numbers, read with a leading bit that they do not have.
          if (binade > from.low_binade || (fraction_bits == 0 && Mode == rounding::nearest_even)) {
            return;
          }
          offset -= fraction_bits >= 0 ? 1 << fraction_bits : 0;
          factor = fraction_bits >= 0 ? 1 << (fraction_bits + factor_shift) : 0;
        } else {
          factor = 1 << (fraction_bits + factor_shift);
        }
        const bool has_ties = fraction_bits >= 0;
        if (factor > 255 || (Mode == rounding::nearest_even && offset % 2 != 0 && has_ties)) {
          return;
        }
      }
      // Every field that is the same mod 64 and not clamped away is this one.
      for (int i = field % 64; i < 64; i += all_fields ? layout::fields : 64) {
        r.data.factor[i] = static_cast<std::uint8_t>(factor);
        r.data.offset[i] = static_cast<std::uint8_t>(offset & 0xFF);
      }
    }
    const auto with_sign = [&](std::uint32_t code) {
      return F::has_negative_zero || code != 0 ? code | 1U << (F::width - 1) : code;
    };
    const std::uint32_t negative_nan = codes[1][nan_rank<F>];
    const bool nan_apart = nan_code != infinity_code || negative_nan != with_sign(nan_code);
    const bool nan_signed = negative_nan == with_sign(nan_code) && negative_nan != nan_code;
    const bool inf_apart = infinity_code != overflow_code;
    const bool inf_is_nan = inf_apart && nan_signed && infinity_code == nan_code;
    if ((!nan_signed && negative_nan != nan_code) || codes[1][infinity_rank<F>] != with_sign(infinity_code) ||
        codes[1][overflow_rank<F>] != with_sign(overflow_code)) {
      return;
    }
    r.data.low = static_cast<std::uint8_t>(low_field);
    r.data.high = static_cast<std::uint8_t>(high_field);
    r.data.last = static_cast<std::uint8_t>(last);
    r.data.nan_code = static_cast<std::uint8_t>(nan_code);
    r.data.inf_code = static_cast<std::uint8_t>(infinity_code);
    r.data.width = F::width;
    for (int rank = 0; rank < 128; ++rank) {
      r.data.codes[rank] = from.data.codes[rank];
    }
    r.flags = (mapped ? word_mapped : 0U) | (F::has_negative_zero ? 0U : word_unsigned_zero) |
              (nan_apart || inf_apart ? word_nan : 0U) | (nan_signed ? word_nan_signed : 0U) |
              (inf_apart && !inf_is_nan ? word_inf : 0U) | (inf_is_nan ? word_inf_is_nan : 0U) |
              (F::width < 8 ? word_narrow : 0U) | (Mode == rounding::nearest_even ? word_nearest : 0U) |
              (Mode == rounding::nearest_away ? word_away : 0U);
    r.exists = true;
  }
};

/// Where 64 codes lie once those of two vectors of 32 words alternate, and in what order they are wanted: one
/// after the other, or in packed places. The words are 64 elements in a row, or the leading halves of four
/// vectors of floats, the first two of which alternate, and the other two.
template <bool FromFloats, bool InOrder>
inline constexpr byte_indices alternating_places = [] {
  byte_indices table{};
  for (std::size_t element = 0; element < 64; ++element) {
    const std::size_t lane = element % 16;
    const std::size_t vector = element / 16;
    const std::size_t of_floats = 4 * lane + 2 * (vector % 2) + vector / 2;
    const std::size_t of_halves = 2 * (element % 32) + element / 32;
    table.at[InOrder ? element : packed_place(element)] =
        static_cast<std::uint8_t>(FromFloats ? of_floats : of_halves);
  }
  return table;
}();

template <scalar_format F, rounding Mode, overflow Policy, scalar_format Source>
inline constexpr auto half_rows_of = half_encoder<F, Mode, Policy, Source>::build();

}  // namespace

}  // namespace narrowfp::inline v0::kernels
