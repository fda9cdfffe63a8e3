// Blocks do not depend on the floating-point environment, and leave it as it was: every instruction set,
// every rounding mode, and flushing of subnormals where the machine has it.
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

constexpr narrowfp::isa sets[] = {narrowfp::isa::scalar, narrowfp::isa::avx2, narrowfp::isa::avx512,
                                  narrowfp::isa::avx512_vbmi, narrowfp::isa::neon};

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

results run(const block_probe& subject, const std::vector<std::uint32_t>& x, narrowfp::isa use) {
  results r;
  r.native = subject.quantize(x, {.use = use});
  r.searched = subject.quantize(x, {.scale = narrowfp::scale_rule::search_mse, .use = use});
  r.divided = subject.quantize(x, {.tensor_scale = 0.37F, .use = use});
  r.values = subject.dequantize(r.native, {.use = use});
  r.multiplied = subject.dequantize(r.native, {.tensor_scale = 0.37F, .use = use});
  return r;
}

/// Modes and flags together, where the machine keeps them in one register.
unsigned control_and_status() {
#if defined(__SSE__)
  return _mm_getcsr();
#else
  return 0;
#endif
}

TEST(BlockEnvironment, no_mode_of_the_machine_changes_a_bit) {
  for (const block_probe& subject : block_probes()) {
    std::mt19937_64 random(71);
    std::vector<std::uint32_t> x;
    for (int i = 0; i < 200; ++i) {
      const auto block = adversarial_block(oracle::find_block_format(subject.name), random);
      x.insert(x.end(), block.begin(), block.end());
    }
    const results want = run(subject, x, narrowfp::isa::scalar);
    for (const int rounding : {FE_TONEAREST, FE_TOWARDZERO, FE_UPWARD, FE_DOWNWARD}) {
      for (const bool flushes : {false, true}) {
        for (const narrowfp::isa use : sets) {
          if (!narrowfp::isa_available(use)) {
            continue;
          }
          results got;
          unsigned before = 0;
          unsigned after = 0;
          {
            const changed_environment guard(rounding, flushes);
            std::feclearexcept(FE_ALL_EXCEPT);
            before = control_and_status();
            got = run(subject, x, use);
            after = control_and_status();
          }
          EXPECT_TRUE(got == want) << subject.name << ", " << narrowfp::isa_name(use) << ", rounding "
                                   << rounding << (flushes ? ", flushing" : "");
          EXPECT_EQ(before, after) << subject.name << ", " << narrowfp::isa_name(use)
                                   << ": modes or flags changed";
        }
      }
    }
  }
}

}  // namespace
