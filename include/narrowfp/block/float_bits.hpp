// Layer: block. Floats as bit patterns and exact numbers: what the block codec computes on in place of
// float arithmetic, so that no floating-point environment and no compiler flag can change a code.
#pragma once

#include <cstdint>

#include "../core/arithmetic.hpp"
#include "../core/codec.hpp"
#include "../core/real.hpp"
#include "../formats/fp16.hpp"

#include "../detail/config.hpp"

namespace narrowfp::inline v0::blocks {

inline constexpr std::uint32_t float_magnitude = 0x7FFFFFFF;
inline constexpr std::uint32_t float_sign = 0x80000000;
inline constexpr std::uint32_t float_infinity = 0x7F800000;
inline constexpr std::uint32_t float_largest = 0x7F7FFFFF;
inline constexpr std::uint32_t float_one = 0x3F800000;

namespace {

NARROWFP_INLINE constexpr core::real real_of(std::uint32_t float_bits) noexcept {
  return formats::binary32::from_code(float_bits);
}

/// x rounded once to float, nearest even: the bit pattern.
[[gnu::noinline]] constexpr std::uint32_t float_bits_of(const core::real& x) noexcept {
  return core::encode<formats::binary32>(x, rounding::nearest_even, overflow::native);
}

/// x rounded once to float, as an exact number: one operation of float arithmetic.
constexpr core::real in_float(const core::real& x) noexcept {
  return core::decode<formats::binary32>(float_bits_of(x));
}
[[gnu::noinline]] constexpr core::real in_double(const core::real& x) noexcept {
  return core::decode<formats::binary64>(
      core::encode<formats::binary64>(x, rounding::nearest_even, overflow::native));
}
constexpr core::real in_bfloat16(const core::real& x) noexcept {
  return core::decode<formats::bfloat16>(
      core::encode<formats::bfloat16>(x, rounding::nearest_even, overflow::native));
}

constexpr core::real integer(std::uint64_t n) noexcept { return core::finite(n, 0); }

}  // namespace

}  // namespace narrowfp::inline v0::blocks

#include "../detail/undef.hpp"
