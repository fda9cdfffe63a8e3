// Layer: kernels. AVX-512 with VBMI: the files of AVX-512 over other moves and lookups of bytes, and kernels
// that only these make worth it. What VBMI does not make faster, dispatch takes from AVX-512.
#pragma once

#include "avx512.hpp"

#include "avx512_vbmi/open.hpp"
#if defined(NARROWFP_SET)
#include "avx512/words.hpp"
#include "avx512_vbmi/bytes.hpp"
#include "avx512/dense.hpp"
#include "avx512/sources.hpp"
#include "vector/arrays.hpp"
#include "vector/scaled_floats.hpp"
#include "avx512/encode_magic.hpp"
#include "avx512/draws.hpp"
#include "avx512/pack.hpp"
#include "avx512_vbmi/encode_words.hpp"
#include "avx512/encode_scales.hpp"
#include "avx512/encode_by_facts.hpp"
#include "avx512_vbmi/encode_mode.hpp"
#include "avx512/encode.hpp"
#include "avx512/unpack.hpp"
#include "avx512/half.hpp"
#include "avx512/block_values.hpp"
#include "avx512/half_values.hpp"
#include "avx512/dequantize.hpp"
#include "avx512/survey.hpp"
#include "avx512/quantize_bits.hpp"
#include "avx512/quotients.hpp"
#include "avx512/block_scales.hpp"
#include "avx512/quantize.hpp"
#include "avx512/any_scale.hpp"
#include "avx512_vbmi/quantize_words.hpp"
#include "vector/any_scale.hpp"
#include "avx512_vbmi/face.hpp"
#endif
#include "avx512/close.hpp"
