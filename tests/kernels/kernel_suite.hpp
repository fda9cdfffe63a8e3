// What the suites of kernels share: every format by every instruction set, and what to convert.
#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <ostream>
#include <string>
#include <vector>

#include <narrowfp/narrowfp.hpp>

#include "adversarial.hpp"
#include "support/array_probe.hpp"
#include "support/count.hpp"

namespace kernels {

using support::scalar;

/// The element types that have kernels.
inline constexpr scalar fast_scalars[] = {scalar::f32, scalar::f16, scalar::bf16};

using support::size_of;
using probe = support::array_probe;

/// One format by one instruction set of this processor family; a set that the machine lacks is skipped by
/// name.
struct subject {
  const probe* format;
  narrowfp::isa use;

  friend void PrintTo(const subject& s, std::ostream* out) {
    *out << s.format->name << " by " << narrowfp::isa_name(s.use);
  }
};

std::vector<subject> subjects();
std::string name_of(const testing::TestParamInfo<subject>& info);

class kernel_suite : public testing::TestWithParam<subject> {
 protected:
  void SetUp() override {
    if (!narrowfp::isa_available(GetParam().use)) {
      GTEST_SKIP() << "this machine has no " << narrowfp::isa_name(GetParam().use);
    }
  }
  static const probe& format() { return *GetParam().format; }
};

/// Bit patterns of elements as they lie in memory, ready for pack.
class elements {
 public:
  elements(scalar kind, support::bit_vector bits)
      : bits_(std::move(bits)), bytes_(support::to_memory(bits_, size_of(kind))) {}
  [[nodiscard]] const std::uint8_t* data() const { return bytes_.data(); }
  [[nodiscard]] std::size_t size() const { return bits_.size(); }
  [[nodiscard]] std::uint64_t bits(std::size_t i) const { return bits_[i]; }

 private:
  support::bit_vector bits_;
  support::byte_vector bytes_;
};

/// Boundaries of the format with their neighbours, specials, random patterns, random magnitudes near the
/// format's range; of 16-bit sources, every pattern.
elements inputs_for(const probe& p, scalar source);

}  // namespace kernels

// A family without vector sets has no subjects.
#define KERNEL_SUITE(suite)                             \
  GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(suite); \
  INSTANTIATE_TEST_SUITE_P(Sets, suite, testing::ValuesIn(kernels::subjects()), kernels::name_of)
