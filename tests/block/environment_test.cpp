// Blocks do not depend on the floating-point environment: every rounding mode, and flushing of subnormals
// where the machine has it.
#include <gtest/gtest.h>

#include <cfenv>
#include <random>
#include <vector>

#if defined(__SSE__)
#include <xmmintrin.h>
#endif

#include "block_inputs.hpp"
#include "block_oracle.hpp"
#include "block_probe.hpp"

namespace {

using namespace block_test;

/// Restores what the environment was.
class changed_environment {
 public:
  changed_environment(int rounding, bool flushes) {
    std::fegetenv(&before_);
    std::fesetround(rounding);
#if defined(__SSE__)
    if (flushes) {
      _mm_setcsr(_mm_getcsr() | 0x8040);  // flush to zero, denormals are zero
    }
#else
    (void)flushes;
#endif
  }
  changed_environment(const changed_environment&) = delete;
  changed_environment& operator=(const changed_environment&) = delete;
  ~changed_environment() { std::fesetenv(&before_); }

 private:
  std::fenv_t before_;
};

struct results {
  std::vector<std::uint8_t> native, searched, divided;
  std::vector<std::uint32_t> values, multiplied;
  bool operator==(const results&) const = default;
};

results run(const block_probe& subject, const std::vector<std::uint32_t>& x) {
  results r;
  r.native = subject.quantize(x, {});
  r.searched = subject.quantize(x, {.scale = narrowfp::scale_rule::search_mse});
  r.divided = subject.quantize(x, {.tensor_scale = 0.37F});
  r.values = subject.dequantize(r.native, {});
  r.multiplied = subject.dequantize(r.native, {.tensor_scale = 0.37F});
  return r;
}

TEST(BlockEnvironment, no_mode_of_the_machine_changes_a_bit) {
  for (const block_probe& subject : block_probes()) {
    std::mt19937_64 random(71);
    std::vector<std::uint32_t> x;
    for (int i = 0; i < 200; ++i) {
      const auto block = adversarial_block(oracle::find_block_format(subject.name), random);
      x.insert(x.end(), block.begin(), block.end());
    }
    const results want = run(subject, x);
    for (const int rounding : {FE_TONEAREST, FE_TOWARDZERO, FE_UPWARD, FE_DOWNWARD}) {
      for (const bool flushes : {false, true}) {
        results got;
        {
          const changed_environment guard(rounding, flushes);
          got = run(subject, x);
        }
        EXPECT_TRUE(got == want) << subject.name << ", rounding " << rounding
                                 << (flushes ? ", flushing" : "");
      }
    }
  }
}

}  // namespace
