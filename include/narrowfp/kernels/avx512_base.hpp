// Layer: kernels. The words of AVX-512, and how it loads and decodes elements: what its conversions and its
// products share.
#pragma once

#include "avx2/environment.hpp"
#include "vector/includes.hpp"

#include "avx512/open.hpp"
#if defined(NARROWFP_SET)
#include "avx512/words.hpp"
#include "avx512/bytes.hpp"
#include "avx512/dense.hpp"
#include "avx512/sources.hpp"
#include "vector/unpack.hpp"
#include "avx512/unpack.hpp"
#include "avx512/block_values.hpp"
#endif
#include "avx512/close.hpp"
