// The rows of the Hadamard transform.
#pragma once

#include <deque>

#include "support/conversion.hpp"

namespace bench {

/// Appends one row for each block size and instruction set that this machine has.
void add_hadamard_rows(std::deque<conversion>& rows);

}  // namespace bench
