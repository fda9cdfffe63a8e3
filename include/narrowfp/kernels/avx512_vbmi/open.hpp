// Opens the set AVX-512 with VBMI for the files that are included next; ../avx512/close.hpp ends that. No
// include guard: included after all other headers.
#include "../avx512/open.hpp"

#if defined(NARROWFP_SET)
#undef NARROWFP_SET
#undef NARROWFP_TARGET
#define NARROWFP_SET avx512_vbmi
#define NARROWFP_TARGET [[gnu::target("avx2,fma,f16c,avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi")]]
#endif
