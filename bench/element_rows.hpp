// The rows of pack and unpack.
#pragma once

#include <deque>

#include "support/conversion.hpp"

namespace bench {

/// Appends one row for each format, direction and instruction set that this machine has.
void add_element_rows(std::deque<conversion>& rows);

}  // namespace bench
