// Layer: kernels/neon. For kernels that use float arithmetic.
#pragma once

#include "../vector/includes.hpp"

#include "open.hpp"

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// While it lives, float instructions round as asked and flush nothing; then the caller's FPCR is back, and
/// so is FPSR, as if no flag had been raised. Work in between has to be called out of line: compilers move
/// float arithmetic past what changes its modes.
class default_environment {
 public:
  NARROWFP_INLINE explicit default_environment(rounding mode) noexcept {
    __asm__ volatile("mrs %0, fpcr\n\tmrs %1, fpsr" : "=r"(control_), "=r"(status_) : : "memory");
    wanted_ = mode == rounding::toward_zero ? std::uint64_t{3} << 22 : 0;
    if (control_ != wanted_) {
      __asm__ volatile("msr fpcr, %0" : : "r"(wanted_) : "memory");
    }
  }
  NARROWFP_INLINE ~default_environment() noexcept {
    if (control_ != wanted_) {
      __asm__ volatile("msr fpcr, %0" : : "r"(control_) : "memory");
    }
    __asm__ volatile("msr fpsr, %0" : : "r"(status_) : "memory");
  }
  default_environment(const default_environment&) = delete;
  default_environment& operator=(const default_environment&) = delete;

 private:
  std::uint64_t control_ = 0;
  std::uint64_t status_ = 0;
  std::uint64_t wanted_ = 0;
};

/// That flushes nothing, so that denormal numbers count.
using exact_environment = default_environment;

/// Kernels of 16-bit floats use integers alone.
struct half_environment {
  explicit half_environment(rounding) noexcept {}
};

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#include "close.hpp"
