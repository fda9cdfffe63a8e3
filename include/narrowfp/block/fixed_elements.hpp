// Layer: block. The elements of block floating point: a sign and an integer.
#pragma once

#include "../core/rounding.hpp"
#include "../formats/binary_layout.hpp"
#include "../types/narrow_float.hpp"

namespace narrowfp::inline v0::formats {

/// A sign bit above a magnitude k of M bits; the value is k * 2^(1 - M), which is less than 2.
template <int M, rounding Native>
struct sign_magnitude : minifloat<0, M, 0, specials::none> {
  static constexpr rounding native_rounding = Native;
};

}  // namespace narrowfp::inline v0::formats

namespace narrowfp::inline v0 {

/// The element as a value type: a sign and M bits of magnitude, below 2.
template <int M, rounding Native = rounding::nearest_even>
using sign_magnitude = narrow_float<formats::sign_magnitude<M, Native>>;

}  // namespace narrowfp::inline v0
