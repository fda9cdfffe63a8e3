// The command line.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "conversion.hpp"
#include "inspection.hpp"

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

  // inspect
  std::string csv;
  std::string json;
  std::string svg;
  std::string write;
  bool summary = false;
  inspection_options inspection;

  conversion_options conversion;

  // compare
  bool only_differences = false;
  double min_snr_db = 0;
  bool has_min_snr = false;

  unsigned threads = 1;
};

/// Throws usage_error.
command_line parse_command_line(int argc, char** argv);

}  // namespace checkpoint
