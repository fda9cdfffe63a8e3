// What the compiler computes is what the program computes: conversions and arithmetic, for every format.
#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <cstdint>

#include "support/formats_under_test.hpp"
#include "support/probe.hpp"
#include "support/report.hpp"

namespace {

using narrowfp::overflow;
using narrowfp::rounding;

constexpr std::uint32_t inputs[] = {
    0x00000000, 0x80000000, 0x00000001, 0x00400001, 0x33800000, 0xB4000001, 0x3A800000, 0x3B000001,
    0x3E000000, 0x3F7FFFFF, 0x3F880000, 0xBF980000, 0x40490FDB, 0xC0B00000, 0x417C0000, 0x43E80000,
    0x43E80001, 0x47200000, 0xC7700000, 0x7F7FFFFF, 0x7F800000, 0xFF800000, 0x7FA00001, 0xFFC12345,
};
constexpr rounding modes[] = {rounding::native,          rounding::nearest_even,    rounding::toward_zero,
                              rounding::toward_positive, rounding::toward_negative, rounding::to_odd,
                              rounding::stochastic,      rounding::hybrid};
constexpr std::uint32_t draw = 0xB504F333;

template <class T>
constexpr auto conversions() {
  std::array<std::uint32_t, std::size(inputs) * std::size(modes)> codes{};
  std::size_t at = 0;
  for (const std::uint32_t bits : inputs) {
    for (const rounding mode : modes) {
      const overflow policy = at % 2 == 0 ? overflow::native : overflow::saturate;
      codes[at++] = narrowfp::round_to<T>(std::bit_cast<float>(bits), mode, policy, draw).bits();
    }
  }
  return codes;
}

/// Codes spread over the whole range.
template <class T>
constexpr T spread(std::size_t i) {
  return T::from_bits(static_cast<typename T::code_type>(i * 0x9E3779B1U >> (32 - T::format::width)));
}
constexpr std::size_t operands = 12;

template <class T>
constexpr auto arithmetic() {
  std::array<std::uint32_t, operands * operands * 5> results{};
  std::size_t at = 0;
  for (std::size_t i = 1; i <= operands; ++i) {
    for (std::size_t j = 1; j <= operands; ++j) {
      const T a = spread<T>(i);
      const T b = spread<T>(j);
      results[at++] = (a + b).bits();
      results[at++] = (a - b).bits();
      results[at++] = (a * b).bits();
      results[at++] = (a / b).bits();
      results[at++] = static_cast<std::uint32_t>(a < b) + 2U * static_cast<std::uint32_t>(a == b);
    }
  }
  return results;
}

template <class T>
void expect_same_at_run_time(const std::string& name) {
  constexpr auto constant_conversions = conversions<T>();
  const support::probe& p = support::find_probe(name);
  support::mismatches found(name);
  std::size_t at = 0;
  for (const std::uint32_t bits : inputs) {
    for (const rounding mode : modes) {
      const overflow policy = at % 2 == 0 ? overflow::native : overflow::saturate;
      found.expect_equal(p.from_f32(bits, mode, policy, draw), constant_conversions[at++],
                         [&] { return support::describe(name, mode, policy, oracle::binary32, bits, draw); });
    }
  }
  constexpr auto constant_results = arithmetic<T>();
  at = 0;
  for (std::size_t i = 1; i <= operands; ++i) {
    for (std::size_t j = 1; j <= operands; ++j) {
      const support::code a = spread<T>(i).bits();
      const support::code b = spread<T>(j).bits();
      const auto context = [&] { return "codes " + support::hex(a, 2) + " and " + support::hex(b, 2); };
      found.expect_equal(p.add(a, b), constant_results[at++], context);
      found.expect_equal(p.subtract(a, b), constant_results[at++], context);
      found.expect_equal(p.multiply(a, b), constant_results[at++], context);
      found.expect_equal(p.divide(a, b), constant_results[at++], context);
      const auto order = p.compare(a, b);
      found.expect_equal(
          (order == support::ordering::less ? 1U : 0U) + (order == support::ordering::equal ? 2U : 0U),
          constant_results[at++], context);
    }
  }
}

#define DECLARE_TEST(type, name) \
  TEST(ConstantEvaluation, name) { expect_same_at_run_time<type>(#name); }
SUPPORT_FOR_EACH_TYPE(DECLARE_TEST)
#undef DECLARE_TEST

}  // namespace
