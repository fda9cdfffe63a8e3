// A minimal SVG writer. A picture has no background and reads on a light page and on a dark one.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace docs {

namespace colour {
inline constexpr const char* ink = "#666b73";  ///< text and axes; see dark_style
inline constexpr const char* faint = "#666b7340";
inline constexpr const char* blue = "#2f81d6";
inline constexpr const char* pale_blue = "#2f81d6a0";
inline constexpr const char* orange = "#d6701e";
inline constexpr const char* green = "#2e9e5b";
inline constexpr const char* violet = "#a55fc4";
/// Text and axes lighter where the page is dark. Both inks can be read on either ground, for viewers that do
/// not say which.
inline constexpr const char* dark_style =
    "<style>@media (prefers-color-scheme: dark) { [fill=\"#666b73\"] { fill: #9da3ab } "
    "[stroke=\"#666b73\"] { stroke: #9da3ab } [stroke=\"#666b7340\"] { stroke: #9da3ab40 } }</style>\n";
}  // namespace colour

enum class anchor { start, middle, end };

class svg {
 public:
  svg(int width, int height, const std::string& title);

  void line(double x1, double y1, double x2, double y2, const char* colour, double width = 1);
  void text(double x, double y, const std::string& text, anchor at = anchor::start,
            const char* colour = colour::ink, int size = 14);
  /// A power of two, as an axis names it.
  void power(double x, double y, int exponent);
  void path(const std::vector<std::pair<double, double>>& points, const char* colour, double width);
  void rectangle(double x, double y, double width, double height, const char* colour, double stroke_width);
  /// Vertical lines of one height, as a single path.
  void ticks(const std::vector<double>& xs, double y1, double y2, const char* colour, double width);

  [[nodiscard]] std::string document() const { return body_ + "</svg>\n"; }

 private:
  void stroke(const std::string& path, const char* colour, double width);
  std::string body_;
};

/// The pictures.
std::string number_line();
std::string relative_error();
std::string kernel_layers();
std::string kernel_call();

}  // namespace docs
