// Layer: kernels. AVX2 with FMA and F16C, which almost every x86-64 machine has. Its float instructions obey
// MXCSR: kernels use integers, float operations on which it has no influence, or default_environment.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "../core/bits.hpp"
#include "../types/narrow_float.hpp"
#include "decode_lanes.hpp"
#include "dense_lanes.hpp"
#include "job.hpp"
#include "lane_blocks.hpp"
#include "line_decode.hpp"
#include "linear_lanes.hpp"
#include "prefetch.hpp"
#include "scale_lanes.hpp"
#include "scale_ways.hpp"
#include "single_blocks.hpp"
#include "tapered_lanes.hpp"
#include "unknown.hpp"
#include "word_blocks.hpp"
#include "word_lanes.hpp"

#include "target.hpp"

#if defined(NARROWFP_X86)
#include <immintrin.h>

#define NARROWFP_SET avx2
#define NARROWFP_TARGET [[gnu::target("avx2,fma,f16c")]]
#include "avx2_lanes.hpp"
#include "avx2_dense.hpp"
#include "avx2_encode.hpp"
#include "avx2_linear.hpp"
#include "avx2_sources.hpp"
#include "avx2_survey.hpp"
#include "avx2_scales.hpp"
#include "avx2_pack.hpp"
#include "avx2_stochastic.hpp"
#include "avx2_entry.hpp"
#include "avx2_half.hpp"
#include "avx2_unpack.hpp"
#include "avx2_integers.hpp"
#include "avx2_dequantize.hpp"
#include "avx2_units.hpp"
#include "avx2_powers.hpp"
#include "avx2_hif4.hpp"
#include "avx2_quantize.hpp"
#include "avx2_single.hpp"
#undef NARROWFP_SET
#undef NARROWFP_TARGET
#endif

#include "target_end.hpp"
