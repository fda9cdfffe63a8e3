// Layer: kernels/facts. Codes as a significand and an exponent, where few operations tell both.
#pragma once

#include <cstdint>

#include "../../core/arithmetic.hpp"
#include "../../core/codec.hpp"
#include "product_tables.hpp"
#include "value_span.hpp"

namespace narrowfp::inline v0::kernels {
namespace {

/// Codes with an exponent above a fraction: magnitude = m + (e << fraction_bits), of the value
/// m * 2^(unit + e). The lowest bit of m's exponent field is in m, unless the number is subnormal.
struct code_fields {
  bool exist = false;
  int fraction_bits = 0;
  int most_exponent = 0;
  int most_significand = 0;
  std::uint8_t magnitude_mask = 0;  ///< all but the sign
  std::uint8_t exponent_mask = 0;
  /// (code & special_mask) ^ special_flip is above `limit` of infinity and NaN, and of no number.
  std::uint8_t special_mask = 0, special_flip = 0, limit = 0xFF;
};

/// e of a magnitude.
constexpr std::uint32_t exponent_of_fields(std::uint32_t magnitude, int fraction_bits) noexcept {
  const std::uint32_t field = magnitude >> fraction_bits;
  return field == 0 ? 0 : field - 1;
}

/// Whether codes of F have an exponent above so many bits.
template <scalar_format F>
constexpr bool has_fields(int fraction_bits) noexcept {
  constexpr std::uint32_t magnitudes = std::uint32_t{1} << (F::width - 1);
  for (std::uint32_t code = 0; code < 2 * magnitudes; ++code) {
    const core::real x = core::decode<F>(static_cast<typename F::code_type>(code));
    const std::uint32_t magnitude = code % magnitudes;
    const std::uint32_t e = exponent_of_fields(magnitude, fraction_bits);
    const core::real want =
        core::finite(magnitude - (e << fraction_bits), span_of<F>.unit + static_cast<int>(e),
                     code >= magnitudes && magnitude != 0);
    if (x.kind == core::real_kind::finite && core::compare(x, want) != 0) {
      return false;
    }
  }
  return true;
}

/// Which codes are special: the largest magnitudes, or one that a comparison tells.
template <scalar_format F>
constexpr bool find_specials(code_fields& fields) noexcept {
  if (!span_of<F>.has_specials) {
    return true;
  }
  constexpr std::uint32_t magnitudes = std::uint32_t{1} << (F::width - 1);
  std::uint32_t numbers = magnitudes;
  bool are_largest = true;
  for (std::uint32_t code = 0; code < 2 * magnitudes; ++code) {
    const bool is_number =
        core::decode<F>(static_cast<typename F::code_type>(code)).kind == core::real_kind::finite;
    if (!is_number && code < numbers) {
      numbers = code;
    }
    are_largest = are_largest && is_number == (code % magnitudes < numbers);
  }
  if (are_largest && numbers != 0) {
    fields.special_mask = fields.magnitude_mask;
    fields.limit = static_cast<std::uint8_t>(numbers - 1);
    return true;
  }
  fields.special_mask = specials_of<F>.mask;
  fields.special_flip = static_cast<std::uint8_t>(~specials_of<F>.value);
  fields.limit = 0xFE;
  return specials_of<F>.are_told;
}

template <scalar_format F>
inline constexpr code_fields fields_of = [] {
  code_fields fields;
  if constexpr (F::width <= 8 && F::is_signed && core::sign_is_a_bit<F> && span_of<F>.zero_is_code_0) {
    constexpr std::uint32_t magnitudes = std::uint32_t{1} << (F::width - 1);
    for (int fraction_bits = 0; fraction_bits < F::width - 1 && !fields.exist; ++fraction_bits) {
      if (has_fields<F>(fraction_bits)) {
        fields.fraction_bits = fraction_bits;
        fields.magnitude_mask = magnitudes - 1;
        fields.exponent_mask = static_cast<std::uint8_t>((magnitudes - 1) >> fraction_bits << fraction_bits);
        fields.most_exponent = static_cast<int>(exponent_of_fields(magnitudes - 1, fraction_bits));
        fields.most_significand = (2 << fraction_bits) - 1;
        fields.exist = find_specials<F>(fields);
      }
    }
  }
  return fields;
}();

/// Codes of a sign, a class of four bits and three more bits l, as tapered formats have them. Classes are of
/// a few kinds: m and the distance of e to that of the class depend on the kind and l.
struct code_classes {
  bool exist = false;
  int most_exponent = 0;
  int most_significand = 0;
  std::uint8_t kind[16] = {};      ///< 8 times the kind of a class
  std::uint8_t exponent[16] = {};  ///< e of its first number
  std::uint8_t sign[16] = {};      ///< whether e falls from there
  std::uint8_t significand[32] = {};
  std::uint8_t distance[32] = {};
  /// (code & mask) == value, of infinity and NaN.
  std::uint8_t special_mask[2] = {}, special_value[2] = {};
  int specials = 0;  ///< such comparisons
};

/// One class: m and distance by l, with which a kind may agree; 0xFF where any does.
struct code_class {
  bool exists = false;
  int exponent = 0;
  bool falls = false;
  std::uint8_t significand[8] = {};
  std::uint8_t distance[8] = {};
};

template <scalar_format F>
constexpr core::real magnitude_of_code(std::uint32_t code) noexcept {
  return core::decode<F>(static_cast<typename F::code_type>(code));
}

template <scalar_format F>
constexpr code_class class_of_codes(std::uint32_t first) noexcept {
  code_class found;
  int bits = 0;
  for (std::uint32_t l = 0; l < 8; ++l) {
    const core::real x = magnitude_of_code<F>(first + l);
    if (x.kind == core::real_kind::finite && !core::is_zero(x)) {
      bits = core::larger(bits, core::bit_width(x.significand) - trailing_zeros(x.significand));
    }
  }
  bool is_first = true;
  found.exists = true;
  for (std::uint32_t l = 0; l < 8; ++l) {
    const core::real x = magnitude_of_code<F>(first + l);
    if (x.kind != core::real_kind::finite) {
      found.significand[l] = found.distance[l] = 0xFF;
      continue;
    }
    const core::real minus = magnitude_of_code<F>(first + l + 128);
    found.exists =
        found.exists && (core::is_zero(x) || (minus.kind == core::real_kind::finite && minus.negative &&
                                              core::compare_magnitudes(minus, x) == 0));
    if (!core::is_zero(x)) {
      const int e = core::binade_of(x) - (bits - 1) - span_of<F>.unit;
      const int from = bits - core::bit_width(x.significand);
      found.exponent = is_first ? e : found.exponent;
      is_first = false;
      const int distance = e - found.exponent;
      found.falls = found.falls || distance < 0;
      found.exists = found.exists && e >= 0 && (distance <= 0 || !found.falls) && bits <= 7;
      found.significand[l] =
          static_cast<std::uint8_t>(from >= 0 ? x.significand << from : x.significand >> -from);
      found.distance[l] = static_cast<std::uint8_t>(distance < 0 ? -distance : distance);
    }
  }
  return found;
}

/// Which kind a class is of, a new one if it is of none; 4 where there are too many.
constexpr int kind_of_class(code_classes& classes, int kinds, const code_class& own) noexcept {
  for (int kind = 0; kind < kinds; ++kind) {
    bool agrees = true;
    for (int l = 0; l < 8; ++l) {
      agrees =
          agrees && (own.significand[l] == 0xFF || (own.significand[l] == classes.significand[8 * kind + l] &&
                                                    own.distance[l] == classes.distance[8 * kind + l]));
    }
    if (agrees) {
      return kind;
    }
  }
  for (int l = 0; l < 8 && kinds < 4; ++l) {
    classes.significand[8 * kinds + l] = own.significand[l] == 0xFF ? std::uint8_t{0} : own.significand[l];
    classes.distance[8 * kinds + l] = own.distance[l] == 0xFF ? std::uint8_t{0} : own.distance[l];
  }
  return kinds;
}

/// Comparisons that tell specials, at most two.
template <scalar_format F>
constexpr bool find_comparisons(code_classes& classes) noexcept {
  bool is_special[256] = {};
  for (std::uint32_t code = 0; code < 256; ++code) {
    is_special[code] = magnitude_of_code<F>(code).kind != core::real_kind::finite;
  }
  bool is_told[256] = {};
  for (std::uint32_t code = 0; code < 256; ++code) {
    if (!is_special[code] || is_told[code]) {
      continue;
    }
    if (classes.specials == 2) {
      return false;
    }
    const std::uint32_t mask = is_special[code ^ 0x80] ? 0x7F : 0xFF;
    classes.special_mask[classes.specials] = static_cast<std::uint8_t>(mask);
    classes.special_value[classes.specials] = static_cast<std::uint8_t>(code & mask);
    ++classes.specials;
    is_told[code] = is_told[code | (~mask & 0x80)] = true;
  }
  return true;
}

template <scalar_format F>
inline constexpr code_classes classes_of = [] {
  code_classes classes;
  if constexpr (F::width == 8 && F::is_signed && core::sign_is_a_bit<F> && span_of<F>.zero_is_code_0) {
    int kinds = 0;
    bool exist = find_comparisons<F>(classes);
    for (std::uint32_t n = 0; n < 16 && exist; ++n) {
      const code_class own = class_of_codes<F>(8 * n);
      const int kind = own.exists ? kind_of_class(classes, kinds, own) : 4;
      exist = kind < 4;
      kinds = core::larger(kinds, kind + 1);
      classes.kind[n] = static_cast<std::uint8_t>(8 * kind);
      classes.exponent[n] = static_cast<std::uint8_t>(own.exponent);
      classes.sign[n] = own.falls ? 0x80 : 0;
      for (std::uint32_t l = 0; l < 8; ++l) {
        if (own.significand[l] != 0xFF) {
          classes.most_exponent =
              core::larger(classes.most_exponent, own.exponent + (own.falls ? 0 : own.distance[l]));
          classes.most_significand = core::larger(classes.most_significand, own.significand[l]);
        }
      }
    }
    classes.exist = exist && classes.most_exponent < 128;
  }
  return classes;
}();

}  // namespace
}  // namespace narrowfp::inline v0::kernels
