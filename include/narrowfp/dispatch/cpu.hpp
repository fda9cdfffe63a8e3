// Layer: dispatch. Which instruction sets exist, and which of them this machine can run.
#pragma once

#include <cstdint>

#include "../kernels/target.hpp"
#if defined(NARROWFP_X86)
#include <cpuid.h>
#elif defined(_MSC_VER) && defined(__x86_64__)
#pragma message( \
    "narrowfp: array calls take the scalar path, as clang before 22 may lack the intrinsics for MSVC")
#endif

namespace narrowfp::inline v0 {

/// An instruction set for array calls. Of the x86 ones each contains those before it.
///
/// generic      plain C++ with the compiler's own vectors, on every machine; automatic does not stand for it
///              where processors of the family may lack vectors
/// avx2         AVX2 with FMA and F16C
/// avx512       AVX-512 F, BW, DQ and VL
/// avx512_vbmi  the same with VBMI
/// neon         AArch64's Advanced SIMD
enum class isa : std::uint8_t { automatic, scalar, generic, avx2, avx512, avx512_vbmi, neon };

}  // namespace narrowfp::inline v0

namespace narrowfp::inline v0::dispatch {

/// What the processor reported, one bit for each feature; 0 before the first question. One word for the
/// whole program, and data only: every unit that finds it unset computes the same value. Read and written by
/// atomic builtins, as <atomic> costs more to include than most of this library.
inline std::uint32_t cpu_state = 0;

enum class feature : std::uint8_t {
  asked,
  fma,
  f16c,
  avx2,
  avx512f,
  avx512bw,
  avx512dq,
  avx512vl,
  vbmi,
  neon
};

NARROWFP_INLINE constexpr std::uint32_t mask_of(feature f) noexcept {
  return std::uint32_t{1} << static_cast<unsigned>(f);
}

/// Whether all processors of this family have vectors, without which isa::generic can be slower than the
/// scalar path. Not a question of a unit's flags, so that all units of a program agree.
#if defined(__x86_64__) || defined(__aarch64__) || (defined(__powerpc64__) && defined(__LITTLE_ENDIAN__))
inline constexpr bool family_has_vectors = true;
#else
inline constexpr bool family_has_vectors = false;
#endif

/// The features that the kernels of a set use.
NARROWFP_INLINE constexpr std::uint32_t needs(isa set) noexcept {
  constexpr std::uint32_t avx2 = mask_of(feature::avx2) | mask_of(feature::fma) | mask_of(feature::f16c);
  constexpr std::uint32_t avx512 = avx2 | mask_of(feature::avx512f) | mask_of(feature::avx512bw) |
                                   mask_of(feature::avx512dq) | mask_of(feature::avx512vl);
  switch (set) {
    case isa::scalar:
    case isa::generic:
      return 0;
    case isa::avx2:
      return avx2;
    case isa::avx512:
      return avx512;
    case isa::avx512_vbmi:
      return avx512 | mask_of(feature::vbmi);
    case isa::neon:
      return mask_of(feature::neon);
    default:
      return ~std::uint32_t{0};  // no instruction set
  }
}
// Each set has features of its own beyond those of the set before: no two features share a bit.
static_assert(__builtin_popcount(needs(isa::avx512_vbmi) | needs(isa::neon) | mask_of(feature::asked)) == 10);

#if defined(NARROWFP_X86)

/// The registers that the operating system saves, as XGETBV says: written out because the intrinsic would
/// need a target of its own. Only where CPUID reports OSXSAVE.
NARROWFP_INLINE std::uint32_t saved_registers() noexcept {
  std::uint32_t low = 0;
  [[maybe_unused]] std::uint32_t high = 0;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return low;
}

NARROWFP_INLINE std::uint32_t detect() noexcept {
  constexpr std::uint32_t avx_registers = 0b0000'0110;     // XMM, upper halves of YMM
  constexpr std::uint32_t avx512_registers = 0b1110'0110;  // and masks, upper halves of ZMM, ZMM16-31
  std::uint32_t found = mask_of(feature::asked);
  unsigned a = 0, b = 0, c = 0, d = 0;
  if (__get_cpuid(1, &a, &b, &c, &d) == 0 || (c >> 27 & 1) == 0) {
    return found;
  }
  const std::uint32_t saved = saved_registers();
  if ((saved & avx_registers) != avx_registers) {
    return found;
  }
  found |= (c >> 12 & 1) != 0 ? mask_of(feature::fma) : 0;
  found |= (c >> 29 & 1) != 0 ? mask_of(feature::f16c) : 0;
  if (__get_cpuid_count(7, 0, &a, &b, &c, &d) == 0) {
    return found;
  }
  found |= (b >> 5 & 1) != 0 ? mask_of(feature::avx2) : 0;
  if ((saved & avx512_registers) == avx512_registers) {
    found |= (b >> 16 & 1) != 0 ? mask_of(feature::avx512f) : 0;
    found |= (b >> 17 & 1) != 0 ? mask_of(feature::avx512dq) : 0;
    found |= (b >> 30 & 1) != 0 ? mask_of(feature::avx512bw) : 0;
    found |= (b >> 31 & 1) != 0 ? mask_of(feature::avx512vl) : 0;
    found |= (c >> 1 & 1) != 0 ? mask_of(feature::vbmi) : 0;
  }
  return found;
}

#elif defined(NARROWFP_NEON)

NARROWFP_INLINE std::uint32_t detect() noexcept { return mask_of(feature::asked) | mask_of(feature::neon); }

#else

NARROWFP_INLINE std::uint32_t detect() noexcept { return mask_of(feature::asked); }

#endif

/// What the machine has, as in cpu_state.
NARROWFP_INLINE std::uint32_t read_cpu() noexcept {
  std::uint32_t found = __atomic_load_n(&cpu_state, __ATOMIC_RELAXED);
  if (found == 0) {
    found = detect();
    __atomic_store_n(&cpu_state, found, __ATOMIC_RELAXED);
  }
  return found;
}

/// Whether the library has kernels for the set and a machine that has `found` runs them.
NARROWFP_INLINE bool cpu_has(isa set, std::uint32_t found) noexcept {
  return set != isa::automatic && (needs(set) & ~found) == 0;
}

}  // namespace narrowfp::inline v0::dispatch

#include "../kernels/target_end.hpp"
