// Layer: kernels/facts. What a vector encoder needs to know of a format of 8 bits or fewer, computed at
// compile time from the core. docs/kernels/magic_addition.md explains why one float addition rounds exactly.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>

#include "../../core/bits.hpp"
#include "../../core/codec.hpp"
#include "../../core/real.hpp"
#include "../../core/rounding.hpp"
#include "ranks.hpp"

#include "../target.hpp"

namespace narrowfp::inline v0::kernels {

/// How a kernel is specialised; the facts that differ within one specialisation are data, so that formats
/// share code.
enum encode_flag : unsigned {
  flag_toward_zero = 1,       ///< else to nearest
  flag_nan_apart = 2,         ///< NaN has a byte of its own, else it goes with the largest magnitudes
  flag_inf_apart = 4,         ///< likewise infinity
  flag_mapped = 8,            ///< the rounded byte is a rank that a table turns into a code
  flag_unsigned_zero = 16,    ///< code 0 takes no sign
  flag_unsigned = 32,         ///< no sign at all: negative numbers become 0, or NaN with `negative_nan`
  flag_nan_positive = 64,     ///< NaN loses its sign
  flag_many_rows = 128,       ///< more than 32 rows
  flag_low_value = 256,       ///< no zero: smaller magnitudes are read as the smallest value
  flag_stochastic = 512,      ///< with toward_zero: random bits decide
  flag_scaled = 1024,         ///< values are multiplied first
  flag_nan_last = 2048,       ///< NaN's code is put in at the end: the table of ranks is full
  flag_narrow = 4096,         ///< fewer than 8 bits
  flag_ties_away = 8192,      ///< nearest_away: the last bit is set, which moves ties and nothing else
  flag_negative_nan = 16384,  ///< with unsigned; see also magic_rows::negative_bits
  flag_tapered = 32768,       ///< see tapered_rows
};

/// Of what no element of a block under a usual scale is.
inline constexpr unsigned special_flags = flag_nan_apart | flag_nan_positive | flag_nan_last | flag_inf_apart;

inline constexpr int magic_row_count = 64;

/// The facts of one format, rounding mode and overflow policy. All bit patterns are those of floats.
///
/// A magnitude a in the binade of exponent field e is rounded by one addition: a + magic[e]. The magic
/// number is so large that the sum's last bit weighs one spacing of the format in that binade, and its own
/// low bits turn the count of spacings into the value's rank, which is then the sum's low byte.
struct magic_rows {
  std::uint32_t magic[magic_row_count];        ///< by exponent field mod 64; with 32 rows or fewer, twice
  std::uint16_t magic_words[magic_row_count];  ///< the same as two equal halves; ranks then come mod 128
  std::int32_t spacing[magic_row_count];       ///< exponent field - this = the left shift that leaves the
                                               ///< discarded fraction, 32 bits of it
  std::uint32_t low;                           ///< below it the row is that of this magnitude
  std::uint32_t high;                          ///< greater magnitudes are read as this
  std::uint32_t nan_bits;
  std::uint32_t inf_bits;
  std::uint32_t negative_bits;
  std::uint8_t codes[128];  ///< rank -> code
  int width;
  std::uint8_t nan_code;
};

namespace {

/// The float of a positive real that is one.
constexpr std::uint32_t float_bits_of(const core::real& x) noexcept {
  return core::encode<formats::binary32>(x, rounding::toward_zero, overflow::native);
}

/// Which mode stands for all that send finite magnitudes beyond the largest value to the same place.
constexpr rounding side_of(rounding mode) noexcept {
  return mode == rounding::toward_zero ? mode : rounding::nearest_even;
}

/// magic_rows of F, and whether they reproduce the core. `exists` is false for a format whose facts do not
/// fit; then the scalar path, or another kernel, encodes it. `side` is a result of side_of.
template <scalar_format F, rounding side, overflow Policy>
struct magic_row_builder {
  struct result {
    magic_rows data;
    unsigned flags;  ///< but those of the mode
    bool exists;
    bool has_rows;  ///< the rest is filled, whether or not these kernels can use it
    int low_binade, nan_binade;
    // The rows as such, by exponent field: the spacing's exponent and the rank's offset.
    int row_spacing[256];
    int row_offset[256];
  };

