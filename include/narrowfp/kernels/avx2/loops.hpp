// Layer: kernels/avx2. The loops over arrays that are written once, compiled for this set.
#pragma once

#include "dense.hpp"
#include "draws.hpp"
#include "environment.hpp"
#include "sources.hpp"
#include "words_of_16_bits.hpp"
#include "words.hpp"

#include "open.hpp"

#if defined(NARROWFP_SET)
#include "../vector/arrays.hpp"
#include "../vector/draws.hpp"
#include "../vector/moved.hpp"
#include "../vector/pack.hpp"
#include "../vector/leading_bytes.hpp"
#include "../vector/scaled_floats.hpp"
#include "../vector/unpack.hpp"
#endif

#include "close.hpp"
