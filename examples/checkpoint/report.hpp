// What the tool prints: tables for people, CSV for programs, a chart.
#pragma once

#include <iosfwd>
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

/// A line a parameter, or only for those that differ, and a total. Returns whether all are equal or, where
/// that is asked for, have at least the ratio.
bool print_comparison(std::ostream& out, const comparison& result, bool only_differences,
                      const double* min_snr_db);

/// One row a tensor and format, then one a format for all tensors.
std::string csv_report(const std::vector<parameter_result>& results, const inspection_options& options);

/// The same as JSON. A ratio is null where nothing finite changed.
std::string json_report(const std::vector<parameter_result>& results, const inspection_options& options);

/// SNR over bits a value: a faint dot a tensor and format, a named one a format for all tensors. Colours
/// that can be read on light and on dark pages.
std::string svg_chart(const std::string& title, const std::vector<parameter_result>& results,
                      const inspection_options& options);

/// The sums over all tensors, one a format.
std::vector<tally> totals(const std::vector<parameter_result>& results, std::size_t formats);

}  // namespace checkpoint
