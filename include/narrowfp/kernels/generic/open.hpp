// Opens the set of plain C++ for the file that includes this; close.hpp ends that. No include guard: included
// after all other headers. It needs no target attribute: compilers have vectors of 128 bits for every
// machine, in registers or as they can.
#include "../target.hpp"

#define NARROWFP_SET generic
#define NARROWFP_TARGET

// All functions that take or give vectors are inlined, so that no ABI matters.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpsabi"
#endif
