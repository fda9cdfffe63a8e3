// Layer: kernels/vector. Exact sums of products of two rows whose elements are significands times powers of
// two: see facts/product_significands.hpp.
//
// Products of significands are words. Each is multiplied by the power of two of both exponents, a word as
// well, in the instruction that adds words in pairs; exponents of 16 and more have further powers, and sums
// of their own. Nothing is decoded to float, and no survey is needed: lanes hold all there can be.
#if !defined(NARROWFP_SET)
#include "alone_products.hpp"

#include "product_rows.hpp"
#include "product_elements.hpp"
#include "product_readers.hpp"
#define NARROWFP_ALONE
#endif

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// A chunk of two rows: n elements from `first` on, whole rounds and groups.
template <class A, class B>
struct significand_products {
  using plan = significand_plan<A, B, vector_bytes>;
  using reader_a = significand_reader<A>;
  using reader_b = significand_reader<B>;

  const A& a;
  const B& b;
  product_sum<A, B>& exact;
  std::size_t count;                  ///< of the rows: elements from here on are padding
  int base = plan::unknown_exponent;  ///< the least exponent of scales that the last chunk had

  /// The same for other rows, whose scales are likely to be like these.
  [[nodiscard]] significand_products of(const A& row_a, const B& row_b, std::size_t counted) const noexcept {
    return {row_a, row_b, exact, counted, base};
  }

  /// Sums of negative products, of 16 exponents each: 2^0 to 2^15 are words only if they are negative.
  template <std::size_t Windows>
  struct window_sums {
    dwords window[Windows];

    NARROWFP_TARGET NARROWFP_INLINE window_sums() noexcept {
      for (dwords& each : window) {
        each = broadcast(0);
      }
    }
  };

  /// The products without their exponents.
  NARROWFP_TARGET NARROWFP_INLINE static word_pair products_of(const element_bytes& x,
                                                               const element_bytes& y) noexcept {
    constexpr int sign_a = A::element_format::width - 1;
    constexpr int sign_b = B::element_format::width - 1;
    if constexpr (reader_a::has_exponents && reader_b::has_exponents) {
      if constexpr (sign_a == sign_b) {
        return products_with_magnitudes(x.m, negated_by_bit<sign_a>(y.m, either_not_both(x.codes, y.codes)));
      } else {
        return products_with_magnitudes(
            x.m, negated_by_bit<sign_a>(negated_by_bit<sign_b>(y.m, y.codes), x.codes));
      }
    } else if constexpr (reader_a::has_exponents) {
      return integer_products<sign_a, reader_b::least>(x, y);
    } else {
      return integer_products<sign_b, reader_a::least>(y, x);
    }
  }
  /// Those of magnitudes and integers, of which -128 has no negative.
  template <int Sign, int Least>
  NARROWFP_TARGET NARROWFP_INLINE static word_pair integer_products(const element_bytes& x,
                                                                    const element_bytes& k) noexcept {
    if constexpr (Least == -128) {
      return products_with_magnitudes(magnitudes_of_bytes(k.m),
                                      with_signs_of(negated_by_bit<Sign>(x.m, x.codes), k.m));
    } else {
      return products_with_magnitudes(x.m, negated_by_bit<Sign>(k.m, x.codes));
    }
  }

  /// The exponents of products.
  NARROWFP_TARGET NARROWFP_INLINE static byte_vector exponents_of(const element_bytes& x,
                                                                  const element_bytes& y) noexcept {
    constexpr int shift_a = plan::a.exponent_shift;
    constexpr int shift_b = plan::b.exponent_shift;
    if constexpr (!reader_b::has_exponents) {
      return shifted_fields<shift_a>(x.exponents);
    } else if constexpr (!reader_a::has_exponents) {
      return shifted_fields<shift_b>(y.exponents);
    } else if constexpr (plan::shifts_first) {
      return sum_of_bytes(shifted_fields<shift_a>(x.exponents), shifted_fields<shift_b>(y.exponents));
    } else {
      return shifted_fields<shift_a>(sum_of_bytes(x.exponents, y.exponents));
    }
  }

