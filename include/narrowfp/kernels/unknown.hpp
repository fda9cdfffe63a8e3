// Layer: kernels. Keeps a compiler from evaluating loads of whole vectors from constant tables.
#pragma once

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

}  // namespace
}  // namespace narrowfp::inline v0::kernels

#include "target_end.hpp"
