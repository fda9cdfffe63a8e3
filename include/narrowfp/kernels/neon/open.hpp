// Opens the set NEON for the file that includes this; close.hpp ends that. No include guard: included after
// all other headers. NEON is part of AArch64 and needs no target attribute.
#include "../target.hpp"

#if defined(NARROWFP_NEON)
#include <arm_neon.h>

#define NARROWFP_SET neon
#define NARROWFP_TARGET
#endif
