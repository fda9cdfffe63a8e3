// Executors for the tests, which watch how they are called, and the comparison with one thread.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <cstddef>
#include <cstring>
#include <limits>
#include <random>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include <narrowfp/parallel.hpp>

namespace parallel_tests {

enum class order { forward, backward, two_threads, seven_threads };

inline std::string name_of(order how) {
  switch (how) {
    case order::forward:
      return "in order";
    case order::backward:
      return "backward";
    case order::two_threads:
      return "two threads";
    default:
      return "seven threads";
  }
}

/// Threads that take the next task as long as there is one.
inline void run_on_threads(std::size_t threads, std::size_t n, const narrowfp::parallel::task& task) {
  std::atomic<std::size_t> next = 0;
  std::vector<std::thread> workers;
  for (std::size_t t = 0; t < threads; ++t) {
    workers.emplace_back([&next, n, task] {
      for (std::size_t i = next++; i < n; i = next++) {
        task(i);
      }
    });
  }
  for (std::thread& worker : workers) {
    worker.join();
  }
}

/// What an executor was asked for.
struct calls {
  std::size_t count = 0;
  std::size_t tasks = 0;  ///< of the last call
};

/// Runs the tasks as `how` says, and tells `seen`.
inline auto executor_of(order how, calls& seen) {
  return [how, &seen](std::size_t n, const narrowfp::parallel::task& task) {
    ++seen.count;
    seen.tasks = n;
    switch (how) {
      case order::forward:
        for (std::size_t i = 0; i < n; ++i) {
          task(i);
        }
        break;
      case order::backward:
        for (std::size_t i = n; i-- > 0;) {
          task(i);
        }
        break;
      default:
        run_on_threads(how == order::two_threads ? 2 : 7, n, task);
    }
  };
}

template <class T>
std::vector<unsigned char> bytes_of(std::span<const T> elements) {
  std::vector<unsigned char> bytes(elements.size_bytes());
  if (!bytes.empty()) {
    std::memcpy(bytes.data(), elements.data(), bytes.size());
  }
  return bytes;
}

/// So many tasks are tried.
inline constexpr std::size_t task_counts[] = {1, 2, 7, 16};

/// call(execute, tasks) must give `want`, bytes, under every executor, and must have called it once with as
/// many tasks as parts_of(tasks) says; not at all for 0.
template <class Call, class Parts>
void expect_same_bytes(const std::string& what, const std::vector<unsigned char>& want, Call call,
                       Parts parts_of) {
  for (const order how : {order::forward, order::backward, order::two_threads, order::seven_threads}) {
    for (const std::size_t tasks : task_counts) {
      calls seen;
      const std::vector<unsigned char> got = call(executor_of(how, seen), tasks);
      EXPECT_TRUE(got == want) << what << ", " << name_of(how) << ", " << tasks << " tasks";
      EXPECT_EQ(seen.count, parts_of(tasks) == 0 ? 0U : 1U) << what;
      EXPECT_EQ(seen.tasks, parts_of(tasks)) << what << ", " << tasks << " tasks";
    }
  }
}

/// Parts of n units that a task takes `least` of, at least.
inline auto parts_of_units(std::size_t n, std::size_t least) {
  return [n, least](std::size_t tasks) -> std::size_t {
    const std::size_t most = n / least;
    return most == 0 ? 1 : most < tasks ? most : tasks;
  };
}

/// Normal numbers of many magnitudes, with zeros, infinities and NaN here and there.
inline std::vector<float> values_of(std::size_t n, unsigned seed = 1) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal(0, 1);
  std::vector<float> values(n);
  for (std::size_t i = 0; i < n; ++i) {
    const float x = normal(random);
    values[i] = i % 1009 == 500   ? -0.0F
                : i % 4099 == 77  ? -std::numeric_limits<float>::infinity()
                : i % 8191 == 999 ? std::numeric_limits<float>::quiet_NaN()
                                  : x * static_cast<float>(1 << i / 100 % 9);
  }
  return values;
}

}  // namespace parallel_tests
