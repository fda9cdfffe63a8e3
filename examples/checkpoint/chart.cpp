#include <algorithm>
#include <cmath>
#include <cstdio>

#include "report.hpp"

namespace checkpoint {

namespace {

constexpr const char* ink = "#666b73";
constexpr const char* grid_ink = ink;
/// Text and axes lighter where the page is dark. Both inks can be read on either ground, for viewers that do
/// not say which.
constexpr const char* dark_style =
    "<style>@media (prefers-color-scheme: dark) { [fill=\"#666b73\"] { fill: #9da3ab } "
    "[stroke=\"#666b73\"] { stroke: #9da3ab } }</style>\n";
constexpr const char* value_colour = "#3f83e8";
constexpr const char* block_colour = "#d2691e";

constexpr double left = 64;
constexpr double right = 740;
constexpr double top = 56;
constexpr double bottom = 540;
constexpr double width = 820;
constexpr double height = 596;

std::string xml_text(const std::string& text) {
  std::string out;
  for (const char c : text) {
    out += c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '&' ? "&amp;" : std::string(1, c);
  }
  return out;
}

std::string printed(const char* pattern, double a, double b = 0, double c = 0, double d = 0) {
  char text[256];
  std::snprintf(text, sizeof text, pattern, a, b, c, d);
  return text;
}

struct scale_of_axes {
  double most_bits;
  double most_db;
  double least_bits;

  [[nodiscard]] double x(double bits) const {
    return left + (bits - least_bits) / (most_bits - least_bits) * (right - left);
  }
  [[nodiscard]] double y(double db) const { return bottom - db / most_db * (bottom - top); }
};

struct mark {
  std::string name;
  double bits;
  double db;
  bool is_block;
  double label_y = 0;

