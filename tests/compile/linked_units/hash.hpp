// What the units need besides the library: inputs, and a hash of the results. In an anonymous namespace, so
// that each unit has its own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace {

/// FNV-1a.
struct fnv_hash {
  std::uint64_t state = 0xCBF29CE484222325;

  void add(const void* data, std::size_t size) {
    const auto* p = static_cast<const unsigned char*>(data);
    for (std::size_t i = 0; i < size; ++i) {
      state = (state ^ p[i]) * 0x100000001B3;
    }
  }
};

/// Every third value is anything at all, the others are of ordinary magnitude.
template <std::size_t N>
void fill_with_floats(float (&values)[N]) {
  std::uint32_t state = 1;
  for (std::size_t i = 0; i < N; ++i) {
    state = state * 1664525U + 1013904223U;
    const std::uint32_t bits = i % 3 == 0 ? state : (state & 0x83FFFFFFU) | 0x3C000000U;
    std::memcpy(&values[i], &bits, sizeof bits);
  }
}

}  // namespace
