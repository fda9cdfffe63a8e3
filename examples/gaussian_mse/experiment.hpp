// The experiment of the HiF4 paper (arXiv 2602.11287): Gaussian data of many sizes through four formats.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace gaussian_mse {

struct format_facts {
  const char* name;
  const char* color;     ///< in the chart
  double expected_mean;  ///< of the error relative to HiF4, from the paper's own script
  int first_k, last_k;   ///< the points that the mean is over
};

/// Without a tensor scale NVFP4 leaves its range at both ends, so its mean is over the middle.
inline constexpr std::array<format_facts, 4> formats = {{{"MXFP4", "#d97706", 1.89, 0, 17},
                                                         {"NVFP4", "#3b82f6", 1.31, 3, 16},
                                                         {"NVFP4 with tensor scale", "#8b5cf6", 1.31, 0, 17},
                                                         {"HiF4", "#10a37f", 1.00, 0, 17}}};
inline constexpr int points = 18;
inline constexpr double hif4_error_of_unit_variance = 0.00687;

/// sigma = 0.01 * 2^k.
double sigma_of(int k);

/// Mean squared error of each format at one point.
using errors = std::array<double, formats.size()>;

/// Draws `samples` values of standard deviation sigma_of(k) and measures every format.
errors measure(int k, std::size_t samples, std::uint64_t seed);

/// Errors relative to HiF4's, averaged over the points that formats[f] names.
double relative_mean(const std::vector<errors>& table, std::size_t f);

/// The table as a chart that reads on light and on dark pages.
std::string chart_svg(const std::vector<errors>& table);

}  // namespace gaussian_mse
