// Layer: kernels/facts. How vector kernels compute the exact sum of products of two rows: chosen from the
// facts of both, so that users' own formats get what built-in ones have.
#pragma once

#include <cstddef>
#include <cstdint>

#include "product_span.hpp"
#include "product_tables.hpp"

namespace narrowfp::inline v0::kernels {
namespace {

/// A row's elements and scales, as far as a plan asks.
template <class Row>
struct row_traits {
  using F = typename Row::element_format;
  static constexpr std::size_t group = 0;                         ///< elements under one scale; 0: there is none
  static constexpr int bits = 8 * sizeof(typename F::code_type);  ///< in which a code lies
  static constexpr int bit_levels = 0;                            ///< below the scale
  static constexpr std::size_t bit_group = 0;                     ///< elements under one bit of the last level
  static constexpr bool scales_are_powers = true;                 ///< of two
};
template <scalar_format F>
struct row_traits<dense_row<F>> : row_traits<code_row<F>> {
  static constexpr int bits = F::width;
};
template <block_type Block>
struct row_traits<block_row<Block>> {
  using F = typename Block::element_format;
  static constexpr std::size_t group = Block::elements;
  static constexpr int bits = F::width;
  static constexpr int bit_levels = Block::bit_levels;
  static constexpr std::size_t bit_group =
      bit_levels == 0 ? 0 : Block::layout::group_elements[std::size_t{Block::levels} - 1];
  static constexpr bool scales_are_powers = kernels::scales_are_powers<typename Block::scale_format>;
};

constexpr std::size_t larger_size(std::size_t a, std::size_t b) noexcept { return a > b ? a : b; }
constexpr bool is_power_of_two(std::size_t n) noexcept { return n != 0 && (n & (n - 1)) == 0; }

/// Elements of which the scales are prepared at a time.
inline constexpr std::size_t product_chunk = 2048;

/// Products of elements that are bytes, for vectors of `Vector` bytes: sums of a few products are words, and
/// those of twice as many are the 32-bit lanes of a vector, to which scales are applied.
template <class A, class B, std::size_t Vector>
struct byte_plan {
  using row_a = row_traits<A>;
  using row_b = row_traits<B>;

  /// Nibbles on both sides are multiplied as two planes, the even ones and the odd ones.
  static constexpr std::size_t planes = row_a::bits == 4 && row_b::bits == 4 ? 2 : 1;
  static constexpr std::size_t step = Vector * planes;  ///< elements of one round
  static constexpr std::size_t lanes = Vector / 4;
  /// Elements that share all scales: groups are powers of two, the smaller one divides the larger.
  static constexpr std::size_t group = row_a::group == 0   ? row_b::group
                                       : row_b::group == 0 ? row_a::group
                                       : row_a::group < row_b::group ? row_a::group
                                                                     : row_b::group;
  static constexpr std::size_t groups_of_step = group == 0 || group >= step ? 1 : step / group;
  static constexpr std::size_t groups_of_chunk = group == 0 ? 1 : product_chunk / group;
  /// Whole groups and rounds.
  static constexpr std::size_t whole = larger_size(step, larger_size(row_a::group, row_b::group));

  static constexpr int bit_levels = row_a::bit_levels + row_b::bit_levels;
  static constexpr std::int64_t most_of_product =
      std::int64_t{integers_of<typename row_a::F>.magnitude()} * integers_of<typename row_b::F>.magnitude();
  static constexpr std::int64_t most_of_word = 2 * static_cast<std::int64_t>(planes) * most_of_product;
  /// -128 times itself, twice, would be a word too large: kernels look for that.
  static constexpr bool meets_128 = most_of_product == 128 * 128;
  static constexpr std::int64_t most_of_lane = 2 * most_of_word << bit_levels;
  static constexpr int sum_bits =
      core::bit_width(static_cast<std::uint64_t>(most_of_lane * std::int64_t{product_chunk / step}));

  /// Scales that are powers of two are weights of words, 1 to 2^most_weight: sums of a chunk stay in 31 bits.
  static constexpr int most_weight = core::smaller(14, 31 - sum_bits);
  static constexpr bool weighs =
      row_a::scales_are_powers && row_b::scales_are_powers && bit_levels == 0 && most_weight >= 3;

  template <class Row>
  static constexpr bool has_pieces = [] {
    using row = row_traits<Row>;
    constexpr std::size_t piece = row::group * std::size_t{row::bits} / 8;
    return row::group == 0 ||
           (is_power_of_two(row::group) && row::group <= 1024 && (row::group >= step || piece >= 8));
  }();
  template <class Row>
  static constexpr bool has_bits_of_words = [] {
    using row = row_traits<Row>;
    if constexpr (row::bit_levels != 0) {
      return row::bit_levels <= 2 && row::bit_group % (2 * planes) == 0 && Row::block::metadata_bytes <= 4;
    } else {
      return true;
    }
  }();
  static constexpr bool exists = has_pieces<A> && has_pieces<B> && has_bits_of_words<A> &&
                                 has_bits_of_words<B> && (most_of_word <= 32767 || meets_128) &&
                                 sum_bits < 32;
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

}  // namespace

}  // namespace narrowfp::inline v0::kernels
