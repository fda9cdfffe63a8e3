// Layer: kernels/facts. Elements and scales as the integers that exact products count in, from the core.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "../../core/arithmetic.hpp"
#include "../../core/codec.hpp"
#include "../../formats/fp16.hpp"
#include "../../types/source.hpp"
#include "../product_rows.hpp"
#include "value_span.hpp"

namespace narrowfp::inline v0::kernels {

/// The scales of a format of up to 8 bits, by code.
struct scale_table {
  double value[256];             ///< 0 for specials
  std::int16_t lowest_bit[256];  ///< its exponent; of zero larger, of specials far smaller than any
  std::int16_t binade[256];      ///< of zero smaller, of specials far larger than any
};

/// The bits of zero and of specials: beyond those of numbers, and a special's so far that its product with
/// zero is seen to be special.
inline constexpr int beyond_numbers = 1 << 12;
inline constexpr int beyond_all = 1 << 14;

/// Powers of two, twice in 32 bits.
struct power_table {
  std::uint32_t at[16];
};

namespace {

inline constexpr power_table word_powers = [] {
  power_table table{};
  for (std::uint32_t i = 0; i < 16; ++i) {
    table.at[i] = 0x10001U << i;
  }
  return table;
}();

/// k, as in value_span, of a code whose value is finite.
template <scalar_format F>
constexpr int integer_of(std::uint32_t code) noexcept {
  const core::real x = core::decode<F>(static_cast<typename F::code_type>(code));
  if (core::is_zero(x)) {
    return 0;
  }
  const int shift = x.exponent - span_of<F>.unit;
  const std::uint64_t k = shift >= 0 ? x.significand << shift : x.significand >> -shift;
  return x.negative ? -static_cast<int>(k) : static_cast<int>(k);
}

/// The largest and the smallest k.
struct integer_range {
  int least, most;

