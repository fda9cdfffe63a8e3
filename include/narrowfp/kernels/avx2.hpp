// Layer: kernels. AVX2 with F16C, which runs on almost every x86-64 machine. Integer arithmetic throughout,
// since its float instructions obey MXCSR.
#pragma once

#include <cstddef>
#include <cstdint>

#include "../core/bits.hpp"
#include "../types/narrow_float.hpp"
#include "decode_lanes.hpp"
#include "job.hpp"
#include "word_lanes.hpp"

#include "target.hpp"

#if defined(NARROWFP_X86)
#include <immintrin.h>

#define NARROWFP_SET avx2
#define NARROWFP_TARGET [[gnu::target("avx2,fma,f16c")]]
#include "avx2_encode.hpp"
#include "avx2_pack.hpp"
#include "avx2_unpack.hpp"
#undef NARROWFP_SET
#undef NARROWFP_TARGET
#endif

#include "target_end.hpp"
