// Layer: kernels. Plain C++, for every machine: vectors of the compiler's extension and integer arithmetic
// alone, so that the floating-point environment has no say.
#pragma once

#include "generic/face.hpp"
