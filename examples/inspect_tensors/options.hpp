// The command line.
#pragma once

#include <optional>
#include <stdexcept>
#include <string>

#include "inspection.hpp"

namespace inspect {

class usage_error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct command_line {
  std::string file;
  std::string csv;
  std::string svg;
  std::string write;
  std::string npy_dtype;
  bool help = false;
  inspection_options inspection;
};

/// Throws usage_error.
command_line parse_command_line(int argc, char** argv);

std::string help_text();

}  // namespace inspect
