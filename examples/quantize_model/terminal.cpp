#include "terminal.hpp"

#include <cmath>
#include <cstdarg>
#include <cstdlib>

#if __has_include(<unistd.h>)
#include <unistd.h>
#endif

namespace demo {
namespace {

std::string styled(const char* code, std::string_view text) {
  static const bool enabled = is_terminal(stdout) && std::getenv("NO_COLOR") == nullptr;
  return enabled ? std::string("\x1b[") + code + "m" + std::string(text) + "\x1b[0m" : std::string(text);
}

std::string padding(std::string_view text, std::size_t width) {
  std::size_t columns = 0;
  for (const char c : text) {
    columns += (static_cast<unsigned char>(c) & 0xc0) != 0x80 ? 1 : 0;  // all but continuation bytes
  }
  return std::string(width > columns ? width - columns : 0, ' ');
}

}  // namespace

bool is_terminal(std::FILE* stream) {
#if __has_include(<unistd.h>)
  const char* name = std::getenv("TERM");
  return isatty(fileno(stream)) != 0 && name != nullptr && std::string_view(name) != "dumb";
#else
  static_cast<void>(stream);
  return false;
#endif
}

std::string bold(std::string_view text) { return styled("1", text); }
std::string dim(std::string_view text) { return styled("2", text); }

std::string left(std::string_view text, std::size_t width) {
  return std::string(text) + padding(text, width);
}
std::string right(std::string_view text, std::size_t width) {
  return padding(text, width) + std::string(text);
}

std::string format(const char* pattern, ...) {
  std::va_list arguments, again;
  va_start(arguments, pattern);
  va_copy(again, arguments);
  const int size = std::vsnprintf(nullptr, 0, pattern, arguments);
  std::string out(static_cast<std::size_t>(size), '\0');
  std::vsnprintf(out.data(), out.size() + 1, pattern, again);
  va_end(again);
  va_end(arguments);
  return out;
}

std::string compact(double x) {
  if (std::fabs(x) < 1e5 && x == std::floor(x)) {
    return format("%.0f", x);
  }
  std::string text = format(std::fabs(x) < 1e-3 || std::fabs(x) >= 1e5 ? "%.1e" : "%.3g", x);
  const std::size_t e = text.find('e');
  if (e != std::string::npos) {  // 1.5e-05 -> 1.5e-5, 3.4e+38 -> 3.4e38
    const int exponent = std::atoi(text.c_str() + e + 1);
    text = text.substr(0, e + 1) + std::to_string(exponent);
  }
  return text;
}

std::string grouped(std::size_t n) {
  const std::string digits = std::to_string(n);
  std::string out;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) {
      out += ',';
    }
    out += digits[i];
  }
  return out;
}

void progress::show(std::size_t step, double loss) {
  constexpr std::size_t width = 40;
  const std::size_t part = step * (updates_ ? 200 : 10) / steps_;
  if (part == shown_ || step == 0) {
    return;
  }
  shown_ = part;
  const std::string status =
      format("step %s of %s, loss %.3f", grouped(step).c_str(), grouped(steps_).c_str(), loss);
  if (updates_) {
    const std::size_t done = step * width / steps_;
    std::string bar;
    for (std::size_t i = 0; i < width; ++i) {
      bar += i < done ? "█" : "░";
    }
    std::fprintf(stderr, "\rtraining %s %s\x1b[K%s", bar.c_str(), status.c_str(), step == steps_ ? "\n" : "");
  } else if (part > 0) {
    std::fprintf(stderr, "training: %s\n", status.c_str());
  }
  std::fflush(stderr);
}

}  // namespace demo
