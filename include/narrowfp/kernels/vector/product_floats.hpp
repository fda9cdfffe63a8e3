// Layer: kernels/vector. Exact sums of products of two rows whose elements are floats: see
// facts/product_plan.hpp.
//
// Products are exact as floats or as doubles, and sums of them as doubles while their bits lie near each
// other: by the formats alone, or as a survey of the elements tells.
#if !defined(NARROWFP_SET)
#include "alone_products.hpp"

#include "product_rows.hpp"
#include "product_elements.hpp"
#define NARROWFP_ALONE
#endif

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// Which magnitudes a row's elements have: patterns of floats, but for zeros.
struct float_survey {
  dwords largest, least;  ///< the least one less 1, so that zero is far larger
};

/// A chunk of two rows: n elements from `first` on, whole rounds and groups.
template <class A, class B>
struct float_products {
  using plan = float_plan<A, B, vector_bytes>;

  const A& a;
  const B& b;
  product_sum<A, B>& exact;
  std::size_t count;  ///< of the rows: elements from here on are padding

  /// The same for other rows.
  [[nodiscard]] float_products of(const A& row_a, const B& row_b, std::size_t counted) const noexcept {
    return {row_a, row_b, exact, counted};
  }

  /// What decoders give is the products of elements times 2^exponent.
  static constexpr int exponent = float_reader<A>::exponent + float_reader<B>::exponent;

  /// The bits of those: multiples of 2^unit with so many bits.
  struct element_bits {
    int unit = plan::a.unit + plan::b.unit + exponent;
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

