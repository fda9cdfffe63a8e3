#include "exact_text.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace support {

namespace {

/// A natural number of any size, the lowest limb first, without leading zeros.
using natural = std::vector<std::uint32_t>;

natural from_u128(oracle::u128 x) {
  natural result;
  for (; x != oracle::u128{0}; x = x >> 32) {
    result.push_back(static_cast<std::uint32_t>(static_cast<std::uint64_t>(x)));
  }
  return result;
}

void multiply_add(natural& x, std::uint32_t factor, std::uint32_t addend) {
  std::uint64_t carry = addend;
  for (std::uint32_t& limb : x) {
    carry += std::uint64_t{limb} * factor;
    limb = static_cast<std::uint32_t>(carry);
    carry >>= 32;
  }
  if (carry != 0) {
    x.push_back(static_cast<std::uint32_t>(carry));
  }
}

natural product(const natural& a, const natural& b) {
  natural result(a.size() + b.size() + 1, 0);
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::uint64_t carry = 0;
    for (std::size_t j = 0; j < b.size() || carry != 0; ++j) {
      carry += result[i + j] + (j < b.size() ? std::uint64_t{a[i]} * b[j] : 0);
      result[i + j] = static_cast<std::uint32_t>(carry);
      carry >>= 32;
    }
  }
  while (!result.empty() && result.back() == 0) {
    result.pop_back();
  }
  return result;
}

natural power(std::uint32_t base, long n) {
  natural result = {1};
  for (long i = 0; i < n; ++i) {
    multiply_add(result, base, 0);
  }
  return result;
}

bool is_below(const natural& a, const natural& b) {
  return a.size() != b.size() ? a.size() < b.size()
                              : std::lexicographical_compare(a.rbegin(), a.rend(), b.rbegin(), b.rend());
}

/// numerator / denominator * 2^exponent.
struct rational {
  natural numerator;
  natural denominator = {1};
  long exponent = 0;
};

/// -1, 0 or 1 as x is below, equal to or above y.
int compare(const rational& x, const oracle::dyadic& y) {
  natural left = x.numerator;
  natural right = product(from_u128(y.significand), x.denominator);
  const long shift = x.exponent - y.exponent;
  natural& shifted = shift >= 0 ? left : right;
  shifted = product(shifted, power(2, std::abs(shift)));
  return is_below(left, right) ? -1 : is_below(right, left) ? 1 : 0;
}

/// An exponent of a text; far beyond every format where it is too long for a number.
long exponent_of(std::string_view text) {
  const bool negative = !text.empty() && text.front() == '-';
  long exponent = 0;
  for (const char c : text) {
    if (c >= '0' && c <= '9') {
      exponent = std::min(10 * exponent + (c - '0'), 4000L);
    }
  }
  return negative ? -exponent : exponent;
}

rational magnitude_of(std::string_view text) {
  const bool hexadecimal = text.size() >= 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
  const std::uint32_t base = hexadecimal ? 16 : 10;
  rational x;
  long behind_point = 0;
  bool pointed = false;
  std::size_t at = hexadecimal ? 2 : 0;
  for (; at < text.size(); ++at) {
    const char c = static_cast<char>(std::tolower(static_cast<unsigned char>(text[at])));
    if (c == '.') {
      pointed = true;
    } else if ((c >= '0' && c <= '9') || (hexadecimal && c >= 'a' && c <= 'f')) {
      multiply_add(x.numerator, base, static_cast<std::uint32_t>(c <= '9' ? c - '0' : c - 'a' + 10));
      behind_point += pointed ? 1 : 0;
    } else {
      break;
    }
  }
  const long exponent = at < text.size() ? exponent_of(text.substr(at + 1)) : 0;
  if (hexadecimal) {
    x.exponent = exponent - 4 * behind_point;
    return x;
  }
  const long tens = exponent - behind_point;
  (tens >= 0 ? x.numerator : x.denominator) =
      product(tens >= 0 ? x.numerator : x.denominator, power(5, std::abs(tens)));
  x.exponent = tens;
  return x;
}

/// Where rounding can change: 0, every value, every middle between neighbours, and the end.
std::vector<oracle::dyadic> boundaries_of(const oracle::format& f) {
  std::vector<oracle::dyadic> list;
  list.push_back({});
  const oracle::dyadic* before = nullptr;
  for (const oracle::grid_point& point : f.grid) {
    if (before != nullptr) {
      list.push_back(oracle::scaled(*before + point.magnitude, -1));
    }
    list.push_back(point.magnitude);
    before = &point.magnitude;
  }
  list.push_back(oracle::scaled(*before + f.beyond, -1));
  list.push_back(f.beyond);
  list.erase(std::unique(list.begin(), list.end()), list.end());
  return list;
}

}  // namespace

std::uint32_t encode_text(const oracle::format& f, std::string_view text) {
  const bool negative = text.starts_with('-');
  text.remove_prefix(negative ? 1 : 0);
  const auto encode = [&](const oracle::number& x) {
    return oracle::encode(f, x, f.native, oracle::policy::native);
  };
  const char initial = static_cast<char>(std::tolower(static_cast<unsigned char>(text.at(0))));
  if (initial == 'n' || initial == 'i') {
    return encode(initial == 'n' ? oracle::nan(negative) : oracle::infinity(negative));
  }
  static std::map<std::string, std::vector<oracle::dyadic>> known;
  std::vector<oracle::dyadic>& boundaries = known[f.name];
  if (boundaries.empty()) {
    boundaries = boundaries_of(f);
  }
  const rational x = magnitude_of(text);
  const auto above = std::partition_point(boundaries.begin(), boundaries.end(),
                                          [&](const oracle::dyadic& b) { return compare(x, b) >= 0; });
  const oracle::dyadic& below = *(above - 1);
  if (above == boundaries.end() || compare(x, below) == 0) {
    return encode(oracle::finite(below, negative));
  }
  // Any number strictly between the same boundaries has the same code.
  return encode(oracle::finite(oracle::scaled(below + *above, -1), negative));
}

}  // namespace support