  /// Adds the products of a round.
  template <std::size_t Windows>
  NARROWFP_TARGET NARROWFP_INLINE static void add_round(window_sums<Windows>& sums, const word_pair& products,
                                                        byte_vector exponents) noexcept {
#pragma GCC unroll 8
    for (std::size_t w = 0; w < Windows; ++w) {
      const byte_vector own =
          w == 0 ? exponents : difference_of_bytes(exponents, bytes_of(static_cast<int>(16 * w)));
      const weight_pair powers = w + 1 < Windows ? negative_powers<true>(own) : negative_powers<false>(own);
      sums.window[w] = sum(sums.window[w], sum(weighted_sums(products.low, powers.low),
                                               weighted_sums(products.high, powers.high)));
    }
  }
  /// The sums of the next `size` elements' products.
  NARROWFP_TARGET NARROWFP_INLINE static window_sums<plan::windows> next_sums(reader_a& from_a,
                                                                              reader_b& from_b,
                                                                              std::size_t size) noexcept {
    window_sums<plan::windows> sums;
    for (std::size_t i = 0; i < size; i += plan::step) {
      const element_bytes x = from_a.next();
      const element_bytes y = from_b.next();
      add_round(sums, products_of(x, y), exponents_of(x, y));
    }
    return sums;
  }

  /// Adds a chunk whose scales are added to exponents, less `base`. False if one is not 1 to 2^most_shift
  /// then.
  NARROWFP_TARGET [[gnu::noinline]] bool add_shifted(std::size_t first, std::size_t n) const noexcept {
    constexpr std::size_t groups = plan::groups_of_step;
    scalar::scale_reader<A, plan::group_or_step> scales_a(a, first);
    scalar::scale_reader<B, plan::group_or_step> scales_b(b, first);
    reader_a from_a(a, first);
    reader_b from_b(b, first);
    window_sums<plan::shifted_windows> sums;
    unsigned largest = 0;
    for (std::size_t i = 0; i < n; i += plan::step) {
      std::uint32_t shifts[lanes];
#pragma GCC unroll 8
      for (std::size_t g = 0; g < groups; ++g) {
        const auto shift = static_cast<unsigned>(scales_a.exponent() + scales_b.exponent() - base);
        largest = shift > largest ? shift : largest;
        shifts[g] = shift * 0x01010101U;
        scales_a.advance();
        scales_b.advance();
      }
      const element_bytes x = from_a.next();
      const element_bytes y = from_b.next();
      add_round(sums, products_of(x, y),
                sum_of_bytes(exponents_of(x, y), bytes_of_lanes(spread<groups>(shifts))));
    }
    if (largest > unsigned{plan::most_shift} || !(from_a.are_numbers() && from_b.are_numbers())) {
      return false;
    }
    for (std::size_t w = 0; w < plan::shifted_windows; ++w) {
      exact.add(-total_of_lanes(sums.window[w]), base + plan::unit + static_cast<int>(16 * w));
    }
    return true;
  }

  static constexpr std::size_t part = plan::rounds * plan::step;

  /// Adds n elements with their scales as factors.
  NARROWFP_TARGET [[gnu::noinline]] bool add_scaled(std::size_t first, std::size_t n, int lowest_bit,
                                                    const double* factors) const noexcept {
    reader_a from_a(a, first);
    reader_b from_b(b, first);
    double_lanes totals[plan::windows];
    for (double_lanes& total : totals) {
      total = zero_doubles();
    }
    for (std::size_t i = 0; i < n; i += part) {
      const window_sums<plan::windows> sums = next_sums(from_a, from_b, part);
      const double_lanes own = spread<plan::groups_of_step>(factors + i / plan::group);
#pragma GCC unroll 8
      for (std::size_t w = 0; w < plan::windows; ++w) {
        totals[w] = product_more(totals[w], converted(sums.window[w]), own);
      }
    }
    if (!(from_a.are_numbers() && from_b.are_numbers())) {
      return false;
    }
    for (std::size_t w = 0; w < plan::windows; ++w) {
      exact.add(-total_of_doubles(totals[w], core::to_floating<double>(core::finite(1, -lowest_bit))),
                lowest_bit + plan::unit + static_cast<int>(16 * w));
    }
    return true;
  }

  /// Adds n elements without scales.
  NARROWFP_TARGET [[gnu::noinline]] bool add_unscaled(std::size_t first, std::size_t n) const noexcept {
    reader_a from_a(a, first);
    reader_b from_b(b, first);
    std::int64_t totals[plan::windows] = {};
    for (std::size_t i = 0; i < n; i += part) {
      const window_sums<plan::windows> sums = next_sums(from_a, from_b, n - i < part ? n - i : part);
      for (std::size_t w = 0; w < plan::windows; ++w) {
        totals[w] += total_of_lanes(sums.window[w]);
      }
    }
    if (!(from_a.are_numbers() && from_b.are_numbers())) {
      return false;
    }
    for (std::size_t w = 0; w < plan::windows; ++w) {
      exact.add(-totals[w], plan::unit + static_cast<int>(16 * w));
    }
    return true;
  }

