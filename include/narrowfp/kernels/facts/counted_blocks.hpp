// Layer: kernels/facts. The facts of block formats for kernels that work on the leading 16 bits of floats,
// the last bit set if any bit below is. Such a word decides every comparison with a number of few bits
// exactly: see word_rows.
#pragma once

#include <cstddef>
#include <cstdint>

#include "../../block/block_format.hpp"
#include "../../core/arithmetic.hpp"
#include "../../core/codec.hpp"
#include "../../core/real.hpp"
#include "linear_grid.hpp"
#include "scale_choice.hpp"
#include "thresholds.hpp"
#include "vector_blocks.hpp"
#include "word_rows.hpp"

#include "../target.hpp"

namespace narrowfp::inline v0::kernels {
namespace {

/// A comparison "pattern > below" as one of words, where such a comparison can tell.
struct word_threshold {
  std::int16_t below;
  bool exact;
};
constexpr word_threshold word_of(std::int32_t below) noexcept {
  // The boundary is `below` itself, not reached, or the pattern after it, reached.
  const std::int32_t boundary = (below & 1) != 0 ? below + 1 : below;
  return {static_cast<std::int16_t>(below >> 16), (boundary & 0x1FFFF) == 0};
}

/// Elements of few values: the rank of a magnitude is the number of thresholds that it passes. By the
/// significand of the scale, for scales in [1, 2); each threshold 16 times, as an operand of vectors.
template <block_type B, rounding Mode>
struct word_thresholds {
  static constexpr std::size_t classes = std::size_t{1} << scale_class_bits<B>;
  static constexpr std::size_t count = class_thresholds<B>::count;
  struct row {
    alignas(32) std::int16_t below[count][16];
  };
  row of_class[classes];
  bool exact;

  static constexpr word_thresholds find() noexcept {
    word_thresholds result{};
    result.exact = true;
    for (std::size_t c = 0; c < classes; ++c) {
      for (std::size_t rank = 0; rank < count; ++rank) {
        const word_threshold t = word_of(threshold_table<B, Mode>[c].below_rank[rank]);
        result.exact = result.exact && t.exact;
        for (std::int16_t& word : result.of_class[c].below[rank]) {
          word = t.below;
        }
      }
    }
    return result;
  }
};
template <block_type B, rounding Mode>
inline constexpr auto word_thresholds_of = word_thresholds<B, Mode>::find();

/// Whether words decide about elements of B, under any scale of a magnitude that does not matter.
template <block_type B, rounding Mode>
inline constexpr bool has_word_thresholds = [] {
  if constexpr (has_thresholds<B> && B::element_format::width == 4) {
    return word_thresholds_of<B, Mode>.exact;
  } else {
    return false;
  }
}();

/// A scale as its class and what dividing by its power of two subtracts from words.
struct word_scale {
  std::int16_t offset;
  std::uint8_t scale_class;
};

/// The scale of nearest_ratio as a function of the largest magnitude's word: by its native rule, or by rceil,
/// where that of 0 is left out.
template <block_type B, bool Up = false>
struct word_ratios {
  using F = typename B::scale_format;
  static constexpr int last = static_cast<int>(core::last_scale_code<F>);

  static constexpr core::real value(int code) noexcept {
    return core::decode<F>(static_cast<typename F::code_type>(code));
  }
  /// Up to it the code is at most `code`.
  static constexpr word_threshold last_below(int code) noexcept {
    if constexpr (Up) {
      return word_of(pattern_from(core::multiply(value(code), B::facts::largest), false) - 1);
    }
    core::real boundary = core::multiply(core::add(value(code), value(code + 1)), B::facts::largest);
    boundary.exponent -= 1;
    return word_of(pattern_from(boundary, (code + 1) % 2 == 0) - 1);
  }

  static constexpr int first = Up ? 1 : 0;
  static constexpr int base = last_below(first).below;
  static constexpr int size = last_below(last - 1).below - base + 2;
  static_assert(size > 0);

