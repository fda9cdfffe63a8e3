// Opens the set of plain C++ for the file that includes this; close.hpp ends that. No include guard: included
// after all other headers. It needs no target attribute: the compiler has 128-bit vectors for every machine,
// in registers or as it can.
#include "../target.hpp"

#if defined(__GNUC__) || defined(__clang__)
#define NARROWFP_SET generic
#define NARROWFP_TARGET
#endif

// Vectors are passed between functions that are inlined, so that no ABI matters.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpsabi"
#endif
