// Runs f(0), f(1), ... f(n - 1), each once, on every core.
#pragma once

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

namespace support {

template <class F>
void for_each_in_parallel(unsigned n, F f) {
  std::atomic<unsigned> next{0};
  std::vector<std::thread> threads;
  for (unsigned t = 0; t < std::max(1U, std::thread::hardware_concurrency()); ++t) {
    threads.emplace_back([&] {
      for (unsigned i = next++; i < n; i = next++) {
        f(i);
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
}

}  // namespace support
