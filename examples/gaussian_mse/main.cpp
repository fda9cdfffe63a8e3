// Repeats the HiF4 paper's comparison of 4-bit block formats on Gaussian data, prints it, and on request
// writes it as CSV and as a chart.
//
// gaussian_mse [--samples N] [--csv FILE] [--svg FILE] [--tolerance PERCENT]
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <string>

#include "experiment.hpp"

namespace {

using namespace gaussian_mse;

struct options {
  std::size_t samples = 1024 * 1024;  // a point, as in the paper
  double tolerance = 1;               // percent by which a mean may differ from the expected one
  std::string csv, svg;
};

double number_after(const std::string& name, const std::string& text) {
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != '\0' || !(value > 0)) {
    throw std::invalid_argument(name + " needs a positive number, but got '" + text + "'");
  }
  return value;
}

options parse(int count, char** arguments) {
  options chosen;
  for (int i = 1; i < count; i += 2) {
    const std::string name = arguments[i];
    if (name != "--samples" && name != "--tolerance" && name != "--csv" && name != "--svg") {
      throw std::invalid_argument("unknown option " + name);
    }
    const std::string value = i + 1 < count ? arguments[i + 1] : "";
    if (value.empty()) {
      throw std::invalid_argument(name + " needs a value");
    }
    if (name == "--samples") {
      chosen.samples = static_cast<std::size_t>(number_after(name, value));
    } else if (name == "--tolerance") {
      chosen.tolerance = number_after(name, value);
    } else {
      (name == "--csv" ? chosen.csv : chosen.svg) = value;
    }
  }
  return chosen;
}

void write(const std::string& path, const std::string& content) {
  std::ofstream file(path, std::ios::binary);
  file << content;
  file.close();
  if (!file) {
    throw std::runtime_error(path + ": cannot be written");
  }
}

std::string csv_of(const std::vector<errors>& table) {
  std::string out = "k,sigma,mxfp4_mse,nvfp4_mse,nvfp4_tensor_scale_mse,hif4_mse\n";
  for (int k = 0; k < points; ++k) {
    out += std::to_string(k) + ',' + std::to_string(sigma_of(k));
    for (const double error : table[static_cast<std::size_t>(k)]) {
      char text[32];
      std::snprintf(text, sizeof text, ",%.9g", error);
      out += text;
    }
    out += '\n';
  }
  return out;
}

/// Whether every mean is what the paper's own script gives.
bool print_means(const std::vector<errors>& table, double tolerance) {
  bool all_close = true;
  std::printf("\nmeans          ");
  for (std::size_t f = 0; f < formats.size(); ++f) {
    const double mean = relative_mean(table, f);
    std::printf("  %s %.3f (k = %d to %d, expected %.2f)\n               ", formats[f].name, mean,
                formats[f].first_k, formats[f].last_k, formats[f].expected_mean);
    all_close = all_close && std::fabs(mean / formats[f].expected_mean - 1) * 100 <= tolerance;
  }
  double hif4 = 0;
  for (int k = 0; k < points; ++k) {
    hif4 += table[static_cast<std::size_t>(k)].back() / (sigma_of(k) * sigma_of(k)) / points;
  }
  std::printf("  HiF4's own error is %.5f of the variance (expected %.5f)\n", hif4,
              hif4_error_of_unit_variance);
  return all_close && std::fabs(hif4 / hif4_error_of_unit_variance - 1) * 100 <= tolerance;
}

int run(const options& chosen) {
  std::printf("Mean squared error relative to HiF4, %zu Gaussian samples a row\n\n", chosen.samples);
  std::printf(" k      sigma   MXFP4   NVFP4   NVFP4 with tensor scale   HiF4\n");
  std::vector<errors> table;
  for (int k = 0; k < points; ++k) {
    table.push_back(measure(k, chosen.samples, 2602));
    const errors& row = table.back();
    std::printf("%2d  %9.2f   %5.3f   %5.3f   %23.3f   %4.2f\n", k, sigma_of(k), row[0] / row[3],
                row[1] / row[3], row[2] / row[3], 1.0);
    std::fflush(stdout);
  }
  const bool all_close = print_means(table, chosen.tolerance);
  if (!chosen.csv.empty()) {
    write(chosen.csv, csv_of(table));
  }
  if (!chosen.svg.empty()) {
    write(chosen.svg, chart_svg(table));
  }
  if (!all_close) {
    std::printf("A mean differs from the expected one by more than %g percent.\n", chosen.tolerance);
  }
  return all_close ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace

int main(int count, char** arguments) {
  try {
    return run(parse(count, arguments));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "gaussian_mse: %s\n", error.what());
    return 2;
  }
}
