// What is special to hif8's page: fields of varying width, and hybrid rounding.
#include <cmath>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <vector>

#include <narrowfp/types.hpp>

#include "sections.hpp"
#include "text.hpp"

namespace docs {

namespace {

/// The fields of a normal code: the prefix's bits, and how many exponent bits follow it.
struct prefix_row {
  std::uint32_t lowest_code;
  int prefix_bits;
  int exponent_bits;
};

constexpr prefix_row prefixes[] = {{0x60, 2, 4}, {0x40, 2, 3}, {0x20, 2, 2}, {0x10, 3, 1}, {0x08, 4, 0}};

}  // namespace

std::vector<std::string> hif8_taken_apart(std::uint32_t code) {
  const double value = static_cast<double>(narrowfp::hif8::from_bits(static_cast<std::uint8_t>(code)));
  const std::uint32_t magnitude = code & 0x7F;
  const std::string sign = bits_text(code, 7, 1) + " ";
  const std::string minus = code > 0x80 ? "-" : "";
  if (magnitude == 0 || !std::isfinite(value)) {
    return {code_text(code, 8), sign + bits_text(code, 0, 7), "special", value_text(value)};
  }
  double expected = std::ldexp(1.0, static_cast<int>(magnitude) - 23);
  std::string bits = sign + bits_text(code, 3, 4) + " " + bits_text(code, 0, 3);
  std::string computation = minus + "2^(" + std::to_string(magnitude) + " - 23)";
  for (const auto& [lowest_code, prefix_bits, exponent_bits] : prefixes) {
    if (magnitude < lowest_code) {
      continue;
    }
    const int fraction_bits = 7 - prefix_bits - exponent_bits;
    const int field = static_cast<int>(magnitude >> fraction_bits & ((1U << exponent_bits) - 1));
    const int implied = exponent_bits > 0 ? 1 << (exponent_bits - 1) : 0;
    const bool below_one = field >= implied && exponent_bits > 0;
    const int size = exponent_bits > 0 ? implied + field % implied : 0;
    const int exponent = below_one ? -size : size;
    const std::uint32_t fraction = magnitude & ((1U << fraction_bits) - 1);
    expected = std::ldexp(1 + fraction * std::ldexp(1.0, -fraction_bits), exponent);
    bits = sign + bits_text(code, 7 - prefix_bits, prefix_bits) + " " +
           (exponent_bits > 0 ? bits_text(code, fraction_bits, exponent_bits) + " " : "") +
           bits_text(code, 0, fraction_bits);
    computation = minus + "(1 + " + std::to_string(fraction) + "/" + std::to_string(1 << fraction_bits) +
                  ") * 2^" + std::to_string(exponent);
    break;
  }
  if ((minus.empty() ? expected : -expected) != value) {
    throw std::runtime_error("hif8: the formula of the page disagrees with the library");
  }
  return {code_text(code, 8), bits, computation, value_text(value)};
}

std::string hybrid_examples(const std::vector<std::string>& words) {
  using namespace narrowfp;
  markdown_table table({"Input", "Bits of the float", "native", "hybrid from float", "hybrid from float16"});
  const auto cell = [](hif8 x) {
    return code_text(x.bits(), 8) + " = " + value_text(static_cast<double>(x));
  };
  for (std::size_t i = 2; i < words.size(); ++i) {
    const float x = std::strtof(words[i].c_str(), nullptr);
    const float16 half(x);
    const std::string from_half =
        static_cast<float>(half) == x ? cell(round_to<hif8>(half, rounding::hybrid)) : "not a float16";
    table.add({decimal_text(x), code_text(core::bit_cast<std::uint32_t>(x), 32), cell(hif8(x)),
               cell(round_to<hif8>(x, rounding::hybrid)), from_half});
  }
  return table.text();
}

}  // namespace docs
