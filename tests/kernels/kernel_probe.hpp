// Array calls on raw memory behind function pointers, so that tests choose addresses, lengths and instruction
// sets, and a suite over all formats is compiled once.
#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <narrowfp/narrowfp.hpp>

#include "support/array_probe.hpp"
#include "support/count.hpp"

namespace kernels {

using support::scalar;

/// The element types that have kernels.
inline constexpr scalar fast_scalars[] = {scalar::f32, scalar::f16, scalar::bf16};

inline std::size_t size_of(scalar s) { return s == scalar::f32 ? 4 : s == scalar::f64 ? 8 : 2; }

struct probe {
  std::string name;
  std::size_t width;
  // n elements from `in` to `out`; dense storage where `dense` is set.
  void (*pack)(scalar source, const void* in, void* out, std::size_t n, bool dense, narrowfp::pack_options);
  void (*unpack)(scalar target, const void* in, void* out, std::size_t n, bool dense,
                 narrowfp::unpack_options);

  [[nodiscard]] std::size_t code_bytes(std::size_t n, bool dense) const {
    return dense ? (n * width + 7) / 8 : width <= 8 ? n : 2 * n;
  }
};

const std::vector<probe>& all_probes();

/// One format by one instruction set of this processor family; a set that the machine lacks is skipped by
/// name.
struct subject {
  const probe* format;
  narrowfp::isa use;
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
  elements(scalar kind, const std::vector<std::uint64_t>& bits);
  [[nodiscard]] const std::uint8_t* data() const { return bytes_.data(); }
  [[nodiscard]] std::size_t size() const { return bytes_.size() / size_of(kind_); }
  [[nodiscard]] std::uint64_t bits(std::size_t i) const;

 private:
  /// How many bytes of the number lie below the one at this place of an element.
  [[nodiscard]] std::size_t place_of(std::size_t byte) const;

  scalar kind_;
  std::vector<std::uint8_t> bytes_;
};

/// Boundaries of the format with their neighbours, specials, random patterns, random magnitudes near the
/// format's range; of 16-bit sources, every pattern.
elements inputs_for(const probe& p, scalar source);

/// A generator whose numbers are the same everywhere.
class xorshift {
 public:
  std::uint64_t operator()() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return state_;
  }

 private:
  std::uint64_t state_ = 0x9E3779B97F4A7C15;
};

}  // namespace kernels

// A family without vector sets has no subjects.
#define KERNEL_SUITE(suite)                             \
  GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(suite); \
  INSTANTIATE_TEST_SUITE_P(Sets, suite, testing::ValuesIn(kernels::subjects()), kernels::name_of)
