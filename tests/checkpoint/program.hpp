// Runs the built program the way a user does.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace checkpoint_test {

struct outcome {
  int status = -1;  ///< exit status; 128 + the signal where it crashed
  std::string out;
  std::string err;
  long peak_kib = 0;
};

outcome run(const std::vector<std::string>& arguments);

/// run with the command inspect before the arguments.
outcome inspect(std::vector<std::string> arguments);

/// Runs with a terminal as standard error; err is what that terminal got.
outcome run_on_terminal(const std::vector<std::string>& arguments);

/// One line of the CSV report.
struct csv_line {
  std::string dtype;
  std::string shape;
  std::string values;
  double bits_per_value = 0;
  double snr_db = 0;
  long saturated = 0;
  long flushed = 0;
  bool chosen = false;
  long bytes = 0;
};

/// Runs inspect with --csv and returns the lines by "<tensor>/<format>"; totals have an empty tensor name.
/// Fails the test where the program does.
std::map<std::string, csv_line> measured(const std::string& file, std::vector<std::string> arguments = {});

}  // namespace checkpoint_test
