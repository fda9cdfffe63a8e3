// How much a test compares: recorded in its result, from which docs/verification.md is made.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace support {

/// Adds n comparisons of single values to the running test's. From the test's own thread.
inline void count_compared(std::uint64_t n) {
  static const testing::TestInfo* counted = nullptr;
  static std::uint64_t sum = 0;
  const testing::TestInfo* running = testing::UnitTest::GetInstance()->current_test_info();
  sum = running == counted ? sum + n : n;
  counted = running;
  testing::Test::RecordProperty("compared", std::to_string(sum));
}

}  // namespace support
