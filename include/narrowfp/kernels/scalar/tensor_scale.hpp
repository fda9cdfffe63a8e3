// Layer: kernels/scalar. Division of block inputs by a tensor scale, rounded once to float, in integers.
#pragma once

#include <cstddef>
#include <cstdint>

#include "../../block/block_format.hpp"
#include "../../block/codec.hpp"
#include "../../block/float_bits.hpp"
#include "../../block/job.hpp"
#include "../../core/bits.hpp"
#include "../../core/real.hpp"
#include "multiply_high.hpp"

#include "../../detail/config.hpp"

// Internal linkage throughout: see docs/architecture.md, "Units with different flags".
namespace narrowfp::inline v0::kernels::scalar {
namespace {

/// A positive float that divides many: its significand in 24 bits, its binade, and a reciprocal.
struct float_divisor {
  std::uint32_t significand;
  int binade;
  std::uint64_t reciprocal;  ///< floor((2^64 - 1) / significand)
};

NARROWFP_INLINE constexpr float_divisor divisor_of(float x) noexcept {
  const core::real value = blocks::real_of(core::bit_cast<std::uint32_t>(x));
  const int width = core::bit_width(value.significand);
  const auto shifted = static_cast<std::uint32_t>(value.significand << (24 - width));
  const std::uint32_t significand = shifted | 1U << 23;  // the leading bit, which is set already
  return {significand, core::binade_of(value), ~std::uint64_t{0} / significand};
}

/// x / divisor for a normal quotient of a normal x: 0 for others, which the caller does otherwise.
NARROWFP_INLINE constexpr std::uint32_t normal_quotient(std::uint32_t x,
                                                        const float_divisor& divisor) noexcept {
  constexpr std::uint32_t hidden_bit = 1U << 23;
  const std::uint32_t magnitude = x & blocks::float_magnitude;
  const std::uint64_t dividend = std::uint64_t{(magnitude & (hidden_bit - 1)) | hidden_bit} << 25;
  std::uint64_t quotient = multiply_high(dividend, divisor.reciprocal);
  std::uint64_t rest = dividend - quotient * divisor.significand;
  const bool one_more = rest >= divisor.significand;  // the reciprocal is too small by less than 1
  quotient += one_more ? 1 : 0;
  rest -= one_more ? divisor.significand : 0;
  // The quotient has 25 bits, or 26 where the significands' ratio is 1 or more; 24 are kept.
  const auto carry = static_cast<int>(quotient >> 25);
  const int dropped = 1 + carry;
  std::uint64_t kept = quotient >> dropped;
  const std::uint64_t lost = (quotient & core::low_mask(dropped)) << 1 | (rest != 0 ? 1 : 0);
  kept += lost + (kept & 1) > std::uint64_t{1} << dropped ? 1U : 0U;
  const int field = static_cast<int>(magnitude >> 23) - divisor.binade + carry - 1;
  const bool is_normal =
      magnitude >= hidden_bit && magnitude < blocks::float_infinity && field >= 1 && field <= 253;
  const auto pattern = static_cast<std::uint32_t>(static_cast<std::uint32_t>(field - 1) * hidden_bit + kept);
  return is_normal ? (x & blocks::float_sign) | pattern : 0;
}

/// What blocks::prepared does, element by element.
template <block_type B>
NARROWFP_INLINE constexpr void divide_inputs(blocks::inputs<B>& x, const float_divisor& divisor,
                                             const blocks::quantize_job& job) noexcept {
  for (std::size_t i = 0; i < B::elements; ++i) {
    const std::uint32_t quotient = normal_quotient(x[i], divisor);
    x[i] = quotient != 0 ? quotient : blocks::prepared(x[i], job);
  }
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::scalar

#include "../../detail/undef.hpp"
