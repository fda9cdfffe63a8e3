// Layer: kernels/facts. How vector kernels compute the exact sum of products of two rows: chosen from the
// facts of both, so that users' own formats get what built-in ones have.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>

#include "../../formats/fp16.hpp"
#include "product_span.hpp"
#include "product_tables.hpp"
#include "value_tables.hpp"

namespace narrowfp::inline v0::kernels {
namespace {

/// A row's elements and scales, as far as a plan asks.
template <class Row>
struct row_traits {
  using F = typename Row::element_format;
  static constexpr std::size_t group = 0;  ///< elements under one scale; 0: there is none
  static constexpr int bits = 8 * sizeof(typename F::code_type);  ///< in which a code lies
  static constexpr int bit_levels = 0;                            ///< below the scale
  static constexpr std::size_t bit_group = 0;      ///< elements under one bit of the last level
  static constexpr bool scales_are_powers = true;  ///< of two
};
template <scalar_format F>
struct row_traits<dense_row<F>> : row_traits<code_row<F>> {
  static constexpr int bits = F::width;
};
template <row_of_blocks Row>
struct row_traits<Row> {
  using Block = typename Row::block;
  using F = typename Block::element_format;
  static constexpr std::size_t group = Block::elements;
  static constexpr int bits = F::width;
  static constexpr int bit_levels = Block::bit_levels;
  static constexpr std::size_t bit_group =
      bit_levels == 0 ? 0 : Block::layout::group_elements[std::size_t{Block::levels} - 1];
  static constexpr bool scales_are_powers = kernels::scales_are_powers<typename Block::scale_format>;
};

constexpr std::size_t larger_size(std::size_t a, std::size_t b) noexcept { return a > b ? a : b; }
/// Bits that a sum of so many terms has more than one of them.
constexpr int bits_of_count(std::size_t terms) noexcept { return core::bit_width(terms - 1); }
constexpr bool is_power_of_two(std::size_t n) noexcept { return n != 0 && (n & (n - 1)) == 0; }

/// Elements of which the scales are prepared at a time.
inline constexpr std::size_t product_chunk = 2048;

/// How two rows are taken in rounds of `Step` elements.
template <class A, class B, std::size_t Step>
struct round_plan {
  using row_a = row_traits<A>;
  using row_b = row_traits<B>;

  static constexpr std::size_t step = Step;
  /// Elements that share all scales: groups are powers of two, the smaller one divides the larger.
  static constexpr std::size_t group =
      row_a::group == 0 || row_b::group == 0
          ? (row_a::group + row_b::group == 0 ? product_chunk : row_a::group + row_b::group)
          : (row_a::group < row_b::group ? row_a::group : row_b::group);
  static constexpr bool has_scales = row_a::group + row_b::group != 0;
  static constexpr std::size_t groups_of_step = group >= step ? 1 : step / group;
  static constexpr std::size_t groups_of_chunk = product_chunk / group;
  /// What scales are read for: a group, or rounds of a larger one.
  static constexpr std::size_t group_or_step = group < step ? group : step;
  /// Whole groups and rounds.
  static constexpr std::size_t whole = larger_size(step, larger_size(row_a::group, row_b::group));

  template <class Row>
  static constexpr bool has_pieces = [] {
    using row = row_traits<Row>;
    constexpr std::size_t piece = row::group * std::size_t{row::bits} / 8;
    return row::group == 0 || (is_power_of_two(row::group) && row::group <= 1024 &&
                               (row::group >= step || piece >= 8 || (row::bits < 8 && row::group >= 16)));
  }();
};

/// Nibbles on both sides are multiplied as two planes, the even ones and the odd ones.
template <class A, class B>
inline constexpr std::size_t planes_of = row_traits<A>::bits == 4 && row_traits<B>::bits == 4 ? 2 : 1;

/// Products of elements that are bytes, for vectors of `Vector` bytes: sums of a few products are words, and
/// those of twice as many are the 32-bit lanes of a vector, to which scales are applied.
template <class A, class B, std::size_t Vector>
struct byte_plan : round_plan<A, B, Vector * planes_of<A, B>> {
  using shape = round_plan<A, B, Vector * planes_of<A, B>>;
  using typename shape::row_a;
  using typename shape::row_b;

  static constexpr bool surveys = false;
  static constexpr std::size_t planes = planes_of<A, B>;
  static constexpr std::size_t lanes = Vector / 4;

  static constexpr int bit_levels = row_a::bit_levels + row_b::bit_levels;
  static constexpr std::int64_t most_of_product =
      std::int64_t{integers_of<typename row_a::F>.magnitude()} * integers_of<typename row_b::F>.magnitude();
  static constexpr std::int64_t most_of_word = 2 * static_cast<std::int64_t>(planes) * most_of_product;
  /// -128 times itself, twice, would be a word too large: kernels look for that.
  static constexpr bool meets_128 = most_of_product == 128 * 128;
  static constexpr std::int64_t most_of_lane = 2 * most_of_word << bit_levels;
  static constexpr int sum_bits =
      core::bit_width(static_cast<std::uint64_t>(most_of_lane * std::int64_t{product_chunk / shape::step}));

