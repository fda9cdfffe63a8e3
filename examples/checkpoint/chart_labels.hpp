// Where the names in a chart stand: in one column, none over another, their lines to the dots never crossing.
#pragma once

#include <vector>

namespace checkpoint {

/// A dot, and how high its name stands in the column.
struct labelled_dot {
  double x;
  double y;
  double label_y = 0;
};

/// Gives each dot's name a height of its own, as near to the dot's as there is room between `top` and
/// `bottom`. The column is at `column`, to the right of all dots; names are `spacing` apart at least.
void place_labels(std::vector<labelled_dot*>& dots, double column, double top, double bottom, double spacing);

}  // namespace checkpoint
