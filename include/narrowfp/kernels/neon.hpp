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
#include "facts/value_tables.hpp"
#include "job.hpp"
#include "facts/vector_blocks.hpp"
#include "scalar/arrays.hpp"
#include "facts/scale_grid.hpp"
#include "facts/scale_choice.hpp"
#include "facts/any_scale.hpp"
#include "unknown.hpp"
#include "facts/word_rows.hpp"

#include "target.hpp"

#if defined(NARROWFP_NEON)
#include <arm_neon.h>

#include "neon/environment.hpp"
#include "neon/words.hpp"
#include "neon/encode_words.hpp"
#include "neon/half.hpp"
#include "neon/pack.hpp"
#include "neon/encode_scales.hpp"
#include "neon/draws.hpp"
#include "neon/encode.hpp"
#include "neon/unpack.hpp"
#include "neon/dequantize.hpp"
#include "neon/quantize_hif4.hpp"
#include "neon/quantize.hpp"
#include "neon/any_scale.hpp"
#endif

#include "target_end.hpp"
