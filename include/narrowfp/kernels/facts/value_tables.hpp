// Layer: kernels/facts. What a vector decoder needs to know of a format of 8 bits or fewer: its values as
// tables of bytes, computed at compile time from the core.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>

#include "../../core/bits.hpp"
#include "ranks.hpp"

#include "../target.hpp"

namespace narrowfp::inline v0::kernels {

/// How the tables are used.
enum class decode_shape : std::uint8_t {
  none,             ///< the values need more than 16 bits; no vector kernel
  six_bits,         ///< codes of 6 bits or fewer
  seven_bits,       ///< of 7 bits
  signed_8,         ///< 8 bits; the value's sign is the code's top bit
  signed_8_but_80,  ///< the same, but for code 80
  eight_bits,       ///< 8 bits, no rule
};

/// The values of all codes, as the leading 16 bits of a float, or as bfloat16 or float16; as words, and with
/// their bytes apart. Narrow formats are repeated, so that bits above their width do not matter.
struct value_tables {
  std::uint16_t words[256];
  std::uint8_t high[256];
  std::uint8_t low[256];
};

/// Byte orders for the decoders. Output vector k of four takes bytes k, k + 4, k + 8, ... of the codes, so
/// that element 16 k + i has to lie at byte 4 i + k; of two, elements 32 k + i at byte 2 i + k.
struct byte_order {
  std::uint8_t at[64];
};

namespace {

constexpr byte_order interleaved(std::size_t vectors) noexcept {
  byte_order order{};
  for (std::size_t byte = 0; byte < 64; ++byte) {
    order.at[byte] = static_cast<std::uint8_t>(byte % vectors * (64 / vectors) + byte / vectors);
  }
  return order;
}
inline constexpr byte_order four_ways = interleaved(4);
inline constexpr byte_order two_ways = interleaved(2);

constexpr void set_value(value_tables& tables, std::size_t code, std::uint32_t word) noexcept {
  tables.words[code] = static_cast<std::uint16_t>(word);
  tables.high[code] = static_cast<std::uint8_t>(word >> 8);
  tables.low[code] = static_cast<std::uint8_t>(word & 0xFF);
}

/// The bits of an element of the target, from the top; zero beyond 16 where the kernels apply.
template <class S>
constexpr std::uint32_t leading_bits(S x) noexcept {
  if constexpr (sizeof(S) == 4) {
    return core::bit_cast<std::uint32_t>(x);
  } else {
    return std::uint32_t{core::bit_cast<std::uint16_t>(x)} << 16;
  }
}

template <scalar_format F, class S>
requires(F::width <= 8) struct value_decoder {
  static constexpr auto& table = values<F, S>;

  static constexpr std::uint32_t bits(std::size_t code) noexcept {
    return leading_bits(table[code % table.size()]);
  }

  static constexpr decode_shape shape = [] {
    bool is_signed = true;
    for (std::size_t code = 0; code < table.size(); ++code) {
      if ((bits(code) & 0xFFFF) != 0) {
        return decode_shape::none;
      }
      is_signed = is_signed && (code >= 128 || code == 0 || bits(code + 128) == (bits(code) ^ 0x80000000));
    }
    if (F::width <= 6) {
      return decode_shape::six_bits;
    }
    if (F::width == 7) {
      return decode_shape::seven_bits;
    }
    if (!is_signed) {
      return decode_shape::eight_bits;
    }
    return bits(0x80) == (bits(0) ^ 0x80000000) ? decode_shape::signed_8 : decode_shape::signed_8_but_80;
  }();

  static constexpr value_tables data = [] {
    value_tables result{};
    for (std::size_t code = 0; code < 256; ++code) {
      set_value(result, code, bits(code) >> 16);
    }
    return result;
  }();
};

/// Widths of which all vector kernels read and write dense streams.
constexpr bool is_common_width(int bits) noexcept { return bits == 4 || bits == 6 || bits == 8; }
/// Those of which AVX2's and AVX-512's do.
constexpr bool is_dense_width(int bits) noexcept { return bits >= 2 && bits <= 8; }

/// Whether vector kernels decode F, stored in Bits bits a code, to S; those of NEON if the width is common.
template <scalar_format F, int Bits, class S>
inline constexpr bool is_vector_target = [] {
  if constexpr (F::width <= Bits && Bits <= 8 &&
                (std::same_as<S, float> || std::same_as<S, narrow_float<formats::bfloat16>> ||
                 std::same_as<S, narrow_float<formats::float16>>)) {
    return value_decoder<F, S>::shape != decode_shape::none;
  } else {
    return false;
  }
}();

NARROWFP_INLINE bool is_one(float scale) noexcept {
  return core::bit_cast<std::uint32_t>(scale) == core::bit_cast<std::uint32_t>(1.0F);
}

/// The exponent field of a float.
NARROWFP_INLINE int field_of(float x) noexcept {
  return static_cast<int>(core::bit_cast<std::uint32_t>(x) >> 23 & 0xFF);
}

/// Whether a multiplication by `scale` that rounds to nearest gives what the core gives for every value of
/// F, whether or not denormal numbers are flushed: no operand and no product is denormal, and there is no
/// invalid operation.
template <scalar_format F>
NARROWFP_INLINE bool scales_exactly(float scale) noexcept {
  const int field = field_of(scale);
  constexpr int min_binade = core::binade_of(core::min_positive<F>);
  return field != 0 && field != 255 && min_binade >= min_float_binade &&
         min_binade + field - 127 >= min_float_binade;
}

}  // namespace

}  // namespace narrowfp::inline v0::kernels

#include "../target_end.hpp"
