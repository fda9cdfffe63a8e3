// The parts of the emulation program; each compares one group of calls.
#pragma once

#include "comparison.hpp"

namespace emulation {

void compare_values(comparison&);         ///< pack and unpack: formats, modes, policies, sources, lengths
void compare_other_sources(comparison&);  ///< the types without formats, other formats, scales of rows
void compare_blocks(comparison&);  ///< quantize and dequantize: block formats, modes, rules, recipes, lengths
void compare_matrices(comparison&);     ///< blocks of matrices, along and across, and tiles
void compare_hadamard(comparison&);     ///< Hadamard transforms: element types, block sizes, signs, lengths
void compare_products(comparison&);     ///< exact products: pairs of types, scales, lengths, environments
void compare_long_arrays(comparison&);  ///< so long that results are written past the caches

}  // namespace emulation
