// The chart: one slot a format, grouped by bits a value; the loss on an axis that is linear near zero and
// logarithmic beyond, since the changes span five powers of ten and may be negative.
//
// Mid-tone colours on a transparent ground: readable on a light and on a dark page, whichever shows it.
#include <algorithm>
#include <cmath>
#include <vector>

#include "report.hpp"
#include "terminal.hpp"

namespace demo {
namespace {

constexpr double left_margin = 62, right_margin = 20, top = 92, height = 320, bottom = 158;
constexpr const char* ink = "#666b73";
/// Text and axes lighter where the page is dark. Both inks can be read on either ground, for viewers that do
/// not say which.
constexpr const char* dark_style =
    "<style>@media (prefers-color-scheme: dark) { [fill=\"#666b73\"] { fill: #9da3ab } "
    "[stroke=\"#666b73\"] { stroke: #9da3ab } }</style>\n";
constexpr const char* value_color = "#3b82f6";
constexpr const char* block_color = "#d97706";

/// From thousandths of a nat to lengths on the axis.
double stretch(double x) { return std::copysign(std::log10(1 + std::fabs(x)), x); }

/// The range of the axis, in thousandths, and its place on the page.
class loss_axis {
 public:
  explicit loss_axis(std::span<const result> rows) {
    for (const result& row : rows) {
      const double mean = row.loss_change.mean * 1000;
      const double error = row.loss_change.standard_error * 1000;
      low_ = std::min(low_, stretch(mean - error) - 0.08);
      high_ = std::max(high_, stretch(mean + error) + 0.16);
    }
  }
  [[nodiscard]] double y(double thousandths) const {
    return top + height * (high_ - stretch(thousandths)) / (high_ - low_);
  }
  [[nodiscard]] std::vector<double> ticks() const {
    std::vector<double> all;
    for (const double tick : {-1000.0, -100.0, -10.0, -1.0, 0.0, 1.0, 10.0, 100.0, 1000.0, 10000.0}) {
      if (stretch(tick) >= low_ && stretch(tick) <= high_) {
        all.push_back(tick);
      }
    }
    return all;
  }

 private:
  double low_ = -0.3;
  double high_ = 1;
};

std::string text_at(double x, double y, double size, const char* more, const std::string& text) {
  return format("<text x=\"%.1f\" y=\"%.1f\" font-size=\"%.0f\" %s>", x, y, size, more) + text + "</text>\n";
}

std::string line_at(double x1, double y1, double x2, double y2, double width, const char* more) {
  return format("<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke-width=\"%.1f\" %s/>\n", x1, y1,
                x2, y2, width, more);
}

std::string grid(const loss_axis& axis, double right_edge) {
  std::string out = format("<g stroke=\"%s\" fill=\"none\">\n", ink);
  for (const double tick : axis.ticks()) {
    const char* style = tick == 0 ? "stroke-opacity=\"0.9\"" : "stroke-opacity=\"0.3\"";
    out += line_at(left_margin, axis.y(tick), right_edge, axis.y(tick), 1, style);
  }
  out += "</g>\n";
  for (const double tick : axis.ticks()) {
    const std::string label = tick == 0 ? "0" : format("%+.0f", tick);
    out += text_at(left_margin - 8, axis.y(tick) + 4, 12, "text-anchor=\"end\"", label);
  }
  return out;
}

std::string point(const result& row, double x, const loss_axis& axis) {
  const char* color = row.has_block_scales ? block_color : value_color;
  const double mean = row.loss_change.mean * 1000;
  const double error = row.loss_change.standard_error * 1000;
  const double high = axis.y(mean + error), low = axis.y(mean - error);
  std::string out = format("<g stroke=\"%s\" fill=\"%s\">\n", color, color);
  out += format("<title>%s, %s bits: %+.3f ± %.3f thousandths of a nat</title>\n", row.format.c_str(),
                compact(row.bits).c_str(), mean, error);
  out += line_at(x, axis.y(0), x, axis.y(mean), 8, "stroke-opacity=\"0.28\"");
  out += line_at(x, high, x, low, 1.5, "");
  out += line_at(x - 6, high, x + 6, high, 1.5, "");
  out += line_at(x - 6, low, x + 6, low, 1.5, "");
  const char* filling = row.loss_change.is_significant() ? "" : "fill=\"none\"";
  out += format("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4.5\" stroke-width=\"1.5\" %s/>\n</g>\n", x,
                axis.y(mean), filling);
  const double above = std::min({high, axis.y(mean) - 4.5, axis.y(0)}) - 7;
  return out + text_at(x, above, 11, "text-anchor=\"middle\"",
                       format(std::fabs(mean) < 1    ? "%+.2f"
                              : std::fabs(mean) < 10 ? "%+.1f"
                                                     : "%+.0f",
                              mean));
}

std::string legend() {
  const auto swatch = [](const char* color, int indent, const char* what) {
    return format("<tspan fill=\"%s\" dx=\"%d\">●</tspan> %s", color, indent, what);
  };
  return swatch(value_color, 0, "single values") + swatch(block_color, 16, "blocks that share scales") +
         "<tspan dx=\"16\">○</tspan> hollow: within three standard errors of no change";
}

}  // namespace

std::string chart_svg(std::span<const result> rows, double loss) {
  const double slot = std::clamp(1000 / static_cast<double>(rows.size()), 30.0, 46.0);
  const double right_edge = left_margin + slot * static_cast<double>(rows.size());
  const double width = right_edge + right_margin;
  const double floor = top + height;
  const loss_axis axis(rows);
  std::string out = format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" width=\"%.0f\" height=\"%.0f\" "
      "fill=\"%s\" font-family=\"system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif\">\n",
      width, floor + bottom, width, floor + bottom, ink);
  out += dark_style;
  out += text_at(16, 28, 18, "font-weight=\"600\"", "What narrow weights cost a small language model");
  out += text_at(
      16, 50, 13, "",
      format("Change of the validation loss in thousandths of a nat a character, ± one standard error; "
             "float32 has %.1f.",
             loss * 1000));
  out += text_at(16, 69, 13, "", legend());
  out += grid(axis, right_edge);

  for (std::size_t first = 0; first < rows.size();) {
    std::size_t last = first;
    while (last < rows.size() && rows[last].bits == rows[first].bits) {
      ++last;
    }
    const double x0 = left_margin + slot * static_cast<double>(first);
    const double x1 = left_margin + slot * static_cast<double>(last);
    const double y = floor + bottom - 42;
    out += format("<path d=\"M%.1f %.1fv6H%.1fv-6\" fill=\"none\" stroke=\"%s\" stroke-opacity=\"0.6\"/>\n",
                  x0 + 4, y, x1 - 4, ink);
    out += text_at((x0 + x1) / 2, y + 20, 12, "text-anchor=\"middle\" font-weight=\"600\"",
                   compact(rows[first].bits));
    for (std::size_t i = first; i < last; ++i) {
      const double x = left_margin + slot * (static_cast<double>(i) + 0.5);
      out += point(rows[i], x, axis);
      out +=
          format("<text transform=\"translate(%.1f %.1f) rotate(-60)\" font-size=\"12\" text-anchor=\"end\">",
                 x + 5, floor + 12) +
          rows[i].format + "</text>\n";
    }
    first = last;
  }
  out +=
      text_at((left_margin + right_edge) / 2, floor + bottom - 4, 12, "text-anchor=\"middle\"",
              "bits a value, scales of blocks included (the axis above is linear near 0, logarithmic above)");
  return out + "</svg>\n";
}

}  // namespace demo
