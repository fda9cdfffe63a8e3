// Layer: kernels/facts. Elements as significands times powers of two, and how exact sums of products of such
// are computed.
#pragma once

#include <cstddef>
#include <cstdint>

#include "../../core/arithmetic.hpp"
#include "product_codes.hpp"
#include "product_plan.hpp"
#include "product_tables.hpp"
#include "value_span.hpp"

namespace narrowfp::inline v0::kernels {
namespace {

/// The elements of a row as such: bytes m times 2^e, in units of 2^unit.
struct significands {
  bool exist = false;
  int unit = 0;
  int most_exponent = 0;
  int most = 0;            ///< magnitude of m
  int exponent_shift = 0;  ///< at which e lies in its byte
};
template <class Row>
inline constexpr significands significands_of = [] {
  using F = typename Row::element_format;
  constexpr int levels = row_traits<Row>::bit_levels;
  if constexpr (F::width > 8) {
    return significands{};
  } else if constexpr (counts_in_bytes<F>) {
    const int most = integers_of<F>.magnitude() << levels;
    return significands{most <= 128 && (levels == 0 || doubles_bytes<Row>), span_of<F>.unit, 0, most, 0};
  } else {
    constexpr code_fields f = fields_of<F>;
    if constexpr (f.exist) {
      return significands{levels == 0, span_of<F>.unit, f.most_exponent, f.most_significand, f.fraction_bits};
    } else {
      constexpr code_classes c = classes_of<F>;
      return significands{c.exist && levels == 0, span_of<F>.unit, c.most_exponent, c.most_significand, 0};
    }
  }
}();

/// Products of significands, for vectors of `Vector` bytes of codes: words, times powers of two that are
/// words as well, are summed in 32-bit lanes, those of 16 exponents in lanes of their own.
template <class A, class B, std::size_t Vector>
struct significand_plan : round_plan<A, B, Vector> {
  using shape = round_plan<A, B, Vector>;
  using F = typename A::element_format;
  using G = typename B::element_format;
  static constexpr significands a = significands_of<A>;
  static constexpr significands b = significands_of<B>;

  static constexpr bool surveys = false;
  static constexpr std::size_t lanes = Vector / 4;
  static constexpr int unit = a.unit + b.unit;
  static constexpr int most_exponent = a.most_exponent + b.most_exponent;
  static constexpr std::size_t windows = std::size_t{most_exponent} / 16 + 1;
  /// Where sums of exponents lie in their bytes.
  static constexpr bool shifts_first =
      a.exponent_shift != b.exponent_shift || (most_exponent << a.exponent_shift) > 255;

  /// What a lane of one window grows by in a round: four products.
  static constexpr std::int64_t most_of_lane = (std::int64_t{4} * a.most * b.most)
                                               << core::smaller(most_exponent, 15);
  static constexpr std::size_t rounds_of_group = larger_size(1, shape::group / shape::step);
  /// Rounds that are summed in 32-bit lanes.
  static constexpr std::size_t rounds = [] {
    std::size_t n = rounds_of_group;
    while (n > 1 && std::int64_t(n) * most_of_lane > 0x7FFFFFFF) {
      n /= 2;
    }
    return n;
  }();
  /// Bits of a chunk's sum in a lane, without scales.
  static constexpr int sum_bits =
      core::bit_width(static_cast<std::uint64_t>(most_of_lane * std::int64_t{product_chunk / shape::step}));

  /// Scales that are powers of two are added to exponents, in so many windows: where they are within
  /// 2^most_shift of each other.
  static constexpr int unknown_exponent = 1 << 20;
  static constexpr std::size_t shifted_windows = windows + 1;
  static constexpr int most_shift = static_cast<int>(16 * shifted_windows) - 1 - most_exponent;
  static constexpr bool shifts = shape::has_scales && shape::row_a::scales_are_powers &&
                                 shape::row_b::scales_are_powers && sum_bits <= 31 && shifted_windows <= 5;

  static constexpr bool exists = a.exist && b.exist && a.most_exponent + b.most_exponent > 0 &&
                                 windows <= 5 && shape::group >= 16 && most_of_lane <= 0x7FFFFFFF &&
                                 shape::template has_pieces<A>&& shape::template has_pieces<B>;
};

/// Whether elements of both rows are such, and lie where kernels for such vectors find them.
template <class A, class B, std::size_t Vector>
inline constexpr bool multiplies_significands = [] {
  if constexpr (significands_of<A>.exist && significands_of<B>.exist) {
    return significand_plan<A, B, Vector>::exists;
  } else {
    return false;
  }
}();

}  // namespace
}  // namespace narrowfp::inline v0::kernels
