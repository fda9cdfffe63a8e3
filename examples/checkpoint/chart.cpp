// The chart: ratio over bits a value. Formats of nearly as many bits have a panel together, with a column for
// their names.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "chart_labels.hpp"
#include "report.hpp"

namespace checkpoint {

namespace {

constexpr const char* ink = "#666b73";
/// Text and axes lighter where the page is dark. Both inks can be read on either ground, for viewers that do
/// not say which.
constexpr const char* dark_style =
    "<style>@media (prefers-color-scheme: dark) { [fill=\"#666b73\"] { fill: #9da3ab } "
    "[stroke=\"#666b73\"] { stroke: #9da3ab } }</style>\n";
/// Neighbours in a column differ, so that a line can be followed past other dots.
constexpr std::array<const char*, 6> colours = {"#3f83e8", "#d2691e", "#2e9e5b",
                                                "#c2408f", "#8a6fd1", "#1f9aa8"};

constexpr double left = 56;
constexpr double top = 76;
constexpr double bottom = 540;
constexpr double height = 596;
constexpr double label_width = 150;
constexpr double label_spacing = 15;
constexpr double margin_bits = 0.4;      // beside the outermost dots of a panel
constexpr double highest_db = 80;        // ratios beyond stand at the top, and in figures beside the name
constexpr std::size_t most_dots = 2000;  // of single tensors and one format: the largest tensors

std::string xml_text(std::string_view text) {
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

std::string text_at(double x, double y, const char* anchor, const char* colour, std::string_view text) {
  return printed("<text x=\"%.1f\" y=\"%.1f\" ", x, y) + "text-anchor=\"" + anchor + "\" fill=\"" + colour +
         "\">" + xml_text(text) + "</text>\n";
}

std::string line_of(double x1, double y1, double x2, double y2, const char* colour, const char* more) {
  return printed("<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" ", x1, y1, x2, y2) + "stroke=\"" +
         colour + "\" " + more + "/>\n";
}

/// A disc for single values, a square for blocks.
std::string drawn_mark(double x, double y, double radius, bool is_block, const char* colour, double opacity) {
  const std::string fill = "fill=\"" + std::string(colour) + printed("\" fill-opacity=\"%g\"/>\n", opacity);
  if (is_block) {
    return printed("<rect x=\"%.1f\" y=\"%.1f\" width=\"%g\" height=\"%g\" ", x - radius, y - radius,
                   2 * radius, 2 * radius) +
           fill;
  }
  return printed("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%g\" ", x, y, radius) + fill;
}

bool is_block(const number_format& format) {
  for (const number_format& block : block_formats()) {
    if (&block == &format) {
      return true;
    }
  }
  return false;
}

struct mark : labelled_dot {
  std::string name;
  double bits;
  double db;
  bool is_block;
  const char* colour = ink;
};

/// Formats of nearly as many bits.
struct panel {
  double least;  // bits
  double most;
  double x = 0;  // where the panel begins
  double width = 0;
  std::vector<mark> marks;

  [[nodiscard]] bool holds(double bits) const {
    return bits >= least - margin_bits && bits <= most + margin_bits;
  }
  [[nodiscard]] double place(double bits) const {
    return x + (bits - least + margin_bits) / (most - least + 2 * margin_bits) * width;
  }
};

double height_of(double db, double most_db) { return bottom - db / most_db * (bottom - top); }

/// Panels in the order of bits; a wide gap between two formats begins another one.
std::vector<panel> panels_of(std::vector<mark> marks) {
  std::stable_sort(marks.begin(), marks.end(), [](const mark& a, const mark& b) { return a.bits < b.bits; });
  std::vector<panel> panels;
  for (double gap = 1.25; panels.empty() || panels.size() > 5; gap *= 1.5) {
    panels.clear();
    for (const mark& m : marks) {
      if (panels.empty() || m.bits > panels.back().most + gap) {
        panels.push_back({m.bits, m.bits, 0, 0, {}});
      }
      panels.back().most = m.bits;
      panels.back().marks.push_back(m);
    }
    if (panels.empty()) {
      panels.push_back({3.5, 16.5, 0, 0, {}});
    }
  }
  double x = left;
  for (panel& each : panels) {
    each.x = x;
    each.width = std::clamp((each.most - each.least + 2 * margin_bits) * 64, 48.0, 320.0);
    x += each.width + label_width;
  }
  return panels;
}

std::string drawn_axes(const std::vector<panel>& panels, double most_db) {
  std::string svg;
  const double right = panels.back().x + panels.back().width;
  const double step = most_db > 80 ? 20 : 10;
  for (double db = 0; db <= most_db; db += step) {
    svg += text_at(left - 8, height_of(db, most_db) + 4, "end", ink, printed("%g", db));
  }
  for (const panel& each : panels) {
    for (double db = 0; db <= most_db; db += step) {
      const double y = height_of(db, most_db);
      svg += line_of(each.x, y, each.x + each.width, y, ink, "stroke-opacity=\"0.25\"");
    }
    const double every = std::max(1.0, std::ceil((each.most - each.least) / 8));
    for (double bits = std::ceil(each.least - margin_bits); bits <= each.most + margin_bits; bits += every) {
      svg += line_of(each.place(bits), bottom, each.place(bits), bottom + 5, ink, "stroke-opacity=\"0.5\"");
      svg += text_at(each.place(bits), bottom + 20, "middle", ink, printed("%g", bits));
    }
  }
  svg += text_at((left + right) / 2, bottom + 42, "middle", ink, "bits a value, scales included");
  return svg + text_at(8, top - 14, "start", ink, "signal-to-noise ratio, dB");
}

std::string drawn_tensors(const std::vector<panel>& panels, double most_db,
                          const std::vector<parameter_result>& results, const inspection_options& options) {
  std::vector<const parameter_result*> largest;
  for (const parameter_result& result : results) {
    largest.push_back(&result);
  }
  std::stable_sort(largest.begin(), largest.end(),
                   [](const auto* a, const auto* b) { return a->source->elements > b->source->elements; });
  largest.resize(std::min(largest.size(), most_dots));
  std::string svg;
  for (const parameter_result* result : largest) {
    for (std::size_t i = 0; i < result->tallies.size(); ++i) {
      const tally& t = result->tallies[i];
      const double bits = t.bits_per_value();
      // What has no ratio, for nothing is known of it but that something is lost, has no dot.
      if ((std::isinf(t.snr_db()) && !t.is_exact()) || t.snr_db() < 0) {
        continue;
      }
      for (const panel& each : panels) {
        if (each.holds(bits)) {
          svg += drawn_mark(each.place(bits), height_of(std::min(t.snr_db(), most_db), most_db), 2,
                            is_block(*options.formats[i]), ink, 0.3);
          break;
        }
      }
    }
  }
  return svg;
}

std::string drawn_formats(panel& each, double most_db) {
  std::vector<labelled_dot*> dots;
  for (mark& m : each.marks) {
    m.x = each.place(m.bits);
    m.y = height_of(m.db, most_db);
    dots.push_back(&m);
  }
  const double column = each.x + each.width + 8;
  place_labels(dots, column, top, bottom, label_spacing);
  std::string lines;
  std::string marks;
  for (std::size_t i = 0; i < dots.size(); ++i) {
    auto& m = static_cast<mark&>(*dots[i]);
    m.colour = colours[i % colours.size()];
    lines += line_of(m.x, m.y, column, m.label_y, m.colour, "stroke-opacity=\"0.7\"");
    marks += drawn_mark(m.x, m.y, 4, m.is_block, m.colour, 1);
    marks += text_at(column + 4, m.label_y + 4, "start", m.colour, m.name);
  }
  return lines + marks;
}

}  // namespace

std::string svg_chart(const std::string& title, const std::vector<parameter_result>& results,
                      const inspection_options& options) {
  std::vector<mark> marks;
  double most_db = options.min_snr_db;
  const std::vector<tally> sums = totals(results, options.formats.size());
  for (std::size_t i = 0; i < sums.size() && sums[i].values > 0; ++i) {
    const double db = sums[i].snr_db();
    most_db = std::isinf(db) ? most_db : std::max(most_db, db);
    mark m;
    m.name = options.formats[i]->name;
    m.name += db > highest_db && std::isfinite(db) ? printed(" (%.0f dB)", db) : "";
    m.name += sums[i].is_exact() ? " (exact)" : sums[i].saturated > 0 ? " (saturates)" : "";
    m.bits = sums[i].bits_per_value();
    // Of what keeps no finite value as it was and no ratio either, only that something is lost is known.
    m.db = std::isinf(db) && !sums[i].is_exact() ? 0 : db;
    m.is_block = is_block(*options.formats[i]);
    marks.push_back(std::move(m));
  }
  most_db = std::clamp(std::ceil((most_db + 5) / 10) * 10, 10.0, highest_db);
  for (mark& m : marks) {
    m.db = std::clamp(m.db, 0.0, most_db);
  }
  std::vector<panel> panels = panels_of(std::move(marks));
  const double width = std::max(panels.back().x + panels.back().width + label_width, 560.0);

  std::string svg =
      printed("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %g %g\" width=\"%g\" height=\"%g\" ",
              width, height, width, height) +
      "font-family=\"sans-serif\" font-size=\"12\" fill=\"" + ink + "\">\n" + dark_style;
  svg += "<text x=\"8\" y=\"22\" font-size=\"14\" font-weight=\"bold\">" + xml_text(title) + "</text>\n";
  svg += drawn_axes(panels, most_db);
  const double wanted = std::clamp(options.min_snr_db, 0.0, most_db);
  for (const panel& each : panels) {
    svg += line_of(each.x, height_of(wanted, most_db), each.x + each.width, height_of(wanted, most_db), ink,
                   "stroke-dasharray=\"6 4\"");
  }
  svg += drawn_tensors(panels, most_db, results, options);
  for (panel& each : panels) {
    svg += drawn_formats(each, most_db);
  }
  const double legend = 14;
  svg += drawn_mark(legend, 36, 4, false, ink, 1) + text_at(legend + 9, 40, "start", ink, "single values");
  svg += drawn_mark(legend + 108, 36, 4, true, ink, 1) + text_at(legend + 117, 40, "start", ink, "blocks");
  svg += drawn_mark(legend + 178, 36, 2, false, ink, 0.5) +
         text_at(legend + 186, 40, "start", ink, "each tensor");
  return svg + "</svg>\n";
}

}  // namespace checkpoint
