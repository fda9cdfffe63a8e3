// Throughput of exact products, next to reading the operands and to dequantizing them and adding in float.
// See README.md.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "product_ceilings.hpp"
#include "product_rows.hpp"
#include "support/command_line.hpp"

namespace {

constexpr const char* usage =
    "options of this program (Google Benchmark's follow):\n"
    "  --memory_mi=<n>   elements of the rows in memory, in Mi, a power of two (default 64; 0: no such "
    "rows)\n"
    "  --smoke           sizes so small that only the verification means something\n";

struct effort {
  std::size_t min_samples = 60;
  double seconds = 0.02;  ///< summed time of one call of each sample
  double group_seconds = 5e-6;
};

effort wanted;
bool wrong_result = false;

/// Seconds per call, sorted.
std::vector<double> take_samples(const bench::product& p, const std::function<void()>& call, bool checks,
                                 bool& is_right) {
  using clock = std::chrono::steady_clock;
  std::vector<double> samples;
  double total = 0;
  int calls = 1;
  while (is_right && (samples.size() < (p.next ? wanted.min_samples : 3) || total < wanted.seconds)) {
    const auto start = clock::now();
    for (int i = 0; i < calls; ++i) {
      call();
      benchmark::ClobberMemory();
    }
    samples.push_back(std::chrono::duration<double>(clock::now() - start).count() / calls);
    total += samples.back();
    is_right = !checks || p.is_right();
    if (p.next) {
      p.next();
      calls = std::clamp(static_cast<int>(wanted.group_seconds / std::max(samples.back(), 1e-9)), 1, 64);
    }
  }
  std::sort(samples.begin(), samples.end());
  return samples;
}

/// One row: a single iteration to Google Benchmark, which holds all the samples.
void run_row(benchmark::State& state, const bench::product_row& row) {
  const bench::product p = row.make();
  bool is_right = true;
  double read = 0;
  double left = 0;
  if (bench::has_product_ceilings()) {
    read = take_samples(p, p.read, false, is_right).front();
    left = take_samples(p, p.left, false, is_right).front();
  }
  std::vector<double> samples;
  for (auto _ : state) {
    samples = take_samples(p, p.run, true, is_right);
    state.SetIterationTime(samples.front());
  }
  if (!is_right) {
    wrong_result = true;
    state.SkipWithError("the result differs from the scalar path's");
    return;
  }
  const double best = samples.front();
  state.counters["Gelem/s"] = static_cast<double>(p.elements) / best * 1e-9;
  state.counters["median"] = static_cast<double>(p.elements) / samples[samples.size() / 2] * 1e-9;
  state.counters["GB/s"] = static_cast<double>(p.bytes) / best * 1e-9;
  state.counters["read"] = read / best;
  state.counters["left"] = left / best;
}

/// The table on the screen.
class table_reporter : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context& context) override {
    PrintBasicContext(&GetErrorStream(), context);
    std::printf("%-52s %8s %8s %8s %8s %8s\n", "", "Gelem/s", "median", "GB/s", "of read", "of left");
    return true;
  }

  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) {
      const std::string& name = run.run_name.function_name;
      if (run.counters.find("Gelem/s") == run.counters.end()) {
        std::printf("%-52s the result is wrong\n", name.c_str());
      } else {
        const auto value = [&](const char* counter) { return run.counters.at(counter).value; };
        std::printf("%-52s %8.3f %8.3f %8.1f %7.1f%% %7.0f%%\n", name.c_str(), value("Gelem/s"),
                    value("median"), value("GB/s"), 100 * value("read"), 100 * value("left"));
      }
    }
    std::fflush(stdout);
  }
};

/// Takes an option of ours; false leaves it to Google Benchmark.
bool take_option(std::string_view argument) {
  constexpr std::string_view memory = "--memory_mi=";
  bench::product_settings& s = bench::current_product_settings();
  if (argument == "--smoke") {
    s.pool_elements = 4096;
    s.cache_elements = {256, 2048};
    s.memory_elements = std::size_t{2} * 4096;
    s.matrix_rows = 2;
    s.matrix_cols = 1024;
    wanted = {2, 0, 0};
  } else if (argument.starts_with(memory)) {
    s.memory_elements = std::strtoull(argument.data() + memory.size(), nullptr, 10) << 20;
  } else {
    return false;
  }
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  if (!bench::read_command_line(argc, argv, usage, take_option)) {
    return 1;
  }
  std::vector<bench::product_row> rows;
  bench::add_product_rows(rows);
  for (const bench::product_row& row : rows) {
    benchmark::RegisterBenchmark(row.name.c_str(), [&row](benchmark::State& state) { run_row(state, row); })
        ->UseManualTime()
        ->Iterations(1);
  }
  table_reporter table;
  benchmark::RunSpecifiedBenchmarks(&table);
  benchmark::Shutdown();
  return wrong_result ? 1 : 0;
}