  static constexpr result build() noexcept {
    result r{};
    if constexpr (F::width <= 8) {
      if constexpr (has_float_rows<F>) {
        fill(r);
      }
    }
    return r;
  }

 private:
  static constexpr int min_binade = core::binade_of(core::min_positive<F>);
  static constexpr int max_binade = core::binade_of(F::max_finite);
  static constexpr bool is_unsigned = !F::is_signed;

  /// The last binade that has the spacing of the smallest value, and so shares its row.
  static constexpr int low_binade() noexcept {
    int binade = min_binade;
    while (F::has_zero && binade < max_binade && F::ulp_exponent(binade + 1) == F::ulp_exponent(binade)) {
      ++binade;
    }
    return binade;
  }

  static constexpr void set_row(result& r, int binade, int spacing, int offset) noexcept {
    // 1.5 * 2^23 spacings leave room for offsets of both signs.
    const std::uint32_t exponent = static_cast<std::uint32_t>(spacing + 23 + 127) << 23;
    r.row_spacing[binade + 127] = spacing;
    r.row_offset[binade + 127] = offset;
    const auto field = static_cast<unsigned>(binade + 127) % magic_row_count;
    const auto bits = static_cast<std::uint32_t>(0x400000 + offset);
    r.data.magic[field] = exponent + bits;
    r.data.magic_words[field] = static_cast<std::uint16_t>((exponent >> 16) + (bits & 0x7F));
    r.data.spacing[field] = spacing + 127 - 9;
  }

