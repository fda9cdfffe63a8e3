// Layer: kernels/vector. Exact sums of products of two rows whose elements are floats: see
// facts/product_plan.hpp.
//
// Products are exact as floats or as doubles, and sums of them as doubles while their bits lie near each
// other: by the formats alone, or as a survey of the elements tells.
#if !defined(NARROWFP_SET)
#include "alone_products.hpp"

#include "product_rows.hpp"
#define NARROWFP_ALONE
#endif

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// Four vectors of elements as floats at a time: decoded, or widened from 16 bits.
template <class Row>
struct float_reader {
  using F = typename Row::element_format;
  code_cursor<Row, vector_bytes> from;
  float_decoder<F> decoder;

  NARROWFP_TARGET NARROWFP_INLINE float_reader(const Row& row, std::size_t first) noexcept
      : from(row, first) {}

  NARROWFP_TARGET NARROWFP_INLINE quad next(byte_vector& specials) noexcept {
    const code_cursor<Row, vector_bytes> here = from;
    from.advance();
    if constexpr (F::width <= 8) {
      const byte_vector codes = load_row_codes(here);
      if constexpr (specials_of<F>.are_told && span_of<F>.has_specials) {
        // 0 where a code is special
        specials = least_unsigned_bytes(
            specials,
            exclusive_or(low_bits_of_bytes(codes, specials_of<F>.mask), bytes_of(specials_of<F>.value)));
      }
      return decoder.decode(codes);
    } else {
      using element = std::conditional_t<F::width == 32, float, narrow_float<F>>;
      return load_elements(reinterpret_cast<const element*>(here.at), quad_elements);
    }
  }
};

/// Which magnitudes a row's elements have: patterns of floats, but for zeros.
struct float_survey {
  dwords largest, least;  ///< the least one less 1, so that zero is far larger
};

/// A chunk of two rows: n elements from `first` on, whole rounds and groups.
template <class A, class B>
struct float_products {
  using plan = float_plan<A, B, vector_bytes>;
  static constexpr std::size_t capacity = plan::groups_of_chunk + 4;

  const A& a;
  const B& b;
  product_sum<A, B>& sum;
  int near = 0;  ///< not used

  /// The bits of the products of elements: multiples of 2^unit with so many bits.
  struct element_bits {
    int unit = plan::a.unit + plan::b.unit;
    int bits = plan::a.bits() + plan::b.bits();
    bool are_numbers = true;
  };

  NARROWFP_TARGET NARROWFP_INLINE static void survey(float_survey& all, dwords x) noexcept {
    const dwords m = magnitude(x);
    all.largest = larger(all.largest, m);
    all.least = smaller(all.least, difference(m, broadcast(1)));
  }
  NARROWFP_TARGET NARROWFP_INLINE static void survey(float_survey& all, const quad& x) noexcept {
    survey(all, x.a);
    survey(all, x.b);
    survey(all, x.c);
    survey(all, x.d);
  }

  /// Adds the products of one vector, times a factor.
  NARROWFP_TARGET NARROWFP_INLINE static double_lanes add_vector(double_lanes total, dwords x, dwords y,
                                                                 double_lanes factor) noexcept {
    if constexpr (plan::products_are_floats) {
      return add_widened<plan::has_scales>(total, product(x, y), factor);
    } else {
      return add_widened_products<plan::has_scales>(total, x, y, factor);
    }
  }
  /// The same of two vectors under one factor.
  NARROWFP_TARGET NARROWFP_INLINE static double_lanes add_two(double_lanes total, dwords x, dwords y,
                                                              dwords x_2, dwords y_2,
                                                              double_lanes factor) noexcept {
    if constexpr (plan::sums_are_floats) {
      return add_widened<plan::has_scales>(total, float_sum(product(x, y), product(x_2, y_2)), factor);
    } else {
      return add_vector(add_vector(total, x, y, factor), x_2, y_2, factor);
    }
  }
  /// Those of a round, whose groups have these factors.
  NARROWFP_TARGET NARROWFP_INLINE static double_lanes add_round(double_lanes total, const quad& x,
                                                                const quad& y,
                                                                const double* factors) noexcept {
    const double_lanes first = spread<1>(factors);
    if constexpr (plan::vectors_of_group == 4) {
      if constexpr (plan::sums_are_floats) {
        const dwords low = float_sum(product(x.a, y.a), product(x.b, y.b));
        const dwords high = float_sum(product(x.c, y.c), product(x.d, y.d));
        return add_widened<plan::has_scales>(total, float_sum(low, high), first);
      } else {
        return add_two(add_two(total, x.a, y.a, x.b, y.b, first), x.c, y.c, x.d, y.d, first);
      }
    } else if constexpr (plan::vectors_of_group == 2) {
      return add_two(add_two(total, x.a, y.a, x.b, y.b, first), x.c, y.c, x.d, y.d, spread<1>(factors + 1));
    } else {
      total = add_vector(add_vector(total, x.a, y.a, first), x.b, y.b, spread<1>(factors + 1));
      total = add_vector(total, x.c, y.c, spread<1>(factors + 2));
      return add_vector(total, x.d, y.d, spread<1>(factors + 3));
    }
  }

