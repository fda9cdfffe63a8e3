// Which instruction sets there are, and what asking for another does.
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <narrowfp/narrowfp.hpp>

#include "support/instruction_sets.hpp"

namespace {

using narrowfp::isa;

const isa best_before_main = narrowfp::best_isa();

TEST(Isa, ScalarIsAlwaysThere) {
  EXPECT_TRUE(narrowfp::isa_available(isa::scalar));
  EXPECT_TRUE(narrowfp::isa_available(isa::automatic));
}

TEST(Isa, GenericIsAlwaysThere) { EXPECT_TRUE(narrowfp::isa_available(isa::generic)); }

TEST(Isa, EachSetOfX86ContainsThoseBefore) {
  EXPECT_LE(narrowfp::isa_available(isa::avx512_vbmi), narrowfp::isa_available(isa::avx512));
  EXPECT_LE(narrowfp::isa_available(isa::avx512), narrowfp::isa_available(isa::avx2));
}

// Where not all processors of the family have vectors, generic is for those who name it.
TEST(Isa, TheBestIsTheLastAvailable) {
  isa last = isa::scalar;
  for (const isa set : support::all_isas) {
    const bool is_automatic = set != isa::generic || narrowfp::dispatch::family_has_vectors;
    last = narrowfp::isa_available(set) && is_automatic ? set : last;
  }
  EXPECT_EQ(narrowfp::best_isa(), last);
}

TEST(Isa, IsTheSameBeforeMainAndInEveryThread) {
  std::vector<std::thread> threads;
  std::vector<isa> found(8);
  for (std::size_t t = 0; t < found.size(); ++t) {
    threads.emplace_back([&found, t] { found[t] = narrowfp::best_isa(); });
  }
  for (std::thread& t : threads) {
    t.join();
  }
  for (const isa set : found) {
    EXPECT_EQ(set, best_before_main);
  }
}

TEST(Isa, EveryValueHasAName) {
  EXPECT_STREQ(narrowfp::isa_name(isa::automatic), "automatic");
  EXPECT_STREQ(narrowfp::isa_name(isa::generic), "generic");
  EXPECT_STREQ(narrowfp::isa_name(isa::neon), "neon");
  EXPECT_STREQ(narrowfp::isa_name(static_cast<isa>(99)), "unknown");
}

// One line for what the other suites leave out: they have one test for each set of this family.
TEST(Isa, SetsOfOtherProcessorFamiliesAreTestedThere) {
  std::string names;
  for (const isa set : support::all_isas) {
    if (set != isa::scalar && !support::is_of_family(set)) {
      EXPECT_FALSE(narrowfp::isa_available(set));
      names += std::string(" ") + narrowfp::isa_name(set);
    }
  }
  GTEST_SKIP() << "not of this processor family:" << names;
}

#if defined(__aarch64__)
TEST(Isa, EveryAArch64HasNeon) { EXPECT_TRUE(narrowfp::isa_available(isa::neon)); }
#endif

#if defined(__x86_64__) && defined(__GNUC__)
TEST(Isa, AgreesWithTheCompilersDetection) {
  EXPECT_EQ(narrowfp::isa_available(isa::avx2),
            __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"));
  EXPECT_EQ(narrowfp::isa_available(isa::avx512),
            __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"));
  EXPECT_EQ(narrowfp::isa_available(isa::avx512_vbmi),
            narrowfp::isa_available(isa::avx512) && __builtin_cpu_supports("avx512vbmi"));
}
#endif

TEST(Isa, AskingForOneThatIsNotThereIsAnErrorThatNamesItAndWritesNothing) {
  int missing = 0;
  for (const isa set : support::all_isas) {
    if (narrowfp::isa_available(set)) {
      continue;
    }
    ++missing;
    const float in[] = {1.0F};
    narrowfp::fp8_e4m3 out[] = {narrowfp::fp8_e4m3::from_bits(0x55)};
    try {
      narrowfp::pack(in, out, {.use = set});
      ADD_FAILURE() << narrowfp::isa_name(set) << " was accepted";
    } catch (const std::invalid_argument& error) {
      const std::string message = error.what();
      EXPECT_NE(message.find("narrowfp::pack"), std::string::npos) << message;
      EXPECT_NE(message.find(std::string("isa::") + narrowfp::isa_name(set)), std::string::npos) << message;
      EXPECT_NE(message.find("this machine has: scalar, generic"), std::string::npos) << message;
    }
    EXPECT_EQ(out[0].bits(), 0x55);
  }
  EXPECT_GE(missing, 1);  // no machine has both AVX2 and NEON
}

}  // namespace
