#include "text.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace docs {

namespace {

template <class Float>
std::string shortest(Float value) {
  char buffer[64];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
  return std::string(buffer, end);
}

/// Of UTF-8.
std::size_t characters(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

}  // namespace

std::string value_text(double value) {
  if (std::isnan(value)) {
    return "NaN";
  }
  if (std::isinf(value)) {
    return value < 0 ? "-inf" : "inf";
  }
  const double magnitude = std::fabs(value);
  // In this range the shortest decimal of a value with few significant bits is the exact one.
  if (magnitude == 0 || (magnitude >= 0x1p-8 && magnitude < 0x1p20)) {
    return shortest(value);
  }
  int exponent = 0;
  const double significand = 2 * std::frexp(magnitude, &exponent);
  std::string text = value < 0 ? "-" : "";
  if (significand != 1) {
    text += shortest(significand) + "*";
  }
  text += "2^" + std::to_string(exponent - 1);
  // An integer beyond that range whose digits are fewer, such as 8319008.
  if (magnitude < 0x1p53 && magnitude == std::floor(magnitude)) {
    const std::string digits = std::to_string(static_cast<long long>(value));
    return digits.size() < text.size() ? digits : text;
  }
  return text;
}

std::string decimal_text(float value) { return std::isnan(value) ? "NaN" : shortest(value); }

std::string code_text(std::uint32_t code, int width_bits) {
  constexpr const char* digits = "0123456789ABCDEF";
  std::string text;
  for (int low = (width_bits + 3) / 4 * 4 - 4; low >= 0; low -= 4) {
    text += digits[code >> low & 0xF];
  }
  return text;
}

std::string bits_text(std::uint32_t code, int low, int count) {
  std::string text;
  for (int bit = low + count - 1; bit >= low; --bit) {
    text += (code >> bit & 1) != 0 ? '1' : '0';
  }
  return text;
}

std::string markdown_table::text() const {
  std::vector<std::size_t> widths(rows_.front().size(), 3);
  for (const auto& row : rows_) {
    for (std::size_t c = 0; c < row.size(); ++c) {
      widths[c] = std::max(widths[c], characters(row[c]));
    }
  }
  std::string result;
  for (std::size_t r = 0; r < rows_.size(); ++r) {
    for (std::size_t c = 0; c < widths.size(); ++c) {
      result += "| " + rows_[r][c] + std::string(widths[c] - characters(rows_[r][c]) + 1, ' ');
    }
    result += "|\n";
    if (r == 0) {
      for (const std::size_t width : widths) {
        result.append(1, '|').append(width + 2, '-');
      }
      result += "|\n";
    }
  }
  return result;
}

}  // namespace docs
