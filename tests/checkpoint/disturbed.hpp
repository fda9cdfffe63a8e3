// Runs the program under what goes wrong: signals, limits, missing rights, file systems that lack something.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <sys/resource.h>
#include <sys/types.h>

namespace checkpoint_test {

struct disturbance {
  rlim_t most_file_bytes = 0;  ///< RLIMIT_FSIZE; 0: none
  rlim_t most_files = 0;       ///< RLIMIT_NOFILE; 0: as it is
  int signal = 0;              ///< sent after so many microseconds; 0: none
  useconds_t after = 0;
  bool without_unnamed_files = false;  ///< open(O_TMPFILE) fails, as on file systems that do not have it
  uid_t user = 0;                      ///< to become, where the test runs as root; 0: the same
  const char* standard_output = "/dev/null";
};

/// The exit status, 128 + the signal that ended it; `err` gets what it wrote there.
int run_disturbed(const std::vector<std::string>& arguments, const disturbance& how,
                  std::string* err = nullptr);

/// Whether without_unnamed_files is possible here: a filter of system calls, for this processor.
bool can_lack_unnamed_files() noexcept;

/// Bytes that a run asks the system to read, and its peak of memory.
struct usage {
  int status = -1;
  std::uint64_t read_bytes = 0;
  long peak_kib = 0;
};
usage measured_run(const std::vector<std::string>& arguments);

}  // namespace checkpoint_test
