// Layer: kernels. AVX-512, with and without VBMI: the same files compiled for two instruction sets. What VBMI
// does not make faster, dispatch takes from the first.
//
// An inline helper takes the instruction set of no caller, so that a template argument cannot choose it;
// including a file twice can. Every function carries its target attribute: users need no -m flag.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>

#include "../core/bit_packing.hpp"
#include "../core/bits.hpp"
#include "../core/philox.hpp"
#include "../types/narrow_float.hpp"
#include "decode_lanes.hpp"
#include "dense_lanes.hpp"
#include "encode_lanes.hpp"
#include "half_lanes.hpp"
#include "job.hpp"
#include "lane_blocks.hpp"
#include "linear_lanes.hpp"
#include "prefetch.hpp"
#include "scalar.hpp"
#include "scale_lanes.hpp"
#include "scale_ways.hpp"
#include "single_blocks.hpp"
#include "unknown.hpp"

#include "target.hpp"

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
#define NARROWFP_VBMI 0
#define NARROWFP_TARGET [[gnu::target("avx2,fma,f16c,avx512f,avx512bw,avx512dq,avx512vl")]]
#include "avx512_lanes.hpp"
#include "avx512_dense.hpp"
#include "avx512_encode.hpp"
#include "avx512_philox.hpp"
#include "avx512_pack.hpp"
#include "avx512_words.hpp"
#include "avx512_scales.hpp"
#include "avx512_entry.hpp"
#include "avx512_unpack.hpp"
#include "avx512_half.hpp"
#include "avx512_block_values.hpp"
#include "avx512_block_halves.hpp"
#include "avx512_dequantize.hpp"
#include "avx512_single_values.hpp"
#include "avx512_block_lanes.hpp"
#include "avx512_bits.hpp"
#include "avx512_quotients.hpp"
#include "avx512_block_scales.hpp"
#include "avx512_quantize.hpp"
#include "avx512_single.hpp"
#undef NARROWFP_SET
#undef NARROWFP_VBMI
#undef NARROWFP_TARGET

#define NARROWFP_SET avx512_vbmi
#define NARROWFP_VBMI 1
#define NARROWFP_TARGET [[gnu::target("avx2,fma,f16c,avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi")]]
#include "avx512_lanes.hpp"
#include "avx512_dense.hpp"
#include "avx512_encode.hpp"
#include "avx512_philox.hpp"
#include "avx512_pack.hpp"
#include "avx512_words.hpp"
#include "avx512_scales.hpp"
#include "avx512_entry.hpp"
#include "avx512_unpack.hpp"
#include "avx512_half.hpp"
#include "avx512_block_values.hpp"
#include "avx512_block_halves.hpp"
#include "avx512_dequantize.hpp"
#include "avx512_single_values.hpp"
#include "avx512_block_lanes.hpp"
#include "avx512_bits.hpp"
#include "avx512_quotients.hpp"
#include "avx512_block_scales.hpp"
#include "avx512_quantize.hpp"
#include "avx512_word_blocks.hpp"
#undef NARROWFP_SET
#undef NARROWFP_VBMI
#undef NARROWFP_TARGET

#pragma GCC diagnostic pop
#endif

#include "target_end.hpp"