  /// The code for the word of the largest magnitude.
  NARROWFP_INLINE constexpr std::uint8_t code_of(int word) const noexcept {
    if constexpr (Up) {
      if (word == 0) {
        return 0;
      }
    }
    return code[core::smaller(core::larger(word - base, 0), size - 1)];
  }

  std::uint8_t code[std::size_t{size}];     ///< by word - base
  word_scale scale[std::size_t{last} + 1];  ///< by code; that of 0 is not used
  bool exact;

  static constexpr word_ratios find() noexcept {
    word_ratios result{};
    result.exact = true;
    int next = first;  // code of the word
    word_threshold threshold = last_below(first);
    for (int i = 0; i < size; ++i) {
      while (next < last && base + i > threshold.below) {
        ++next;
        result.exact = result.exact && threshold.exact;
        if (next < last) {
          threshold = last_below(next);
        }
      }
      result.code[i] = static_cast<std::uint8_t>(next);
    }
    for (int i = 1; i <= last; ++i) {
      const core::real v = value(i);
      const int width = core::bit_width(v.significand);
      constexpr int bits = scale_class_bits<B>;
      result.scale[i] = {static_cast<std::int16_t>(core::binade_of(v) * 128),
                         static_cast<std::uint8_t>(v.significand << (64 - width) << 1 >> 1 >> (63 - bits))};
    }
    return result;
  }
};
template <block_type B, bool Up = false>
inline constexpr word_ratios<B, Up> word_ratios_of = word_ratios<B, Up>::find();

/// Whether counts of half units, as words, decide about the bits below the scale: their thresholds are
/// counts, and smaller than a count of 2^15 - 1, which stands for all that are larger.
template <block_type B>
inline constexpr bool half_units_decide_bits = [] {
  bool decide = counts_units<typename B::element_format>;
  for (std::size_t level = 1; level < B::levels; ++level) {
    const int exponent =
        B::threshold[level] + 1 - core::binade_of(core::min_positive<typename B::element_format>);
    decide = decide && exponent >= 0 && exponent < 14;
  }
  return decide;
}();

/// Whether AVX2's kernels quantize to B, and how.
template <block_type B>
inline constexpr scale_choice counted_scale_choice = [] {
  constexpr scale_choice way = scale_choice_of<B>;
  constexpr rounding mode = vector_mode<B>;
  if constexpr (B::levels > 1) {
    return half_units_decide_bits<B> ? way : scale_choice::none;
  } else if constexpr (way == scale_choice::power_of_two) {
    using F = typename B::element_format;
    return counts_units<F> || linear_of<F, mode, overflow::saturate>.exists ? way : scale_choice::none;
  } else if constexpr (way == scale_choice::ratio) {
    if constexpr (B::elements == 16 && has_word_thresholds<B, mode>) {
      return word_ratios_of<B>.exact && word_ratios_of<B, true>.exact ? way : scale_choice::none;
    }
    return scale_choice::none;
  } else {
    return way;
  }
}();

/// Whether AVX2's kernels quantize elements by the mode: the one that all have, and under powers of two two
/// others, where elements are not counted.
template <block_type B, rounding Mode>
inline constexpr bool has_counted_mode = [] {
  using F = typename B::element_format;
  if constexpr (is_integer_block<B> || Mode == vector_mode<B>) {
    return Mode == vector_mode<B> && (is_integer_block<B> || counted_scale_choice<B> != scale_choice::none);
  } else if constexpr (counted_scale_choice<B> == scale_choice::power_of_two && B::levels == 1 &&
                       !counts_units<F>) {
    return (Mode == rounding::nearest_away || Mode == rounding::toward_zero) &&
           linear_of<F, Mode, overflow::saturate>.exists;
  } else {
    return false;
  }
}();

}  // namespace
}  // namespace narrowfp::inline v0::kernels

#include "../target_end.hpp"
