// Tables about one scalar format, all from the library's own conversions.
#include <cmath>
#include <cstdlib>
#include <limits>
#include <stdexcept>

#include "scalar_view.hpp"
#include "sections.hpp"
#include "text.hpp"

namespace docs {

using narrowfp::overflow;
using narrowfp::overflow_result;
using narrowfp::rounding;

namespace {

std::uint32_t code_count(const scalar_view& f) { return std::uint32_t{1} << f.width; }

std::string code_and_value(const scalar_view& f, std::uint32_t code) {
  return code_text(code, f.width) + " = " + value_text(f.decode(code));
}

std::string value_and_code(const scalar_view& f, double value) {
  const auto code = f.encode(value, rounding::native, overflow::native);
  return value_text(value) + " (" + code_text(code, f.width) + ")";
}

std::string name_of(rounding mode) {
  return mode == rounding::nearest_even ? "nearest, ties to even" : "nearest, ties away from zero";
}

std::string name_of(overflow_result result) {
  switch (result) {
    case overflow_result::infinity:
      return "infinity";
    case overflow_result::nan:
      return "NaN";
    default:
      return "the largest finite value";
  }
}

/// The codes for which `is` holds: single codes, and runs of three or more as first to last.
template <class Predicate>
std::string codes_where(const scalar_view& f, Predicate is) {
  std::string text;
  for (std::uint32_t code = 0; code < code_count(f); ++code) {
    if (!is(f.decode(code))) {
      continue;
    }
    std::uint32_t last = code;
    while (last + 1 < code_count(f) && is(f.decode(last + 1))) {
      ++last;
    }
    text += (text.empty() ? "" : ", ") + code_text(code, f.width);
    if (last > code) {
      text += (last > code + 1 ? " to " : ", ") + code_text(last, f.width);
    }
    code = last;
  }
  return text.empty() ? "none" : text;
}

std::string fields_text(const scalar_view& f) {
  if (!f.fields) {
    return "sign 1; prefix, exponent and fraction share 7";
  }
  return (f.is_signed ? "sign 1, " : "no sign, ") + std::string("exponent ") +
         std::to_string(f.fields->exponent_bits) + ", fraction " + std::to_string(f.fields->fraction_bits);
}

std::string facts(const scalar_view& f) {
  const auto is_nan = [](double v) { return std::isnan(v); };
  const auto is_infinite = [](double v) { return std::isinf(v); };
  const auto is_negative_zero = [](double v) { return v == 0 && std::signbit(v); };
  markdown_table table({"Fact", f.name});
  table.add({"Bits", std::to_string(f.width) + ": " + fields_text(f)});
  if (f.fields) {
    table.add({"Exponent bias", std::to_string(f.fields->bias)});
  }
  table.add({"Largest finite value", value_and_code(f, f.max_finite)});
  table.add({"Smallest normal value", value_and_code(f, f.min_normal)});
  table.add({"Smallest positive value", value_and_code(f, f.min_positive)});
  table.add({"Significand bits at 1", std::to_string(f.digits)});
  table.add({"Zero", f.has_zero ? "00" : "none"});
  table.add({"Negative zero", codes_where(f, is_negative_zero)});
  table.add({"Infinities", codes_where(f, is_infinite)});
  table.add({"NaN", codes_where(f, is_nan)});
  table.add({"Native rounding", name_of(f.native_rounding)});
  table.add({"Native overflow", name_of(f.native_overflow)});
  table.add({"Conversion to float", f.exact_in_float ? "exact, implicit" : "explicit, rounded once"});
  return table.text();
}

/// Every code without the sign bit, eight to a row.
std::string codes(const scalar_view& f) {
  const std::uint32_t count = f.is_signed ? code_count(f) / 2 : code_count(f);
  markdown_table table({"Code", "+0", "+1", "+2", "+3", "+4", "+5", "+6", "+7"});
  for (std::uint32_t row = 0; row < count; row += 8) {
    std::vector<std::string> cells = {code_text(row, f.width)};
    for (std::uint32_t code = row; code < row + 8; ++code) {
      cells.push_back(value_text(f.decode(code)));
    }
    table.add(cells);
  }
  return table.text();
}

/// Chosen codes and their values.
std::string chosen_codes(const scalar_view& f, const std::vector<std::string>& words) {
  markdown_table table({"Code", "Value"});
  for (std::size_t i = 2; i < words.size(); ++i) {
    const auto code = static_cast<std::uint32_t>(std::stoul(words[i], nullptr, 16));
    table.add({code_text(code, f.width), value_text(f.decode(code))});
  }
  return table.text();
}

/// A code taken apart into its fields, and what they amount to.
std::vector<std::string> taken_apart(const scalar_view& f, std::uint32_t code) {
  if (!f.fields) {
    return hif8_taken_apart(code);
  }
  const auto [e_bits, f_bits, bias] = *f.fields;
  const std::string value = value_text(f.decode(code));
  std::string bits = f.is_signed ? bits_text(code, e_bits + f_bits, 1) + " " : "";
  bits += bits_text(code, f_bits, e_bits) + (f_bits > 0 ? std::string(" ") + bits_text(code, 0, f_bits) : "");
  if (!std::isfinite(f.decode(code))) {
    return {code_text(code, f.width), bits, "special", value};
  }
  const auto field = static_cast<int>(code >> f_bits & ((1U << e_bits) - 1));
  const std::uint32_t fraction = code & ((1U << f_bits) - 1);
  const bool negative = f.is_signed && code >> (f.width - 1) != 0;
  const bool subnormal = field == 0 && f.has_zero;
  const int power = (subnormal ? 1 : field) - bias;
  const double scale = std::ldexp(1.0, -f_bits);
  const std::string parts = std::to_string(fraction) + "/" + std::to_string(1U << f_bits);
  const std::string computation = std::string(negative ? "-" : "") + (subnormal ? "" : "(1 + ") + parts +
                                  (subnormal ? "" : ")") + " * 2^" + std::to_string(power);
  const double expected = std::ldexp((subnormal ? 0 : 1) + fraction * scale, power) * (negative ? -1 : 1);
  if (expected != f.decode(code)) {
    throw std::runtime_error(f.name + ": the formula of the page disagrees with the library");
  }
  return {code_text(code, f.width), bits, computation, value};
}

std::string decode_examples(const scalar_view& f, const std::vector<std::string>& words) {
  markdown_table table({"Code", "Bits", "Computation", "Value"});
  for (std::size_t i = 2; i < words.size(); ++i) {
    table.add(taken_apart(f, static_cast<std::uint32_t>(std::stoul(words[i], nullptr, 16))));
  }
  return table.text();
}

std::string encode_examples(const scalar_view& f, const std::vector<std::string>& words) {
  markdown_table table({"Float", "Bits of the float", "Code", "Value", "Saturating"});
  for (std::size_t i = 2; i < words.size(); ++i) {
    const float x = std::strtof(words[i].c_str(), nullptr);
    const auto bits = narrowfp::core::bit_cast<std::uint32_t>(x);
    const auto code = f.encode(double{x}, rounding::native, overflow::native);
    const auto saturated = f.encode(double{x}, rounding::native, overflow::saturate);
    table.add({decimal_text(x), code_text(bits, 32), code_text(code, f.width), value_text(f.decode(code)),
               code == saturated ? "the same" : code_and_value(f, saturated)});
  }
  return table.text();
}

struct named_input {
  std::string name;
  double value;
};

/// The inputs at which rounding modes and overflow policies part.
std::vector<named_input> telling_inputs(const scalar_view& f) {
  const double infinity = std::numeric_limits<double>::infinity();
  const double least = f.min_positive;
  std::vector<named_input> inputs;
  const double ulp = std::ldexp(1.0, f.ulp_exponent(0));
  inputs.push_back({"tie above 1", 1 + ulp / 2});
  inputs.push_back({"the next tie", 1 + 3 * ulp / 2});
  inputs.push_back({"its negative", -(1 + 3 * ulp / 2)});
  inputs.push_back({"half the smallest", least / 2});
  inputs.push_back({"a little more", least / 2 * (1 + 0x1p-20)});
  inputs.push_back({"its negative", -least / 2 * (1 + 0x1p-20)});
  const double top_ulp = std::ldexp(1.0, f.ulp_exponent(std::ilogb(f.max_finite)));
  inputs.push_back({"largest finite", f.max_finite});
  inputs.push_back({"half a spacing on", f.max_finite + top_ulp / 2});
  inputs.push_back({"a little more", f.max_finite + top_ulp / 2 + top_ulp * 0x1p-20});
  inputs.push_back({"its negative", -(f.max_finite + top_ulp / 2 + top_ulp * 0x1p-20)});
  inputs.push_back({"infinity", infinity});
  inputs.push_back({"-infinity", -infinity});
  inputs.push_back({"NaN", std::numeric_limits<double>::quiet_NaN()});
  return inputs;
}

/// The input's name, after its value where that is a round number.
std::string input_text(const named_input& input) {
  const std::string value = value_text(input.value);
  return value.size() > 9 || !std::isfinite(input.value) ? input.name : value + ": " + input.name;
}

std::string rounding_table(const scalar_view& f) {
  const bool even = f.native_rounding == rounding::nearest_even;
  const rounding other = even ? rounding::nearest_away : rounding::nearest_even;
  markdown_table table({"Input", "native", "native, saturate", even ? "nearest_away" : "nearest_even",
                        "toward_zero", "toward_positive", "toward_negative", "to_odd"});
  for (const named_input& input : telling_inputs(f)) {
    const auto cell = [&](rounding mode, overflow policy) {
      return code_and_value(f, f.encode(input.value, mode, policy));
    };
    table.add({input_text(input), cell(rounding::native, overflow::native),
               cell(rounding::native, overflow::saturate), cell(other, overflow::native),
               cell(rounding::toward_zero, overflow::native),
               cell(rounding::toward_positive, overflow::native),
               cell(rounding::toward_negative, overflow::native), cell(rounding::to_odd, overflow::native)});
  }
  return table.text();
}

/// The bits of a code from the top, and the field that each belongs to.
std::string layout(const scalar_view& f) {
  std::string numbers = "bit  ";
  std::string letters = "     ";
  for (int bit = f.width - 1; bit >= 0; --bit) {
    const std::string number = std::to_string(bit);
    const bool is_sign = f.is_signed && bit == f.width - 1;
    const char letter = is_sign ? 's' : bit >= f.fields->fraction_bits ? 'e' : 'f';
    numbers += std::string(number.size() < 2 ? 2 : 1, ' ') + number;
    letters += std::string("  ") + letter;
  }
  return "```\n" + numbers + "\n" + letters + "\n```\n";
}

}  // namespace

std::string scalar_section(const std::vector<std::string>& words) {
  if (words.size() < 2) {
    throw std::runtime_error("a section about a format names it");
  }
  const scalar_view& f = scalar_named(words[1]);
  const std::string& kind = words[0];
  if (kind == "layout") {
    return layout(f);
  }
  if (kind == "facts") {
    return facts(f);
  }
  if (kind == "codes") {
    return codes(f);
  }
  if (kind == "chosen") {
    return chosen_codes(f, words);
  }
  if (kind == "decode") {
    return decode_examples(f, words);
  }
  if (kind == "encode") {
    return encode_examples(f, words);
  }
  if (kind == "hybrid") {
    return hybrid_examples(words);
  }
  if (kind == "rounding") {
    return rounding_table(f);
  }
  throw std::runtime_error("there is no section of the kind " + kind);
}

}  // namespace docs
