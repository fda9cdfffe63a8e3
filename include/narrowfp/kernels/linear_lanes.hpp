// Layer: kernels. The facts of encode_lanes for kernels that compute what others look up: formats whose
// binades all have the same fraction bits, down to subnormals, and whose codes are ranks. The built-in float
// formats but HiF8, and users' minifloats.
#pragma once

#include <cstdint>

#include "../core/bits.hpp"
#include "encode_lanes.hpp"

namespace narrowfp::inline v0::kernels {

/// A magnitude a, not below 2^low, of exponent field e becomes a + 2^(e - 127) * spacing_factor: a sum whose
/// last bit weighs one spacing. Its upper half is exponent and leading fraction bits, its lower half the
/// count of spacings; upper + count * 2^(7 - fraction bits) - origin is the rank times 2^(7 - fraction bits).
struct linear_lanes {
  float spacing_factor;
  std::uint32_t low;   ///< smaller magnitudes take their spacing from this power of two
  std::uint32_t high;  ///< greater magnitudes are read as this
  std::uint32_t nan_bits;
  std::uint32_t negative_bits;
  std::uint16_t origin;
  int fraction_bits;
  int width;
};

namespace {

template <scalar_format F, rounding Mode, overflow Policy>
struct linear_encoder {
  struct result {
    linear_lanes lanes;
    unsigned flags;
    bool exists;
  };

  static constexpr auto& from = lanes_of<F, Mode, Policy>;

  static constexpr result build() noexcept {
    result r{};
    constexpr unsigned unlike = lane_mapped | lane_inf_apart | lane_low_value | lane_nan_last;
    if constexpr (from.exists && F::has_zero && (from.flags & unlike) == 0) {
      fill(r);
    }
    return r;
  }

 private:
  static constexpr void fill(result& r) noexcept {
    const int low = from.low_binade;
    const int fraction_bits = low - from.row_spacing[low + 127];
    if (fraction_bits > 7) {
      return;
    }
    bool fits = true;
    for (int binade = low; binade < from.nan_binade; ++binade) {
      const std::uint32_t power = static_cast<std::uint32_t>(binade + 127) << 23;
      fits = fits && (power > from.lanes.high ||
                      (binade - from.row_spacing[binade + 127] == fraction_bits &&
                       from.row_offset[binade + 127] == (binade - low) << fraction_bits) ||
                      power == from.lanes.high);
    }
    // The bits that would have that rank.
    const auto bits_of_rank = [&](int rank) {
      const int binade = low + (rank >> fraction_bits) - 1;
      const int fraction = rank % (1 << fraction_bits);
      return (static_cast<std::uint32_t>(binade + 127) << 23) | static_cast<std::uint32_t>(fraction)
                                                                    << (23 - fraction_bits);
    };
    const int count = ranks<F>.count;
    fits = fits && (from.lanes.high == bits_of_rank(count) || from.lanes.high == bits_of_rank(count - 1));
    const bool nan_apart = (from.flags & lane_nan_apart) != 0;
    if (nan_apart && (from.lanes.nan_code < count || count < 1 << fraction_bits)) {
      return;
    }
    const int factor_binade = 23 - fraction_bits;
    r.lanes.spacing_factor = core::to_floating<float>(core::finite(3, factor_binade - 1));
    r.lanes.low = from.lanes.low;
    r.lanes.high = from.lanes.high;
    r.lanes.nan_bits = nan_apart ? bits_of_rank(from.lanes.nan_code) : 0;
    r.lanes.negative_bits = from.lanes.negative_bits;
    r.lanes.origin = static_cast<std::uint16_t>(((low + 127 + factor_binade) << 7) + 0x40);
    r.lanes.width = from.lanes.width;
    r.flags = from.flags & ~static_cast<unsigned>(lane_many_rows);
    r.lanes.fraction_bits = fraction_bits;
    r.exists = fits;
  }
};

template <scalar_format F, rounding Mode, overflow Policy>
inline constexpr auto linear_of = linear_encoder<F, Mode, Policy>::build();

}  // namespace
}  // namespace narrowfp::inline v0::kernels
