// Layer: kernels/scalar. Dequantize one block to floats: equal to the exact product rounded once wherever it
// applies, and it says so where it does not.
//
// A float product of element and scale is used only where it is exact and normal, or zero, and where elements
// are finite: then it depends on no rounding mode, and neither FTZ nor DAZ can touch it. Elsewhere the
// product is formed in double, where it is exact and normal as well, and rounded to float in integers.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "../../block/block_format.hpp"
#include "../../block/float_bits.hpp"
#include "../../core/bits.hpp"
#include "../../core/real.hpp"
#include "../facts/ranks.hpp"
#include "bits.hpp"
#include "dense8.hpp"

#include "../../detail/config.hpp"

// Internal linkage throughout: see docs/architecture.md, "Units with different flags".
namespace narrowfp::inline v0::kernels::scalar {
namespace {

// Byte is std::byte or std::uint8_t.

/// The significand bits of a format's values.
template <scalar_format F>
inline constexpr int significand_bits = core::fraction_bits_at_top<F> + 1;

/// Whether all of a format's magnitudes are multiples of one unit and its codes sign and multiple.
template <scalar_format F>
inline constexpr bool is_sign_and_multiple =
    F::has_negative_zero && !F::has_nan && !F::has_infinity &&
    F::ulp_exponent(core::far_below) == F::ulp_exponent(core::binade_of(F::max_finite)) &&
    F::to_code(F::max_finite) == core::low_mask(F::width - 1);

/// An element's value as an S; a table where there are few codes.
template <scalar_format F, class S>
NARROWFP_INLINE constexpr S element_value(std::uint32_t code) noexcept {
  if constexpr (F::width <= 8) {
    return values<F, S>[code];
  } else if constexpr (is_sign_and_multiple<F>) {
    constexpr S unit = core::to_floating<S>(core::finite(1, F::ulp_exponent(0)));
    const auto multiple = static_cast<std::int32_t>(code & core::low_mask(F::width - 1));
    const S magnitude = static_cast<S>(multiple) * unit;  // exact: fewer than 24 bits
    // The sign as a bit: -0 must not depend on what the compiler's flags make of a negation.
    using bits = core::code_type_t<8 * int{sizeof(S)}>;
    const bits sign = static_cast<bits>(code >> (F::width - 1)) << (8 * sizeof(S) - 1);
    return core::bit_cast<S>(core::bit_cast<bits>(magnitude) | sign);
  } else {
    return core::from_real<S>(F::from_code(static_cast<typename F::code_type>(code)));
  }
}

/// Whether element times scale is exact in float and no element is a NaN or infinity.
template <block_type B>
inline constexpr bool products_are_floats =
    !B::element_format::has_nan && !B::element_format::has_infinity &&
    significand_bits<typename B::element_format> + significand_bits<typename B::scale_format> <= 24;

/// Whether all values, without a tensor scale, are floats or infinite as floats.
template <block_type B>
inline constexpr bool values_are_floats = [] {
  using F = typename B::element_format;
  using SF = typename B::scale_format;
  if constexpr (significand_bits<F> + significand_bits<SF> <= 24) {
    constexpr int last_bit_of_scales = SF::ulp_exponent(core::binade_of(core::min_positive<SF>));
    return core::binade_of(core::min_positive<F>) + last_bit_of_scales >= -149;
  } else {
    return false;
  }
}();

/// Whether the product with a tensor scale of 24 bits is exact in double as well.
template <block_type B>
inline constexpr bool products_are_doubles =
    significand_bits<typename B::element_format> + significand_bits<typename B::scale_format> + 24 <= 53 &&
    core::binade_of(core::min_positive<typename B::element_format>) > -300 &&
    core::binade_of(B::element_format::max_finite) < 300;

/// The binades of the elements' magnitudes, with all bits of lower levels set or none.
template <block_type B>
inline constexpr int lowest_binade = core::binade_of(core::min_positive<typename B::element_format>);
template <block_type B>
inline constexpr int highest_binade = core::binade_of(B::facts::largest);

/// A double that is a normal number, zero, an infinity or NaN, rounded once to float, nearest even or to odd,
/// in integers.
template <rounding Mode>
NARROWFP_INLINE constexpr std::uint32_t float_of_double(std::uint64_t bits) noexcept {
  const auto sign = static_cast<std::uint32_t>(bits >> 32) & blocks::float_sign;
  const std::uint64_t magnitude = bits & core::low_mask(63);
  constexpr std::uint64_t smallest_normal = std::uint64_t{1023 - 126} << 52;
  constexpr std::uint64_t infinity = std::uint64_t{0x7FF} << 52;
  if (magnitude < smallest_normal || magnitude >= infinity) {
    return magnitude == 0
               ? sign
               : core::encode<formats::binary32>(formats::binary64::from_code(bits), Mode, overflow::native);
  }
  const std::uint64_t exact = magnitude - (std::uint64_t{1023 - 127} << 52);
  std::uint64_t rounded;
  std::uint64_t most;
  if constexpr (Mode == rounding::nearest_even) {
    rounded = (exact + 0xFFFFFFF + (exact >> 29 & 1)) >> 29;
    most = blocks::float_infinity;
  } else {
    static_assert(Mode == rounding::to_odd);
    rounded = exact >> 29 | ((exact & core::low_mask(29)) != 0 ? 1 : 0);
    most = blocks::float_infinity - 1;
  }
  return sign | static_cast<std::uint32_t>(rounded < most ? rounded : most);
}

/// The pattern of a normal float or double whose significand holds x's.
template <int FractionBits, int Bias>
NARROWFP_INLINE constexpr std::uint64_t normal_pattern(const core::real& x) noexcept {
  const int width = core::bit_width(x.significand);
  const std::uint64_t significand = width > FractionBits + 1 ? x.significand >> (width - FractionBits - 1)
                                                             : x.significand << (FractionBits + 1 - width);
  const auto field = static_cast<std::uint64_t>(x.exponent + width - 1 + Bias);
  return ((x.negative ? 2 * std::uint64_t{Bias} + 2 : 0) << FractionBits) + ((field - 1) << FractionBits) +
         significand;
}

/// The scale of each group of the lowest level, as an S times 2^(bits above the group).
template <block_type B, class Byte>
NARROWFP_INLINE constexpr void bits_of_groups(const Byte* metadata, std::uint32_t* bits) noexcept {
  constexpr std::size_t lowest = B::levels - 1;
  for (std::size_t i = 0; i < groups_of<B, lowest>; ++i) {
    std::uint32_t sum = 0;
    for (std::size_t level = 1; level < B::levels; ++level) {
      const std::size_t group = i * B::layout::group_elements[lowest] / B::layout::group_elements[level];
      sum += static_cast<std::uint32_t>(metadata[B::layout::offset[level] + group / 8]) >> group % 8 & 1U;
    }
    bits[i] = sum;
  }
}

/// The first scale of a block from its metadata.
template <block_type B, class Byte>
NARROWFP_INLINE constexpr core::real first_scale(const Byte* metadata) noexcept {
  using F = typename B::scale_format;
  std::uint32_t code = 0;
  for (std::size_t i = 0; i < B::layout::scale_bytes; ++i) {
    code |= static_cast<std::uint32_t>(metadata[i]) << 8 * i;
  }
  return core::decode<F>(static_cast<typename F::code_type>(code));
}

/// A float pattern, and which bits of a binade shift apply to it: none for zeros, infinities and NaN.
struct shiftable_pattern {
  std::uint32_t bits;
  std::uint32_t shifts;
};
template <scalar_format F>
requires(F::width <= 8) inline constexpr auto shiftable_values = [] {
  std::array<shiftable_pattern, std::size_t{1} << F::width> table{};
  for (std::size_t code = 0; code < table.size(); ++code) {
    const auto bits = core::bit_cast<std::uint32_t>(values<F, float>[code]);
    const std::uint32_t magnitude = bits & blocks::float_magnitude;
    const bool is_plain = magnitude != 0 && magnitude < blocks::float_infinity;
    table[code] = {bits, is_plain ? ~std::uint32_t{0} : 0};
  }
  return table;
}();

/// All elements times 2^binade, where every product is a normal float: by exponents alone.
template <block_type B, class Byte>
constexpr void values_by_exponent(const Byte* metadata, const Byte* codes_in, int binade,
                                  float* out) noexcept {
  using F = typename B::element_format;
  constexpr std::size_t group_elements = B::layout::group_elements[B::levels - 1];
  typename F::code_type codes[B::elements];
  unpack_codes<F::width, B::elements>(codes_in, codes);
  std::uint32_t bits[groups_of<B, B::levels - 1>];
  bits_of_groups<B>(metadata, bits);
  for (std::size_t i = 0; i < B::elements; ++i) {
    const shiftable_pattern element = shiftable_values<F>[codes[i]];
    const std::uint32_t shift = (static_cast<std::uint32_t>(binade) + bits[i / group_elements]) << 23;
    out[i] = core::bit_cast<float>(element.bits + (shift & element.shifts));
  }
}

/// Eight elements of one word, the first of them element `First` of the block.
template <block_type B, std::size_t... J>
NARROWFP_INLINE constexpr void multiply_eight(std::uint64_t word, std::size_t first, const float* factor,
                                              float* out, std::index_sequence<J...>) noexcept {
  using F = typename B::element_format;
  constexpr std::size_t group_elements = B::layout::group_elements[B::levels - 1];
  constexpr std::uint64_t mask = core::low_mask(F::width);
  ((out[first + J] = element_value<F, float>(static_cast<std::uint32_t>(word >> F::width * J & mask)) *
                     factor[(first + J) / group_elements]),
   ...);
}

/// All elements of a block times `scale`, which the caller knows to be exact: by float products.
template <block_type B, class Byte>
constexpr void values_by_float(const Byte* metadata, const Byte* codes_in, const core::real& scale,
                               float* out) noexcept {
  using F = typename B::element_format;
  constexpr std::size_t groups = groups_of<B, B::levels - 1>;
  constexpr std::size_t group_elements = B::layout::group_elements[B::levels - 1];
  const auto scale_bits = static_cast<std::uint32_t>(normal_pattern<23, 127>(scale));
  std::uint32_t bits[groups];
  bits_of_groups<B>(metadata, bits);
  float factor[groups];
  for (std::size_t group = 0; group < groups; ++group) {
    factor[group] = core::bit_cast<float>(scale_bits + (bits[group] << 23));
  }
  if constexpr (F::width < 8 && B::elements % 8 == 0) {
    for (std::size_t first = 0; first < B::elements; first += 8) {
      const std::uint64_t word = load_little<F::width>(codes_in + first / 8 * F::width);
      multiply_eight<B>(word, first, factor, out, std::make_index_sequence<8>{});
    }
  } else {
    typename F::code_type codes[B::elements];
    unpack_codes<F::width, B::elements>(codes_in, codes);
    for (std::size_t i = 0; i < B::elements; ++i) {
      out[i] = element_value<F, float>(codes[i]) * factor[i / group_elements];
    }
  }
}

/// The same by double products, rounded once to float.
template <block_type B, rounding Mode, class Byte>
constexpr void values_by_double(const Byte* metadata, const Byte* codes_in, const core::real& scale,
                                float* out) noexcept {
  using F = typename B::element_format;
  constexpr std::size_t group_elements = B::layout::group_elements[B::levels - 1];
  typename F::code_type codes[B::elements];
  unpack_codes<F::width, B::elements>(codes_in, codes);
  const std::uint64_t scale_bits = normal_pattern<52, 1023>(scale);
  std::uint32_t bits[groups_of<B, B::levels - 1>];
  bits_of_groups<B>(metadata, bits);
  for (std::size_t group = 0; group < groups_of<B, B::levels - 1>; ++group) {
    const double factor = core::bit_cast<double>(scale_bits + (std::uint64_t{bits[group]} << 52));
    for (std::size_t i = group * group_elements; i < (group + 1) * group_elements; ++i) {
      if constexpr (F::has_nan || F::has_infinity) {
        const core::real element = F::from_code(codes[i]);
        if (element.kind != core::real_kind::finite) {
          core::store(out[i], core::multiply(scale, element));
          continue;
        }
      }
      const double product = element_value<F, double>(codes[i]) * factor;
      out[i] = core::bit_cast<float>(float_of_double<Mode>(core::bit_cast<std::uint64_t>(product)));
    }
  }
}

/// Dequantizes a block, rounding values to float: to odd where they are rounded once more, to fewer bits.
/// False: not by this way, and nothing is written.
template <block_type B, rounding Mode, class Byte>
constexpr bool values_of_block(const Byte* metadata, const Byte* codes, const core::real& tensor_scale,
                               bool has_tensor_scale, float* out) noexcept {
  const core::real scale = first_scale<B>(metadata);
  if (scale.kind != core::real_kind::finite || core::is_zero(scale)) {
    return false;
  }
  const int binade = core::binade_of(scale);
  if (!has_tensor_scale && binade >= -126 && binade + lowest_binade<B> >= -126 &&
      binade + highest_binade<B> <= 126) {
    if constexpr (products_are_floats<B>) {
      values_by_float<B>(metadata, codes, scale, out);
      return true;
    } else if constexpr (detail::is_exponent<typename B::scale_format> && B::element_format::width <= 8) {
      values_by_exponent<B>(metadata, codes, binade, out);
      return true;
    }
  }
  if constexpr (products_are_doubles<B>) {
    values_by_double<B, Mode>(metadata, codes, core::multiply(scale, tensor_scale), out);
    return true;
  }
  return false;
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::scalar

#include "../../detail/undef.hpp"
