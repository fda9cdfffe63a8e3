// A second reading of numbers as text, by naturals of any size. It shares no code with the library.
#pragma once

#include <string_view>

#include "oracle.hpp"

namespace support {

/// The code of the number that the text is, in f: native rounding and overflow. The text is one whole number
/// as C writes it: a sign or none, then decimal digits or 0x and hexadecimal ones, a point, an exponent; or
/// inf or nan.
std::uint32_t encode_text(const oracle::format& f, std::string_view text);

}  // namespace support
