// Layer: kernels. AVX2 with FMA and F16C, which almost every x86-64 machine has. Its float instructions obey
// MXCSR: kernels use integers, float operations on which it has no influence, or default_environment.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "../core/bits.hpp"
#include "../types/narrow_float.hpp"
#include "facts/value_tables.hpp"
#include "facts/dense.hpp"
#include "job.hpp"
#include "facts/vector_blocks.hpp"
#include "facts/decode_line.hpp"
#include "facts/linear_grid.hpp"
#include "prefetch.hpp"
#include "facts/scale_grid.hpp"
#include "facts/scale_choice.hpp"
#include "facts/any_scale.hpp"
#include "facts/tapered_rows.hpp"
#include "unknown.hpp"
#include "facts/counted_blocks.hpp"
#include "facts/word_rows.hpp"

#include "target.hpp"

#if defined(NARROWFP_X86)
#include <immintrin.h>

#define NARROWFP_SET avx2
#define NARROWFP_TARGET [[gnu::target("avx2,fma,f16c")]]
#include "avx2/words.hpp"
#include "avx2/dense.hpp"
#include "avx2/encode_words.hpp"
#include "avx2/encode_linear.hpp"
#include "avx2/sources.hpp"
#include "avx2/survey.hpp"
#include "avx2/encode_scales.hpp"
#include "avx2/pack.hpp"
#include "avx2/draws.hpp"
#include "avx2/encode.hpp"
#include "avx2/half.hpp"
#include "avx2/unpack.hpp"
#include "avx2/integers.hpp"
#include "avx2/dequantize.hpp"
#include "avx2/units.hpp"
#include "avx2/quantize_powers.hpp"
#include "avx2/quantize_hif4.hpp"
#include "avx2/quantize.hpp"
#include "avx2/any_scale.hpp"
#undef NARROWFP_SET
#undef NARROWFP_TARGET
#endif

#include "target_end.hpp"
