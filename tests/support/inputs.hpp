// Inputs at which a conversion can go wrong.
#pragma once

#include <cstdint>
#include <vector>

#include "oracle.hpp"

namespace support {

/// Bits of `source` around every boundary of `f`: every value, every midpoint of neighbours, the overflow
/// midpoint and the value beyond the largest, fractions of the smallest value, each with two neighbours
/// on both sides and with both signs; zeros, the source's smallest and largest values, infinities, NaNs.
/// In formats of more than 8 bits only each `stride`-th value, but always both ends.
std::vector<std::uint64_t> boundary_inputs(const oracle::format& f, const oracle::source_layout& source,
                                           std::size_t stride = 1);

/// A stride for formats of that width that keeps the number of inputs in the thousands.
inline std::size_t stride_for(const oracle::format& f) { return f.width <= 8 ? 1 : f.width <= 12 ? 7 : 113; }

}  // namespace support
