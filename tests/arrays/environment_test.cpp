// The floating-point environment changes no result: rounding direction, flush-to-zero, denormals-are-zero.
#include <gtest/gtest.h>

#include <cfenv>
#include <functional>
#if defined(__SSE2__)
#include <xmmintrin.h>
#endif

#include "support/array_probe.hpp"
#include "support/inputs.hpp"
#include "support/parameterised.hpp"
#include "support/report.hpp"

namespace {

using narrowfp::isa;
using narrowfp::rounding;
using support::bit_vector;
using support::scalar;

struct environment {
  const char* name;
  int direction;
  bool flushes_subnormals;
};
constexpr environment environments[] = {
    {"flush to zero", FE_TONEAREST, true},
    {"round upward", FE_UPWARD, false},
    {"round downward", FE_DOWNWARD, false},
    {"round toward zero, flush to zero", FE_TOWARDZERO, true},
};

/// Calls f in that environment and restores the default one.
void in_environment(const environment& e, const std::function<void()>& f) {
  std::fesetround(e.direction);
#if defined(__SSE2__)
  constexpr unsigned flush_results_and_operands = 0x8040;
  const unsigned before = _mm_getcsr();
  _mm_setcsr(before | (e.flushes_subnormals ? flush_results_and_operands : 0));
#endif
  f();
#if defined(__SSE2__)
  _mm_setcsr(before);
#endif
  std::fesetround(FE_TONEAREST);
}

class ArrayEnvironment : public support::format_suite {
 protected:
  const support::array_probe& arrays() const { return support::find_array_probe(GetParam()); }

  /// run(use) must give the same bits in every environment.
  template <class Run>
  void check(const std::string& what, Run run) const {
    for (const isa use : support::available_isas()) {
      support::mismatches found(GetParam() + ", " + what + ", " + narrowfp::isa_name(use));
      const bit_vector want = run(use);
      for (const environment& e : environments) {
        bit_vector got;
        in_environment(e, [&] { got = run(use); });
        for (std::size_t i = 0; i < want.size(); ++i) {
          found.expect_equal(got[i], want[i],
                             [&] { return std::string(e.name) + ", element " + std::to_string(i); });
        }
      }
    }
  }
};

TEST_P(ArrayEnvironment, Pack) {
  const std::size_t stride = 4 * support::stride_for(facts());
  for (const scalar source : support::all_scalars) {
    const oracle::source_layout& layout = support::layout_of(source);
    const bit_vector inputs = support::boundary_inputs(facts(), layout, stride);
    for (const float scale : {1.0F, 2.0F, 0.1F, 0x1p-120F}) {
      for (const rounding mode : {rounding::native, rounding::toward_positive, rounding::stochastic}) {
        const std::string what = std::string("pack from ") + layout.name + ", " + support::name_of(mode) +
                                 ", scale " + std::to_string(scale);
        check(what, [&](isa use) {
          return arrays().pack(source, inputs, {.round = mode, .scale = scale, .seed = 3, .use = use});
        });
      }
    }
  }
}

TEST_P(ArrayEnvironment, Unpack) {
  bit_vector codes;
  for (std::uint64_t code = 0; code < facts().values.size(); code += facts().width <= 12 ? 1U : 37U) {
    codes.push_back(code);
  }
  for (const scalar target : support::all_scalars) {
    for (const float scale : {1.0F, 0.1F, 0x1p-120F, 0x1p120F}) {
      const std::string what =
          std::string("unpack to ") + support::layout_of(target).name + ", scale " + std::to_string(scale);
      check(what, [&](isa use) { return arrays().unpack(target, codes, {.scale = scale, .use = use}); });
    }
  }
}

TEST_P(ArrayEnvironment, OneValueAtATime) {
  const oracle::format& f = facts();
  const support::probe& p = subject();
  const bit_vector inputs = support::boundary_inputs(f, oracle::binary32, 8 * support::stride_for(f));
  const auto run = [&] {
    bit_vector results;
    for (const std::uint64_t bits : inputs) {
      results.push_back(p.from_f32(bits, rounding::native, narrowfp::overflow::native, 0));
    }
    const auto codes = static_cast<support::code>(f.values.size());
    const support::code step = f.width <= 8 ? 7 : 1021;
    for (support::code a = 0; a < codes; a += step) {
      results.push_back(p.to_f32(a));  // what becomes of the float is the caller's affair
      for (support::code b = 0; b < codes; b += step) {
        for (const auto operation : {p.add, p.subtract, p.multiply, p.divide, p.next_after}) {
          results.push_back(operation(a, b));
        }
        results.push_back(static_cast<std::uint64_t>(p.compare(a, b)));
      }
    }
    return results;
  };
  support::mismatches found(GetParam());
  const bit_vector want = run();
  for (const environment& e : environments) {
    bit_vector got;
    in_environment(e, [&] { got = run(); });
    for (std::size_t i = 0; i < want.size(); ++i) {
      found.expect_equal(got[i], want[i],
                         [&] { return std::string(e.name) + ", result " + std::to_string(i); });
    }
  }
}

SUPPORT_FOR_FORMATS(ArrayEnvironment, support::array_types());

}  // namespace
