// The block formats as lists of element magnitudes and facts of their scales, from their definitions: OCP
// Microscaling v1.0; NVFP4, arXiv 2509.25149; ggml's block_q8_0; HiF4, arXiv 2602.11287; microexponents,
// arXiv 2302.08007; MSFP.
#include <stdexcept>

#include "block_oracle.hpp"

namespace oracle {
namespace {

/// Magnitudes of a float element: `exponent_bits`, `fraction_bits`, bias, without the codes above `last`.
std::vector<dyadic> float_magnitudes(int fraction_bits, int bias, std::uint32_t last) {
  std::vector<dyadic> grid;
  for (std::uint32_t code = 0; code <= last; ++code) {
    const std::uint32_t fraction = code & ((1U << fraction_bits) - 1);
    const int exponent = static_cast<int>(code >> fraction_bits);
    grid.push_back(exponent == 0 ? dyadic{fraction, 1 - bias - fraction_bits}
                                 : dyadic{fraction + (1U << fraction_bits), exponent - bias - fraction_bits});
  }
  return grid;
}

/// k * 2^unit for k up to last.
std::vector<dyadic> integers(std::uint32_t last, int unit) {
  std::vector<dyadic> grid;
  for (std::uint32_t k = 0; k <= last; ++k) {
    grid.push_back({k, unit});
  }
  return grid;
}

block_facts bfp(int magnitude_bits, int elements) {
  return {"bfp<" + std::to_string(magnitude_bits) + "," + std::to_string(elements) + ">",
          elements,
          magnitude_bits + 1,
          false,
          integers((1U << magnitude_bits) - 1, 1 - magnitude_bits),
          block_rounding::even,
          block_scale::exponent,
          {},
          0};
}

block_facts microexponents(const std::string& name, int magnitude_bits) {
  block_facts facts = bfp(magnitude_bits, 16);
  facts.name = name;
  facts.native = block_rounding::away;
  facts.levels = {{2, 1}};
  return facts;
}

block_facts hif(const std::string& name, int width) {
  return {name,
          64,
          width,
          false,
          integers((1U << (width - 1)) - 1, 2 - width),
          block_rounding::away,
          block_scale::e6m2,
          {{8, 2}, {4, 1}},
          0};
}

}  // namespace

const std::vector<block_facts>& block_formats() {
  constexpr auto even = block_rounding::even;
  constexpr auto exponent = block_scale::exponent;
  static const std::vector<block_facts> list = {
      {"mxfp8_e4m3", 32, 8, false, float_magnitudes(3, 7, 0x7E), even, exponent, {}, 3},
      {"mxfp8_e5m2", 32, 8, false, float_magnitudes(2, 15, 0x7B), even, exponent, {}, 2},
      {"mxfp6_e3m2", 32, 6, false, float_magnitudes(2, 3, 0x1F), even, exponent, {}, 2},
      {"mxfp6_e2m3", 32, 6, false, float_magnitudes(3, 1, 0x1F), even, exponent, {}, 3},
      {"mxfp4", 32, 4, false, float_magnitudes(1, 1, 7), even, exponent, {}, 1},
      {"mxint8", 32, 8, true, integers(127, -6), even, exponent, {}, 6},
      {"nvfp4", 16, 4, false, float_magnitudes(1, 1, 7), even, block_scale::e4m3, {}, 1},
      {"q8_0", 32, 8, true, integers(127, 0), even, block_scale::float16, {}, 7},
      hif("hif4", 4),
      hif("hif5", 5),
      microexponents("mx9", 7),
      microexponents("mx6", 4),
      microexponents("mx4", 2),
      bfp(3, 16),
      bfp(4, 16),
      bfp(5, 16),
      bfp(6, 16),
      bfp(7, 16),
      bfp(1, 8),
      bfp(15, 64),
  };
  return list;
}

const block_facts& find_block_format(const std::string& name) {
  for (const block_facts& facts : block_formats()) {
    if (facts.name == name) {
      return facts;
    }
  }
  throw std::invalid_argument("no block format named " + name);
}

}  // namespace oracle
