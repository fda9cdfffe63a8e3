// The command line of a benchmark program: options of its own beside Google Benchmark's.
#pragma once

#include <benchmark/benchmark.h>

#include <cstdio>
#include <string_view>
#include <vector>

namespace bench {

/// Takes the options for which take(argument) is true and gives Google Benchmark the others; false, after the
/// usage, where there is one that neither knows.
template <class Take>
bool read_command_line(int argc, char** argv, const char* usage, Take take) {
  std::vector<char*> remaining;
  for (int i = 0; i < argc; ++i) {
    if (i == 0 || !take(std::string_view(argv[i]))) {
      remaining.push_back(argv[i]);
    }
    if (std::string_view(argv[i]) == "--help") {
      std::fputs(usage, stdout);
    }
  }
  int remaining_count = static_cast<int>(remaining.size());
  benchmark::Initialize(&remaining_count, remaining.data());
  if (benchmark::ReportUnrecognizedArguments(remaining_count, remaining.data())) {
    std::fputs(usage, stderr);
    return false;
  }
  return true;
}

}  // namespace bench
