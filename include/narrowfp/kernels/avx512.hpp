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
#include "facts/value_tables.hpp"
#include "facts/dense.hpp"
#include "facts/magic_rows.hpp"
#include "facts/half_rows.hpp"
#include "job.hpp"
#include "facts/vector_blocks.hpp"
#include "facts/linear_grid.hpp"
#include "prefetch.hpp"
#include "scalar/arrays.hpp"
#include "facts/scale_grid.hpp"
#include "facts/scale_choice.hpp"
#include "facts/any_scale.hpp"
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
#include "avx512/words.hpp"
#include "avx512/dense.hpp"
#include "avx512/encode_magic.hpp"
#include "avx512/draws.hpp"
#include "avx512/pack.hpp"
#include "avx512_vbmi/encode_words.hpp"
#include "avx512/encode_scales.hpp"
#include "avx512/encode.hpp"
#include "avx512/unpack.hpp"
#include "avx512/half.hpp"
#include "avx512/block_values.hpp"
#include "avx512/half_values.hpp"
#include "avx512/dequantize.hpp"
#include "avx512/any_scale_values.hpp"
#include "avx512/survey.hpp"
#include "avx512/quantize_bits.hpp"
#include "avx512/quotients.hpp"
#include "avx512/block_scales.hpp"
#include "avx512/quantize.hpp"
#include "avx512/any_scale.hpp"
#undef NARROWFP_SET
#undef NARROWFP_VBMI
#undef NARROWFP_TARGET

#define NARROWFP_SET avx512_vbmi
#define NARROWFP_VBMI 1
#define NARROWFP_TARGET [[gnu::target("avx2,fma,f16c,avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi")]]
#include "avx512/words.hpp"
#include "avx512/dense.hpp"
#include "avx512/encode_magic.hpp"
#include "avx512/draws.hpp"
#include "avx512/pack.hpp"
#include "avx512_vbmi/encode_words.hpp"
#include "avx512/encode_scales.hpp"
#include "avx512/encode.hpp"
#include "avx512/unpack.hpp"
#include "avx512/half.hpp"
#include "avx512/block_values.hpp"
#include "avx512/half_values.hpp"
#include "avx512/dequantize.hpp"
#include "avx512/any_scale_values.hpp"
#include "avx512/survey.hpp"
#include "avx512/quantize_bits.hpp"
#include "avx512/quotients.hpp"
#include "avx512/block_scales.hpp"
#include "avx512/quantize.hpp"
#include "avx512_vbmi/quantize_words.hpp"
#undef NARROWFP_SET
#undef NARROWFP_VBMI
#undef NARROWFP_TARGET

#pragma GCC diagnostic pop
#endif

#include "target_end.hpp"
