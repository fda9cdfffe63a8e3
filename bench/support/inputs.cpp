#include "inputs.hpp"

#include <cstdint>
#include <cstring>
#include <random>

namespace bench {

namespace {

std::uint32_t bits_of(float x) {
  std::uint32_t bits = 0;
  std::memcpy(&bits, &x, sizeof bits);
  return bits;
}

std::uint32_t next_float(std::mt19937& random, distribution kind) {
  if (kind == distribution::normal) {
    return bits_of(std::normal_distribution<float>()(random));
  }
  const auto word = static_cast<std::uint32_t>(random());
  const auto exponent = static_cast<std::uint32_t>(random() % 48 + 127 - 24);
  const bool special = random() % 1000 == 0;
  return (word & 0x807FFFFF) | (special ? 0xFFU : exponent) << 23;
}

}  // namespace

buffer make_input(content kind, distribution floats, std::size_t size) {
  std::mt19937 random(20260101);
  const std::size_t element_bytes = kind == content::floats ? 4 : kind == content::codes_8 ? 1 : 2;
  buffer values(size);
  for (std::size_t i = 0; i < size / element_bytes; ++i) {
    const auto word = kind == content::codes_8 || kind == content::codes_16
                          ? static_cast<std::uint32_t>(random())
                          : next_float(random, floats);
    const std::uint32_t element = kind == content::bfloat16s ? word >> 16 : word;
    std::memcpy(values.data() + i * element_bytes, &element, element_bytes);  // little-endian machines
  }
  return values;
}

}  // namespace bench
