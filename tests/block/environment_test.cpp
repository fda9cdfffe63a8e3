// Blocks do not depend on the floating-point environment, and leave it as it was: every instruction set,
// every rounding mode, and flushing of subnormals where the machine has it.
#include <gtest/gtest.h>

#include <cfenv>
#include <cstring>
#include <random>
#include <vector>

#if defined(__SSE__)
#include <xmmintrin.h>
#endif

#include <narrowfp/layouts.hpp>

#include "block_inputs.hpp"
#include "block_oracle.hpp"
#include "block_probe.hpp"

namespace {

using namespace block_test;

constexpr narrowfp::isa sets[] = {narrowfp::isa::scalar, narrowfp::isa::generic,     narrowfp::isa::avx2,
                                  narrowfp::isa::avx512, narrowfp::isa::avx512_vbmi, narrowfp::isa::neon};

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

/// Random bytes read as ggml's blocks and as bitsandbytes' codes and scales: the values' bits.
template <class G>
std::vector<std::uint32_t> ggml_values(const std::vector<std::uint8_t>& bytes) {
  std::vector<float> values(bytes.size() / sizeof(G) * narrowfp::ggml_block_elements<G>);
  narrowfp::dequantize_ggml<G>(std::span(bytes).first(bytes.size() / sizeof(G) * sizeof(G)), values);
  std::vector<std::uint32_t> bits(values.size());
  std::memcpy(bits.data(), values.data(), 4 * values.size());
  return bits;
}
std::vector<std::vector<std::uint32_t>> layout_values(const std::vector<std::uint8_t>& bytes) {
  using namespace narrowfp;
  std::vector<float> table(256), absmax(64), values(64 * 64);
  std::memcpy(table.data(), bytes.data(), 4 * table.size());
  const std::span<const std::uint8_t> codes = std::span(bytes).first(values.size() / 2);
  bitsandbytes_absmax(codes.first(64), table, std::span(table).first(2), table[2], absmax, 32);
  dequantize_bitsandbytes(codes, std::span(table).first(16), absmax, values);
  std::vector<std::uint32_t> bits(values.size());
  std::memcpy(bits.data(), values.data(), 4 * values.size());
  return {bits,
          ggml_values<ggml_block_q4_0>(bytes),
          ggml_values<ggml_block_q4_1>(bytes),
          ggml_values<ggml_block_iq4_nl>(bytes),
          ggml_values<ggml_block_q8_0>(bytes),
          ggml_values<ggml_block_mxfp4>(bytes),
          ggml_values<ggml_block_nvfp4>(bytes),
          ggml_values<ggml_block_q4_k>(bytes),
          ggml_values<ggml_block_q6_k>(bytes)};
}

TEST(BlockEnvironment, no_mode_of_the_machine_changes_a_value_of_a_layout) {
  std::mt19937_64 random(72);
  for (int i = 0; i < 20; ++i) {
    std::vector<std::uint8_t> bytes(4096);
    for (std::uint8_t& byte : bytes) {
      byte = static_cast<std::uint8_t>(random());
    }
    const auto want = layout_values(bytes);
    for (const int rounding : {FE_TONEAREST, FE_TOWARDZERO, FE_UPWARD, FE_DOWNWARD}) {
      for (const bool flushes : {false, true}) {
        std::vector<std::vector<std::uint32_t>> got;
        unsigned before = 0;
        unsigned after = 0;
        {
          const changed_environment guard(rounding, flushes);
          std::feclearexcept(FE_ALL_EXCEPT);
          before = control_and_status();
          got = layout_values(bytes);
          after = control_and_status();
        }
        EXPECT_TRUE(got == want) << "rounding " << rounding << (flushes ? ", flushing" : "");
        EXPECT_EQ(before, after) << "modes or flags changed";
      }
    }
  }
}

}  // namespace
