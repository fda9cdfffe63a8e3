// Block formats behind function pointers, so that one run-time suite covers all of them by name.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include <narrowfp/quantize.hpp>

namespace block_test {

struct block_probe {
  std::string name;
  std::size_t elements;
  std::size_t bytes;
  double max_finite;
  double min_positive;
  /// The bytes of the blocks that floats, given as patterns, become.
  std::vector<std::uint8_t> (*quantize)(const std::vector<std::uint32_t>&, const narrowfp::quantize_options&);
  /// The same for one block, by the function that also serves constant expressions.
  std::vector<std::uint8_t> (*quantize_one)(const std::vector<std::uint32_t>&,
                                            const narrowfp::quantize_options&);
  std::vector<std::uint32_t> (*dequantize)(const std::vector<std::uint8_t>&,
                                           const narrowfp::dequantize_options&);
  std::vector<std::uint32_t> (*dequantize_one)(const std::vector<std::uint8_t>&,
                                               const narrowfp::dequantize_options&);
};

inline std::vector<float> as_floats(const std::vector<std::uint32_t>& patterns) {
  std::vector<float> values(patterns.size());
  std::memcpy(values.data(), patterns.data(), 4 * patterns.size());
  return values;
}
template <class Floats>
std::vector<std::uint32_t> as_patterns(const Floats& values) {
  std::vector<std::uint32_t> patterns(values.size());
  std::memcpy(patterns.data(), values.data(), 4 * patterns.size());
  return patterns;
}

/// The library's block formats, under the oracle's names. Compiled once: block_probes.cpp.
const std::vector<block_probe>& block_probes();

}  // namespace block_test
