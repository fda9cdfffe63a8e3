// How the tool reports what is wrong with a file: one line that names the file, the tensor and the problem.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>

namespace checkpoint {

class failure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The text with control characters as \xNN, so that a name in a file cannot drive a terminal; clipped.
std::string printable(std::string_view text, std::size_t longest = 200);

/// Throws "<file>: <problem>".
[[noreturn]] void fail(std::string_view file, std::string_view problem);
/// Throws "<file>: tensor '<tensor>': <problem>".
[[noreturn]] void fail(std::string_view file, std::string_view tensor, std::string_view problem);

}  // namespace checkpoint
