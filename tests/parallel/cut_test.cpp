// Where array calls are cut.
#include <gtest/gtest.h>

#include <cstddef>
#include <limits>

#include "executors.hpp"

namespace {

using narrowfp::detail::even_cut;

TEST(ParallelCut, PartsFollowEachOtherAtWholeUnitsAndAreNearlyEqual) {
  std::size_t several = 0;
  for (const std::size_t unit : {1U, 3U, 8U, 512U}) {
    for (const std::size_t least : {1U, 7U, 512U, 8192U}) {
      for (const std::size_t tasks : {1U, 2U, 3U, 7U, 16U, 1000U}) {
        for (std::size_t n = 1; n < 200'000; n = n * 5 / 4 + 1) {
          const even_cut cut(n, unit, least, tasks);
          ASSERT_GE(cut.parts(), 1U);
          ASSERT_LE(cut.parts(), tasks);
          ASSERT_EQ(cut.first(0), 0U);
          ASSERT_EQ(cut.first(cut.parts()), n);
          std::size_t smallest = n;
          std::size_t largest = 0;
          for (std::size_t i = 0; i < cut.parts(); ++i) {
            ASSERT_EQ(cut.first(i) % unit, 0U);
            ASSERT_LT(cut.first(i), cut.first(i + 1));
            const std::size_t size = cut.first(i + 1) - cut.first(i);
            smallest = size < smallest ? size : smallest;
            largest = size > largest ? size : largest;
          }
          if (cut.parts() > 1) {
            ASSERT_GE(smallest, least);
            ASSERT_LT(largest - smallest, 2 * unit);
            ++several;
          }
        }
      }
    }
  }
  EXPECT_GT(several, 1000U);
}

TEST(ParallelCut, SoManyTasksAsPay) {
  EXPECT_EQ(even_cut(8191, 512, 8192, 7).parts(), 1U);
  EXPECT_EQ(even_cut(16383, 512, 8192, 7).parts(), 1U);
  EXPECT_EQ(even_cut(16384, 512, 8192, 7).parts(), 2U);
  EXPECT_EQ(even_cut(7 * 8192, 512, 8192, 7).parts(), 7U);
  EXPECT_EQ(even_cut(1'000'000, 512, 8192, std::numeric_limits<std::size_t>::max()).parts(), 122U);
}

TEST(ParallelCut, BlocksFillWholeCacheLines) {
  using namespace narrowfp;
  const auto elements = [](auto block) { return detail::whole_lines_of<decltype(block)>(); };
  EXPECT_EQ(elements(mxfp4()), 64U * 32);  // 17 bytes
  EXPECT_EQ(elements(nvfp4()), 64U * 16);  // 9 bytes
  EXPECT_EQ(elements(hif4()), 16U * 64);   // 36 bytes
  EXPECT_EQ(elements(q8_0()), 32U * 32);   // 34 bytes
  EXPECT_EQ(elements(mx4()), 8U * 16);     // 8 bytes
  EXPECT_EQ(elements(block_format<fp8_e4m3, shared_scale<float, 1024>>()),
            8U * 1024);  // as many as are allowed
}

}  // namespace
