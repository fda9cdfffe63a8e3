// The picture of where each format's values lie: every positive value is one line.
#include <cmath>
#include <string>
#include <vector>

#include "scalar_view.hpp"
#include "svg.hpp"

namespace docs {

namespace {

constexpr double left = 110;
constexpr double right = 970;

struct axis {
  double low;
  double high;
  [[nodiscard]] double x(double value) const { return left + (value - low) / (high - low) * (right - left); }
};

/// The positive finite values, normal or subnormal ones, that lie on the axis.
std::vector<double> positions(const scalar_view& f, const axis& a, bool logarithmic, bool subnormal) {
  std::vector<double> xs;
  for (std::uint32_t code = 0; code < std::uint32_t{1} << f.width; ++code) {
    const double value = f.decode(code);
    if (!std::isfinite(value) || value <= 0 || (value < f.min_normal) != subnormal) {
      continue;
    }
    const double position = logarithmic ? std::log2(value) : value;
    if (position >= a.low && position <= a.high) {
      xs.push_back(a.x(position));
    }
  }
  return xs;
}

void row(svg& picture, const char* name, double y, const axis& a, bool logarithmic) {
  const scalar_view& f = scalar_named(name);
  picture.text(left - 14, y + 5, f.name, anchor::end);
  picture.line(left, y + 9, right, y + 9, colour::faint);
  picture.ticks(positions(f, a, logarithmic, true), y - 9, y + 9, colour::orange, 1);
  picture.ticks(positions(f, a, logarithmic, false), y - 9, y + 9, colour::blue, 1);
}

}  // namespace

std::string number_line() {
  svg picture(1000, 560, "Where the values of each format lie");
  constexpr double row_height = 28;

  const axis magnitudes = {-23, 17};
  double y = 26;
  picture.text(left, y, "Every positive value by its binade:");
  picture.text(left + 245, y, "normal", anchor::start, colour::blue);
  picture.text(left + 300, y, "subnormal", anchor::start, colour::orange);
  y += 26;
  for (const char* name :
       {"hif8", "fp8_e4m3", "fp8_e5m2", "fp8_e3m4", "fp6_e3m2", "fp6_e2m3", "fp4_e2m1", "fp4_e1m2"}) {
    row(picture, name, y, magnitudes, true);
    y += row_height;
  }
  for (int exponent = -20; exponent <= 16; exponent += 4) {
    const double x = magnitudes.x(exponent);
    picture.line(x, 40, x, y - 10, colour::faint);
    picture.power(x, y + 8, exponent);
  }

  const axis values = {0, 8};
  y += 58;
  const double top = y - 12;
  picture.text(left, y - 20, "The same from 0 to 8:");
  for (const char* name : {"hif8", "fp8_e4m3", "fp8_e5m2", "fp6_e3m2", "fp6_e2m3", "fp4_e2m1", "fp4_e1m2"}) {
    row(picture, name, y, values, false);
    y += row_height;
  }
  for (int value = 0; value <= 8; ++value) {
    const double x = values.x(value);
    picture.line(x, top, x, y - 10, colour::faint);
    picture.text(x, y + 8, std::to_string(value), anchor::middle);
  }
  return picture.document();
}

}  // namespace docs
