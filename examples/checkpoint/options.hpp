// The command line.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "inspection.hpp"

namespace checkpoint {

class usage_error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct command_line {
  std::vector<std::string> paths;
  std::string csv;
  std::string svg;
  std::string write;
  std::string npy_dtype;
  std::string help;  ///< to be printed instead of any work
  inspection_options inspection;
};

/// Throws usage_error.
command_line parse_command_line(int argc, char** argv);

}  // namespace checkpoint
