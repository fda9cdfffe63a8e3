// Layer: kernels/facts. The facts of formats whose binades differ in fraction bits, such as HiF8, for kernels
// that work on the leading 16 bits of floats: binade by binade, the code of its power of two and the number
// of codes.
#pragma once

#include <cstddef>
#include <cstdint>

#include "../../core/codec.hpp"
#include "../../core/real.hpp"
#include "magic_rows.hpp"
#include "ranks.hpp"
#include "word_rows.hpp"

namespace narrowfp::inline v0::kernels {
namespace {

/// word_rows with other contents of `factor`, the codes of a row, and `offset`, the first of them. A
/// fraction times their number, rounded, is to be added to the first code; where that comes to their number,
/// the next row's first code is meant. Toward zero `factor` is doubled, because products lose one bit more.
template <scalar_format F, rounding Mode, overflow Policy>
struct tapered_encoder {
  using result = typename word_encoder<F, Mode, Policy>::result;
  static constexpr auto& from = magic_rows_of<F, Mode, Policy>;
  static constexpr auto& words = word_rows_of<F, Mode, Policy>;

  static constexpr result build() noexcept {
    result r{};
    if constexpr (words.exists &&
                  Mode != rounding::nearest_even) {  // which would have to look at whole codes
      fill(r);
    }
    return r;
  }

 private:
  static constexpr bool to_nearest = Mode == rounding::nearest_away;
  static constexpr int max_binade = core::binade_of(F::max_finite);

  struct rows {
    int codes[49];  ///< in the row; 0 where all of it becomes the next row's first code
    int first[49];
  };

  static constexpr int row_of(std::uint32_t magnitude) noexcept {
    return core::larger(static_cast<int>(magnitude >> 23) - words.data.base, 0);
  }

  /// What the kernel makes of a value of the format, or of what stands for one beyond.
  static constexpr int code_of(const rows& table, std::uint32_t magnitude) noexcept {
    const int row = row_of(magnitude);
    const int count = static_cast<int>(magnitude >> 16 & 0x7F) * table.codes[row] / 128;
    return to_nearest && count == table.codes[row] ? table.first[row + 1] : table.first[row] + count;
  }

  static constexpr rows find_rows(int nan_code) noexcept {
    const auto& codes = codes_of_ranks<F, side_of(Mode), Policy>[0];
    rows table{};
    for (int row = 0; row < 48; ++row) {
      const int binade = row + words.data.base - 127;
      if (row < 2) {  // below the smallest value; what lies half a spacing or less below it is in row 1
        table.codes[row] = to_nearest ? 0 : 1;
        table.first[row] = codes[0];
      } else if (binade <= max_binade) {
        table.codes[row] = 1 << (binade - F::ulp_exponent(binade));
        table.first[row] = F::to_code(core::finite(1, binade));
      } else {
        table.codes[row] = 1;
        table.first[row] = binade == from.nan_binade ? nan_code : codes[overflow_rank<F>];
      }
    }
    return table;
  }

  static constexpr void fill(result& r) noexcept {
    const auto& codes = codes_of_ranks<F, side_of(Mode), Policy>[0];
    const int nan_code = codes[nan_rank<F>];
    const rows table = find_rows(nan_code);
    r = words;
    r.data.factor = {};
    r.data.offset = {};
    for (int row = 0; row < 48; ++row) {
      r.data.factor.set(row, static_cast<std::uint8_t>(table.codes[row] << (to_nearest ? 0 : 1)));
      r.data.offset.set(row, static_cast<std::uint8_t>(table.first[row]));
    }
    r.data.factor.chain();
    r.data.offset.chain();
    constexpr unsigned nan_apart = (words.flags & flag_nan_last) != 0 ? flag_nan_apart : 0U;
    r.flags = (words.flags & ~static_cast<unsigned>(flag_mapped | flag_nan_last)) | nan_apart | flag_tapered;

    r.exists = code_of(table, from.data.high) == codes[overflow_rank<F>];
    for (int rank = 0; rank < ranks<F>.count; ++rank) {
      const auto code = codes[static_cast<std::size_t>(rank)];
      r.exists = r.exists && code_of(table, float_bits_of(F::from_code(code))) == code;
    }
    const bool inf_apart = (r.flags & flag_inf_apart) != 0;
    r.exists = r.exists &&
               code_of(table, inf_apart ? from.data.inf_bits : from.data.high) == codes[infinity_rank<F>];
    const bool nan_by_row = (r.flags & flag_nan_apart) != 0;
    r.exists = r.exists && code_of(table, nan_by_row ? from.data.nan_bits : from.data.high) == nan_code;
  }
};

template <scalar_format F, rounding Mode, overflow Policy>
inline constexpr auto tapered_of = tapered_encoder<F, Mode, Policy>::build();

/// The facts for words that AVX2's kernels use in each mode.
template <scalar_format F, rounding Mode, overflow Policy>
inline constexpr auto& word_facts = *[] {
  if constexpr (Mode == rounding::nearest_even) {
    return &word_rows_of<F, Mode, Policy>;
  } else {
    return &tapered_of<F, Mode, Policy>;
  }
}();

}  // namespace
}  // namespace narrowfp::inline v0::kernels
