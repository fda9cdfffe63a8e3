// The table on the screen: one line a row, nothing but what a reader compares. Google Benchmark's own
// formats (--benchmark_out=<file> --benchmark_out_format=json|csv) hold the same figures.
#pragma once

#include <benchmark/benchmark.h>

#include <cstdio>
#include <string>
#include <vector>

#include "floors.hpp"

namespace bench {

class table_reporter : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context& context) override {
    PrintBasicContext(&GetErrorStream(), context);
    std::printf("%-52s %8s %8s %8s %8s\n", "", "Gelem/s", "median", "GB/s", "share");
    return true;
  }

  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) {
      std::string name = run.run_name.function_name;
      if (!run.aggregate_name.empty()) {
        name += " (" + run.aggregate_name + ")";
      }
      if (run.counters.find("Gelem/s") == run.counters.end()) {
        std::printf("%-52s the result is wrong\n", name.c_str());
      } else {
        std::printf("%-52s %8.3f %8.3f %8.1f %7.1f%%  %s\n", name.c_str(), value(run, "Gelem/s"),
                    value(run, "median"), value(run, "GB/s"), 100 * value(run, "share"),
                    below_floor(run.run_name.function_name, value(run, "share")).c_str());
      }
    }
    std::fflush(stdout);
  }

 private:
  static double value(const Run& run, const char* counter) { return run.counters.at(counter).value; }
};

}  // namespace bench