  static constexpr void fill(result& r) noexcept {
    const auto& codes = codes_of_ranks<F, side, Policy>;
    const int count = ranks<F>.count;
    const auto code_at = [&](int rank) { return codes[0][static_cast<std::size_t>(rank)]; };
    const std::uint32_t overflow_code = code_at(overflow_rank<F>);
    const std::uint32_t infinity_code = code_at(infinity_rank<F>);
    const std::uint32_t nan_code = code_at(nan_rank<F>);
    const std::uint32_t largest_code = code_at(count - 1);
    const core::real beyond = successor<F>(F::max_finite);
    const std::uint32_t largest = float_bits_of(F::max_finite);
    const std::uint32_t after_largest = float_bits_of(beyond);

    // Where the extremes go. Rank `count` is infinity or NaN, rank count + 1 a NaN apart from it.
    const bool keeps_finite = overflow_code == largest_code;
    r.data.high = keeps_finite ? largest : after_largest;
    const std::uint32_t top_code = keeps_finite ? infinity_code : overflow_code;
    const int low = low_binade();
    const int top = core::binade_of(beyond);
    const int nan_binade = top + 1;
    r.data.low = static_cast<std::uint32_t>(low + 127) << 23;
    r.data.nan_bits = static_cast<std::uint32_t>(nan_binade + 127) << 23;
    r.data.inf_bits = after_largest;
    r.data.width = F::width;
    r.data.nan_code = static_cast<std::uint8_t>(nan_code);
    const bool inf_apart = infinity_code != (keeps_finite ? largest_code : overflow_code);
    const bool nan_with_high = nan_code == (keeps_finite ? largest_code : overflow_code);
    const bool negative_is_nan = F::has_nan && Policy == overflow::native;
    r.flags = (inf_apart ? flag_inf_apart : 0U) | (nan_with_high && !inf_apart ? 0U : flag_nan_apart) |
              (F::is_signed && !F::has_negative_zero ? flag_unsigned_zero : 0U) |
              (is_unsigned ? flag_unsigned : 0U) | (is_unsigned && negative_is_nan ? flag_negative_nan : 0U) |
              (F::is_signed && codes[1][nan_rank<F>] == nan_code && !(nan_code >> (F::width - 1) & 1)
                   ? flag_nan_positive
                   : 0U) |
              (F::has_zero ? 0U : flag_low_value) | (F::width < 8 ? flag_narrow : 0U);
    r.data.negative_bits = negative_is_nan ? 0x7FC00000U : 0U;

    // Do the facts fit? Tiny floats must not matter, whether flushed to zero or not: their fraction of a
    // spacing is below 2^-32.
    const int highest_spacing = core::larger(F::ulp_exponent(max_binade), nan_binade);
    if (F::ulp_exponent(min_binade) < -94 || highest_spacing + 24 > 127 ||
        nan_binade - low >= magic_row_count || count > 255 || min_binade <= min_float_binade) {
      return;
    }
    const int last = (r.flags & flag_nan_apart) != 0 ? nan_binade : top;  // NaN goes with what lies beyond
    r.flags |= last - low >= 32 ? flag_many_rows : 0U;
    r.low_binade = low;
    r.nan_binade = nan_binade;

    // Rows. Ranks past the numbers: `count` for what lies beyond, count + 1 for NaN.
    bool plain = true;
    for (int rank = 0; rank < count; ++rank) {
      plain = plain && code_at(rank) == static_cast<std::uint32_t>(rank);
    }
    plain = plain && (keeps_finite && !inf_apart ? true : top_code == static_cast<std::uint32_t>(count));
    r.flags |= plain ? 0U : flag_mapped;
    const int nan_byte = plain ? static_cast<int>(nan_code) : count + 1;
    for (int binade = low; binade <= max_binade; ++binade) {
      const int spacing = F::ulp_exponent(binade);
      const int units = 1 << (binade - spacing);  // of the power of two, where the binade begins
      const int rank =
          binade == low && F::has_zero ? units : ranks<F>.at_field[static_cast<std::size_t>(binade + 127)];
      set_row(r, binade, spacing, rank - units);
    }
    if (top > max_binade) {
      set_row(r, top, top, count - 1);
    }
    set_row(r, nan_binade, nan_binade, nan_byte - 1);
    r.has_rows = true;
    if (last - low < 32) {
      for (int binade = low; binade <= last; ++binade) {
        const auto field = static_cast<unsigned>(binade + 127) % magic_row_count;
        r.data.magic[field ^ 32] = r.data.magic[field];
        r.data.spacing[field ^ 32] = r.data.spacing[field];
      }
    }
    if (!plain) {
      if (count + 1 > 128) {
        return;
      }
      if (nan_byte >= 128 && (r.flags & flag_nan_apart) != 0) {
        if (F::is_signed && codes[1][nan_rank<F>] != nan_code) {
          return;
        }
        r.flags = (r.flags & ~static_cast<unsigned>(flag_nan_apart)) | flag_nan_last;
      }
      for (int rank = 0; rank < 128; ++rank) {
        r.data.codes[rank] = static_cast<std::uint8_t>(rank < count       ? code_at(rank)
                                                       : rank == count    ? top_code
                                                       : rank == nan_byte ? nan_code
                                                                          : 0);
      }
    }
    r.exists = signs_fit(r, count, keeps_finite, inf_apart, nan_byte);
  }

