// The values that the benchmarks convert.
#pragma once

#include <cstddef>

#include "buffer.hpp"
#include "conversion.hpp"

namespace bench {

/// What floats look like.
enum class distribution {
  normal,  ///< N(0, 1)
  wide,    ///< uniform exponents 2^-24 .. 2^23, and one infinity or NaN in a thousand
};

/// `size` bytes of elements, the same in every run. Codes are uniform; bits above a format's width are set as
/// well, as every observer must ignore them.
buffer make_input(content kind, distribution floats, std::size_t size);

}  // namespace bench
