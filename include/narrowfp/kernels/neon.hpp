// Layer: kernels. NEON, the Advanced SIMD of AArch64. Integer arithmetic where it serves, since FPCR can
// change how float instructions round and what they take denormal numbers for, and without saturating
// instructions, which set a flag of FPSR.
#pragma once

#include "neon/any_scale.hpp"
#include "neon/dequantize.hpp"
#include "neon/encode.hpp"
#include "neon/half.hpp"
#include "neon/quantize.hpp"
#include "neon/unpack.hpp"

#include "neon/open.hpp"
#if defined(NARROWFP_SET)
#include "vector/half.hpp"
#include "vector/any_scale.hpp"
#include "vector/quantize_by_draws.hpp"
#include "vector/dequantize.hpp"
#include "vector/last_blocks.hpp"
#include "vector/tiles.hpp"
#include "vector/hadamard.hpp"
#include "vector/face.hpp"
#endif
#include "neon/close.hpp"
