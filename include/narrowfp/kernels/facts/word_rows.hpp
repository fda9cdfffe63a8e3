// Layer: kernels/facts. The facts of magic_rows for kernels that work on the leading 16 bits of floats and
// look up rows in tables of 16 bytes, as AVX2 and NEON do.
#pragma once

#include <cstddef>
#include <cstdint>

#include "magic_rows.hpp"

namespace narrowfp::inline v0::kernels {

/// A table of up to 16 * Parts bytes for shuffles that give 0 where the index is negative. Each part is asked
/// for index - 16 * part; of those that answer, the results are combined by exclusive or, so that part p
/// holds what differs from part p - 1.
template <int Parts>
struct chained_table {
  std::uint8_t part[std::size_t{Parts}][16];

  constexpr void set(int index, std::uint8_t value) noexcept { part[index / 16][index % 16] = value; }
  constexpr void chain() noexcept {
    for (int p = Parts - 1; p > 0; --p) {
      for (int i = 0; i < 16; ++i) {
        part[p][i] = static_cast<std::uint8_t>(part[p][i] ^ part[p - 1][i]);
      }
    }
  }
};

/// A float's leading 16 bits, the last one set if any bit below is, are rounded by one multiplication: the
/// significand (8 bits) times the row's factor is the count of spacings, with 8 fraction bits.
struct word_rows {
  chained_table<3>
      factor;  ///< by exponent field - base; row 0 is for everything below half the least spacing
  chained_table<3> offset;   ///< makes the count the rank
  chained_table<3> spacing;  ///< the exponent field of the spacing
  chained_table<8> codes;    ///< rank -> code
  std::uint8_t base;
  std::uint16_t high, nan_bits, inf_bits, negative_bits;
  std::uint8_t nan_code;
  int width;
};

namespace {

template <scalar_format F, rounding Mode, overflow Policy>
struct word_encoder {
  struct result {
    word_rows data;
    unsigned flags;
    bool exists;
  };

  static constexpr auto& from = magic_rows_of<F, Mode, Policy>;

  static constexpr result build() noexcept {
    result r{};
    if constexpr (from.exists && F::has_zero) {
      fill(r);
    }
    return r;
  }

 private:
  static constexpr std::uint16_t leading(std::uint32_t bits) noexcept {
    return static_cast<std::uint16_t>(bits >> 16);
  }

  static constexpr void fill(result& r) noexcept {
    const int least_spacing = from.row_spacing[from.low_binade + 127];
    const int first = least_spacing - 1;  // the binade just below the least spacing can round up to it
    if (from.nan_binade - first + 2 > 48) {
      return;
    }
    for (int binade = first; binade <= from.nan_binade; ++binade) {
      const int field = core::larger(binade, from.low_binade) + 127;
      const int fraction_bits = binade - from.row_spacing[field];
      const int offset = from.row_offset[field];
      // One of the 7 fraction bits is the sticky one and one decides about rounding. Ties look at the count.
      if (fraction_bits > 5 || (Mode == rounding::nearest_even && offset % 2 != 0 && fraction_bits > -1 &&
                                binade <= core::binade_of(F::max_finite))) {
        return;
      }
      r.data.factor.set(binade - first + 1, static_cast<std::uint8_t>(1 << (fraction_bits + 1)));
      r.data.offset.set(binade - first + 1, static_cast<std::uint8_t>(offset & 0xFF));
      r.data.spacing.set(binade - first + 1, static_cast<std::uint8_t>(from.row_spacing[field] + 127));
    }
    r.data.spacing.set(0, static_cast<std::uint8_t>(least_spacing + 127));
    for (int rank = 0; rank < 128; ++rank) {
      r.data.codes.set(rank, from.data.codes[rank]);
    }
    r.data.factor.chain();
    r.data.offset.chain();
    r.data.spacing.chain();
    r.data.codes.chain();
    r.data.base = static_cast<std::uint8_t>(first + 127 - 1);
    r.data.high = leading(from.data.high);
    r.data.nan_bits = leading(from.data.nan_bits);
    r.data.inf_bits = leading(from.data.inf_bits);
    r.data.negative_bits = leading(from.data.negative_bits);
    r.data.nan_code = from.data.nan_code;
    r.data.width = from.data.width;
    r.flags = from.flags & ~static_cast<unsigned>(flag_many_rows);
    r.exists = (from.data.high & 0xFFFF) == 0;
  }
};

template <scalar_format F, rounding Mode, overflow Policy>
inline constexpr auto word_rows_of = word_encoder<F, Mode, Policy>::build();

}  // namespace

}  // namespace narrowfp::inline v0::kernels
