// Layer: kernels/facts. The facts of magic_rows for kernels that compute what others look up: formats whose
// binades all have the same fraction bits, down to subnormals, and whose codes are ranks. The built-in float
// formats but HiF8, and users' minifloats.
#pragma once

#include <cstdint>

#include "../../core/bits.hpp"
#include "magic_rows.hpp"

namespace narrowfp::inline v0::kernels {

/// A magnitude a, not below 2^low, of exponent field e becomes a + 2^(e - 127) * spacing_factor: a sum whose
/// last bit weighs one spacing. Its upper half is the exponent, its lower half, as a signed number, the count
/// of spacings less the lowest exponent in these units, so that upper + lower * 2^(7 - fraction bits) is the
/// rank times 2^(7 - fraction bits).
struct linear_grid {
  float spacing_factor;
  std::uint32_t low;   ///< smaller magnitudes take their spacing from this power of two
  std::uint32_t high;  ///< greater magnitudes are read as this
  std::uint32_t nan_bits;
  std::uint32_t inf_bits;
  int fraction_bits;
  int width;
};

namespace {

template <scalar_format F, rounding Mode, overflow Policy>
struct linear_encoder {
  struct result {
    linear_grid data;
    unsigned flags;
    bool exists;
  };

  static constexpr auto& from = magic_rows_of<F, Mode, Policy>;

  static constexpr result build() noexcept {
    result r{};
    constexpr unsigned unlike = flag_low_value | flag_nan_last;
    if constexpr (from.has_rows && F::has_zero && (from.flags & unlike) == 0) {
      fill(r);
    }
    return r;
  }

 private:
  static constexpr int low = from.low_binade;
  static constexpr int fraction_bits = low - from.row_spacing[low + 127];

  /// The positive float that has that rank, on a grid continued beyond the largest value.
  static constexpr std::uint32_t bits_of_rank(int rank) noexcept {
    const int binade = low + (rank >> fraction_bits) - 1;
    const int fraction = rank % (1 << fraction_bits);
    return (static_cast<std::uint32_t>(binade + 127) << 23) | static_cast<std::uint32_t>(fraction)
                                                                  << (23 - fraction_bits);
  }

  /// Whether ranks with a sign bit are the core's codes, down to one spacing for the lowest binades.
  static constexpr bool fits(bool nan_apart, bool inf_apart) noexcept {
    const auto& codes = codes_of_ranks<F, side_of(Mode), Policy>;
    const auto is_code = [&](int code, int rank, unsigned flags) {
      const bool takes_sign = F::is_signed && (code != 0 || (flags & flag_unsigned_zero) == 0);
      const int negative = takes_sign ? code | 1 << (F::width - 1) : code;
      const auto at = static_cast<std::size_t>(rank);
      return codes[0][at] == code && (!F::is_signed || codes[1][at] == negative);
    };
    const int count = ranks<F>.count;
    const int last = from.data.high == bits_of_rank(count) ? count : count - 1;
    bool right = from.data.high == bits_of_rank(last) && is_code(last, overflow_rank<F>, from.flags) &&
                 is_code(inf_apart ? count : last, infinity_rank<F>, from.flags);
    for (int rank = 0; rank < count; ++rank) {
      right = right && is_code(rank, rank, from.flags);
    }
    for (int binade = low; binade <= core::binade_of(F::max_finite); ++binade) {
      right = right && from.row_spacing[binade + 127] == binade - fraction_bits;
    }
    const int nan_code = nan_apart ? from.data.nan_code : last;
    const bool loses_sign = (from.flags & flag_nan_positive) != 0;
    const int positive_nan = codes[0][nan_rank<F>];
    const int negative_nan = codes[1][nan_rank<F>];
    return right && nan_code >= last && nan_code >= 1 << fraction_bits &&
           (loses_sign ? positive_nan == negative_nan && positive_nan == nan_code
                       : is_code(nan_code, nan_rank<F>, from.flags));
  }

  static constexpr void fill(result& r) noexcept {
    // A tie looks at the count's last bit, which is the rank's unless binades have an odd number of ranks:
    // one.
    constexpr bool counts_tell_ties = fraction_bits > 0 || Mode != rounding::nearest_even;
    if constexpr (fraction_bits <= 7 && counts_tell_ties) {
      const bool nan_apart = (from.flags & flag_nan_apart) != 0;
      // A sum begins with its leading one, then 0x10000 units that the count less lowest_exponent, negative,
      // borrows from. An even number of units leaves ties where they are.
      constexpr int lowest_exponent = low + 127 + 23 - fraction_bits;
      constexpr int units = 0x810000 - (lowest_exponent << fraction_bits);
      r.data.spacing_factor = core::to_floating<float>(core::finite(units, -fraction_bits));
      r.data.low = from.data.low;
      r.data.high = from.data.high;
      r.data.nan_bits = nan_apart ? bits_of_rank(from.data.nan_code) : 0;
      r.data.inf_bits = bits_of_rank(ranks<F>.count);
      r.data.fraction_bits = fraction_bits;
      r.data.width = from.data.width;
      // Which way a sum is rounded, the environment says.
      r.flags = from.flags &
                ~static_cast<unsigned>(flag_many_rows | flag_mapped | flag_toward_zero | flag_stochastic);
      r.exists = fits(nan_apart, (from.flags & flag_inf_apart) != 0);
    }
  }
};

template <scalar_format F, rounding Mode, overflow Policy>
inline constexpr auto linear_of = linear_encoder<F, Mode, Policy>::build();

}  // namespace
}  // namespace narrowfp::inline v0::kernels
