#include "dyadic.hpp"

#include <cmath>
#include <stdexcept>

namespace oracle {
namespace {

u128 shifted_left(u128 x, int n) {
  if (x == 0) {
    return 0;
  }
  if (n < 0 || bit_length(x) + n > 127) {
    throw std::overflow_error("oracle::dyadic: the exact result does not fit");
  }
  return x << n;
}

}  // namespace

int bit_length(u128 x) {
  const auto high = static_cast<std::uint64_t>(x >> 64);
  const auto low = static_cast<std::uint64_t>(x);
  if (high != 0) {
    return 128 - __builtin_clzll(high);
  }
  return low == 0 ? 0 : 64 - __builtin_clzll(low);
}

int binade_of(const dyadic& x) { return x.exponent + bit_length(x.significand) - 1; }

std::strong_ordering compare(const dyadic& a, const dyadic& b) {
  if (a.significand == 0 || b.significand == 0) {
    return (a.significand != 0) <=> (b.significand != 0);
  }
  if (binade_of(a) != binade_of(b)) {
    return binade_of(a) <=> binade_of(b);
  }
  const u128 top_a = a.significand << (128 - bit_length(a.significand));
  const u128 top_b = b.significand << (128 - bit_length(b.significand));
  return top_a < top_b   ? std::strong_ordering::less
         : top_a > top_b ? std::strong_ordering::greater
                         : std::strong_ordering::equal;
}

dyadic operator+(const dyadic& a, const dyadic& b) {
  if (a.significand == 0 || b.significand == 0) {
    return a.significand == 0 ? b : a;
  }
  const int exponent = a.exponent < b.exponent ? a.exponent : b.exponent;
  return {
      shifted_left(a.significand, a.exponent - exponent) + shifted_left(b.significand, b.exponent - exponent),
      exponent};
}

dyadic operator-(const dyadic& a, const dyadic& b) {
  if (b.significand == 0) {
    return a;
  }
  if (a < b) {
    throw std::domain_error("oracle::dyadic: negative difference");
  }
  const int exponent = a.exponent < b.exponent ? a.exponent : b.exponent;
  return {
      shifted_left(a.significand, a.exponent - exponent) - shifted_left(b.significand, b.exponent - exponent),
      exponent};
}

dyadic operator*(const dyadic& a, const dyadic& b) {
  if (bit_length(a.significand) + bit_length(b.significand) > 128) {
    throw std::overflow_error("oracle::dyadic: the exact product does not fit");
  }
  return {a.significand * b.significand, a.exponent + b.exponent};
}

dyadic scaled(const dyadic& x, int n) { return {x.significand, x.exponent + n}; }

double to_double(const dyadic& x) { return std::ldexp(static_cast<double>(x.significand), x.exponent); }

}  // namespace oracle
