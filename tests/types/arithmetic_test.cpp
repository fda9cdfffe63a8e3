// T op T is the exact result rounded once: all pairs of codes up to 8 bits, sampled pairs above.
#include <gtest/gtest.h>

#include "support/parameterised.hpp"
#include "support/report.hpp"

namespace {

using oracle::operation;
using support::code;

class Arithmetic : public support::format_suite {
 protected:
  void check(operation op, support::binary_function compute, const char* symbol) const {
    const oracle::format& f = facts();
    support::mismatches found(GetParam());
    // 16-bit formats: both operands at strides that are coprime with the number of codes.
    const code stride_a = f.width <= 8 ? 1 : f.width <= 12 ? 11 : 257;
    const code stride_b = f.width <= 8 ? 1 : f.width <= 12 ? 13 : 263;
    for (code a = 0; a < f.values.size(); a += stride_a) {
      for (code b = 0; b < f.values.size(); b += stride_b) {
        const oracle::number exact = oracle::exact(op, f.values[a], f.values[b]);
        const code got = compute(a, b);
        const auto context = [&] {
          return support::hex(a, 2) + ' ' + symbol + ' ' + support::hex(b, 2) + " (" +
                 std::to_string(to_double(f.values[a])) + ' ' + symbol + ' ' +
                 std::to_string(to_double(f.values[b])) + ")";
        };
        if (exact.kind == oracle::kind::nan && f.has_nan && f.width > 8) {
          // Of a NaN operand's result only the sign is prescribed, not the payload.
          const oracle::number& value = f.values[got];
          const oracle::number& canonical = f.values[f.nan_code(f, exact.negative, 0)];
          found.expect(value.kind == oracle::kind::nan && value.negative == canonical.negative, context);
        } else {
          found.expect_equal(got, oracle::encode(f, exact, f.native, oracle::policy::native), context);
        }
      }
    }
  }
};

TEST_P(Arithmetic, Sum) { check(operation::add, subject().add, "+"); }
TEST_P(Arithmetic, Difference) { check(operation::subtract, subject().subtract, "-"); }
TEST_P(Arithmetic, Product) { check(operation::multiply, subject().multiply, "*"); }
TEST_P(Arithmetic, Quotient) { check(operation::divide, subject().divide, "/"); }

SUPPORT_FOR_FORMATS(Arithmetic, support::value_types());

}  // namespace
