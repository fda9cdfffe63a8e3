// Layer: kernels/scalar. Formats of more than 8 bits whose codes, like a float's, are linear in each binade:
// decoding is a shift and a sum.
#pragma once

#include <cstdint>

#include "../../core/bits.hpp"
#include "../../core/real.hpp"
#include "../../types/narrow_float.hpp"
#include "../facts/ranks.hpp"

#include "../../detail/config.hpp"

// Internal linkage throughout: see docs/architecture.md, "Units with different flags".
namespace narrowfp::inline v0::kernels::scalar {
namespace {

/// A wide signed format whose normal values are normal floats, where a float's bits are linear in the code,
/// and whose subnormals are normal floats too or have float's own spacing.
template <class F>
concept codes_are_linear = wide_format<F> && F::has_negative_zero && exact_in_float<F> &&
    (F::min_normal_binade == min_float_binade || F::min_normal_binade - F::fraction_bits >= min_float_binade);

template <codes_are_linear F>
struct linear {
  static constexpr std::uint32_t magnitude_mask = (std::uint32_t{1} << (F::width - 1)) - 1;
  /// Below it the line does not hold: the subnormals, unless they are float's.
  static constexpr std::uint32_t first =
      F::min_normal_binade == min_float_binade ? 0 : F::to_code(core::finite(1, F::min_normal_binade));
  static constexpr std::uint32_t last = F::to_code(F::max_finite);
  static constexpr std::uint32_t last_number =
      F::has_infinity ? std::uint32_t{F::to_code(core::infinity())} : last;
  static constexpr int shift = 23 - F::fraction_bits;
  static constexpr std::uint32_t offset = static_cast<std::uint32_t>(F::min_normal_binade + 126) << 23;
  /// The smallest value, as a float.
  static constexpr float unit =
      core::bit_cast<float>(static_cast<std::uint32_t>(F::min_normal_binade - F::fraction_bits + 127) << 23);
};

/// All ones if a > b, else 0; both below 2^31.
NARROWFP_INLINE std::uint32_t mask_of_greater(std::uint32_t a, std::uint32_t b) noexcept {
  return static_cast<std::uint32_t>(static_cast<std::int32_t>(b - a) >> 31);
}

/// The float of a code, as its bit pattern, without branches. The one float operation, code * unit, is exact
/// and its result zero or a normal number, so that no environment matters.
template <codes_are_linear F>
NARROWFP_INLINE std::uint32_t decode_linear(std::uint32_t code) noexcept {
  using line = linear<F>;
  const std::uint32_t magnitude = code & line::magnitude_mask;
  std::uint32_t bits = (magnitude << line::shift) + line::offset;
  if constexpr (line::first > 0) {
    const float low = static_cast<float>(static_cast<std::int32_t>(magnitude)) * line::unit;
    const std::uint32_t is_low = mask_of_greater(line::first, magnitude);
    bits = (core::bit_cast<std::uint32_t>(low) & is_low) | (bits & ~is_low);
  }
  const std::uint32_t is_special = mask_of_greater(magnitude, line::last);
  const std::uint32_t is_nan = mask_of_greater(magnitude, line::last_number);
  constexpr std::uint32_t infinity = 0x7F800000;
  constexpr std::uint32_t quiet_bit = 0x00400000;
  const std::uint32_t special = infinity | (is_nan & quiet_bit);
  bits = (bits & ~is_special) | (special & is_special);
  return code >> (F::width - 1) << 31 | bits;
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::scalar

#include "../../detail/undef.hpp"
