// Layer: kernels. Keeps compilers from what they know too well: loads of whole vectors from constant tables,
// and stores that two arms of a loop have in common.
#pragma once

#include <cstddef>

#include "target.hpp"

namespace narrowfp::inline v0::kernels {
namespace {

/// The same pointer, about which the compiler knows nothing. g++ 12 folds vector loads from constant tables,
/// and takes elements for zero that are not.
template <class T>
NARROWFP_INLINE const T* unknown(const T* p) noexcept {
  __asm__("" : "+r"(p));
  return p;
}

/// The same number. Where g++ 12 knows that one is a multiple of 32, it warns of the elements of a rest that
/// it then takes for none.
NARROWFP_INLINE std::size_t unknown(std::size_t n) noexcept {
  __asm__("" : "+r"(n));
  return n;
}

/// Follows a store past the caches. clang moves like stores of two arms behind these, where one store is left
/// of them that goes through the caches; it moves nothing across this, which is no instruction.
NARROWFP_INLINE void stays_in_its_arm() noexcept {
#if defined(__clang__)
  __asm__ volatile("");
#endif
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels

#include "target_end.hpp"
