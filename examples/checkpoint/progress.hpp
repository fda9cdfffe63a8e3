// One line that says how far the work is, on a terminal only.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string_view>

namespace checkpoint {

class progress {
 public:
  /// `total` is the work in bytes of input, each as many times as it is worked on; `passes` of them are one
  /// byte of the rate that is shown.
  explicit progress(std::uint64_t total, std::uint64_t passes = 1);
  ~progress();
  progress(const progress&) = delete;
  progress& operator=(const progress&) = delete;

  /// Any thread may call it at any time.
  void advance(std::uint64_t bytes, std::string_view what);

 private:
  using clock = std::chrono::steady_clock;

  std::mutex lock_;
  bool shown_;
  bool drawn_ = false;
  std::uint64_t total_;
  std::uint64_t passes_;
  std::uint64_t done_ = 0;
  clock::time_point start_ = clock::now();
  clock::time_point last_ = start_;
};

}  // namespace checkpoint
