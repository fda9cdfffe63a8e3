// The rows of array calls over an executor.
#pragma once

#include <deque>

#include "support/conversion.hpp"

namespace bench {

void add_parallel_rows(std::deque<conversion>& rows);

}  // namespace bench
