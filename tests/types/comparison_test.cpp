// Comparison and hash over all pairs of codes (sampled above 8 bits).
#include <gtest/gtest.h>

#include <set>

#include "support/parameterised.hpp"
#include "support/report.hpp"

namespace {

using support::code;
using support::ordering;

ordering order_of(const oracle::number& a, const oracle::number& b) {
  const double x = to_double(a);
  const double y = to_double(b);
  return x < y ? ordering::less : x > y ? ordering::greater : x == y ? ordering::equal : ordering::unordered;
}

class Comparison : public support::format_suite {
 protected:
  code stride() const { return facts().width <= 8 ? 1 : facts().width <= 12 ? 11 : 257; }
};

TEST_P(Comparison, FollowsTheValues) {
  const oracle::format& f = facts();
  support::mismatches found(GetParam());
  for (code a = 0; a < f.values.size(); a += stride()) {
    for (code b = 0; b < f.values.size(); b += stride()) {
      const ordering want = order_of(f.values[a], f.values[b]);
      const auto context = [&] { return "codes " + support::hex(a, 2) + " and " + support::hex(b, 2); };
      found.expect_equal(static_cast<int>(subject().compare(a, b)), static_cast<int>(want), context);
      found.expect(subject().relations_agree(a, b, want), context);
    }
  }
}

TEST_P(Comparison, EqualValuesHashAlikeAndOthersDiffer) {
  const oracle::format& f = facts();
  std::set<double> values;
  std::set<std::size_t> hashes;
  for (code c = 0; c < f.values.size(); ++c) {
    if (f.values[c].kind != oracle::kind::nan) {
      values.insert(to_double(f.values[c]));  // a set of doubles takes -0 and +0 for the same
      hashes.insert(subject().hash(c));
    }
  }
  EXPECT_EQ(hashes.size(), values.size());
  if (f.has_negative_zero) {
    EXPECT_EQ(subject().hash(f.grid.front().code), subject().hash(f.grid.front().negative_code));
  }
}

SUPPORT_FOR_FORMATS(Comparison, support::value_types());

}  // namespace
