// Layer: kernels/facts. How products of matrices prepare a row once for many others: what is stored of its
// elements and scales, and which sums of integers are exact.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "../../core/codec.hpp"
#include "product_plan.hpp"
#include "product_tables.hpp"

namespace narrowfp::inline v0::kernels {

/// Scales by code, as words are multiplied by them. Bits 0 to 7: an integer m; bits 8 to 30: e + 1 where the
/// magnitude is m * 2^(e + unit); bit 31: the sign. Zero is 0. Without the sign their order is the
/// magnitudes'.
struct scale_keys {
  std::uint32_t at[256];
};

namespace {

/// A special's, above those of numbers.
inline constexpr std::uint32_t special_key = 0x7FFFFFFF;

template <scalar_format F>
requires(F::width <= 8) inline constexpr scale_keys scale_keys_of = [] {
  scale_keys keys{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    const core::real x = core::decode<F>(static_cast<typename F::code_type>(i & core::low_mask(F::width)));
    if (x.kind != core::real_kind::finite) {
      keys.at[i] = special_key;
    } else if (!core::is_zero(x)) {
      const int e = core::larger(core::binade_of(x) - (span_of<F>.significand_bits - 1), span_of<F>.unit);
      const int shift = x.exponent - e;
      const std::uint64_t m = shift >= 0 ? x.significand << shift : x.significand >> -shift;
      keys.at[i] = static_cast<std::uint32_t>(m) | static_cast<std::uint32_t>(e - span_of<F>.unit + 1) << 8 |
                   static_cast<std::uint32_t>(x.negative) << 31;
    }
  }
  return keys;
}();

/// Whether the scales of a row, if it has any, have keys.
template <class Row>
inline constexpr bool has_scale_keys = true;
template <row_of_blocks Row>
inline constexpr bool has_scale_keys<Row> = Row::block::scale_format::width <= 8;

/// Whether some scales are negative.
template <class Row>
inline constexpr bool has_signed_scales = false;
template <row_of_blocks Row>
inline constexpr bool has_signed_scales<Row> = Row::block::scale_format::is_signed;

/// The unit of keys.
template <class Row>
inline constexpr int unit_of_scales = 0;
template <row_of_blocks Row>
inline constexpr int unit_of_scales<Row> = span_of<typename Row::block::scale_format>.unit;

/// Rows of A, read as they are, with prepared rows of B, for vectors of `Vector` bytes. Sums of a few
/// products are words, which are multiplied by integer weights: both scales in units that all scales of a
/// chunk share.
template <class A, class B, std::size_t Vector>
struct prepared_plan {
  using row_a = row_traits<A>;
  using row_b = row_traits<B>;
  using F = typename A::element_format;
  using G = typename B::element_format;

  template <class Row, std::size_t Planes>
  static constexpr bool has_bits_of_words = Row::bit_levels == 0 ||
                                            (Row::bit_levels <= 2 && Row::bit_group % (2 * Planes) == 0);
  /// Codes of A that are nibbles are taken in two planes, the even ones and the odd ones; so then is B.
  static constexpr std::size_t planes =
      row_a::bits == 4 && has_bits_of_words<row_a, 2> && has_bits_of_words<row_b, 2> ? 2 : 1;
  using shape = round_plan<A, B, Vector * planes>;

  static constexpr std::size_t step = shape::step;
  static constexpr std::size_t lanes = Vector / 4;
  static constexpr std::size_t whole = shape::whole;
  template <class Row>
  static constexpr std::size_t groups_of_step =
      row_traits<Row>::group == 0 || row_traits<Row>::group >= step ? 1 : step / row_traits<Row>::group;
  /// Groups of a row in a chunk.
  template <class Row>
  static constexpr std::size_t groups_of_chunk =
      row_traits<Row>::group == 0 ? 1 : product_chunk / row_traits<Row>::group;
  template <class Row>
  static constexpr bool has_weights = row_traits<Row>::group != 0;

  static constexpr std::int64_t most_a = integers_of<F>.magnitude();
  static constexpr std::int64_t most_b = integers_of<G>.magnitude();
  static constexpr std::int64_t most_of_word = 2 * std::int64_t{planes} * most_a * most_b;
  /// -128 times itself, twice, would be a word too large: rows of B with -128 are left to others.
  static constexpr bool meets_128 = most_a == 128 && most_b == 128;
  /// What makes A's integers bytes without sign, where products of these are words as well.
  static constexpr int offset = -integers_of<F>.least;
  static constexpr bool offset_fits = 2 * (integers_of<F>.most + offset) * most_b <= 32767;

  static constexpr std::int64_t most_weight = [] {
    constexpr std::int64_t room =
        0x7FFFFFFF / (2 * most_of_word * static_cast<std::int64_t>(product_chunk / step));
    return room < 32767 ? room : 32767;
  }();

  static constexpr int unit = span_of<F>.unit + span_of<G>.unit + unit_of_scales<A> + unit_of_scales<B>;

  template <class Row>
  static constexpr bool reads = shape::template has_pieces<Row>&& has_scale_keys<Row>&&
      has_bits_of_words<row_traits<Row>, planes>&& [] {
        if constexpr (row_of_blocks<Row>) {
          return row_traits<Row>::bit_levels == 0 || Row::block::metadata_bytes <= 4;
        } else {
          return true;
        }
      }();
  static constexpr bool exists =
      reads<A> && reads<B> && (most_of_word <= 32767 || meets_128) && most_weight >= 64;
};

/// Whether a prepared row of B is of use to one row of A at a time: not where a single product has scales at
/// no cost, and B's integers at next to none.
template <class A, class B, std::size_t Vector>
inline constexpr bool gains_by_row = [] {
  using G = typename B::element_format;
  using one = byte_plan<A, B, Vector>;
  return !one::weighs || one::planes != prepared_plan<A, B, Vector>::planes ||
         !(G::width <= 4 || codes_are_integers<G>);
}();

/// Whether products of matrices prepare rows of B for rows of A.
template <class A, class B, std::size_t Vector>
inline constexpr bool prepares_bytes = [] {
  if constexpr (counts_in_bytes<typename A::element_format> && counts_in_bytes<typename B::element_format>) {
    return prepared_plan<A, B, Vector>::exists;
  } else {
    return false;
  }
}();

}  // namespace

}  // namespace narrowfp::inline v0::kernels
