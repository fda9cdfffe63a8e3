// Layer: kernels/vector. Exact sums of products of two rows whose elements are bytes: see
// facts/product_plan.hpp.
//
// Products of bytes are summed in words, and these, times weights, in 32-bit lanes. Scales that are powers of
// two are such weights; others multiply the lanes as doubles. Both are exact while the scales of a chunk lie
// near each other; where they do not, each group's integers are added to the exact sum by themselves.
#if !defined(NARROWFP_SET)
#include "alone_products.hpp"

#include "product_rows.hpp"
#define NARROWFP_ALONE
#endif

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// Codes of both rows whose sign is the same bit: x as magnitudes, and y with the signs of both.
template <scalar_format F, scalar_format G>
inline constexpr bool signs_move =
    F::width >= 4 && F::width == G::width&& integers_have_signs<F>&& integers_have_signs<G> &&
    !multiplies_signed_bytes;

/// The sums of products of two vectors of codes, nibbles of the same half of all bytes.
template <scalar_format F, scalar_format G>
NARROWFP_TARGET NARROWFP_INLINE word_vector sums_of_nibbles(byte_vector x, byte_vector y) noexcept {
  if constexpr (signs_move<F, G>) {
    return sums_with_magnitudes(look_up_bytes<1>(integer_magnitudes<F>.data(), x), integers_of_codes<G>(y));
  } else {
    return pair_sums(integers_of_codes<F>(x), integers_of_codes<G>(y));
  }
}

/// The sums of products of a round, as words. `least` includes b's elements where -128 may meet -128.
template <std::size_t Planes, bool Meets128, class A, class B>
NARROWFP_TARGET NARROWFP_INLINE word_vector word_sums(const code_cursor<A, Planes * vector_bytes>& a,
                                                      const code_cursor<B, Planes * vector_bytes>& b,
                                                      [[maybe_unused]] byte_vector& least) noexcept {
  using F = typename A::element_format;
  using G = typename B::element_format;
  if constexpr (Planes == 2) {
    const byte_vector x = load_bytes<code_cursor<A, 2 * vector_bytes>::pieces>(a.at, a.stride());
    byte_vector y = load_bytes<code_cursor<B, 2 * vector_bytes>::pieces>(b.at, b.stride());
    if constexpr (signs_move<F, G>) {
      y = either_not_both(y, low_bits_of_bytes(x, 0x88));
    }
    return sum_of_words(sums_of_nibbles<F, G>(even_nibbles(x), even_nibbles(y)),
                        sums_of_nibbles<F, G>(odd_nibbles(x), odd_nibbles(y)));
  } else if constexpr (signs_move<F, G> && F::width > 4) {
    const byte_vector x = load_row_codes(a);
    const byte_vector y = load_row_codes(b);
    return sums_with_magnitudes(
        integer_magnitudes_of_codes<F>(x),
        negated_by_bit<F::width - 1>(integer_magnitudes_of_codes<G>(y), either_not_both(x, y)));
  } else {
    const byte_vector x = integers_of_codes<F>(load_row_codes(a));
    const byte_vector y = integers_of_codes<G>(load_row_codes(b));
    if constexpr (Meets128) {
      least = least_bytes(least, y);
    }
    constexpr bool is_b_first = integers_of<G>.least == -128 && !Meets128;
    return is_b_first ? pair_sums(y, x) : pair_sums(x, y);
  }
}

/// Where the bits below the scale lie for each word of a row: the byte among those of a block's metadata, and
/// the bit; one level in the first byte of the word, the next one in the second.
template <block_type B, std::size_t Planes>
struct word_bits {
  static constexpr std::size_t step = Planes * vector_bytes;
  static constexpr std::size_t elements = larger_size(step, B::elements);
  static constexpr std::size_t size = elements / Planes;
  std::uint8_t byte[size];
  std::uint8_t bit[size];
};
template <block_type B, std::size_t Planes>
inline constexpr word_bits<B, Planes> word_bits_of = [] {
  word_bits<B, Planes> table{};
  for (std::size_t at = 0; at < table.size; ++at) {
    place_bit<B>(table, at, at / 2 * 2 * Planes, 1 + at % 2);
  }
  return table;
}();

/// How often the elements of each word are doubled, in its two bytes together.
template <std::size_t Planes, row_of_blocks Row>
NARROWFP_TARGET NARROWFP_INLINE byte_vector doublings(const Row& row, std::size_t i) noexcept {
  using B = typename Row::block;
  const std::size_t at = i % B::elements / Planes;
  const auto& table = word_bits_of<B, Planes>;
  return found_bits(load_metadata_lanes<Planes * vector_bytes>(row, i), table.byte + at, table.bit + at);
}

