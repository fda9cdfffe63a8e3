// Layer: kernels/avx2; for kernels that use float arithmetic.
#pragma once

#include "../vector/includes.hpp"

#include "open.hpp"

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// Whether denormal numbers have to be taken and given as such, or may be zero as well.
enum class denormals : bool { kept, either };

/// While it lives, float instructions round in the given direction and raise no traps; then the caller's
/// modes and flags are back as they were. MXCSR is written only where it differs, as that costs much of a
/// short call.
///
/// Compilers do not know that float instructions depend on this, and may move them. So the kernels that it
/// guards are functions of their own that are not inlined.
class default_environment {
 public:
  NARROWFP_INLINE explicit default_environment(rounding mode, denormals tiny = denormals::either) noexcept
      : callers_(_mm_getcsr()) {
    constexpr unsigned flags = 0x003F;
    constexpr unsigned flush_and_read_as_zero = 0x8040;
    constexpr unsigned all_masked = 0x1F80;
    constexpr unsigned toward_zero = 0x6000;
    const unsigned wanted = all_masked | (mode == rounding::toward_zero ? toward_zero : 0);
    const unsigned ignored = flags | (tiny == denormals::either ? flush_and_read_as_zero : 0);
    if (((callers_ ^ wanted) & ~ignored) != 0) {
      _mm_setcsr(wanted | (callers_ & ignored));
    }
  }
  NARROWFP_INLINE ~default_environment() {
    if (_mm_getcsr() != callers_) {
      _mm_setcsr(callers_);
    }
  }
  default_environment(const default_environment&) = delete;
  default_environment& operator=(const default_environment&) = delete;

 private:
  unsigned callers_;
};

/// The same where denormal numbers count.
struct exact_environment : default_environment {
  NARROWFP_INLINE explicit exact_environment(rounding mode) noexcept
      : default_environment(mode, denormals::kept) {}
};

/// Float16 is converted by an instruction that raises flags.
using half_environment = default_environment;

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#include "close.hpp"
