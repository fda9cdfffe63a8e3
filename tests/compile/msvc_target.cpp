// What kernels need of clang with a target for MSVC: target.hpp must ask for kernels, and attributes,
// intrinsics, CPUID and inline assembly be known without a flag. (The library itself needs Microsoft's C++
// headers there.)
#include <narrowfp/kernels/target.hpp>

#if defined(NARROWFP_X86)

#include <cpuid.h>
#include <immintrin.h>

[[gnu::target("avx2,fma,f16c")]] NARROWFP_INLINE __m256i add(__m256i a, __m256i b) {
  return _mm256_add_epi32(a, b);
}
[[gnu::target("avx2,fma,f16c")]] __m256i twice(__m256i a) { return add(a, a); }

[[gnu::target("avx2,fma,f16c,avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi")]] __m512i look_up(__m512i a,
                                                                                               __m512i b) {
  return _mm512_permutexvar_epi8(a, _mm512_maskz_mov_epi8(1, b));
}

unsigned features() {
  unsigned low = 0, high = 0, a = 0, b = 0, c = 0, d = 0;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return __get_cpuid_count(7, 0, &a, &b, &c, &d) == 0 ? low : b;
}

#elif !defined(NARROWFP_NEON)
#error "no kernels"
#endif

#include <narrowfp/kernels/target_end.hpp>
