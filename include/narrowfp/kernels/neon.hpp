// Layer: kernels. NEON, the Advanced SIMD of AArch64. Integer arithmetic where it serves, since FPCR can
// change how float instructions round and what they take denormal numbers for, and without saturating
// instructions, which set a flag of FPSR.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>

#include "../core/bits.hpp"
#include "../core/philox.hpp"
#include "../core/rounding.hpp"
#include "../types/narrow_float.hpp"
#include "block_job.hpp"
#include "decode_lanes.hpp"
#include "job.hpp"
#include "lane_blocks.hpp"
#include "scalar.hpp"
#include "scale_lanes.hpp"
#include "scale_ways.hpp"
#include "single_blocks.hpp"
#include "unknown.hpp"
#include "word_lanes.hpp"

#include "target.hpp"

#if defined(NARROWFP_NEON)
#include <arm_neon.h>

#include "neon_environment.hpp"
#include "neon_lanes.hpp"
#include "neon_encode.hpp"
#include "neon_half.hpp"
#include "neon_pack.hpp"
#include "neon_scales.hpp"
#include "neon_stochastic.hpp"
#include "neon_entry.hpp"
#include "neon_unpack.hpp"
#include "neon_dequantize.hpp"
#include "neon_hif4.hpp"
#include "neon_quantize.hpp"
#include "neon_single.hpp"
#endif

#include "target_end.hpp"
