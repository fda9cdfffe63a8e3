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

progress::progress(std::uint64_t total, std::uint64_t passes)
    : shown_(::isatty(STDERR_FILENO) == 1), total_(total), passes_(passes) {}

progress::~progress() {
  if (drawn_) {
    std::fputs("\r\x1b[K", stderr);
  }
}

void progress::advance(std::uint64_t bytes, std::string_view what) {
  const std::lock_guard held(lock_);
  done_ += bytes;
  const auto now = clock::now();
  if (!shown_ || total_ == 0 || now - last_ < std::chrono::milliseconds(100)) {
    return;
  }
  last_ = now;
  drawn_ = true;
  const double part = std::min(1.0, static_cast<double>(done_) / static_cast<double>(total_));
  const double elapsed = std::chrono::duration<double>(now - start_).count();
  const double left = elapsed * (1 - part) / std::max(part, 1e-9);
  const double rate = static_cast<double>(done_) / static_cast<double>(passes_) / std::max(elapsed, 1e-9);
  std::string bar(20, ' ');
  std::fill_n(bar.begin(), static_cast<std::ptrdiff_t>(part * 20), '#');
  char figures[96];
  std::snprintf(figures, sizeof figures, "%3.0f %%  [%s]  %.0f MB/s  %.0f s left  ", 100 * part, bar.c_str(),
                rate / 1e6, left);
  std::string line = figures + printable(what);
  line.resize(std::min(line.size(), terminal_columns() - 1));
  std::fprintf(stderr, "\r\x1b[K%s", line.c_str());
  std::fflush(stderr);
}

}  // namespace checkpoint