  /// Scales that are powers of two are weights of words, 1 to 2^most_weight: sums of a chunk stay in 31 bits.
  static constexpr int unknown_exponent = 1 << 20;
  static constexpr int most_weight = core::smaller(14, 31 - sum_bits);
  static constexpr bool weighs =
      row_a::scales_are_powers && row_b::scales_are_powers && bit_levels == 0 && most_weight >= 3;

  template <class Row>
  static constexpr bool has_bits_of_words = [] {
    using row = row_traits<Row>;
    if constexpr (row::bit_levels != 0) {
      return row::bit_levels <= 2 && row::bit_group % (2 * planes) == 0 && Row::block::metadata_bytes <= 4;
    } else {
      return true;
    }
  }();
  static constexpr bool exists = shape::template has_pieces<A> && has_bits_of_words<A> &&
                                 shape::template has_pieces<B> && has_bits_of_words<B> &&
                                 (most_of_word <= 32767 || meets_128) && sum_bits < 32;
};

/// Whether elements of both rows are bytes, and lie where kernels for such vectors find them.
template <class A, class B, std::size_t Vector>
inline constexpr bool multiplies_bytes = [] {
  using F = typename A::element_format;
  using G = typename B::element_format;
  if constexpr (counts_in_bytes<F> && counts_in_bytes<G>) {
    return byte_plan<A, B, Vector>::exists;
  } else {
    return false;
  }
}();

/// The elements of a row, doubled by the bits below their scale, but not scaled.
template <class Row>
inline constexpr value_span element_span = [] {
  value_span span = span_of<typename Row::element_format>;
  span.top += row_traits<Row>::bit_levels;
  return span;
}();

/// Whether elements with bits below their scale are bytes when they are doubled, and the bits of a block are
/// found in 32 bits.
template <class Row>
inline constexpr bool doubles_bytes = [] {
  using F = typename Row::element_format;
  if constexpr (row_traits<Row>::bit_levels != 0 && counts_in_bytes<F>) {
    return Row::block::metadata_bytes <= 4 &&
           integers_of<F>.magnitude() << row_traits<Row>::bit_levels <= 127;
  } else {
    return false;
  }
}();

/// Whether vector kernels have the elements of a row as floats.
template <class Row>
inline constexpr bool has_float_elements = [] {
  using F = typename Row::element_format;
  if constexpr (row_traits<Row>::bit_levels != 0) {
    return doubles_bytes<Row>;
  } else if constexpr (F::width <= 8) {
    return is_vector_target<F, F::width, float> && exact_in_float<F> && span_of<F>.zero_is_code_0;
  } else {
    return std::same_as<Row, code_row<F>> &&
           (std::same_as<F, formats::binary32> || std::same_as<F, formats::bfloat16> ||
            std::same_as<F, formats::float16>);
  }
}();

/// Products of elements that are floats, for vectors of `Vector` bytes of codes: sums are doubles.
template <class A, class B, std::size_t Vector>
struct float_plan : round_plan<A, B, Vector> {
  using shape = round_plan<A, B, Vector>;
  using F = typename A::element_format;
  using G = typename B::element_format;
  static constexpr value_span a = element_span<A>;
  static constexpr value_span b = element_span<B>;

  static constexpr std::size_t lanes = Vector / 4;  ///< of one of the four vectors of a round
  /// Vectors of a round that share all scales.
  static constexpr std::size_t vectors_of_group = 4 / shape::groups_of_step;
  static constexpr bool is_narrow = F::width <= 8 && G::width <= 8;
  /// Whether products of narrow elements are floats, and the sum of those of a group's vectors as well.
  static constexpr bool products_are_floats = is_narrow && a.significand_bits + b.significand_bits <= 24 &&
                                              a.unit + b.unit >= -126 && a.top + b.top + 3 <= 127;
  static constexpr bool sums_are_floats =
      products_are_floats && a.bits() + b.bits() + bits_of_count(vectors_of_group) <= 24;
  static constexpr int chunk_bits = bits_of_count(product_chunk);
  /// Bits of the sum of a chunk without scales, where they do not depend on the elements.
  static constexpr int sum_bits = a.bits() + b.bits() + chunk_bits;
  /// Elsewhere elements are surveyed, of a row or of both.
  static constexpr bool fits = is_narrow && sum_bits <= 50;
  static constexpr bool surveys_a = !specials_of<F>.are_told || (!fits && (F::width > 8 || a.bits() > 12));
  static constexpr bool surveys_b = !specials_of<G>.are_told || (!fits && (G::width > 8 || b.bits() > 12));
  static constexpr bool surveys = surveys_a || surveys_b;
  /// A row of binary32 is cut in two, of 12 bits each.
  static constexpr bool cuts_a = F::width == 32 && G::width < 32;
  static constexpr bool cuts_b = G::width == 32 && F::width < 32;
  static constexpr bool exists = has_float_elements<A> && has_float_elements<B> &&
                                 shape::groups_of_step <= 4 && shape::template has_pieces<A> &&
                                 shape::template has_pieces<B>;
};

/// Whether elements of both rows are floats, and lie where kernels for such vectors find them.
template <class A, class B, std::size_t Vector>
inline constexpr bool multiplies_floats = [] {
  if constexpr (has_float_elements<A> && has_float_elements<B>) {
    return float_plan<A, B, Vector>::exists;
  } else {
    return false;
  }
}();

}  // namespace

}  // namespace narrowfp::inline v0::kernels
