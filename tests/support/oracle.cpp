#include "oracle.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace oracle {

number finite(dyadic magnitude, bool negative) { return {kind::finite, negative, magnitude, {1, 0}, 0}; }
number infinity(bool negative) { return {kind::infinity, negative, {}, {1, 0}, 0}; }
number nan(bool negative, std::uint64_t payload) { return {kind::nan, negative, {}, {1, 0}, payload}; }

bool is_zero(const number& x) { return x.kind == kind::finite && x.numerator.significand == 0; }

double to_double(const number& x) {
  const double magnitude = x.kind == kind::nan        ? std::numeric_limits<double>::quiet_NaN()
                           : x.kind == kind::infinity ? std::numeric_limits<double>::infinity()
                                                      : to_double(x.numerator) / to_double(x.denominator);
  return std::copysign(magnitude, x.negative ? -1.0 : 1.0);
}

void format::index_values() {
  for (std::uint32_t code = 0; code < values.size(); ++code) {
    const number& x = values[code];
    if (x.kind == kind::nan) {
      has_nan = true;
    } else if (x.kind == kind::infinity) {
      has_infinity = true;
      infinity_code[x.negative ? 1 : 0] = code;
    } else if (!x.negative) {
      grid.push_back({x.numerator, code, code});
    }
  }
  std::sort(grid.begin(), grid.end(), [](const auto& a, const auto& b) { return a.magnitude < b.magnitude; });
  for (std::uint32_t code = 0; code < values.size(); ++code) {
    const number& x = values[code];
    if (x.kind == kind::finite && x.negative) {
      const auto at = std::lower_bound(grid.begin(), grid.end(), x.numerator,
                                       [](const auto& point, const auto& v) { return point.magnitude < v; });
      if (at != grid.end() && at->magnitude == x.numerator) {
        at->negative_code = code;
        has_negative_zero = has_negative_zero || is_zero(x);
      }
    }
  }
  // What makes "even" and "odd" well defined: of two neighbours exactly one has an even code.
  for (std::size_t i = 0; i + 1 < grid.size(); ++i) {
    if (grid[i].magnitude == grid[i + 1].magnitude || (grid[i].code & 1) == (grid[i + 1].code & 1)) {
      throw std::logic_error("oracle: the codes of " + name + " do not alternate");
    }
  }
  if (!(grid.back().magnitude < beyond)) {
    throw std::logic_error("oracle: wrong value beyond the largest one of " + name);
  }
}

namespace {

std::uint32_t overflowed(const format& f, bool negative, bool to_largest) {
  if (!to_largest && f.on_overflow == overflow_target::infinity) {
    return f.infinity_code[negative ? 1 : 0];
  }
  if (!to_largest && f.on_overflow == overflow_target::nan) {
    return f.nan_code(f, negative, 0);
  }
  return negative ? f.largest().negative_code : f.largest().code;
}

bool must_not_round_outward(mode m, bool negative) {
  return m == mode::toward_zero || m == mode::to_odd || (m == mode::toward_positive && negative) ||
         (m == mode::toward_negative && !negative);
}

/// Orders the magnitude of x and a number of the grid.
std::strong_ordering compare_magnitude(const number& x, const dyadic& value) {
  return compare(x.numerator, value * x.denominator);
}

/// Whether low < |x| < high goes to high.
bool goes_up(const number& x, const dyadic& low, const dyadic& high, bool low_is_even, mode m,
             std::uint32_t random_bits) {
  switch (m) {
    case mode::nearest_even:
    case mode::nearest_away: {
      const auto to_middle = compare_magnitude(x, scaled(low + high, -1));
      return to_middle > 0 || (to_middle == 0 && (m == mode::nearest_away || !low_is_even));
    }
    case mode::toward_zero:
      return false;
    case mode::toward_positive:
      return !x.negative;
    case mode::toward_negative:
      return x.negative;
    case mode::to_odd:
      return low_is_even;
    case mode::stochastic: {
      // floor(delta * 2^32) + r >= 2^32 just where delta >= (2^32 - r) / 2^32.
      const std::uint64_t missing = (std::uint64_t{1} << 32) - random_bits;
      return compare_magnitude(x, low + (high - low) * dyadic{missing, -32}) >= 0;
    }
  }
  throw std::logic_error("oracle: unknown mode");
}

}  // namespace