/// What words are multiplied by for the bits below the scales: 1 where there are none.
template <std::size_t Planes, class A, class B>
NARROWFP_TARGET NARROWFP_INLINE dwords bit_weights(const A& a, const B& b, std::size_t i) noexcept {
  constexpr bool has_a = row_traits<A>::bit_levels != 0;
  constexpr bool has_b = row_traits<B>::bit_levels != 0;
  if constexpr (has_a && has_b) {
    return powers_of_bytes(sum_of_bytes(doublings<Planes>(a, i), doublings<Planes>(b, i)));
  } else if constexpr (has_a) {
    return powers_of_bytes(doublings<Planes>(a, i));
  } else if constexpr (has_b) {
    return powers_of_bytes(doublings<Planes>(b, i));
  } else {
    return ones_of_words();
  }
}

/// A chunk of two rows: n elements from `first` on, whole rounds and groups.
template <class A, class B>
struct byte_products {
  using plan = byte_plan<A, B, vector_bytes>;
  static constexpr std::size_t planes = plan::planes;
  static constexpr int unit =
      span_of<typename A::element_format>.unit + span_of<typename B::element_format>.unit;

  const A& a;
  const B& b;
  product_sum<A, B>& exact;
  std::size_t count;                  ///< of the rows: elements from here on are padding
  int base = plan::unknown_exponent;  ///< the least exponent of weights that the last chunk had

  /// The same for other rows, whose scales are likely to be like these.
  [[nodiscard]] byte_products of(const A& row_a, const B& row_b, std::size_t counted) const noexcept {
    return {row_a, row_b, exact, counted, base};
  }

  using cursor_a = code_cursor<A, plan::step>;
  using cursor_b = code_cursor<B, plan::step>;

  /// Groups of a chunk, and vectors that are read beyond them.
  static constexpr std::size_t capacity = plan::groups_of_chunk + lanes;

  /// Whether words may be too large.
  NARROWFP_TARGET NARROWFP_INLINE static bool overflows(byte_vector least) noexcept {
    return plan::meets_128 && any_is_128(least);
  }

  /// The groups that n elements fill.
  static constexpr std::size_t groups_in(std::size_t n) noexcept {
    return (n + plan::group - 1) / plan::group;
  }

  /// Adds a chunk whose scales are weights: 2^(exponent - base). False if one is not 1 to 2^most_weight.
  NARROWFP_TARGET [[gnu::noinline]] bool add_weighted(std::size_t first, std::size_t n) const noexcept {
    constexpr std::size_t groups = plan::groups_of_step;
    scalar::scale_reader<A, plan::group_or_step> scales_a(a, first);
    scalar::scale_reader<B, plan::group_or_step> scales_b(b, first);
    cursor_a from_a(a, first);
    cursor_b from_b(b, first);
    dwords lane_sums = broadcast(0);
    byte_vector least = bytes_of(0);
    unsigned largest = 0;
    for (std::size_t i = 0; i < n; i += plan::step) {
      std::uint32_t weights[lanes];
#pragma GCC unroll 8
      for (std::size_t g = 0; g < groups; ++g) {
        const auto shift = static_cast<unsigned>(scales_a.exponent() + scales_b.exponent() - base);
        largest = shift > largest ? shift : largest;
        weights[g] = word_powers.at[shift & 15];
        scales_a.advance();
        scales_b.advance();
      }
      const word_vector words = word_sums<planes, plan::meets_128, A, B>(from_a, from_b, least);
      from_a.advance();
      from_b.advance();
      lane_sums = sum(lane_sums, weighted_sums(words, spread<groups>(weights)));
    }
    if (largest > unsigned{plan::most_weight} || overflows(least)) {
      return false;
    }
    exact.add(total_of_lanes(lane_sums), base + unit);
    return true;
  }

  /// Adds a chunk whose scales are factors.
  NARROWFP_TARGET NARROWFP_INLINE bool add_scaled_lanes(std::size_t first, std::size_t n, int lowest_bit,
                                                        const double* factors) const noexcept {
    cursor_a from_a(a, first);
    cursor_b from_b(b, first);
    double_lanes lane_sums = zero_doubles();
    byte_vector least = bytes_of(0);
    for (std::size_t i = 0; i < n; i += plan::step) {
      const word_vector words = word_sums<planes, plan::meets_128, A, B>(from_a, from_b, least);
      from_a.advance();
      from_b.advance();
      const dwords x = weighted_sums(words, bit_weights<planes>(a, b, first + i));
      lane_sums =
          product_more(lane_sums, converted(x), spread<plan::groups_of_step>(factors + i / plan::group));
    }
    if (overflows(least)) {
      return false;
    }
    exact.add(total_of_doubles(lane_sums, core::to_floating<double>(core::finite(1, -lowest_bit))),
              lowest_bit + unit);
    return true;
  }

