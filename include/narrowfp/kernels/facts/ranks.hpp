// Layer: kernels/facts. Lookup tables that the core computes at compile time. They are what makes a user's
// own format as fast as a built-in one.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "../../core/bits.hpp"
#include "../../core/codec.hpp"
#include "../../core/real.hpp"
#include "../../core/rounding.hpp"
#include "../../types/narrow_float.hpp"
#include "../../types/source.hpp"

namespace narrowfp::inline v0::kernels {

// The rank of a non-negative number of a format is its place among them in order: 0 for the smallest.
// Neighbours have consecutive ranks also where their codes are not consecutive (HiF8).

/// Ranks above those of numbers: where magnitudes beyond the largest value, infinity and NaN are sent.
template <scalar_format F>
inline constexpr int overflow_rank = (1 << F::width) + 2;
template <scalar_format F>
inline constexpr int infinity_rank = (1 << F::width) + 4;
template <scalar_format F>
inline constexpr int nan_rank = (1 << F::width) + 5;
template <scalar_format F>
inline constexpr int rank_count = (1 << F::width) + 6;

/// A format of more than 8 bits whose ranks are its codes; no table of them is needed.
template <class F>
concept wide_format = scalar_format<F> &&(F::width > 8 && F::width <= 16) && requires {
  requires F::codes_are_ranks;
  requires F::has_zero;
};

/// How a float's magnitude bits m in one binade become a rank with 32 fraction bits:
/// m * factor + origin. Adding a rounding constant and dropping the fraction gives the rounded rank.
struct binade_row {
  std::uint64_t origin;
  std::uint32_t factor;
  std::uint32_t extra_shift;  ///< of binades so low that the fraction needs more than 32 bits
};

namespace {

/// The neighbour above a non-negative value of F, on the grid continued with the top binade's spacing.
template <scalar_format F>
constexpr core::real successor(const core::real& x) noexcept {
  if (core::is_zero(x)) {
    return core::min_positive<F>;
  }
  const int spacing = F::ulp_exponent(core::binade_of(x));
  return core::finite(core::truncate(x, spacing).quotient + 1, spacing);
}

/// What the ranks of a format of 8 bits or fewer stand for.
template <scalar_format F>
requires(F::width <= 8) struct rank_facts {
  std::array<typename F::code_type, std::size_t{1} << F::width> codes{};  ///< rank -> code
  int count = 0;                                                          ///< numbers
  std::array<int, 256> at_field{};  ///< float's exponent field -> rank of that power of two
  bool parity_is_code_parity = true;
};

template <scalar_format F>
inline constexpr rank_facts<F> ranks = [] {
  rank_facts<F> facts;
  core::real x = F::has_zero ? core::finite(0, 0) : core::min_positive<F>;
  while (core::compare_magnitudes(x, F::max_finite) <= 0) {
    const auto code = F::to_code(x);
    if ((code & 1) != (facts.count & 1)) {
      facts.parity_is_code_parity = false;
    }
    const int field = core::is_zero(x) ? 0 : core::binade_of(x) + 127;
    if (field > 0 && field < 255 && core::compare_magnitudes(x, core::finite(1, field - 127)) == 0) {
      facts.at_field[static_cast<std::size_t>(field)] = facts.count;
    }
    facts.codes[static_cast<std::size_t>(facts.count++)] = code;
    x = successor<F>(x);
  }
  return facts;
}();

/// The rank of the power of two with that exponent field in float; F holds it.
template <scalar_format F>
constexpr std::uint64_t rank_of_power(int field) noexcept {
  if constexpr (wide_format<F>) {
    return F::to_code(core::finite(1, field - 127));
  } else {
    return static_cast<std::uint64_t>(ranks<F>.at_field[static_cast<std::size_t>(field)]);
  }
}

template <scalar_format F>
constexpr bool has_code_parity() noexcept {
  if constexpr (wide_format<F>) {
    return true;
  } else {
    return ranks<F>.parity_is_code_parity;
  }
}

/// The lowest binade of float's normal numbers; its subnormals share one exponent field.
inline constexpr int min_float_binade = -126;

/// Whether the rows below describe F: every value a float, ranks known, one spacing throughout float's
/// subnormals, which form one row, and even codes at even ranks.
template <scalar_format F>
inline constexpr bool has_float_rows = [] {
  if constexpr (!exact_in_float<F> || (F::width > 8 && !wide_format<F>)) {
    return false;
  } else {
    constexpr int min_binade = core::binade_of(core::min_positive<F>);
    constexpr bool one_spacing =
        F::has_zero ? F::ulp_exponent(min_float_binade - 1) == F::ulp_exponent(core::far_below)
                    : min_binade >= min_float_binade - 1;
    return one_spacing && F::ulp_exponent(min_binade) > -149 && has_code_parity<F>();
  }
}();

/// One row for each exponent field of a float.
template <scalar_format F>
requires has_float_rows<F>
inline constexpr std::array<binade_row, 256> float_rows = [] {
  std::array<binade_row, 256> rows{};
  constexpr std::uint64_t one = std::uint64_t{1} << 32;
  constexpr int min_binade = core::binade_of(core::min_positive<F>);
  constexpr int max_binade = core::binade_of(F::max_finite);
  for (int field = 0; field < 256; ++field) {
    binade_row& row = rows[static_cast<std::size_t>(field)];
    const int binade = core::larger(field, 1) - 127;
    const int unit = binade - 23;  // m counts units of 2^unit, from exponent_bits on
    const std::uint64_t exponent_bits = static_cast<std::uint64_t>(field) << 23;
    if (field == 255) {
      row = {static_cast<std::uint64_t>(infinity_rank<F>) * one - exponent_bits, 1, 0};
    } else if (binade > max_binade) {
      row = {static_cast<std::uint64_t>(overflow_rank<F>) * one - exponent_bits, 1, 0};
    } else if (binade < min_binade || field == 0) {
      // Below the smallest value, and float's subnormals: multiples of one spacing. (A format without
      // zero clamps its input to the smallest value, which then has rank 0.)
      const int spacing = F::ulp_exponent(field == 0 ? min_binade : binade);
      const int shift = spacing - unit;  // 1 or more
      const std::uint64_t leading_one = field == 0 ? 0 : std::uint64_t{1} << 23;
      if (shift <= 32) {
        row.factor = static_cast<std::uint32_t>(one >> shift);
        row.origin = (leading_one - exponent_bits) * row.factor - (F::has_zero ? 0 : one);
      } else {
        row = {leading_one - exponent_bits, 1, static_cast<std::uint32_t>(core::smaller(shift - 32, 63))};
      }
    } else {
      const int fraction_bits = binade - F::ulp_exponent(binade);
      row.factor = static_cast<std::uint32_t>(one >> (23 - fraction_bits));
      row.origin = rank_of_power<F>(field) * one - exponent_bits * row.factor;
    }
  }
  return rows;
}();

/// Rank -> code for both signs, with what overflow and the specials become.
template <scalar_format F>
using rank_codes = std::array<std::array<typename F::code_type, rank_count<F>>, 2>;

/// The codes of numbers, which no mode and no policy changes.
template <scalar_format F>
inline constexpr rank_codes<F> codes_of_numbers = [] {
  rank_codes<F> codes{};
  for (int sign = 0; sign < (F::is_signed ? 2 : 1); ++sign) {
    for (std::size_t rank = 0; rank < static_cast<std::size_t>(ranks<F>.count); ++rank) {
      const core::real x = core::with_sign(F::from_code(ranks<F>.codes[rank]), sign == 1);
      codes[static_cast<std::size_t>(sign)][rank] =
          core::encode<F>(x, rounding::nearest_even, overflow::native);
    }
  }
  return codes;
}();

/// `Mode` matters only for where a finite magnitude beyond the largest value goes: one of nearest_even,
/// toward_zero, toward_positive, toward_negative stands for all.
template <scalar_format F, rounding Mode, overflow Policy>
inline constexpr rank_codes<F> codes_of_ranks = [] {
  rank_codes<F> codes = codes_of_numbers<F>;
  for (int sign = 0; sign < 2; ++sign) {
    const bool negative = sign == 1;
    auto& row = codes[static_cast<std::size_t>(sign)];
    const auto encode = [](const core::real& x) { return core::encode<F>(x, Mode, Policy); };
    const auto beyond = encode(core::finite(1, core::binade_of(F::max_finite) + 1, negative));
    // There is no code for a negative number where none has a sign; the caller turns -0 into +0.
    for (int rank = negative && !F::is_signed ? 0 : ranks<F>.count; rank < rank_count<F>; ++rank) {
      row[static_cast<std::size_t>(rank)] = beyond;
    }
    row[infinity_rank<F>] = encode(core::infinity(negative));
    row[nan_rank<F>] = encode(core::nan(negative));
  }
  return codes;
}();

/// The values of all codes, converted to S by one rounding, nearest even.
template <scalar_format F, class S>
requires(F::width <= 8) inline constexpr std::array<S, std::size_t{1} << F::width> values = [] {
  std::array<S, std::size_t{1} << F::width> table{};
  for (std::size_t code = 0; code < table.size(); ++code) {
    core::store(table[code], core::decode<F>(static_cast<typename F::code_type>(code)));
  }
  return table;
}();

}  // namespace

}  // namespace narrowfp::inline v0::kernels
