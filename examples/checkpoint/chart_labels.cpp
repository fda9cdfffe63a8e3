#include "chart_labels.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace checkpoint {

namespace {

/// Neighbours that stand `spacing` apart, moved as one.
struct run {
  double sum = 0;  // of where each wants the first of the run
  std::size_t count = 0;

  [[nodiscard]] double first(double top, double bottom, double spacing) const {
    const double last = bottom - static_cast<double>(count - 1) * spacing;
    return std::max(top, std::min(sum / static_cast<double>(count), last));
  }
};

/// Heights in the order of the dots that are nearest to the dots' own.
std::vector<double> heights(const std::vector<labelled_dot*>& dots, double top, double bottom,
                            double spacing) {
  std::vector<run> runs;
  for (const labelled_dot* dot : dots) {
    runs.push_back({dot->y, 1});
    while (runs.size() > 1) {
      const run& before = runs[runs.size() - 2];
      const double reached = before.first(top, bottom, spacing) + static_cast<double>(before.count) * spacing;
      if (reached <= runs.back().first(top, bottom, spacing)) {
        break;
      }
      const run last = runs.back();
      runs.pop_back();
      const auto behind = static_cast<double>(runs.back().count) * spacing;
      runs.back().sum += last.sum - behind * static_cast<double>(last.count);
      runs.back().count += last.count;
    }
  }
  std::vector<double> all;
  for (const run& each : runs) {
    for (std::size_t i = 0; i < each.count; ++i) {
      all.push_back(each.first(top, bottom, spacing) + static_cast<double>(i) * spacing);
    }
  }
  return all;
}

/// Twice the area of a triangle, positive where it turns to one side.
double turn(double ax, double ay, double bx, double by, double cx, double cy) {
  return (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
}

bool lines_cross(const labelled_dot& a, const labelled_dot& b, double column) {
  const double b_begins = turn(a.x, a.y, column, a.label_y, b.x, b.y);
  const double b_ends = turn(a.x, a.y, column, a.label_y, column, b.label_y);
  const double a_begins = turn(b.x, b.y, column, b.label_y, a.x, a.y);
  const double a_ends = turn(b.x, b.y, column, b.label_y, column, a.label_y);
  return b_begins * b_ends < 0 && a_begins * a_ends < 0;
}

}  // namespace

void place_labels(std::vector<labelled_dot*>& dots, double column, double top, double bottom,
                  double spacing) {
  std::stable_sort(dots.begin(), dots.end(), [](const labelled_dot* a, const labelled_dot* b) {
    return a->y < b->y || (a->y == b->y && a->x > b->x);
  });
  const std::vector<double> all = heights(dots, top, bottom, spacing);
  for (std::size_t i = 0; i < dots.size(); ++i) {
    dots[i]->label_y = all[i];
  }
  // Two lines that cross exchange their ends: all of them together become shorter, so that this ends.
  for (bool changed = true; changed;) {
    changed = false;
    for (std::size_t i = 0; i < dots.size(); ++i) {
      for (std::size_t j = i + 1; j < dots.size(); ++j) {
        if (lines_cross(*dots[i], *dots[j], column)) {
          std::swap(dots[i]->label_y, dots[j]->label_y);
          changed = true;
        }
      }
    }
  }
  std::stable_sort(dots.begin(), dots.end(),
                   [](const labelled_dot* a, const labelled_dot* b) { return a->label_y < b->label_y; });
}

}  // namespace checkpoint
