// Built with -O3, on x86-64 with -march=x86-64-v3: loops in the compiler's own vectors.
#include "product_ceilings.hpp"

#include <cstdint>
#include <cstring>

namespace bench {

namespace {

#if defined(__AVX2__)
constexpr std::size_t vector_bytes = 32;
#else
constexpr std::size_t vector_bytes = 16;
#endif
using words = std::uint64_t __attribute__((vector_size(vector_bytes)));
using floats = float __attribute__((vector_size(vector_bytes)));

template <class Vector>
Vector load(const void* p) {
  Vector x;
  std::memcpy(&x, p, sizeof x);
  return x;
}

}  // namespace

std::size_t read_bytes(const std::byte* bytes, std::size_t size) {
  words all[4] = {};
  std::size_t i = 0;
  for (; i + sizeof all <= size; i += sizeof all) {
    for (std::size_t k = 0; k < 4; ++k) {
      all[k] |= load<words>(bytes + i + k * vector_bytes);
    }
  }
  const words one = all[0] | all[1] | all[2] | all[3];
  std::uint64_t result = 0;
  for (std::size_t k = 0; k < vector_bytes / 8; ++k) {
    result |= one[k];
  }
  for (; i < size; ++i) {
    result |= std::to_integer<std::uint64_t>(bytes[i]);
  }
  return static_cast<std::size_t>(result);
}

float fused_dot(const float* a, const float* b, std::size_t n) {
  constexpr std::size_t lanes = vector_bytes / 4;
  floats sum[4] = {};
  for (std::size_t i = 0; i < n; i += 4 * lanes) {
    for (std::size_t k = 0; k < 4; ++k) {
      sum[k] += load<floats>(a + i + k * lanes) * load<floats>(b + i + k * lanes);
    }
  }
  const floats one = (sum[0] + sum[1]) + (sum[2] + sum[3]);
  float result = 0;
  for (std::size_t k = 0; k < lanes; ++k) {
    result += one[k];
  }
  return result;
}

}  // namespace bench