  void add_one_by_one(std::size_t first, std::size_t end) const noexcept {
    scalar::add_products(a, b, first, end < count ? end : count, exact);
  }

  /// Adds a chunk group by group, under any scales.
  NARROWFP_TARGET [[gnu::noinline]] void add_groups(std::size_t first, std::size_t n) const noexcept {
    constexpr std::size_t group = plan::group;
    constexpr std::size_t step = larger_size(group, part);
    scalar::scale_reader<A, group> scales_a(a, first);
    scalar::scale_reader<B, group> scales_b(b, first);
    for (std::size_t i = 0; i < n; i += step) {
      std::int64_t totals[plan::groups_of_step][plan::windows] = {};
      reader_a from_a(a, first + i);
      reader_b from_b(b, first + i);
      for (std::size_t done = 0; done < step; done += part) {
        const window_sums<plan::windows> sums = next_sums(from_a, from_b, part);
        for (std::size_t w = 0; w < plan::windows; ++w) {
          std::int32_t lane[lanes];
          store_lanes(lane, sums.window[w]);
          for (std::size_t l = 0; l < lanes; ++l) {
            totals[l * plan::groups_of_step / lanes][w] -= lane[l];
          }
        }
      }
      const bool are_numbers = from_a.are_numbers() && from_b.are_numbers();
      for (std::size_t g = 0; g < plan::groups_of_step; ++g) {
        const core::real scale = core::multiply(scales_a.exact(), scales_b.exact());
        const std::size_t at = first + i + g * group;
        if (!are_numbers || scale.kind != core::real_kind::finite) {
          add_one_by_one(at, at + group);
        } else {
          add_group(totals[g], scale);
        }
        scales_a.advance();
        scales_b.advance();
      }
    }
  }
  void add_group(const std::int64_t (&totals)[plan::windows], const core::real& scale) const noexcept {
    for (std::size_t w = 0; w < plan::windows; ++w) {
      const std::int64_t k = totals[w];
      const auto magnitude = static_cast<std::uint64_t>(k < 0 ? -k : k);
      scalar::add_product(exact, scale,
                          core::finite(magnitude, plan::unit + static_cast<int>(16 * w), k < 0));
    }
  }

  /// Adds n elements whose scales are powers of two, from the least of these on.
  NARROWFP_TARGET NARROWFP_INLINE bool add_from_least(std::size_t first, std::size_t n) noexcept {
    const scalar::exponent_range range = scalar::exponents_of<plan::group>(a, b, first, n / plan::group);
    base = range.least;
    return range.distance() <= plan::most_shift && add_shifted(first, n);
  }

  /// Adds n elements, a chunk at most, if their scales lie near each other and they are numbers.
  NARROWFP_TARGET NARROWFP_INLINE bool add_near(std::size_t first, std::size_t n) noexcept {
    if constexpr (plan::shifts) {
      if (base == plan::unknown_exponent) {  // the first group's, with room on both sides
        base = scalar::exponents_of<plan::group>(a, b, first, 1).least - plan::most_shift / 2;
      }
      return add_shifted(first, n) || add_from_least(first, n);
    } else {
      double factors[plan::groups_of_chunk];
      const scalar::factor_range range =
          scalar::fill_factors<plan::group, 53 - plan::sum_bits>(a, b, first, n / plan::group, factors);
      return plan::sum_bits + range.bits() <= 53 && add_scaled(first, n, range.lowest_bit, factors);
    }
  }

  /// Adds n elements whose scales lie near each other, if not near those before.
  NARROWFP_TARGET NARROWFP_INLINE bool add_run(std::size_t first, std::size_t n) noexcept {
    if constexpr (plan::shifts) {
      return add_from_least(first, n);
    } else {
      return add_near(first, n);
    }
  }

  /// Adds n elements, a chunk at most.
  NARROWFP_TARGET NARROWFP_INLINE void add_chunk(std::size_t first, std::size_t n) noexcept {
    if constexpr (!plan::has_scales) {
      if (!add_unscaled(first, n)) {
        add_one_by_one(first, first + n);
      }
    } else if (!add_near(first, n)) {
      add_runs(*this, first, n);
    }
  }
};

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#if defined(NARROWFP_ALONE)
#include "alone_end.hpp"
#endif
