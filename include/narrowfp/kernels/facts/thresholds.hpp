// Layer: kernels/facts. Thresholds of elements that have few values, as float patterns: a code's rank is the
// number of thresholds that a magnitude reaches.
//
// The smallest float that rounds to rank k or higher is a property of the scale; between scales that differ
// by a power of two it differs by an exponent. So a table holds the thresholds of each significand that a
// scale can have, and a block adds its exponent.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "../../block/block_format.hpp"
#include "../../block/float_bits.hpp"
#include "../../core/arithmetic.hpp"
#include "../../core/codec.hpp"
#include "../../core/real.hpp"
#include "ranks.hpp"

namespace narrowfp::inline v0::kernels {
namespace {

/// Scale significands are told apart by this many bits below the leading one.
template <block_type B>
inline constexpr int scale_class_bits = core::fraction_bits_at_top<typename B::scale_format>;

/// Whether the way fits B: few ranks, which are the magnitude codes, and few scale significands.
template <block_type B>
inline constexpr bool has_thresholds = [] {
  using F = typename B::element_format;
  if constexpr (F::width > 5 || !F::has_negative_zero || !has_float_rows<F> || scale_class_bits < B >> 3) {
    return false;
  } else {
    for (int rank = 0; rank < ranks<F>.count; ++rank) {
      if (ranks<F>.codes[static_cast<std::size_t>(rank)] != rank) {
        return false;
      }
    }
    return B::elements <= 256;
  }
}();

/// What a scale in [1, 2) asks of magnitudes.
template <block_type B>
struct class_thresholds {
  static constexpr std::size_t count = static_cast<std::size_t>(ranks<typename B::element_format>.count) - 1;
  std::array<std::int32_t, count> below_rank;  ///< the largest pattern below rank i + 1
  std::array<std::int32_t, B::levels> bit;     ///< pattern from which a group of that level sets its bit
};

/// The smallest float pattern that is >= x, or > x; x is positive and normal.
constexpr std::int32_t pattern_from(const core::real& x, bool inclusive) noexcept {
  const std::uint32_t below = core::encode<formats::binary32>(x, rounding::toward_zero, overflow::saturate);
  const bool exact = core::compare_magnitudes(blocks::real_of(below), x) == 0;
  return static_cast<std::int32_t>(exact && inclusive ? below : below + 1);
}

/// The boundary in units of x of what is `scaled` in the element's range.
constexpr core::real unscaled(const core::real& scaled, const scale_ratio& ratio) noexcept {
  return ratio.divides ? core::multiply(scaled, ratio.value) : core::divide_fully(scaled, ratio.value);
}

template <block_type B, rounding Mode>
constexpr class_thresholds<B> thresholds_of(const scale_ratio& ratio) noexcept {
  using F = typename B::element_format;
  class_thresholds<B> t{};
  for (std::size_t i = 0; i < t.count; ++i) {
    const core::real lower = F::from_code(ranks<F>.codes[i]);
    const core::real upper = F::from_code(ranks<F>.codes[i + 1]);
    core::real boundary = upper;
    bool inclusive = true;
    if constexpr (Mode != rounding::toward_zero) {
      boundary = core::add(lower, upper);
      boundary.exponent -= 1;
      inclusive = Mode == rounding::nearest_away || (i + 1) % 2 == 0;
    }
    t.below_rank[i] = pattern_from(unscaled(boundary, ratio), inclusive) - 1;
  }
  for (std::size_t level = 1; level < B::levels; ++level) {
    t.bit[level] = pattern_from(unscaled(core::finite(1, B::threshold[level]), ratio), true);
  }
  return t;
}

/// By the bits of the scale's significand below the leading one.
template <block_type B, rounding Mode>
inline constexpr auto threshold_table = [] {
  constexpr int bits = scale_class_bits<B>;
  std::array<class_thresholds<B>, std::size_t{1} << bits> table{};
  for (std::size_t i = 0; i < table.size(); ++i) {
    const core::real scale = core::finite((std::uint64_t{1} << bits) + i, -bits);
    table[i] = thresholds_of<B, Mode>(B::rule::template ratio<typename B::facts>(scale));
  }
  return table;
}();

}  // namespace
}  // namespace narrowfp::inline v0::kernels