  /// Whether a code with the sign bit set where the kernel sets it is the core's code of the negative number.
  static constexpr bool signs_fit(const result& r, int count, bool keeps_finite, bool inf_apart,
                                  int nan_byte) noexcept {
    if (is_unsigned) {
      return true;
    }
    const auto& codes = codes_of_ranks<F, side, Policy>;
    const auto with_sign = [&r](std::uint32_t byte) {
      const std::uint32_t code = (r.flags & flag_mapped) != 0 ? r.data.codes[byte & 0x7F] : byte;
      const bool takes_sign = (r.flags & flag_unsigned_zero) == 0 || code != 0;
      return takes_sign ? code | 1U << (F::width - 1) : code;
    };
    const auto core_code = [&](int rank) { return codes[1][static_cast<std::size_t>(rank)]; };
    bool fit = true;
    for (int rank = 0; rank < count; ++rank) {
      fit = fit && with_sign(static_cast<std::uint32_t>(rank)) == core_code(rank);
    }
    if (!keeps_finite) {
      fit = fit && with_sign(static_cast<std::uint32_t>(count)) == core_code(overflow_rank<F>);
    }
    if (inf_apart || !keeps_finite) {
      fit = fit && with_sign(static_cast<std::uint32_t>(count)) == core_code(infinity_rank<F>);
    }
    if ((r.flags & flag_nan_apart) != 0 && (r.flags & flag_nan_positive) == 0) {
      fit = fit && with_sign(static_cast<std::uint32_t>(nan_byte)) == core_code(nan_rank<F>);
    }
    return fit;
  }
};

/// For compile time alone: most of it no kernel reads.
template <scalar_format F, rounding Side, overflow Policy>
inline constexpr auto built_magic_rows = magic_row_builder<F, Side, Policy>::build();

/// What kernels read: the one table of all modes of a side.
template <scalar_format F, rounding Side, overflow Policy>
inline constexpr magic_rows magic_row_table = built_magic_rows<F, Side, Policy>.data;

constexpr unsigned flags_of_mode(rounding mode) noexcept {
  return (mode == rounding::toward_zero || mode == rounding::stochastic ? flag_toward_zero : 0U) |
         (mode == rounding::nearest_away ? flag_ties_away : 0U) |
         (mode == rounding::stochastic ? flag_stochastic : 0U);
}

/// The facts of a format, rounding mode and overflow policy; see magic_row_builder::result.
struct magic_row_facts {
  const magic_rows& data;
  unsigned flags;
  bool exists;
  bool has_rows;
  int low_binade, nan_binade;
  const int (&row_spacing)[256];
  const int (&row_offset)[256];
};

template <scalar_format F, rounding Mode, overflow Policy>
inline constexpr magic_row_facts magic_rows_of = [] {
  constexpr auto& built = built_magic_rows<F, side_of(Mode), Policy>;
  return magic_row_facts{magic_row_table<F, side_of(Mode), Policy>,
                         built.flags | flags_of_mode(Mode),
                         built.exists,
                         built.has_rows,
                         built.low_binade,
                         built.nan_binade,
                         built.row_spacing,
                         built.row_offset};
}();

/// Where AVX-512's pack instructions leave 64 elements of four vectors a, b, c, d: a0 a1 a2 a3 b0 ... d3 a4
/// ...
constexpr std::size_t packed_place(std::size_t element) noexcept {
  return element % 16 / 4 * 16 + element / 16 * 4 + element % 4;
}

struct byte_indices {
  std::uint8_t at[64];
};

/// For each byte of a dense stream of Bits bits an element, where it is once packed elements have been merged
/// into groups of Group, each a little-endian number at the place of its first element.
template <int Bits, std::size_t Group>
inline constexpr byte_indices merged_places = [] {
  constexpr std::size_t group_bytes = Group * Bits / 8;
  byte_indices table{};
  for (std::size_t byte = 0; byte < 64 * Bits / 8; ++byte) {
    const std::size_t place = packed_place(byte / group_bytes * Group);
    table.at[byte] = static_cast<std::uint8_t>(place + byte % group_bytes);
  }
  return table;
}();

/// Whether vector kernels encode S to F, stored in Bits bits a code, in some mode; those of NEON if the width
/// is common.
template <scalar_format F, int Bits, class S>
inline constexpr bool is_vector_source = F::width <= Bits&& Bits <= 8 && (Bits == 8 || F::width == Bits) &&
                                         (std::same_as<S, float> ||
                                          std::same_as<S, narrow_float<formats::bfloat16>> ||
                                          std::same_as<S, narrow_float<formats::float16>>);

/// Whether a multiplication that rounds to nearest may replace the core's before encoding by lanes: without
/// invalid operations, and so small that what a denormal float becomes lies below every format's smallest
/// value by far, flushed to zero or not.
NARROWFP_INLINE bool scales_before_rounding(float scale) noexcept {
  const std::uint32_t magnitude = core::bit_cast<std::uint32_t>(scale) & 0x7FFFFFFF;
  return magnitude >= 0x00800000 && magnitude < (std::uint32_t{127 + 24} << 23);
}

}  // namespace

}  // namespace narrowfp::inline v0::kernels

#include "../target_end.hpp"
