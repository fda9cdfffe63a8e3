// Layer: kernels. AVX2 with FMA and F16C, which almost every x86-64 machine has. Its float instructions obey
// MXCSR: kernels use integers, float operations on which it has no influence, or default_environment.
#pragma once

#include "avx2/any_scale.hpp"
#include "avx2/dequantize.hpp"
#include "avx2/encode.hpp"
#include "avx2/half.hpp"
#include "avx2/quantize.hpp"
#include "avx2/unpack.hpp"

#include "avx2/open.hpp"
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
#include "avx2/close.hpp"
