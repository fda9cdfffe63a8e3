// Figures of bench/conversion_bench, read from the text that record_benchmarks.sh keeps.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace docs {

/// One row of the benchmark: "pack/f32_to_hif8/avx2/cache" and its figures.
struct throughput_row {
  std::string call;        ///< "pack", "unpack", "quantize", "pack_saturate", ...
  std::string conversion;  ///< "f32_to_hif8"
  std::string isa;         ///< "avx2"
  std::string place;       ///< "cache" or "memory"
  double gelem_per_second = 0;
  double median = 0;
  double share = 0;  ///< of the trivial conversion with the same traffic
};

struct throughput_report {
  std::vector<std::pair<std::string, std::string>> context;  ///< machine, compiler, date, ...
  std::vector<throughput_row> rows;
};

throughput_report read_throughput(const std::string& text);

/// A section about the figures in a text, which is empty where none are kept. Words: "throughput", then
/// "context"    what they were measured on, as a list
/// "picture"    and a place: a link to its picture, from a page in docs/
/// "table"      and a place, and perhaps a regular expression for "call/conversion": a row for each
/// conversion
///              of a call, a column for each instruction set: "11.2 (95 %)", which is Gelem/s and the share
///              of the trivial conversion's speed
std::string throughput_section(const std::string& text, const std::vector<std::string>& words);

/// A picture of the plain calls in a place, as SVG.
std::string throughput_chart(const throughput_report& report, const std::string& place);

}  // namespace docs
