// Stochastic rounding as a law: exact in the mean over all draws, monotone in the draw, exact values never
// move.
#include <gtest/gtest.h>

#include <bit>
#include <cstdint>

#include "support/inputs.hpp"
#include "support/parameterised.hpp"
#include "support/report.hpp"

namespace {

using narrowfp::overflow;
using narrowfp::rounding;
using oracle::dyadic;

class Stochastic : public support::format_suite {
 protected:
  support::code draw(double x, std::uint32_t random_bits) const {
    return subject().from_f64(std::bit_cast<std::uint64_t>(x), rounding::stochastic, overflow::native,
                              random_bits);
  }
};

// A discarded fraction of 8 bits is decided by the leading 8 random bits, whose 256 values are a full sweep:
// the mean of the results must be the input itself, not just near it.
TEST_P(Stochastic, MeanOverAFullSweepIsTheInput) {
  const oracle::format& f = facts();
  support::mismatches found(GetParam());
  const std::size_t stride = support::stride_for(f);
  for (std::size_t i = 0; i + 1 < f.grid.size(); i += stride) {
    const dyadic low = f.grid[i].magnitude;
    const dyadic gap = f.grid[i + 1].magnitude - low;
    for (const std::uint32_t eighths : {1U, 77U, 128U, 200U, 255U}) {
      const double x = to_double(low + gap * dyadic{eighths, -8});
      std::uint32_t ups = 0;
      bool neighbours_only = true;
      for (std::uint32_t leading = 0; leading < 256; ++leading) {
        const support::code got = draw(x, leading << 24);
        ups += got == f.grid[i + 1].code ? 1U : 0U;
        neighbours_only = neighbours_only && (got == f.grid[i].code || got == f.grid[i + 1].code);
      }
      found.expect(neighbours_only && ups == eighths, [&] {
        return support::show(oracle::binary64, std::bit_cast<std::uint64_t>(x)) + ": went up " +
               std::to_string(ups) + " times of 256, want " + std::to_string(eighths);
      });
    }
  }
}

TEST_P(Stochastic, ExactValuesNeverMove) {
  const oracle::format& f = facts();
  support::mismatches found(GetParam());
  for (const oracle::grid_point& point : f.grid) {
    const double x = to_double(point.magnitude);
    for (const std::uint32_t random_bits : {0U, 1U, 0x80000000U, 0xFFFFFFFFU}) {
      found.expect_equal(draw(x, random_bits), point.code,
                         [&] { return "code " + support::hex(point.code, 2); });
      if (f.is_signed) {
        found.expect_equal(draw(-x, random_bits), point.negative_code,
                           [&] { return "code " + support::hex(point.negative_code, 2); });
      }
    }
  }
}

TEST_P(Stochastic, RandomBitsMatterInNoOtherMode) {
  support::mismatches found(GetParam());
  const std::size_t stride = 8 * support::stride_for(facts());
  for (const std::uint64_t bits : support::boundary_inputs(facts(), oracle::binary32, stride)) {
    for (const rounding mode : support::deterministic_modes) {
      found.expect_equal(
          subject().from_f32(bits, mode, overflow::native, 0xFFFFFFFF),
          subject().from_f32(bits, mode, overflow::native, 0),
          [&] { return support::describe(GetParam(), mode, overflow::native, oracle::binary32, bits); });
    }
  }
}

SUPPORT_FOR_FORMATS(Stochastic, support::encodable_formats());

}  // namespace
