// The floating-point modes and flags of the processor families that have kernels.
#pragma once

#include <cstdint>
#include <vector>

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

#if defined(__x86_64__) || defined(__aarch64__)
#define KERNELS_CONTROL_REGISTER 1

namespace kernels {

#if defined(__x86_64__)

/// MXCSR: modes and the flags that have been raised.
inline std::uint64_t read_control() { return _mm_getcsr(); }
inline void write_control(std::uint64_t value) { _mm_setcsr(static_cast<unsigned>(value)); }

/// Every direction, with and without flushing.
inline std::vector<std::uint64_t> control_values() {
  constexpr unsigned all_masked = 0x1F80;
  constexpr unsigned flush_to_zero = 0x8000;
  constexpr unsigned denormals_are_zero = 0x0040;
  std::vector<std::uint64_t> values;
  for (const unsigned treatment :
       {0U, flush_to_zero, denormals_are_zero, flush_to_zero | denormals_are_zero}) {
    for (unsigned direction = 0; direction < 4; ++direction) {
      values.push_back(all_masked | treatment | direction << 13);
    }
  }
  return values;
}

#else

/// FPCR, the modes, and above it FPSR, the flags that have been raised.
inline std::uint64_t read_control() {
  std::uint64_t modes = 0;
  std::uint64_t flags = 0;
  __asm__ volatile("mrs %0, fpcr\n\tmrs %1, fpsr" : "=r"(modes), "=r"(flags) : : "memory");
  return modes | flags << 32;
}
inline void write_control(std::uint64_t value) {
  __asm__ volatile("msr fpcr, %0\n\tmsr fpsr, %1" : : "r"(value & 0xFFFFFFFF), "r"(value >> 32) : "memory");
}

/// Every direction, with and without flushing, default NaN, and float16 without infinities.
inline std::vector<std::uint64_t> control_values() {
  constexpr unsigned flush_to_zero = 1U << 24;
  constexpr unsigned flush_halves_to_zero = 1U << 19;
  constexpr unsigned default_nan = 1U << 25;
  constexpr unsigned alternative_halves = 1U << 26;
  std::vector<std::uint64_t> values;
  for (const unsigned treatment :
       {0U, flush_to_zero | flush_halves_to_zero, default_nan, alternative_halves}) {
    for (unsigned direction = 0; direction < 4; ++direction) {
      values.push_back(treatment | direction << 22);
    }
  }
  return values;
}

#endif

/// Sets modes, with no flag raised, and restores the earlier ones.
class control_register {
 public:
  explicit control_register(std::uint64_t value) : saved_(read_control()) { write_control(value); }
  ~control_register() { write_control(saved_); }
  control_register(const control_register&) = delete;
  control_register& operator=(const control_register&) = delete;

 private:
  std::uint64_t saved_;
};

}  // namespace kernels

#endif
