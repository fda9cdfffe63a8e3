// Layer: dispatch. The checks of scales, one for all or one for each row.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <span>

#include "../core/arithmetic.hpp"
#include "../core/bits.hpp"
#include "../detail/error.hpp"
#include "../detail/ranges.hpp"
#include "../types/source.hpp"

namespace narrowfp::inline v0::detail {

/// A contiguous range of floats.
template <class R>
concept float_range = contiguous_sized<R> && requires(R& r) {
  { std::data(r) } -> std::convertible_to<const float*>;
};

// Internal linkage: see docs/architecture.md, "Units with different flags".
namespace {

constexpr bool is_positive_and_finite(float x) noexcept {
  const auto bits = core::bit_cast<std::uint32_t>(x);
  return bits != 0 && bits < 0x7F800000;  // the sign bit makes negatives large
}

[[noreturn]] inline void fail_scale(const char* function, const char* argument, float scale) {
  char problem[128];
  std::snprintf(problem, sizeof problem, "is %g, but must be positive and finite", double{scale});
  fail(function, argument, problem);
}

constexpr void require_scale(const char* function, const char* argument, float scale) {
  if (!is_positive_and_finite(scale)) {
    fail_scale(function, argument, scale);
  }
}

/// scale * common, rounded once to float, nearest even, whatever the floating-point environment.
inline float scale_times(float scale, float common) noexcept {
  return core::to_floating<float>(core::multiply(core::read(scale), core::read(common)));
}

/// Where rows or tiles have scales of their own, options.scale must be 1.
inline void require_common_scale_one(const char* function, float scale) {
  if (core::bit_cast<std::uint32_t>(scale) != core::bit_cast<std::uint32_t>(1.0F)) {
    char problem[128];
    std::snprintf(problem, sizeof problem, "is %g, but must be 1: each row or tile has its own in scales",
                  double{scale});
    fail(function, "options.scale", problem);
  }
}

/// Each scale, and its product with one that is common to all, must be positive and finite.
inline void require_scales(const char* function, const char* argument, std::span<const float> scales,
                           float common = 1) {
  char problem[192];
  for (std::size_t i = 0; i < scales.size(); ++i) {
    if (!is_positive_and_finite(scales[i])) {
      std::snprintf(problem, sizeof problem, "has %g at [%zu], but scales must be positive and finite",
                    double{scales[i]}, i);
      fail(function, argument, problem);
    }
    const float product = scale_times(scales[i], common);
    if (!is_positive_and_finite(product)) {
      std::snprintf(problem, sizeof problem,
                    "has %g at [%zu], but its product with tensor_scale = %g must be positive and finite",
                    double{scales[i]}, i, double{common});
      fail(function, argument, problem);
    }
  }
}

}  // namespace

}  // namespace narrowfp::inline v0::detail
