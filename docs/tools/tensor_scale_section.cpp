// What nvfp4 loses without a tensor scale: the table of docs/formats/nvfp4.md.
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <numbers>
#include <random>
#include <string>
#include <vector>

#include <narrowfp/measure.hpp>
#include <narrowfp/quantize.hpp>

#include "sections.hpp"
#include "text.hpp"

namespace docs {

namespace {

/// Normal values by Box and Muller's transform, which unlike std::normal_distribution is the same everywhere.
std::vector<float> normal_values(std::size_t count, double sigma) {
  std::mt19937_64 random(1);
  const auto uniform = [&] { return (static_cast<double>(random() >> 11) + 0.5) * 0x1p-53; };
  std::vector<float> values(count);
  for (float& x : values) {
    const double radius = sigma * std::sqrt(-2 * std::log(uniform()));
    x = static_cast<float>(radius * std::cos(2 * std::numbers::pi * uniform()));
  }
  return values;
}

std::string one_decimal(double x) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", std::fabs(x) < 0.05 ? 0.0 : x);  // no "-0.0"
  return text;
}

std::string percent(std::size_t part, std::size_t whole) {
  return one_decimal(100.0 * static_cast<double>(part) / static_cast<double>(whole)) + " %";
}

}  // namespace

std::string tensor_scale_table() {
  using namespace narrowfp;
  markdown_table table(
      {"Sigma", "SQNR with tensor scale, dB", "Without, dB", "Lost, dB", "Zeros with", "Zeros without"});
  for (const char* sigma :
       {"1", "0.1", "0.05", "0.02", "0.01", "0.005", "0.002", "0.001", "0.0005", "0.0001"}) {
    const std::vector<float> x = normal_values(std::size_t{1} << 18, std::strtod(sigma, nullptr));
    const error_report with = compare<nvfp4>(x, {.tensor_scale = nvfp4_tensor_scale(x)});
    const error_report without = compare<nvfp4>(x, {});
    table.add({sigma, one_decimal(with.sqnr_db), one_decimal(without.sqnr_db),
               one_decimal(with.sqnr_db - without.sqnr_db), percent(with.flushed, x.size()),
               percent(without.flushed, x.size())});
  }
  return table.text();
}

}  // namespace docs
