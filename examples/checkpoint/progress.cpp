#include "progress.hpp"

#include <algorithm>
#include <cstdio>
#include <string>

#include <sys/ioctl.h>
#include <unistd.h>

#include "failure.hpp"

namespace checkpoint {

namespace {

std::size_t terminal_columns() {
  winsize size{};
  return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

}  // namespace

progress::progress(std::uint64_t total) : shown_(::isatty(STDERR_FILENO) == 1), total_(total) {}

progress::~progress() {
  if (drawn_) {
    std::fputs("\r\x1b[K", stderr);
  }
}

void progress::advance(std::uint64_t amount, std::string_view what) {
  const std::lock_guard held(lock_);
  done_ += amount;
  const auto now = clock::now();
  if (!shown_ || total_ == 0 || now - last_ < std::chrono::milliseconds(100)) {
    return;
  }
  last_ = now;
  drawn_ = true;
  const double part = std::min(1.0, static_cast<double>(done_) / static_cast<double>(total_));
  const double elapsed = std::chrono::duration<double>(now - start_).count();
  const double left = elapsed * (1 - part) / std::max(part, 1e-9);
  char figures[64];
  std::snprintf(figures, sizeof figures, "%3.0f %%  %.0f s left  ", 100 * part, left);
  std::string line = figures + printable(what);
  line.resize(std::min(line.size(), terminal_columns() - 1));
  std::fprintf(stderr, "\r\x1b[K%s", line.c_str());
  std::fflush(stderr);
}

}  // namespace checkpoint
