// Numbers and names as text of reports.
#pragma once

#include <string>
#include <string_view>

namespace checkpoint {

/// A number by a pattern of printf that takes one double.
std::string number(const char* pattern, double value);

/// A field of CSV in quotation marks.
std::string csv_quoted(std::string_view text);

}  // namespace checkpoint
