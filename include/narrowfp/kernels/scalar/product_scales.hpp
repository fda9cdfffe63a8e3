// Layer: kernels/scalar. The products of scales of two rows, as vector kernels want them: prepared for a part
// of the rows at a time, one for each group of elements that shares all scales.
#pragma once

#include <cstddef>
#include <cstdint>

#include "../../core/arithmetic.hpp"
#include "../../core/codec.hpp"
#include "../../types/source.hpp"
#include "../facts/product_tables.hpp"
#include "../product_rows.hpp"

#include "../target.hpp"

namespace narrowfp::inline v0::kernels::scalar {

// Internal linkage throughout: see docs/architecture.md, "Units with different flags".
namespace {

/// A scale as a number, and its lowest and highest bit as in scale_table.
struct scale_value {
  double value;
  int lowest_bit, binade;
};

/// Reads the scales of a row, one for each Group elements, in order; without any they are 1.
template <class Row, std::size_t Group>
struct scale_reader {
  scale_reader(const Row&, std::size_t) noexcept {}

  NARROWFP_INLINE void advance() noexcept {}
  [[nodiscard]] NARROWFP_INLINE scale_value value() const noexcept { return {1, 0, 0}; }
  [[nodiscard]] NARROWFP_INLINE int exponent() const noexcept { return 0; }
  [[nodiscard]] core::real exact() const noexcept { return core::finite(1, 0); }
};

template <row_of_blocks Row, std::size_t Group>
struct scale_reader<Row, Group> {
  using B = typename Row::block;
  using F = typename B::scale_format;
  static constexpr std::size_t groups = B::elements / Group;  ///< of a block

  /// Of the group of element `first` on, with which a block begins or a part of it that is such a group.
  scale_reader(const Row& row, std::size_t first) noexcept
      : stride_(row.places().metadata_stride),
        at_(row.places().metadata + first / B::elements * stride()),
        group_(first / Group % groups) {}

  NARROWFP_INLINE void advance() noexcept {
    if (groups == 1 || ++group_ == groups) {
      group_ = 0;
      at_ += stride();
    }
  }
  [[nodiscard]] core::real exact() const noexcept {
    return core::decode<F>(static_cast<typename F::code_type>(code() & core::low_mask(F::width)));
  }
  [[nodiscard]] NARROWFP_INLINE scale_value value() const noexcept {
    if constexpr (F::width <= 8) {
      return {scales_of<F>.value[code()], scales_of<F>.lowest_bit[code()], scales_of<F>.binade[code()]};
    } else {
      const core::real x = exact();
      if (x.kind != core::real_kind::finite) {
        return {0, -beyond_all, beyond_all};
      }
      if (core::is_zero(x)) {
        return {0, beyond_numbers, -beyond_numbers};
      }
      return {core::to_floating<double>(x), x.exponent + trailing_zeros(x.significand), core::binade_of(x)};
    }
  }
  /// Of a power of two; of NaN beyond_all.
  [[nodiscard]] NARROWFP_INLINE int exponent() const noexcept {
    if constexpr (F::width <= 8) {
      return scales_of<F>.binade[code()];
    } else {
      return value().binade;
    }
  }

 private:
  [[nodiscard]] NARROWFP_INLINE std::uint32_t code() const noexcept {
    std::uint32_t code = 0;
    for (std::size_t byte = 0; byte < B::layout::scale_bytes; ++byte) {
      code |= static_cast<std::uint32_t>(at_[byte]) << 8 * byte;
    }
    return code;
  }

  [[nodiscard]] NARROWFP_INLINE std::size_t stride() const noexcept {
    return Row::is_whole ? sizeof(B) : stride_;
  }

  std::size_t stride_;
  const std::byte* at_;
  std::size_t group_;
};

/// The exponents of powers of two: of NaN the largest is beyond_all or more.
struct exponent_range {
  int least = beyond_numbers;
  int largest = -beyond_numbers;

  [[nodiscard]] constexpr int distance() const noexcept { return largest - least; }
};

/// Those of the groups from element `first` on.
template <std::size_t Group, class A, class B>
[[gnu::noinline]] exponent_range exponents_of(const A& a, const B& b, std::size_t first,
                                              std::size_t groups) noexcept {
  scale_reader<A, Group> scales_a(a, first);
  scale_reader<B, Group> scales_b(b, first);
  exponent_range range;
  for (std::size_t g = 0; g < groups; ++g) {
    const int exponent = scales_a.exponent() + scales_b.exponent();
    range.least = core::smaller(range.least, exponent);
    range.largest = core::larger(range.largest, exponent);
    scales_a.advance();
    scales_b.advance();
  }
  return range;
}

/// Where the bits of products of scales lie: multiples of 2^lowest_bit below 2^(binade + 2).
struct factor_range {
  int lowest_bit = 2 * beyond_all;
  int binade = -2 * beyond_all;

  [[nodiscard]] constexpr int bits() const noexcept { return binade + 2 - lowest_bit; }
};

/// Where the products of scales lie whatever the codes, of rows whose scales have up to 8 bits or none.
template <class A, class B>
inline constexpr factor_range widest_factors = [] {
  factor_range range{0, 0};
  const auto include = [&range](const value_span& span) {
    range.lowest_bit += span.unit;
    range.binade += span.top;
  };
  if constexpr (row_of_blocks<A>) {
    include(span_of<typename A::block::scale_format>);
  }
  if constexpr (row_of_blocks<B>) {
    include(span_of<typename B::block::scale_format>);
  }
  return range;
}();

/// The products of scales of the groups from element `first` on, and where their bits lie. Where the widest
/// range has no more than Enough bits, that is the answer unless a scale is special.
template <std::size_t Group, int Enough, class A, class B>
NARROWFP_INLINE factor_range fill_factors(const A& a, const B& b, std::size_t first, std::size_t groups,
                                          double* factors) noexcept {
  constexpr bool is_known = widest_factors<A, B>.bits() <= Enough;
  scale_reader<A, Group> scales_a(a, first);
  scale_reader<B, Group> scales_b(b, first);
  factor_range range;
  int largest = 0;
  for (std::size_t g = 0; g < groups; ++g) {
    const scale_value x = scales_a.value();
    const scale_value y = scales_b.value();
    factors[g] = x.value * y.value;
    if constexpr (is_known) {
      largest = core::larger(largest, core::larger(x.binade, y.binade));
    } else {
      range.lowest_bit = core::smaller(range.lowest_bit, x.lowest_bit + y.lowest_bit);
      range.binade = core::larger(range.binade, x.binade + y.binade);
    }
    scales_a.advance();
    scales_b.advance();
  }
  if constexpr (is_known) {
    range = largest < beyond_all ? widest_factors<A, B> : factor_range{0, beyond_all};
  }
  return range;
}

}  // namespace

}  // namespace narrowfp::inline v0::kernels::scalar

#include "../target_end.hpp"
