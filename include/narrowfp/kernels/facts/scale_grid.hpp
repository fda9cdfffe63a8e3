// Layer: kernels/facts. The facts of unsigned formats without zero, such as E8M0 and E6M2, for vector
// encoders. Their ranks are the leading bits of a float, less those of the smallest value.
#pragma once

#include <cstdint>

#include "../../core/bits.hpp"
#include "../../core/codec.hpp"
#include "../../core/real.hpp"
#include "magic_rows.hpp"
#include "ranks.hpp"

namespace narrowfp::inline v0::kernels {

struct scale_grid {
  std::uint32_t low;   ///< smaller magnitudes are read as this
  std::uint32_t high;  ///< greater ones as this
  std::uint32_t inf_bits;
  std::uint32_t negative_bits;
  int shift;                ///< of a float's bits, to drop its lower fraction
  std::uint32_t rank_of_0;  ///< the smallest value's bits, shifted
  std::uint8_t nan_code;
  bool from_denormals;  ///< the smallest value is the one denormal float, 2^-127
  bool exists;
};

namespace {

template <scalar_format F, rounding Mode, overflow Policy>
inline constexpr scale_grid scale_grid_of = [] {
  scale_grid r{};
  if constexpr (F::width <= 8) {
    if constexpr (has_float_rows<F> && !F::is_signed && !F::has_zero && F::has_nan) {
      constexpr rounding side = Mode == rounding::toward_zero ? Mode : rounding::nearest_even;
      const auto& codes = codes_of_ranks<F, side, Policy>[0];
      constexpr int count = ranks<F>.count;
      constexpr int min_binade = core::binade_of(core::min_positive<F>);
      constexpr int max_binade = core::binade_of(F::max_finite);
      constexpr int fraction_bits = max_binade - F::ulp_exponent(max_binade);
      bool fits = core::min_positive<F>.significand == std::uint64_t{1} << fraction_bits;
      for (int binade = min_binade; binade <= max_binade; ++binade) {
        fits = fits && binade - F::ulp_exponent(binade) == fraction_bits;
      }
      for (int rank = 0; rank < count; ++rank) {
        fits = fits && codes[static_cast<std::size_t>(rank)] == rank;
      }
      const int largest = codes[static_cast<std::size_t>(count - 1)];
      const int overflow_code = codes[static_cast<std::size_t>(overflow_rank<F>)];
      const int infinity_code = codes[static_cast<std::size_t>(infinity_rank<F>)];
      const core::real beyond = successor<F>(F::max_finite);
      const std::uint32_t after_largest = core::binade_of(beyond) > 127 ? 0x7F800000 : float_bits_of(beyond);
      fits = fits && (overflow_code == largest || overflow_code == count) &&
             (infinity_code == largest || infinity_code == count);
      r.from_denormals = min_binade == -127;
      r.low = float_bits_of(core::min_positive<F>);
      r.high = overflow_code == largest ? float_bits_of(F::max_finite) : after_largest;
      r.inf_bits = infinity_code == largest ? float_bits_of(F::max_finite) : after_largest;
      r.negative_bits = Policy == overflow::native ? 0x7FC00000 : 0;
      r.shift = 23 - fraction_bits;
      r.rank_of_0 = r.from_denormals ? 0 : r.low >> r.shift;
      r.nan_code = codes[static_cast<std::size_t>(nan_rank<F>)];
      r.exists = fits && Mode != rounding::stochastic && (!r.from_denormals || fraction_bits == 0);
    }
  }
  return r;
}();

/// Whether the leading 16 bits of floats decide, the last bit set if any bit below is: as for word_rows.
template <scalar_format F, rounding Mode, overflow Policy>
inline constexpr bool has_scale_words = [] {
  constexpr auto& facts = scale_grid_of<F, Mode, Policy>;
  return facts.exists && facts.shift >= 18 && ((facts.low | facts.high | facts.inf_bits) & 0xFFFF) == 0 &&
         facts.inf_bits >= facts.high && facts.nan_code >= ranks<F>.count;
}();

/// Whether what overflows, infinity, NaN and negative numbers share one code, the rank after the largest: as
/// unsigned integers, all of them are at least `high`.
template <scalar_format F, rounding Mode, overflow Policy>
inline constexpr bool has_nan_above = [] {
  constexpr auto& facts = scale_grid_of<F, Mode, Policy>;
  return has_scale_words<F, Mode, Policy> && facts.negative_bits != 0 && facts.inf_bits == facts.high &&
         (facts.high >> facts.shift) - facts.rank_of_0 == facts.nan_code;
}();

}  // namespace

}  // namespace narrowfp::inline v0::kernels
