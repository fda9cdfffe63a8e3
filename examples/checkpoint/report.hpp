// What the tool prints: tables for people, CSV for programs, a chart.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "comparison.hpp"
#include "conversion.hpp"
#include "inspection.hpp"

namespace checkpoint {

void print_report(std::ostream& out, const model& m, const std::vector<parameter_result>& results,
                  const inspection_options& options);

/// What a conversion did and what was lost by it.
void print_summary(std::ostream& out, const conversion_options& options, const conversion_summary& summary);
std::string json_summary(const conversion_options& options, const conversion_summary& summary);

struct comparison_report {
  bool only_differences = false;
  std::uint64_t most_shown = 100;    ///< parameters, those that differ most
  std::optional<double> min_snr_db;  ///< what is near enough

  [[nodiscard]] bool is_near(const compared_parameter& p) const noexcept;
};
/// A line a parameter, and a total. Returns whether all are equal or near enough.
bool print_comparison(std::ostream& out, const comparison& result, const comparison_report& how);
std::string csv_comparison(const comparison& result, const comparison_report& how);
std::string json_comparison(const comparison& result, const comparison_report& how);

/// One row a tensor and format, then one a format for all tensors.
std::string csv_report(const model& m, const std::vector<parameter_result>& results,
                       const inspection_options& options);

/// The same as JSON, a line a tensor. A ratio is null where nothing finite changed.
std::string json_report(const model& m, const std::vector<parameter_result>& results,
                        const inspection_options& options);

/// Bytes of one safetensors file, its header included, if every tensor that was inspected were in the format
/// of that number; in the one chosen for each where `chosen` is set. Other tensors are as they are. What
/// safetensors has no dtype for counts as bytes.
std::uint64_t file_bytes(const model& m, const std::vector<parameter_result>& results,
                         const inspection_options& options, std::size_t format, bool chosen = false);

/// SNR over bits a value: a faint dot a tensor and format, a named one a format for all tensors. Colours
/// that can be read on light and on dark pages.
std::string svg_chart(const std::string& title, const std::vector<parameter_result>& results,
                      const inspection_options& options);

/// The sums over all tensors, one a format.
std::vector<tally> totals(const std::vector<parameter_result>& results, std::size_t formats);

}  // namespace checkpoint
