// Floors of the rows' shares, read from a file; see bench/floors.txt.
#pragma once

#include <string>

namespace bench {

/// Reads the table. False, with a word on stderr, where the file cannot be read or a line is not understood.
bool read_floors(const std::string& path);

/// "", or what is wrong with a row "pack/.../cache": a share below half its floor, on a processor for which
/// the table holds.
std::string below_floor(const std::string& row, double share);

/// Whether below_floor has found something.
bool any_row_was_below_its_floor();

}  // namespace bench
