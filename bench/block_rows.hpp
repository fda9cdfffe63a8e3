// The rows of quantize and dequantize.
#pragma once

#include <deque>

#include "support/conversion.hpp"

namespace bench {

/// Appends one row for each block format, direction and instruction set that this machine has.
void add_block_rows(std::deque<conversion>& rows);

}  // namespace bench