  /// What a survey of both rows says: where bits lie, or that some element is no number or too small a one.
  NARROWFP_TARGET NARROWFP_INLINE static element_bits bits_of(const float_survey& all_a,
                                                              const float_survey& all_b) noexcept {
    element_bits result{0, 0, true};
    include(result, all_a, plan::a.significand_bits);
    include(result, all_b, plan::b.significand_bits);
    return result;
  }
  NARROWFP_TARGET NARROWFP_INLINE static void include(element_bits& bits, const float_survey& all,
                                                      int significand_bits) noexcept {
    const int top = static_cast<int>(largest_lane(all.largest) >> 23);
    const int low = static_cast<int>((least_lane(all.least) + 1) >> 23);
    bits.are_numbers = bits.are_numbers && top < 255 && (low > 0 || top == 0);
    if (top != 0) {
      bits.unit += low - 127 - (significand_bits - 1);
      bits.bits += top - low + significand_bits;
    }
  }

  /// Adds n elements as one sum of doubles if that is exact; they have these factors.
  NARROWFP_TARGET [[gnu::noinline]] bool add_exactly(std::size_t first, std::size_t n, const double* factors,
                                                     const scalar::factor_range& range) const noexcept {
    float_reader<A> reader_a(a, first);
    float_reader<B> reader_b(b, first);
    double_lanes total = zero_doubles();
    byte_vector specials = bytes_of(0xFF);
    float_survey all_a = {broadcast(0), broadcast(~std::uint32_t{0})};
    float_survey all_b = all_a;
    for (std::size_t i = 0; i < n; i += plan::step) {
      const quad x = reader_a.next(specials);
      const quad y = reader_b.next(specials);
      if constexpr (plan::surveys) {
        survey(all_a, x);
        survey(all_b, y);
      }
      total = add_round(total, x, y, factors + i / plan::group);
    }
    const element_bits bits = plan::surveys ? bits_of(all_a, all_b) : element_bits{};
    if (!bits.are_numbers || any_byte_is_0(specials)) {
      return false;
    }
    if (bits.bits + bits_of_count(n) + range.bits() > 53) {
      return false;
    }
    const int unit = bits.unit + range.lowest_bit;
    sum.add(total_of_doubles(total, core::to_floating<double>(core::finite(1, -unit))), unit);
    return true;
  }

  /// The factors of n elements.
  NARROWFP_INLINE scalar::factor_range fill_factors(std::size_t first, std::size_t n,
                                                    double* factors) const noexcept {
    if constexpr (plan::has_scales) {
      return scalar::fill_factors<plan::group>(a, b, first, (n + plan::group - 1) / plan::group, factors);
    } else {
      factors[0] = 1;
      return {0, -2};
    }
  }

  /// Adds n elements in smaller parts, and those that are not exact as doubles one by one.
  NARROWFP_TARGET [[gnu::noinline]] void add_parts(std::size_t first, std::size_t n) const noexcept {
    constexpr std::size_t part = larger_size(plan::step, plan::has_scales ? plan::group : 256);
    double factors[capacity];
    for (std::size_t i = 0; i < n; i += part) {
      const std::size_t count = n - i < part ? n - i : part;
      const scalar::factor_range range = fill_factors(first + i, count, factors);
      if (!add_exactly(first + i, count, factors, range)) {
        scalar::add_products(a, b, first + i, first + i + count, sum);
      }
    }
  }

  /// Adds n elements, a chunk at most.
  NARROWFP_TARGET NARROWFP_INLINE void add_chunk(std::size_t first, std::size_t n) const noexcept {
    double factors[capacity];
    const scalar::factor_range range = fill_factors(first, n, factors);
    constexpr int least_bits = plan::surveys ? 0 : plan::sum_bits;
    if (least_bits + range.bits() > 53 || !add_exactly(first, n, factors, range)) {
      add_parts(first, n);
    }
  }
};

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#if defined(NARROWFP_ALONE)
#include "alone_products_end.hpp"
#endif
