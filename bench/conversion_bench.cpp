// Throughput of every conversion, next to the trivial conversion of the same traffic. See README.md.
#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "block_rows.hpp"
#include "ceilings.hpp"
#include "element_rows.hpp"
#include "hadamard_rows.hpp"
#include "parallel_rows.hpp"
#include "support/command_line.hpp"
#include "support/floors.hpp"
#include "support/measure.hpp"
#include "support/reporter.hpp"

namespace {

constexpr const char* usage =
    "options of this program (Google Benchmark's follow):\n"
    "  --memory_mi=<n>        elements of the rows in memory, in Mi (default 64; 0: no such rows)\n"
    "  --inputs=normal|wide   floats: N(0,1), or uniform exponents with some infinities and NaN\n"
    "  --floors=<file>        status 1 where a row stays below half its floor; see floors.txt\n"
    "  --smoke                sizes so small that only the verification means something\n";

/// Takes an option of ours; false leaves it to Google Benchmark.
bool take_option(std::string_view argument, bench::settings& s) {
  const auto value_of = [&](std::string_view name) {
    return argument.starts_with(name) ? argument.substr(name.size()) : std::string_view{};
  };
  if (argument == "--smoke") {
    s.cache_elements = 1024;
    s.pool_elements = 4096;
    s.memory_elements = 3 * 4096;
    s.cache_row = s.cache_ceiling = s.memory_row = s.memory_ceiling = {4, 0};
  } else if (const auto mi = value_of("--memory_mi="); !mi.empty()) {
    s.memory_elements = std::strtoull(std::string(mi).c_str(), nullptr, 10) << 20;
  } else if (argument == "--inputs=normal") {
    s.floats = bench::distribution::normal;
  } else if (argument == "--inputs=wide") {
    s.floats = bench::distribution::wide;
  } else if (const auto floors = value_of("--floors="); !floors.empty()) {
    if (!bench::read_floors(std::string(floors))) {
      std::exit(2);
    }
  } else {
    return false;
  }
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  if (!bench::read_command_line(argc, argv, usage, [](std::string_view argument) {
        return take_option(argument, bench::current_settings());
      })) {
    return 1;
  }
  std::deque<bench::conversion> rows = {
      bench::copy_f32(),
      bench::truncate_f32_to_u8(),
      bench::extend_u8_to_f32(),
      bench::truncate_f32_to_u16(),
      bench::extend_u16_to_f32(),
      bench::truncate_u16_to_u8(),
      bench::extend_u8_to_u16(),
      bench::truncate_f32_to_nibbles(),
      bench::extend_nibbles_to_f32(),
  };
  bench::add_element_rows(rows);
  bench::add_block_rows(rows);
  bench::add_hadamard_rows(rows);
  bench::add_parallel_rows(rows);
  for (const bench::conversion& row : rows) {
    bench::register_rows(row);
  }
  bench::table_reporter table;
  benchmark::RunSpecifiedBenchmarks(&table);
  benchmark::Shutdown();
  return bench::any_result_was_wrong() || bench::any_row_was_below_its_floor() ? 1 : 0;
}
