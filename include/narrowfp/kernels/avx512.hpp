// Layer: kernels. AVX-512 with BW, DQ and VL. Instructions carry their own rounding, so that MXCSR does not
// matter.
//
// An inline helper takes the instruction set of no caller, so that a template argument cannot choose it;
// including a file once for each set can. Every function carries its target attribute: users need no -m flag.
#pragma once

#include "avx512_base.hpp"

#include "avx512/open.hpp"
#if defined(NARROWFP_SET)
#include "vector/arrays.hpp"
#include "vector/scaled_floats.hpp"
#include "vector/pack.hpp"
#include "avx512/words_of_16_bits.hpp"
#include "vector/leading_bytes.hpp"
#include "avx512/encode_magic.hpp"
#include "avx512/draws.hpp"
#include "vector/draws.hpp"
#include "avx512/pack.hpp"
#include "avx512/encode_scales.hpp"
#include "avx512/encode_by_facts.hpp"
#include "avx512/encode_mode.hpp"
#include "avx512/encode.hpp"
#include "avx512/half.hpp"
#include "avx512/half_values.hpp"
#include "avx512/dequantize.hpp"
#include "avx512/survey.hpp"
#include "avx512/quantize_bits.hpp"
#include "avx512/quotients.hpp"
#include "avx512/block_scales.hpp"
#include "avx512/quantize.hpp"
#include "avx512/any_scale.hpp"
#include "vector/half.hpp"
#include "vector/any_scale.hpp"
#include "vector/last_blocks.hpp"
#include "vector/tiles.hpp"
#include "vector/hadamard.hpp"
#include "vector/face.hpp"
#endif
#include "avx512/close.hpp"
