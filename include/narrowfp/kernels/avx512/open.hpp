// Opens the set AVX-512 for the files that are included next; close.hpp ends that. No include guard: included
// after all other headers.
#include "../target.hpp"

#if defined(NARROWFP_X86)
#include <immintrin.h>

// g++ 12 takes the undefined vectors of its own intrinsics for a mistake.
#pragma GCC diagnostic push
#if !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#pragma GCC diagnostic ignored "-Wuninitialized"
// At -O0 they are macros, and their conversions count as this file's.
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Woverflow"
#endif

#define NARROWFP_SET avx512
#define NARROWFP_TARGET [[gnu::target("avx2,fma,f16c,avx512f,avx512bw,avx512dq,avx512vl")]]
#endif
