// Exact non-negative numbers significand * 2^exponent. An operation whose result does not fit throws, so
// that nothing decided with them can be inexact.
#pragma once

#include <compare>
#include <cstdint>

#include "uint128.hpp"

namespace oracle {

#if defined(__SIZEOF_INT128__)
__extension__ using u128 = unsigned __int128;
#else
using u128 = uint128;
#endif

struct dyadic {
  u128 significand = 0;
  int exponent = 0;
};

/// Number of bits up to and including the leading one; 0 for 0.
int bit_length(u128 x);

/// The binade of x > 0: b with 2^b <= x < 2^(b+1).
int binade_of(const dyadic& x);

std::strong_ordering compare(const dyadic& a, const dyadic& b);
inline bool operator==(const dyadic& a, const dyadic& b) { return compare(a, b) == 0; }
inline std::strong_ordering operator<=>(const dyadic& a, const dyadic& b) { return compare(a, b); }

dyadic operator+(const dyadic& a, const dyadic& b);
/// Needs a >= b.
dyadic operator-(const dyadic& a, const dyadic& b);
dyadic operator*(const dyadic& a, const dyadic& b);

/// x * 2^n.
dyadic scaled(const dyadic& x, int n);

/// The nearest double; exact for every value that a narrow format or a double holds.
double to_double(const dyadic& x);

}  // namespace oracle
