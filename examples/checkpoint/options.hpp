// The command line.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "conversion.hpp"
#include "inspection.hpp"
#include "report.hpp"

namespace checkpoint {

class usage_error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

enum class command { help, inspect, convert, compare };

struct command_line {
  command what = command::help;
  std::string help;                ///< the text that help is
  std::vector<std::string> paths;  ///< what is read
  std::string npy_dtype;
  bool summary = false;
  std::string csv;
  std::string json;

  // inspect
  std::string svg;
  std::string write;
  inspection_options inspection;

  conversion_options conversion;

  // compare
  comparison_report comparison;

  unsigned threads = 1;
};

/// Throws usage_error.
command_line parse_command_line(int argc, char** argv);

}  // namespace checkpoint
