// Which instruction sets this compiler can write kernels for. No include guard: included after all other
// headers; kernels/target_end.hpp is the last line of each header that includes this one.

// A helper that must become part of its caller, whose instruction set it then has.
#define NARROWFP_INLINE [[gnu::always_inline]] inline

// GCC, and clang under whatever name: its targets for MSVC do not define __GNUC__, but know the same
// attributes. Before 22 its <immintrin.h> may declare for these targets only what the unit's own flags allow.
#if defined(__GNUC__) || (defined(__clang_major__) && __clang_major__ >= 22)
#if defined(__x86_64__)
#define NARROWFP_X86 1
#endif

// Advanced SIMD is part of AArch64, so that its kernels need no target attribute. Their bytes are in
// little-endian order.
#if defined(__AARCH64EL__) && defined(__ARM_NEON)
#define NARROWFP_NEON 1
#endif
#endif

// nvcc's front end hands the pragma "GCC unroll" on to the host's compiler, but warns that it does not know
// it.
#if defined(__NVCC__) && defined(__CUDACC__)
#pragma nv_diagnostic push
#pragma nv_diag_suppress 1675
#endif
