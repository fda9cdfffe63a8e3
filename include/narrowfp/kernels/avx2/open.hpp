// Opens the set AVX2 with FMA and F16C for the file that includes this; close.hpp ends that. No include
// guard: included after all other headers.
#include "../target.hpp"

#if defined(NARROWFP_X86)
#include <immintrin.h>

#define NARROWFP_SET avx2
#define NARROWFP_TARGET [[gnu::target("avx2,fma,f16c")]]
#endif
