// Truth tables of the predicates and the sign and neighbour functions, over every code.
#include <gtest/gtest.h>

#include <algorithm>

#include "support/parameterised.hpp"
#include "support/report.hpp"

namespace {

using oracle::kind;
using support::code;

class Functions : public support::format_suite {
 protected:
  std::string at(code c) const { return "code " + support::hex(c, 2); }
  bool is_nan(code c) const { return facts().values[c].kind == kind::nan; }
  code sign_bit() const { return code{1} << (facts().width - 1); }
  /// Zero and NaN have no sign in hif8 and FNUZ.
  code with_flipped_sign(code c) const {
    return facts().has_negative_zero || (c & (sign_bit() - 1)) != 0 ? c ^ sign_bit() : c;
  }
};

TEST_P(Functions, Predicates) {
  support::mismatches found(GetParam());
  for (code c = 0; c < facts().values.size(); ++c) {
    const oracle::number& value = facts().values[c];
    found.expect_equal(subject().is_nan(c), value.kind == kind::nan, [&] { return "isnan of " + at(c); });
    found.expect_equal(subject().is_inf(c), value.kind == kind::infinity,
                       [&] { return "isinf of " + at(c); });
    found.expect_equal(subject().is_finite(c), value.kind == kind::finite,
                       [&] { return "isfinite of " + at(c); });
    found.expect_equal(subject().sign_bit(c), value.negative, [&] { return "signbit of " + at(c); });
  }
}

TEST_P(Functions, UnaryMinusFlipsTheSignOrIsDeleted) {
  ASSERT_EQ(subject().negate != nullptr, facts().is_signed);
  if (!facts().is_signed) {
    return;
  }
  support::mismatches found(GetParam());
  for (code c = 0; c < facts().values.size(); ++c) {
    found.expect_equal(subject().negate(c), with_flipped_sign(c), [&] { return at(c); });
  }
}

TEST_P(Functions, Abs) {
  support::mismatches found(GetParam());
  for (code c = 0; c < facts().values.size(); ++c) {
    const code want = facts().values[c].negative ? with_flipped_sign(c) : c;
    found.expect_equal(subject().absolute(c), want, [&] { return at(c); });
  }
}

TEST_P(Functions, CopySign) {
  const code stride = facts().width <= 8 ? 1 : 257;
  support::mismatches found(GetParam());
  for (code a = 0; a < facts().values.size(); a += stride) {
    for (code b = 0; b < facts().values.size(); b += stride) {
      const bool differ = facts().values[a].negative != facts().values[b].negative;
      found.expect_equal(subject().copy_sign(a, b), facts().is_signed && differ ? with_flipped_sign(a) : a,
                         [&] { return at(a) + ", " + at(b); });
    }
  }
}

// The oracle's answer: the next entry of the sorted list of values, infinities included.
TEST_P(Functions, NextAfter) {
  const oracle::format& f = facts();
  std::vector<code> ascending;  // one code a value; +0 stands for both zeros
  for (code c = 0; c < f.values.size(); ++c) {
    if (!is_nan(c) && !(is_zero(f.values[c]) && f.values[c].negative)) {
      ascending.push_back(c);
    }
  }
  const auto value = [&](code c) { return to_double(f.values[c]); };
  std::sort(ascending.begin(), ascending.end(), [&](code a, code b) { return value(a) < value(b); });
  const code stride = f.width <= 8 ? 1 : f.width <= 12 ? 29 : 521;
  support::mismatches found(GetParam());
  for (code from = 0; from < f.values.size(); from += from < 4 ? 1 : stride) {
    for (code to = 0; to < f.values.size(); to += to < 4 ? 1 : stride) {
      const code got = subject().next_after(from, to);
      const auto context = [&] { return at(from) + " toward " + at(to); };
      if (is_nan(from) || is_nan(to)) {
        found.expect(is_nan(got), context);
        continue;
      }
      code want = to;
      if (value(from) != value(to)) {
        const auto here = std::lower_bound(ascending.begin(), ascending.end(), value(from),
                                           [&](code c, double v) { return value(c) < v; });
        want = value(from) < value(to) ? *(here + 1) : *(here - 1);
        // As in IEEE 754, a step to zero keeps the sign of where it came from.
        want = f.values[from].negative && is_zero(f.values[want]) ? f.grid.front().negative_code : want;
      }
      found.expect_equal(got, want, context);
    }
  }
}

SUPPORT_FOR_FORMATS(Functions, support::value_types());

}  // namespace
