// Colours on a transparent ground: readable on a light and on a dark page.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "experiment.hpp"

namespace gaussian_mse {
namespace {

constexpr double left = 56, top = 92, width = 640, height = 300, right_margin = 260, bottom_margin = 62;
constexpr double lowest = 0.8, highest = 2.8;
constexpr const char* ink = "#666b73";
/// Text and axes lighter where the page is dark. Both inks can be read on either ground, for viewers that do
/// not say which.
constexpr const char* dark_style =
    "<style>@media (prefers-color-scheme: dark) { [fill=\"#666b73\"] { fill: #9da3ab } "
    "[stroke=\"#666b73\"] { stroke: #9da3ab } }</style>\n";

double x_of(int k) { return left + width * k / (points - 1); }
double y_of(double ratio) { return top + height * (highest - ratio) / (highest - lowest); }

template <class... Arguments>
std::string format(const char* pattern, Arguments... arguments) {
  char text[512];
  std::snprintf(text, sizeof text, pattern, arguments...);
  return text;
}

std::string text_at(double x, double y, int size, const char* more, const std::string& text) {
  return format("<text x=\"%.1f\" y=\"%.1f\" font-size=\"%d\" %s>", x, y, size, more) + text + "</text>\n";
}

std::string grid() {
  std::string out;
  for (int tenths = 10; tenths <= 25; tenths += 5) {
    const double y = y_of(tenths / 10.0);
    out += format(
        "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\" stroke-opacity=\"%s\"/>\n", left,
        y, left + width, y, ink, tenths == 10 ? "0.9" : "0.3");
    out += text_at(left - 8, y + 4, 12, "text-anchor=\"end\"", format("%.1f", tenths / 10.0));
  }
  for (int k = 0; k < points; ++k) {
    out += text_at(x_of(k), top + height + 20, 12, "text-anchor=\"middle\"", format("%d", k));
  }
  out += text_at(left + width / 2, top + height + 44, 12, "text-anchor=\"middle\"",
                 "k: the standard deviation is 0.01 · 2<tspan dy=\"-4\" font-size=\"9\">k</tspan>");
  return out;
}

std::string curve(const std::vector<errors>& table, std::size_t f) {
  const format_facts& facts = formats[f];
  std::string path;
  std::string dots;
  for (int k = 0; k < points; ++k) {
    const errors& row = table[static_cast<std::size_t>(k)];
    const double ratio = row[f] / row.back();
    const double y = y_of(std::clamp(ratio, lowest, highest));
    path += format("%s%.1f %.1f", k == 0 ? "M" : "L", x_of(k), y);
    dots += format("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\"><title>%s, k = %d: %.3f</title></circle>\n",
                   x_of(k), y, facts.name, k, ratio);
  }
  return format("<g stroke=\"%s\" fill=\"%s\">\n<path fill=\"none\" stroke-width=\"2\" d=\"", facts.color,
                facts.color) +
         path + "\"/>\n" + dots + "</g>\n";
}

/// Names at the right ends, moved apart where curves meet.
std::string labels(const std::vector<errors>& table) {
  std::array<std::size_t, formats.size()> order = {0, 1, 2, 3};
  const auto end = [&](std::size_t f) { return table.back()[f] / table.back().back(); };
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return end(a) > end(b); });
  std::string out;
  double above = 0;
  for (const std::size_t f : order) {
    const double y = std::max(y_of(std::clamp(end(f), lowest, highest)) + 4, above + 16);
    out +=
        text_at(left + width + 12, y, 12, format("fill=\"%s\" font-weight=\"600\"", formats[f].color).c_str(),
                format("%s, mean %.2f", formats[f].name, relative_mean(table, f)));
    above = y;
  }
  return out;
}

}  // namespace

std::string chart_svg(const std::vector<errors>& table) {
  std::string out = format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" width=\"%.0f\" height=\"%.0f\" "
      "fill=\"%s\" font-family=\"system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif\">\n",
      left + width + right_margin, top + height + bottom_margin, left + width + right_margin,
      top + height + bottom_margin, ink);
  out += dark_style;
  out += text_at(16, 28, 18, "font-weight=\"600\"", "Quantization error of Gaussian data, relative to HiF4");
  out +=
      text_at(16, 50, 13, "", "Mean squared error over that of HiF4 on the same samples; lower is better.");
  out += text_at(16, 69, 13, "", "NVFP4 without a tensor scale leaves the range of its scales at both ends.");
  out += grid();
  for (std::size_t f = formats.size(); f-- > 0;) {
    out += curve(table, f);
  }
  return out + labels(table) + "</svg>\n";
}

}  // namespace gaussian_mse