  /// Adds floats, times a factor where there are scales.
  NARROWFP_TARGET NARROWFP_INLINE static double_lanes add_floats(double_lanes total, dwords x,
                                                                 double_lanes factor) noexcept {
    if constexpr (plan::has_scales) {
      return product_more(total, widened(x), factor);
    } else {
      return sum(total, widened(x));
    }
  }
  /// Adds the products of one vector.
  NARROWFP_TARGET NARROWFP_INLINE static double_lanes add_vector(double_lanes total, dwords x, dwords y,
                                                                 double_lanes factor) noexcept {
    if constexpr (plan::products_are_floats) {
      return add_floats(total, product(x, y), factor);
    } else if constexpr (plan::has_scales) {
      return product_more(total, product(widened(x), factor), widened(y));
    } else {
      return product_more(total, widened(x), widened(y));
    }
  }
  /// The same of two vectors under one factor.
  NARROWFP_TARGET NARROWFP_INLINE static double_lanes add_two(double_lanes total, dwords x, dwords y,
                                                              dwords x_2, dwords y_2,
                                                              double_lanes factor) noexcept {
    if constexpr (plan::sums_are_floats) {
      return add_floats(total, float_sum(product(x, y), product(x_2, y_2)), factor);
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
        return add_floats(total, float_sum(low, high), first);
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

  /// What is known of both rows' elements, from the formats or from a survey: where bits lie, or that some
  /// element is no number or a denormal one.
  NARROWFP_TARGET NARROWFP_INLINE static element_bits bits_of(const float_survey& all_a,
                                                              const float_survey& all_b) noexcept {
    element_bits result;
    if constexpr (plan::surveys_a) {
      include(result, all_a, plan::a, float_reader<A>::exponent, plan::cuts_a);
    }
    if constexpr (plan::surveys_b) {
      include(result, all_b, plan::b, float_reader<B>::exponent, plan::cuts_b);
    }
    return result;
  }
  NARROWFP_TARGET NARROWFP_INLINE static void include(element_bits& bits, const float_survey& all,
                                                      const value_span& widest, int decoders,
                                                      bool is_cut) noexcept {
    bits.unit -= widest.unit + decoders;
    bits.bits -= widest.bits();
    const std::uint32_t largest = largest_lane(all.largest);
    if (largest != 0) {
      const int top = static_cast<int>(largest >> 23);
      const std::uint32_t least = ~largest_lane(either_not_both(all.least, broadcast(~std::uint32_t{0}))) + 1;
      const int low = static_cast<int>(least >> 23);
      const int significand_bits = is_cut ? kept_bits : widest.significand_bits;
      bits.are_numbers = bits.are_numbers && top < 255 && low > 0;
      bits.unit += low - 127 - (significand_bits - 1);
      bits.bits += top - low + significand_bits;
    }
  }

  /// The leading bits of elements that are cut, and what they lack, which is exact and has no more bits.
  static constexpr int kept_bits = 12;
  NARROWFP_TARGET NARROWFP_INLINE static quad leading(const quad& x) noexcept {
    const dwords mask = broadcast(~std::uint32_t{0} << (24 - kept_bits));
    return {both(x.a, mask), both(x.b, mask), both(x.c, mask), both(x.d, mask)};
  }
  NARROWFP_TARGET NARROWFP_INLINE static dwords rest(dwords x, dwords kept) noexcept {
    return float_sum(x, either_not_both(kept, broadcast(0x80000000)));
  }
  NARROWFP_TARGET NARROWFP_INLINE static quad rest(const quad& x, const quad& kept) noexcept {
    return {rest(x.a, kept.a), rest(x.b, kept.b), rest(x.c, kept.c), rest(x.d, kept.d)};
  }

  /// Adds a sum of doubles, exact in units of 2^unit, of products times 2^exponent.
  NARROWFP_TARGET NARROWFP_INLINE void add_total(const double_lanes& total, int unit) const noexcept {
    exact.add(total_of_doubles(total, core::to_floating<double>(core::finite(1, -unit))), unit - exponent);
  }

  /// Adds n elements as one sum of doubles, or two, if that is exact; they have these factors.
  NARROWFP_TARGET [[gnu::noinline]] bool add_exactly(std::size_t first, std::size_t n, const double* factors,
                                                     const scalar::factor_range& range) const noexcept {
    // Nothing is computed that is not exact, unless a survey has to tell: then add_products hides the flags.
    if (!plan::surveys && element_bits{}.bits + bits_of_count(n) + range.bits() > 53) {
      return false;
    }
    float_reader<A> reader_a(a, first);
    float_reader<B> reader_b(b, first);
    double_lanes total = zero_doubles();
    double_lanes total_of_rest = total;
    byte_vector specials = bytes_of(0xFF);
    float_survey all_a = {broadcast(0), broadcast(~std::uint32_t{0})};
    float_survey all_b = all_a;
    for (std::size_t i = 0; i < n; i += plan::step) {
      const quad x = reader_a.next(specials);
      const quad y = reader_b.next(specials);
      if constexpr (plan::surveys_a) {
        survey(all_a, x);
      }
      if constexpr (plan::surveys_b) {
        survey(all_b, y);
      }
      const double* const own = factors + i / plan::group;
      if constexpr (plan::cuts_a) {
        const quad kept = leading(x);
        total = add_round(total, kept, y, own);
        total_of_rest = add_round(total_of_rest, rest(x, kept), y, own);
      } else if constexpr (plan::cuts_b) {
        const quad kept = leading(y);
        total = add_round(total, x, kept, own);
        total_of_rest = add_round(total_of_rest, x, rest(y, kept), own);
      } else {
        total = add_round(total, x, y, own);
      }
    }
    const element_bits bits = bits_of(all_a, all_b);
    if (!bits.are_numbers || any_byte_is_0(specials) ||
        (plan::surveys && bits.bits + bits_of_count(n) + range.bits() > 53)) {
      return false;
    }
    add_total(total, bits.unit + range.lowest_bit);
    if constexpr (plan::cuts_a || plan::cuts_b) {
      add_total(total_of_rest, bits.unit + range.lowest_bit - (24 - kept_bits));
    }
    return true;
  }

  /// The factors of n elements.
  NARROWFP_INLINE scalar::factor_range fill_factors(std::size_t first, std::size_t n,
                                                    double* factors) const noexcept {
    if constexpr (plan::has_scales) {
      return scalar::fill_factors<plan::group, 0>(a, b, first, (n + plan::group - 1) / plan::group, factors);
    } else {
      factors[0] = 1;
      return {0, -2};
    }
  }

  void add_one_by_one(std::size_t first, std::size_t end) const noexcept {
    scalar::add_products(a, b, first, end < count ? end : count, exact);
  }

  /// Adds n elements in smaller parts, and those that are not exact as doubles one by one.
  NARROWFP_TARGET [[gnu::noinline]] void add_parts(std::size_t first, std::size_t n) const noexcept {
    constexpr std::size_t part = larger_size(plan::step, plan::has_scales ? plan::group : 256);
    double factors[plan::groups_of_chunk];
    for (std::size_t i = 0; i < n; i += part) {
      const std::size_t part_size = n - i < part ? n - i : part;
      const scalar::factor_range range = fill_factors(first + i, part_size, factors);
      if (!add_exactly(first + i, part_size, factors, range)) {
        add_one_by_one(first + i, first + i + part_size);
      }
    }
  }

  /// Adds n elements, a chunk at most.
  NARROWFP_TARGET NARROWFP_INLINE void add_chunk(std::size_t first, std::size_t n) const noexcept {
    double factors[plan::groups_of_chunk];
    const scalar::factor_range range = fill_factors(first, n, factors);
    if (!add_exactly(first, n, factors, range)) {
      add_parts(first, n);
    }
  }
};

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#if defined(NARROWFP_ALONE)
#include "alone_end.hpp"
#endif
