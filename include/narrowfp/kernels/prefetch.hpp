// Layer: kernels. Asks for input before it is needed, which the hardware does too late where a loop computes
// much between two lines.
#pragma once

#include <cstddef>
#include <cstdint>

#include "target.hpp"

namespace narrowfp::inline v0::kernels {
namespace {

/// Asks for what a loop over Bytes of input will read 4 KiB later. Nothing is read: addresses past an array
/// do no harm.
template <std::size_t Bytes>
NARROWFP_INLINE void prefetch_ahead(const void* in) noexcept {
  const std::uintptr_t address = reinterpret_cast<std::uintptr_t>(in) + 4096;
#pragma GCC unroll 4
  for (std::size_t at = 0; at < Bytes; at += 64) {
    // NOLINTNEXTLINE(performance-no-int-to-ptr): a pointer past the array could not be computed
    __builtin_prefetch(reinterpret_cast<const void*>(address + at), 0, 2);
  }
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels

#include "target_end.hpp"
