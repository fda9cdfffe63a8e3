// The picture of throughput against the ceiling: a bar for each instruction set, a mark at the speed of the
// trivial conversion with the same traffic.
#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "svg.hpp"
#include "throughput.hpp"

namespace docs {

namespace {

constexpr double left = 270, right = 960, top = 70;
constexpr double bar_height = 5, gap = 9;

const char* colour_of(const std::string& isa) {
  return isa == "scalar"                  ? colour::orange
         : isa == "avx2" || isa == "neon" ? colour::blue
         : isa == "avx512"                ? colour::green
                                          : colour::violet;
}

struct group {
  std::string name;
  std::vector<const throughput_row*> rows;
};

std::vector<group> groups_of(const throughput_report& report, const std::string& place) {
  std::vector<group> groups;
  for (const throughput_row& row : report.rows) {
    const bool plain =
        row.call == "pack" || row.call == "unpack" || row.call == "quantize" || row.call == "dequantize";
    if (!plain || row.place != place) {
      continue;
    }
    const std::string name = row.call + " " + row.conversion;
    const auto at =
        std::find_if(groups.begin(), groups.end(), [&](const group& g) { return g.name == name; });
    (at == groups.end() ? groups.emplace_back(group{name, {}}) : *at).rows.push_back(&row);
  }
  return groups;
}

double ceiling_of(const group& g) {
  double ceiling = 0;
  for (const throughput_row* row : g.rows) {
    ceiling = std::max(ceiling, row->share > 0 ? row->gelem_per_second / row->share : 0);
  }
  return ceiling;
}

}  // namespace

std::string throughput_chart(const throughput_report& report, const std::string& place) {
  const std::vector<group> groups = groups_of(report, place);
  double largest = 1;
  double height = 0;
  std::vector<std::string> isas;
  for (const group& g : groups) {
    largest = std::max(largest, ceiling_of(g));
    height += static_cast<double>(g.rows.size()) * bar_height + gap;
    for (const throughput_row* row : g.rows) {
      largest = std::max(largest, row->gelem_per_second);  // streaming passes the trivial conversion
      if (std::find(isas.begin(), isas.end(), row->isa) == isas.end()) {
        isas.push_back(row->isa);
      }
    }
  }
  const double step = largest > 12 ? 5 : largest > 4 ? 2 : 1;
  const double end = std::ceil(largest / step) * step;
  const auto x_of = [&](double gelem) { return left + gelem / end * (right - left); };

  svg picture(1000, static_cast<int>(top + height) + 40, "Throughput against the ceiling");
  picture.text(left, 24, "10^9 elements a second, one thread, in " + place);
  double x = left;
  for (const std::string& isa : isas) {
    picture.line(x, 44, x + 22, 44, colour_of(isa), bar_height);
    picture.text(x + 28, 49, isa);
    x += 130;
  }
  picture.line(x + 10, 36, x + 10, 52, colour::ink, 2);
  picture.text(x + 20, 49, "trivial conversion");
  for (double value = 0; value <= end; value += step) {
    picture.line(x_of(value), top, x_of(value), top + height, colour::faint);
    picture.text(x_of(value), top + height + 20, std::to_string(static_cast<int>(value)), anchor::middle);
  }
  double y = top + gap / 2;
  for (const group& g : groups) {
    const double size = static_cast<double>(g.rows.size()) * bar_height;
    picture.text(left - 12, y + size / 2 + 5, g.name, anchor::end, colour::ink, 12);
    picture.line(x_of(ceiling_of(g)), y - 1, x_of(ceiling_of(g)), y + size + 1, colour::ink, 2);
    for (const throughput_row* row : g.rows) {
      picture.line(left, y + bar_height / 2, x_of(row->gelem_per_second), y + bar_height / 2,
                   colour_of(row->isa), bar_height - 1);
      y += bar_height;
    }
    y += gap;
  }
  return picture.document();
}

}  // namespace docs