std::uint32_t encode(const format& f, const number& x, mode m, policy p, std::uint32_t random_bits) {
  const bool saturate = p == policy::saturate;
  if (x.kind == kind::nan) {
    return f.has_nan ? f.nan_code(f, x.negative, x.payload) : f.largest().code;
  }
  if (!f.is_signed && x.negative && !is_zero(x)) {
    return f.has_nan && !saturate ? f.nan_code(f, false, 0) : 0;
  }
  const bool negative = x.negative && f.is_signed;
  if (x.kind == kind::infinity) {
    return overflowed(f, negative, saturate);
  }
  const auto code_of = [&](const grid_point& point) { return negative ? point.negative_code : point.code; };
  if (!f.has_zero() && compare_magnitude(x, f.grid.front().magnitude) <= 0) {
    return code_of(f.grid.front());
  }
  const auto above = std::partition_point(f.grid.begin(), f.grid.end(), [&](const grid_point& point) {
    return compare_magnitude(x, point.magnitude) >= 0;
  });
  const grid_point& low = *(above - 1);
  if (compare_magnitude(x, low.magnitude) == 0) {
    return code_of(low);
  }
  const bool at_end = above == f.grid.end();
  const bool past_the_end = at_end && compare_magnitude(x, f.beyond) >= 0;
  const bool up = past_the_end || goes_up(x, low.magnitude, at_end ? f.beyond : above->magnitude,
                                          (low.code & 1) == 0, m, random_bits);
  if (up && at_end) {
    return overflowed(f, negative, saturate || must_not_round_outward(m, negative));
  }
  return code_of(up ? *above : low);
}

namespace {

/// a + b. Where b is more than 100 binades below a only its sign can matter, since every value and every
/// midpoint of a format of 16 bits or fewer is a itself or further than 2^-30 a from it; b is then
/// replaced by a nearer number of its sign, so that the sum fits.
number exact_sum(number a, number b) {
  if (compare(a.numerator, b.numerator) < 0) {
    std::swap(a, b);
  }
  if (is_zero(b)) {
    return is_zero(a) ? finite({}, a.negative && b.negative) : a;
  }
  if (binade_of(a.numerator) - binade_of(b.numerator) > 100) {
    b.numerator = {1, binade_of(a.numerator) - 100};
  }
  if (a.negative == b.negative) {
    return finite(a.numerator + b.numerator, a.negative);
  }
  const dyadic difference = a.numerator - b.numerator;
  return finite(difference, difference.significand != 0 && a.negative);
}

number exact_product(const number& a, const number& b) {
  const bool negative = a.negative != b.negative;
  if (a.kind == kind::infinity || b.kind == kind::infinity) {
    return is_zero(a) || is_zero(b) ? nan() : infinity(negative);
  }
  return finite(a.numerator * b.numerator, negative);
}

number exact_quotient(const number& a, const number& b) {
  const bool negative = a.negative != b.negative;
  if (a.kind == kind::infinity || is_zero(b)) {
    const bool invalid = a.kind == b.kind && (a.kind == kind::infinity || is_zero(a));
    return invalid ? nan() : infinity(negative);
  }
  if (b.kind == kind::infinity) {
    return finite({}, negative);
  }
  return {kind::finite, negative, a.numerator, b.numerator, 0};
}

}  // namespace

number exact(operation op, const number& a, const number& b) {
  if (a.kind == kind::nan || b.kind == kind::nan) {
    return nan(a.kind == kind::nan ? a.negative : b.negative);
  }
  if (op == operation::multiply) {
    return exact_product(a, b);
  }
  if (op == operation::divide) {
    return exact_quotient(a, b);
  }
  number addend = b;
  addend.negative = b.negative != (op == operation::subtract);
  if (a.kind == kind::infinity && b.kind == kind::infinity) {
    return a.negative == addend.negative ? a : nan();
  }
  if (a.kind == kind::infinity || b.kind == kind::infinity) {
    return a.kind == kind::infinity ? a : addend;
  }
  return exact_sum(a, addend);
}

number source_layout::decode(std::uint64_t bits) const {
  const bool negative = (bits & sign_bit()) != 0;
  const std::uint64_t magnitude = bits & (sign_bit() - 1);
  const std::uint64_t fraction = magnitude & ((std::uint64_t{1} << fraction_bits) - 1);
  if (magnitude > infinity()) {
    return nan(negative, fraction << (64 - fraction_bits));
  }
  if (magnitude == infinity()) {
    return oracle::infinity(negative);
  }
  const int field = static_cast<int>(magnitude >> fraction_bits);
  const int bias = (1 << (exponent_bits - 1)) - 1;
  const std::uint64_t hidden = field == 0 ? 0 : std::uint64_t{1} << fraction_bits;
  return finite({fraction + hidden, (field == 0 ? 1 : field) - bias - fraction_bits}, negative);
}

std::uint64_t source_layout::at_or_below(const dyadic& x) const {
  std::uint64_t low = 0;
  std::uint64_t high = infinity();
  while (high - low > 1) {
    const std::uint64_t middle = low + (high - low) / 2;
    (compare(decode(middle).numerator, x) <= 0 ? low : high) = middle;
  }
  return low;
}

}  // namespace oracle
