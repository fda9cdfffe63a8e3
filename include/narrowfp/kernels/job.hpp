// Layer: kernels. What an array conversion is asked to do, once its options have been checked.
#pragma once

#include <cstdint>
#include <type_traits>

#include "../core/format.hpp"
#include "../core/rounding.hpp"

#include "target.hpp"

namespace narrowfp::inline v0::kernels {

struct encode_job {
  rounding mode;  ///< not native; hybrid only for formats that have it
  overflow policy;
  float scale;  ///< multiplies before encoding; 1 leaves the source value as it is
  std::uint64_t seed;
  std::uint64_t first_index;
};

namespace {

template <rounding Mode, class Encode>
NARROWFP_INLINE bool with_policy(overflow policy, Encode encode) noexcept {
  constexpr std::integral_constant<rounding, Mode> mode;
  return policy == overflow::saturate ? encode(mode, std::integral_constant<overflow, overflow::saturate>{})
                                      : encode(mode, std::integral_constant<overflow, overflow::native>{});
}

/// encode(mode, policy) with the job's as constants; false for the modes of which no vector kernel knows.
template <class Encode>
NARROWFP_INLINE bool with_constants(const encode_job& job, Encode encode) noexcept {
  switch (job.mode) {
    case rounding::nearest_even:
      return with_policy<rounding::nearest_even>(job.policy, encode);
    case rounding::nearest_away:
      return with_policy<rounding::nearest_away>(job.policy, encode);
    case rounding::toward_zero:
      return with_policy<rounding::toward_zero>(job.policy, encode);
    case rounding::stochastic:
      return with_policy<rounding::stochastic>(job.policy, encode);
    default:
      return false;
  }
}

}  // namespace

}  // namespace narrowfp::inline v0::kernels

#include "target_end.hpp"
