// Layer: kernels. The kernels of exact products of each instruction set.
#pragma once

#include "avx2/products.hpp"
#include "avx512_base.hpp"
#include "facts/prepared_plan.hpp"
#include "facts/product_plan.hpp"
#include "facts/product_significands.hpp"
#include "neon/products.hpp"
#include "prepared_memory.hpp"
#include "scalar/product_scales.hpp"
#include "scalar/product_zeros.hpp"
#include "scalar/products.hpp"

#include "avx2/open.hpp"
#if defined(NARROWFP_SET)
#include "vector/product_kernels.hpp"  // NOLINT(readability-duplicate-include): once for each set
#endif
#include "avx2/close.hpp"

#include "avx512/open.hpp"
#if defined(NARROWFP_SET)
#include "avx512/products.hpp"
#include "vector/product_kernels.hpp"  // NOLINT(readability-duplicate-include): once for each set
#endif
#include "avx512/close.hpp"

#include "neon/open.hpp"
#if defined(NARROWFP_SET)
#include "vector/product_kernels.hpp"  // NOLINT(readability-duplicate-include): once for each set
#endif
#include "neon/close.hpp"
