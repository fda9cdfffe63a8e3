// How much a test compares: recorded in its result, from which docs/verification.md is made.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <string>

namespace support {

/// Adds n to a number in the running test's result. From the test's own thread.
inline void count(const std::string& name, std::uint64_t n) {
  static const testing::TestInfo* counted = nullptr;
  static std::map<std::string, std::uint64_t> sums;
  const testing::TestInfo* running = testing::UnitTest::GetInstance()->current_test_info();
  if (running != counted) {
    sums.clear();
    counted = running;
  }
  testing::Test::RecordProperty(name, std::to_string(sums[name] += n));
}

/// Adds n comparisons of single values.
inline void count_compared(std::uint64_t n) { count("compared", n); }

}  // namespace support
