// Which instruction sets there are, and what asking for another does.
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <narrowfp/narrowfp.hpp>

namespace {

using narrowfp::isa;

constexpr isa all[] = {isa::scalar, isa::avx2, isa::avx512, isa::avx512_vbmi, isa::neon};

const isa best_before_main = narrowfp::best_isa();

TEST(Isa, ScalarIsAlwaysThere) {
  EXPECT_TRUE(narrowfp::isa_available(isa::scalar));
  EXPECT_TRUE(narrowfp::isa_available(isa::automatic));
}

TEST(Isa, EachSetOfX86ContainsThoseBefore) {
  EXPECT_LE(narrowfp::isa_available(isa::avx512_vbmi), narrowfp::isa_available(isa::avx512));
  EXPECT_LE(narrowfp::isa_available(isa::avx512), narrowfp::isa_available(isa::avx2));
}

TEST(Isa, TheBestIsTheLastAvailable) {
  isa last = isa::scalar;
  for (const isa set : all) {
    last = narrowfp::isa_available(set) ? set : last;
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
  for (const isa set : all) {
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
      EXPECT_NE(message.find("this machine has: scalar"), std::string::npos) << message;
    }
    EXPECT_EQ(out[0].bits(), 0x55);
  }
  EXPECT_GE(missing, 1);  // no machine has both AVX2 and NEON
}

}  // namespace
