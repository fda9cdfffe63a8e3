// The picture of the largest relative rounding error in each binade.
#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "scalar_view.hpp"
#include "svg.hpp"

namespace docs {

namespace {

constexpr int lowest_binade = -24;
constexpr int highest_binade = 17;  // ends where the axis does
constexpr double left = 80, right = 970, top = 60, bottom = 380;

double x_of(double log_magnitude) {
  return left + (log_magnitude - lowest_binade) / (highest_binade - lowest_binade) * (right - left);
}

constexpr double lowest_error = 0.04, highest_error = 1;

double y_of(double error) {
  const double part = std::log(error / lowest_error) / std::log(highest_error / lowest_error);
  return bottom - part * (bottom - top);
}

/// The largest |value - x| / x over the values of a format in the binade; 0 if one of them overflows.
double worst_error(const scalar_view& f, int binade) {
  constexpr int samples = 2048;
  double worst = 0;
  for (int i = 0; i < samples; ++i) {
    const double x = std::ldexp(1 + (i + 0.5) / samples, binade);
    if (x > f.max_finite) {
      continue;
    }
    const auto code = f.encode(x, narrowfp::rounding::native, narrowfp::overflow::native);
    worst = std::max(worst, std::fabs(f.decode(code) - x) / x);
  }
  return worst;
}

struct series {
  const char* name;
  const char* colour;
  double width;
};

// Drawn in this order, so that the thin lines lie on the thick ones where curves coincide.
constexpr series all_series[] = {
    {"fp8_e4m3", colour::pale_blue, 9},
    {"fp8_e5m2", colour::orange, 4.5},
    {"hif8", colour::green, 2.5},
};

/// The steps of one format, from the binade below its smallest value to that of its largest.
void curve(svg& picture, const series& s) {
  const scalar_view& f = scalar_named(s.name);
  std::vector<std::pair<double, double>> points;
  for (int binade = lowest_binade; binade <= std::ilogb(f.max_finite); ++binade) {
    const double error = worst_error(f, binade);
    if (error > 0) {
      const double end = std::min(std::log2(f.max_finite), binade + 1.0);
      points.emplace_back(x_of(binade), y_of(error));
      points.emplace_back(x_of(end), y_of(error));
    }
  }
  picture.path(points, s.colour, s.width);
}

}  // namespace

std::string relative_error() {
  svg picture(1000, 440, "Largest relative rounding error against magnitude");
  picture.text(left, 24, "Largest relative rounding error in each binade, native rounding");
  for (const int percent : {5, 10, 20, 50, 100}) {
    const double error = percent / 100.0;
    picture.line(left, y_of(error), right, y_of(error), colour::faint);
    picture.text(left - 10, y_of(error) + 5, std::to_string(percent) + " %", anchor::end);
  }
  for (int exponent = lowest_binade; exponent <= 16; exponent += 4) {
    picture.line(x_of(exponent), top, x_of(exponent), bottom, colour::faint);
    picture.power(x_of(exponent), bottom + 22, exponent);
  }
  picture.text((left + right) / 2, bottom + 48, "magnitude", anchor::middle);
  double x = left + 470;
  for (const series& s : all_series) {
    curve(picture, s);
    picture.line(x, 19, x + 24, 19, s.colour, s.width);
    picture.text(x + 30, 24, s.name);
    x += 130;
  }
  return picture.document();
}

}  // namespace docs
