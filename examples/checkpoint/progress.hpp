// One line that says how far the work is, on a terminal only.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string_view>

namespace checkpoint {

class progress {
 public:
  /// `total` is the work, in any unit.
  explicit progress(std::uint64_t total);
  ~progress();
  progress(const progress&) = delete;
  progress& operator=(const progress&) = delete;

  /// Any thread may call it at any time.
  void advance(std::uint64_t amount, std::string_view what);

 private:
  using clock = std::chrono::steady_clock;

  std::mutex lock_;
  bool shown_;
  bool drawn_ = false;
  std::uint64_t total_;
  std::uint64_t done_ = 0;
  clock::time_point start_ = clock::now();
  clock::time_point last_ = start_;
};

}  // namespace checkpoint