  void add_one_by_one(std::size_t first, std::size_t end) const noexcept {
    scalar::add_products(a, b, first, end < count ? end : count, exact);
  }

  /// Adds a chunk group by group, under any scales.
  NARROWFP_TARGET [[gnu::noinline]] void add_groups(std::size_t first, std::size_t n) const noexcept {
    std::int32_t lane[product_chunk / plan::step * lanes];
    cursor_a from_a(a, first);
    cursor_b from_b(b, first);
    byte_vector least = bytes_of(0);
    for (std::size_t i = 0; i < n; i += plan::step) {
      const word_vector words = word_sums<planes, plan::meets_128, A, B>(from_a, from_b, least);
      from_a.advance();
      from_b.advance();
      store_lanes(lane + i / plan::step * lanes, weighted_sums(words, bit_weights<planes>(a, b, first + i)));
    }
    if (overflows(least)) {
      add_one_by_one(first, first + n);
      return;
    }
    constexpr std::size_t group = plan::group;
    constexpr std::size_t group_lanes = group * lanes / plan::step;
    scalar::scale_reader<A, group> scales_a(a, first);
    scalar::scale_reader<B, group> scales_b(b, first);
    for (std::size_t i = 0; i < n; i += group) {
      const std::size_t end = n - i < group ? n : i + group;
      const std::int32_t* const own = lane + i / group * group_lanes;
      std::int64_t k = 0;
      for (std::size_t l = 0; l < (end - i) * lanes / plan::step; ++l) {
        k += own[l];
      }
      const core::real scale = core::multiply(scales_a.exact(), scales_b.exact());
      if (scale.kind != core::real_kind::finite) {
        add_one_by_one(first + i, first + end);
      } else {
        const auto magnitude = static_cast<std::uint64_t>(k < 0 ? -k : k);
        scalar::add_product(exact, scale, core::finite(magnitude, unit, k < 0));
      }
      scales_a.advance();
      scales_b.advance();
    }
  }

  /// Adds n elements whose scales are powers of two, from the least of these on.
  NARROWFP_TARGET NARROWFP_INLINE bool add_from_least(std::size_t first, std::size_t n) noexcept {
    const scalar::exponent_range range = scalar::exponents_of<plan::group>(a, b, first, groups_in(n));
    base = range.least;
    return range.distance() <= plan::most_weight && add_weighted(first, n);
  }

  /// Adds n elements, a chunk at most, if their scales lie near each other.
  NARROWFP_TARGET NARROWFP_INLINE bool add_near(std::size_t first, std::size_t n) noexcept {
    constexpr std::size_t group = plan::group;
    if constexpr (plan::weighs) {
      if (base == plan::unknown_exponent) {  // the first group's, with room on both sides
        base = scalar::exponents_of<group>(a, b, first, 1).least - plan::most_weight / 2;
      }
      return add_weighted(first, n) || add_from_least(first, n);
    } else {
      double factors[capacity];
      const scalar::factor_range range =
          scalar::fill_factors<group, 53 - plan::sum_bits>(a, b, first, groups_in(n), factors);
      return plan::sum_bits + range.bits() <= 53 && add_scaled_lanes(first, n, range.lowest_bit, factors);
    }
  }

  /// Whether all scales but special ones lie near each other.
  static constexpr bool is_always_near =
      !plan::has_scales || (!plan::weighs && scalar::widest_factors<A, B>.bits() <= 53 - plan::sum_bits);

  /// Adds n elements whose scales lie near each other, if not near those before.
  NARROWFP_TARGET NARROWFP_INLINE bool add_run(std::size_t first, std::size_t n) noexcept {
    if constexpr (plan::weighs) {
      return add_from_least(first, n);
    } else {
      return add_near(first, n);
    }
  }

  /// Adds n elements, a chunk at most.
  NARROWFP_TARGET NARROWFP_INLINE void add_chunk(std::size_t first, std::size_t n) noexcept {
    if (!add_near(first, n)) {
      if constexpr (is_always_near) {
        add_groups(first, n);
      } else {
        add_runs(*this, first, n);
      }
    }
  }
};

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#if defined(NARROWFP_ALONE)
#include "alone_end.hpp"
#endif