  [[nodiscard]] constexpr int magnitude() const noexcept { return core::larger(-least, most); }
};
template <scalar_format F>
requires(F::width <= 8) inline constexpr integer_range integers_of = [] {
  integer_range range{0, 0};
  for (std::uint32_t code = 0; code < std::uint32_t{1} << F::width; ++code) {
    range.least = core::smaller(range.least, integer_of<F>(code));
    range.most = core::larger(range.most, integer_of<F>(code));
  }
  return range;
}();

/// Whether vector kernels count elements of F in bytes: k fits with its sign, and all codes are numbers.
template <scalar_format F>
inline constexpr bool counts_in_bytes = [] {
  if constexpr (F::width <= 8 && span_of<F>.bits() <= 8) {
    return !span_of<F>.has_specials && span_of<F>.zero_is_code_0 && integers_of<F>.least >= -128 &&
           integers_of<F>.most <= 127;
  } else {
    return false;
  }
}();

/// Whether every code, as a number of 8 bits in two's complement, is its k.
template <scalar_format F>
inline constexpr bool codes_are_integers = [] {
  bool are = F::width == 8;
  for (std::uint32_t code = 0; code < std::uint32_t{1} << F::width; ++code) {
    are = are && integer_of<F>(code) == static_cast<std::int8_t>(code);
  }
  return are;
}();

/// Whether k of a code with the top bit is the negative of that without.
template <scalar_format F>
inline constexpr bool integers_have_signs = [] {
  constexpr std::uint32_t half = std::uint32_t{1} << (F::width - 1);
  bool have = true;
  for (std::uint32_t code = 0; code < half; ++code) {
    have = have && integer_of<F>(code | half) == -integer_of<F>(code);
  }
  return have;
}();

/// k by code, or by magnitude where signs are apart; repeated beyond the width.
template <scalar_format F>
inline constexpr auto integer_bytes = [] {
  constexpr std::uint32_t codes = std::uint32_t{1} << (F::width - (integers_have_signs<F> && F::width > 4));
  std::array<std::uint8_t, 256> bytes{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    bytes[i] = static_cast<std::uint8_t>(integer_of<F>(i % codes));
  }
  return bytes;
}();

/// k + Offset by code of up to four bits.
template <scalar_format F, int Offset>
inline constexpr auto offset_integer_bytes = [] {
  std::array<std::uint8_t, 16> bytes{};
  for (std::uint32_t i = 0; i < 16; ++i) {
    bytes[i] = static_cast<std::uint8_t>(integer_of<F>(i % (std::uint32_t{1} << F::width)) + Offset);
  }
  return bytes;
}();

/// The magnitude of k by code of four bits.
template <scalar_format F>
inline constexpr auto integer_magnitudes = [] {
  std::array<std::uint8_t, 16> bytes{};
  for (std::uint32_t i = 0; i < 16; ++i) {
    const int k = integer_of<F>(i % (std::uint32_t{1} << F::width));
    bytes[i] = static_cast<std::uint8_t>(k < 0 ? -k : k);
  }
  return bytes;
}();

/// Whether k of a magnitude is the code itself.
template <scalar_format F>
inline constexpr bool magnitudes_are_integers = [] {
  bool are = integers_have_signs<F>;
  for (std::uint32_t code = 0; code < std::uint32_t{1} << (F::width - 1); ++code) {
    are = are && integer_of<F>(code) == static_cast<int>(code);
  }
  return are;
}();

/// Codes that are infinite or NaN, where one comparison tells them: (code & mask) == value.
struct special_codes {
  bool are_told = false;
  std::uint8_t mask = 0, value = 0;
};
template <scalar_format F>
inline constexpr special_codes specials_of = [] {
  if constexpr (F::width <= 8 && span_of<F>.has_specials) {
    constexpr std::uint32_t codes = std::uint32_t{1} << F::width;
    bool is_special[codes] = {};
    std::uint32_t first = codes;
    for (std::uint32_t code = codes; code-- > 0;) {
      is_special[code] =
          core::decode<F>(static_cast<typename F::code_type>(code)).kind != core::real_kind::finite;
      first = is_special[code] ? code : first;
    }
    for (const std::uint32_t mask : {codes - 1, codes / 2 - 1}) {
      const std::uint32_t value = first & mask;
      bool are_told = true;
      for (std::uint32_t code = 0; code < codes; ++code) {
        are_told = are_told && is_special[code] == ((code & mask) == value);
      }
      if (are_told) {
        return special_codes{true, static_cast<std::uint8_t>(mask), static_cast<std::uint8_t>(value)};
      }
    }
  }
  return special_codes{!span_of<F>.has_specials, 0, 0};
}();

/// Formats whose codes, moved, are float16: sign, magnitude << shift is the value times 2^exponent, of every
/// finite code. Others are special in float16 as well, unless their codes tell them.
struct half_code {
  bool exists = false;
  int shift = 0;
  int exponent = 0;
};
template <scalar_format F>
inline constexpr half_code half_code_of = [] {
  if constexpr (F::width <= 8 && F::is_signed && core::sign_is_a_bit<F> && span_of<F>.zero_is_code_0) {
    constexpr std::uint32_t magnitudes = std::uint32_t{1} << (F::width - 1);
    for (int shift = 10; shift >= 0; --shift) {
      const auto half = [shift](std::uint32_t m) {
        return core::decode<formats::float16>(static_cast<std::uint16_t>(m << shift));
      };
      if ((magnitudes - 1) << shift > 0x7FFF) {
        continue;
      }
      const core::real smallest = core::decode<F>(1);
      const int exponent = core::is_zero(smallest) ? 0 : core::binade_of(half(1)) - core::binade_of(smallest);
      bool exists = true;
      for (std::uint32_t m = 0; m < magnitudes && exists; ++m) {
        core::real x = core::decode<F>(static_cast<typename F::code_type>(m));
        const core::real minus = core::decode<F>(static_cast<typename F::code_type>(m | magnitudes));
        x.exponent += exponent;
        if (x.kind != core::real_kind::finite) {
          exists = specials_of<F>.are_told || half(m).kind != core::real_kind::finite;
        } else {
          exists =
              core::compare(x, half(m)) == 0 && minus.kind == core::real_kind::finite &&
              core::compare_magnitudes(core::finite(minus.significand, minus.exponent + exponent), x) == 0;
        }
      }
      if (exists) {
        return half_code{true, shift, exponent};
      }
    }
  }
  return half_code{};
}();

template <scalar_format F>
requires(F::width <= 8) inline constexpr scale_table scales_of = [] {
  scale_table table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    const core::real x = core::decode<F>(static_cast<typename F::code_type>(i & core::low_mask(F::width)));
    const bool is_number = x.kind == core::real_kind::finite;
    const bool is_zero = core::is_zero(x);
    table.value[i] = is_number ? core::to_floating<double>(x) : 0;
    table.lowest_bit[i] = static_cast<std::int16_t>(!is_number ? -beyond_all
                                                    : is_zero  ? beyond_numbers
                                                               : x.exponent + trailing_zeros(x.significand));
    table.binade[i] = static_cast<std::int16_t>(!is_number ? beyond_all
                                                : is_zero  ? -beyond_numbers
                                                           : core::binade_of(x));
  }
  return table;
}();

/// Whether all scales are powers of two or NaN.
template <scalar_format F>
inline constexpr bool scales_are_powers = span_of<F>.significand_bits == 1 && !F::has_zero && !F::is_signed;

}  // namespace

}  // namespace narrowfp::inline v0::kernels
