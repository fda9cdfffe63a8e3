// What the program may assume of where its output goes.
#pragma once

#include <cstdio>
#include <string>
#include <string_view>

namespace demo {

/// Whether the stream is a terminal that understands escape sequences.
bool is_terminal(std::FILE* stream);

/// Emphasis where standard output is a terminal and NO_COLOR is not set; else the text itself.
std::string bold(std::string_view text);
std::string dim(std::string_view text);

/// Pads to `width` columns, each UTF-8 character counted as one.
std::string left(std::string_view text, std::size_t width);
std::string right(std::string_view text, std::size_t width);

/// As printf does.
#if defined(__GNUC__)
[[gnu::format(printf, 1, 2)]]
#endif
std::string
format(const char* pattern, ...);

/// A number in few characters: 448, 0.00195, 1.5e-5.
std::string compact(double x);

/// 135187 as 135,187.
std::string grouped(std::size_t n);

/// Writes the progress of training to standard error: one line that updates on a terminal, else a line each
/// tenth.
class progress {
 public:
  explicit progress(std::size_t steps) : steps_(steps) {}
  void show(std::size_t step, double loss);

 private:
  std::size_t steps_;
  std::size_t shown_ = ~std::size_t{0};  // the part last shown
  bool updates_ = is_terminal(stderr);
};

}  // namespace demo
