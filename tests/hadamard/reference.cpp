// States float arithmetic operation by operation: to be compiled without -ffast-math and without fused
// operations.
#include "reference.hpp"

#include <bit>
#include <cfenv>
#include <cmath>

#include "support/philox.hpp"

namespace hadamard_reference {
namespace {

/// The default environment while it lives.
class default_environment {
 public:
  default_environment() {
    std::fegetenv(&saved_);
    std::fesetenv(FE_DFL_ENV);
  }
  ~default_environment() { std::fesetenv(&saved_); }
  default_environment(const default_environment&) = delete;
  default_environment& operator=(const default_environment&) = delete;

 private:
  std::fenv_t saved_{};
};

bool is_negated(const transform& t, std::size_t element) {
  return t.random && (oracle::draw(t.seed, element / 32) >> element % 32 & 1) != 0;
}

/// Between volatile variables no operation is moved, fused or left out.
void transform_block(volatile float* x, const transform& t) {
  for (std::size_t i = 0; i < t.block; ++i) {
    if (!t.inverse && is_negated(t, i)) {
      x[i] = -x[i];
    }
  }
  for (std::size_t stride = 1; stride < t.block; stride *= 2) {
    for (std::size_t first = 0; first < t.block; first += 2 * stride) {
      for (std::size_t i = first; i < first + stride; ++i) {
        const float a = x[i];
        const float b = x[i + stride];
        x[i] = a + b;
        x[i + stride] = a - b;
      }
    }
  }
  const auto factor = static_cast<float>(1 / std::sqrt(static_cast<double>(t.block)));
  for (std::size_t i = 0; i < t.block; ++i) {
    x[i] = x[i] * factor;
    if (t.inverse && is_negated(t, i)) {
      x[i] = -x[i];
    }
  }
}

}  // namespace

std::vector<std::uint32_t> transformed(const std::vector<std::uint32_t>& x, const transform& t) {
  const default_environment guard;
  std::vector<std::uint32_t> result(x.size());
  std::vector<float> block(t.block);
  for (std::size_t first = 0; first < x.size(); first += t.block) {
    for (std::size_t i = 0; i < t.block; ++i) {
      block[i] = std::bit_cast<float>(x[first + i]);
    }
    transform_block(block.data(), t);
    for (std::size_t i = 0; i < t.block; ++i) {
      const auto bits = std::bit_cast<std::uint32_t>(block[i]);
      result[first + i] = (bits & 0x7FFFFFFF) > 0x7F800000 ? 0x7FC00000 : bits;
    }
  }
  return result;
}

}  // namespace hadamard_reference
