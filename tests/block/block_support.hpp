// What the block tests share: golden blocks read from text, blocks compared and shown.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <narrowfp/quantize.hpp>

#include "support/golden.hpp"
#include "support/report.hpp"

namespace block_test {

/// Groups of `digits` hexadecimal digits.
inline std::vector<std::uint32_t> hex_groups(const std::string& text, std::size_t digits) {
  std::vector<std::uint32_t> groups;
  for (std::size_t i = 0; i + digits <= text.size(); i += digits) {
    groups.push_back(static_cast<std::uint32_t>(std::stoul(text.substr(i, digits), nullptr, 16)));
  }
  return groups;
}

inline std::vector<float> floats(const std::vector<std::uint32_t>& bits) {
  std::vector<float> values;
  for (const std::uint32_t b : bits) {
    values.push_back(std::bit_cast<float>(b));
  }
  return values;
}
inline std::vector<float> hex_floats(const std::string& text) { return floats(hex_groups(text, 8)); }

/// Bits of a float, the two zeros alike: golden files do not mean the sign of a zero.
inline std::uint32_t value_bits(float x) { return x == 0 ? 0 : std::bit_cast<std::uint32_t>(x); }

template <class B>
std::span<const float, B::elements> block_span(const std::vector<float>& x) {
  return std::span<const float, B::elements>(x.data(), B::elements);
}

/// The code, or 0 for a negative zero: golden files do not mean the sign of a zero.
template <class B>
std::uint32_t without_zero_sign(std::uint32_t code) {
  using element = typename B::element_type;
  const auto value = element::from_bits(static_cast<typename element::code_type>(code));
  return static_cast<double>(value) == 0 ? 0 : code;
}

/// The bytes of a block in hexadecimal.
template <class B>
std::string show(const B& block) {
  std::string text;
  for (const std::uint8_t byte : block.bytes) {
    text += support::hex(byte, 2) + ' ';
  }
  return text;
}

/// Quantizes the same input by the array call and by the constexpr function, which must agree. Of this and
/// the next the library's block types have one compiled copy, in block_probes.cpp; of other types their unit
/// includes both_ways.hpp.
template <class B>
B quantize_both_ways(const std::vector<float>& x, narrowfp::quantize_options options = {});
template <class B>
std::vector<float> dequantize_both_ways(const B& block, narrowfp::dequantize_options options = {});

}  // namespace block_test
