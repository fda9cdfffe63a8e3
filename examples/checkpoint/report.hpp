// What the tool prints: tables for people, CSV for programs, a chart.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "inspection.hpp"

namespace checkpoint {

void print_report(std::ostream& out, const tensor_collection& collection,
                  const std::vector<tensor_result>& results, const inspection_options& options);

/// One row a tensor and format, then one a format for all tensors.
std::string csv_report(const std::vector<tensor_result>& results, const inspection_options& options);

/// SNR over bits a value: a faint dot a tensor and format, a named one a format for all tensors. Colours
/// that can be read on light and on dark pages.
std::string svg_chart(const std::string& title, const std::vector<tensor_result>& results,
                      const inspection_options& options);

/// The sums over all tensors, one a format.
std::vector<tally> totals(const std::vector<tensor_result>& results, std::size_t formats);

}  // namespace checkpoint
