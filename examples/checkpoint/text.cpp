#include "text.hpp"

#include <cstdio>

namespace checkpoint {

std::string number(const char* pattern, double value) {
  char text[400];  // the longest double in %f
  std::snprintf(text, sizeof text, pattern, value);
  return text;
}

std::string csv_quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    out += c == '"' ? "\"\"" : std::string(1, c);
  }
  return out + '"';
}

}  // namespace checkpoint
