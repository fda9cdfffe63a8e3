// Layer: kernels. What an array conversion is asked to do, once its options have been checked.
#pragma once

#include <cstdint>

#include "../core/format.hpp"
#include "../core/rounding.hpp"

namespace narrowfp::inline v0::kernels {

struct encode_job {
  rounding mode;  ///< not native; hybrid only for formats that have it
  overflow policy;
  float scale;  ///< multiplies before encoding; 1 leaves the source value as it is
  std::uint64_t seed;
  std::uint64_t first_index;
};

}  // namespace narrowfp::inline v0::kernels