  [[nodiscard]] const char* colour() const { return is_block ? block_colour : value_colour; }
};

bool is_block(const number_format& format) {
  for (const number_format& block : block_formats()) {
    if (&block == &format) {
      return true;
    }
  }
  return false;
}

struct box {
  double x0, y0, x1, y1;
  [[nodiscard]] bool meets(const box& other) const {
    return x0 < other.x1 && other.x0 < x1 && y0 < other.y1 && other.y0 < y1;
  }
};

/// Labels of blocks stand to the right of their dots, those of single values to the left.
box label_box(const mark& m, double y, const scale_of_axes& axes) {
  const double near = axes.x(m.bits) + (m.is_block ? 12 : -12);
  const double far = near + (m.is_block ? 7 : -7) * (static_cast<double>(m.name.size()) + 0.5);
  return {std::min(near, far), y - 7, std::max(near, far), y + 7};
}

/// Gives each label the height nearest to its dot's where it covers neither a dot nor another label.
void place_labels(std::vector<mark>& marks, const scale_of_axes& axes) {
  std::vector<box> taken;
  for (const mark& m : marks) {
    const double x = axes.x(m.bits);
    const double y = axes.y(m.db);
    taken.push_back({x - 5, y - 5, x + 5, y + 5});
  }
  std::stable_sort(marks.begin(), marks.end(), [](const mark& a, const mark& b) { return a.db > b.db; });
  for (mark& m : marks) {
    m.label_y = axes.y(m.db);
    for (int step = 0; step < 80; ++step) {
      const double y = axes.y(m.db) + (step % 2 == 0 ? -3.5 : 3.5) * ((step + 1) / 2);
      const box wanted = label_box(m, y, axes);
      const auto meets = [&](const box& other) { return wanted.meets(other); };
      if (y > top - 10 && y < bottom && std::none_of(taken.begin(), taken.end(), meets)) {
        m.label_y = y;
        break;
      }
    }
    taken.push_back(label_box(m, m.label_y, axes));
  }
}

std::string drawn_axes(const scale_of_axes& axes) {
  std::string svg;
  const double step = axes.most_db > 80 ? 20 : 10;
  for (double db = 0; db <= axes.most_db; db += step) {
    svg += printed("<line x1=\"%g\" x2=\"%g\" y1=\"%.1f\" y2=\"%.1f\" ", left, right, axes.y(db), axes.y(db));
    svg += std::string("stroke=\"") + grid_ink + "\" stroke-opacity=\"0.25\"/>\n";
    svg += printed("<text x=\"%g\" y=\"%.1f\" text-anchor=\"end\">%g</text>\n", left - 8, axes.y(db) + 4, db);
  }
  for (double bits = std::ceil(axes.least_bits); bits <= axes.most_bits; bits += 1) {
    svg += printed("<text x=\"%.1f\" y=\"%g\" text-anchor=\"middle\">%g</text>\n", axes.x(bits), bottom + 20,
                   bits);
  }
  svg += printed("<text x=\"%g\" y=\"%g\" text-anchor=\"middle\">bits a value, scales included</text>\n",
                 (left + right) / 2, bottom + 42);
  svg += printed("<text x=\"%g\" y=\"%g\">signal-to-noise ratio, dB</text>\n", left - 48, top - 16);
  return svg;
}

std::string drawn_dot(double x, double y, double radius, const char* colour, double opacity) {
  return printed("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%g\" fill-opacity=\"%g\" ", x, y, radius, opacity) +
         "fill=\"" + colour + "\"/>\n";
}

}  // namespace

std::string svg_chart(const std::string& title, const std::vector<parameter_result>& results,
                      const inspection_options& options) {
  std::vector<mark> marks;
  double most_db = options.min_snr_db;
  double least_bits = 16;
  double most_bits = 4;
  const std::vector<tally> sums = totals(results, options.formats.size());
  for (std::size_t i = 0; i < sums.size() && sums[i].values > 0; ++i) {
    const double db = sums[i].snr_db();
    most_db = std::isinf(db) ? most_db : std::max(most_db, db);
    least_bits = std::min(least_bits, sums[i].bits_per_value());
    most_bits = std::max(most_bits, sums[i].bits_per_value());
    marks.push_back(
        {std::string(options.formats[i]->name), sums[i].bits_per_value(), db, is_block(*options.formats[i])});
  }
  const scale_of_axes axes{std::min(most_bits + 1.5, 24.0), std::ceil((most_db + 5) / 10) * 10,
                           std::max(least_bits - 1.5, 0.0)};
  const auto shown_db = [&](double db) { return std::clamp(db, 0.0, axes.most_db); };
  for (mark& m : marks) {
    m.name += std::isinf(m.db) ? " (exact)" : "";
    m.db = shown_db(m.db);
    m.bits = std::min(m.bits, axes.most_bits);
  }
  place_labels(marks, axes);

  std::string svg =
      printed("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %g %g\" width=\"%g\" height=\"%g\" ",
              width, height, width, height) +
      "font-family=\"sans-serif\" font-size=\"12\" fill=\"" + ink + "\">\n" + dark_style;
  svg += printed("<text x=\"%g\" y=\"22\" font-size=\"14\" font-weight=\"bold\">", left - 48) +
         xml_text(title) + "</text>\n";
  svg += drawn_axes(axes);
  svg += printed("<line x1=\"%g\" x2=\"%g\" y1=\"%.1f\" y2=\"%.1f\" ", left, right,
                 axes.y(options.min_snr_db), axes.y(options.min_snr_db)) +
         "stroke=\"" + ink + "\" stroke-dasharray=\"6 4\"/>\n";
  bool any_exact = false;
  for (const parameter_result& result : results) {
    for (std::size_t i = 0; i < result.tallies.size(); ++i) {
      const tally& t = result.tallies[i];
      const double bits = t.bits_per_value();
      if (bits <= axes.most_bits && bits >= axes.least_bits && t.snr_db() >= 0) {
        svg += drawn_dot(axes.x(bits), axes.y(shown_db(t.snr_db())), 2.5,
                         is_block(*options.formats[i]) ? block_colour : value_colour, 0.3);
        any_exact = any_exact || std::isinf(t.snr_db());
      }
    }
  }
  for (const mark& m : marks) {
    const double x = axes.x(m.bits);
    const double y = axes.y(m.db);
    svg += drawn_dot(x, y, 5, m.colour(), 1);
    const double side = m.is_block ? 1 : -1;
    svg += printed("<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" ", x + 5 * side, y, x + 12 * side,
                   m.label_y) +
           "stroke=\"" + m.colour() + "\" stroke-opacity=\"0.6\"/>\n";
    svg += printed("<text x=\"%.1f\" y=\"%.1f\" ", x + 14 * side, m.label_y + 4) + "fill=\"" + m.colour() +
           "\" text-anchor=\"" + (m.is_block ? "start" : "end") + "\">" + m.name + "</text>\n";
  }
  if (any_exact) {
    svg += printed("<text x=\"%g\" y=\"%g\">exact</text>\n", right + 6, top + 4);
  }
  svg += drawn_dot(width - 330, 18, 5, value_colour, 1) +
         printed("<text x=\"%g\" y=\"22\">single values</text>\n", width - 320);
  svg += drawn_dot(width - 230, 18, 5, block_colour, 1) +
         printed("<text x=\"%g\" y=\"22\">blocks</text>\n", width - 220);
  svg += drawn_dot(width - 160, 18, 2.5, ink, 0.5) +
         printed("<text x=\"%g\" y=\"22\">each tensor</text>\n", width - 152);
  return svg + "</svg>\n";
}

}  // namespace checkpoint
