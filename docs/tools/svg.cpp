#include "svg.hpp"

#include <cstdio>
#include <initializer_list>
#include <string_view>

namespace docs {

namespace {

/// Two decimals at most, so that a picture is the same on every machine.
std::string number(double x) {
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%.2f", x);
  std::string text = buffer;
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') {
    text.pop_back();
  }
  return text == "-0" ? "0" : text;
}

std::string joined(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) {
    text += part;
  }
  return text;
}

}  // namespace

svg::svg(int width, int height, const std::string& title) {
  const std::string w = std::to_string(width);
  const std::string h = std::to_string(height);
  body_ =
      joined({"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"", w, "\" height=\"", h, "\" viewBox=\"0 0 ",
              w, " ", h, "\" font-family=\"Helvetica, Arial, sans-serif\" role=\"img\">\n<title>", title,
              "</title>\n", colour::dark_style});
}

void svg::line(double x1, double y1, double x2, double y2, const char* colour, double width) {
  body_ += joined({"<line x1=\"", number(x1), "\" y1=\"", number(y1), "\" x2=\"", number(x2), "\" y2=\"",
                   number(y2), "\" stroke=\"", colour, "\" stroke-width=\"", number(width), "\"/>\n"});
}

void svg::text(double x, double y, const std::string& text, anchor at, const char* colour, int size) {
  const char* name = at == anchor::start ? "start" : at == anchor::middle ? "middle" : "end";
  body_ += joined({"<text x=\"", number(x), "\" y=\"", number(y), "\" font-size=\"", std::to_string(size),
                   "\" fill=\"", colour, "\" text-anchor=\"", name, "\">", text, "</text>\n"});
}

void svg::power(double x, double y, int exponent) {
  text(x, y, joined({"2<tspan dy=\"-6\" font-size=\"11\">", std::to_string(exponent), "</tspan>"}),
       anchor::middle);
}

void svg::path(const std::vector<std::pair<double, double>>& points, const char* colour, double width) {
  std::string d;
  for (const auto& [x, y] : points) {
    d += joined({d.empty() ? "M" : "L", number(x), " ", number(y)});
  }
  stroke(d, colour, width);
}

void svg::rectangle(double x, double y, double width, double height, const char* colour,
                    double stroke_width) {
  body_ += joined({"<rect x=\"", number(x), "\" y=\"", number(y), "\" width=\"", number(width),
                   "\" height=\"", number(height), "\" rx=\"6\" fill=\"none\" stroke=\"", colour,
                   "\" stroke-width=\"", number(stroke_width), "\"/>\n"});
}

void svg::ticks(const std::vector<double>& xs, double y1, double y2, const char* colour, double width) {
  std::string d;
  for (const double x : xs) {
    d += joined({"M", number(x), " ", number(y1), "V", number(y2)});
  }
  stroke(d, colour, width);
}

void svg::stroke(const std::string& path, const char* colour, double width) {
  body_ += joined({"<path d=\"", path, "\" fill=\"none\" stroke=\"", colour, "\" stroke-width=\"",
                   number(width), "\" stroke-linejoin=\"round\"/>\n"});
}

}  // namespace docs
