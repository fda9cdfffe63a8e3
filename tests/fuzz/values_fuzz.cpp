// Values of every scalar format: conversion from and to every source in every mode, arithmetic, comparison,
// against the exact oracle.
#include <cmath>
#include <map>

#include "fuzz.hpp"
#include "support/inputs.hpp"
#include "support/report.hpp"

namespace {

using narrowfp::overflow;
using narrowfp::rounding;

struct source {
  const oracle::source_layout* layout;
  support::convert_function support::probe::*convert;
};
constexpr source sources[] = {{&oracle::binary32, &support::probe::from_f32},
                              {&oracle::binary64, &support::probe::from_f64},
                              {&oracle::binary16, &support::probe::from_f16},
                              {&oracle::brain16, &support::probe::from_bf16}};

/// A source's bits: any, or near a boundary of the format.
std::uint64_t source_bits(fuzz::bytes& in, const oracle::format& f, const source& from) {
  const std::uint64_t mask = ~std::uint64_t{0} >> (64 - from.layout->width());
  if (in.flag()) {
    return in.take<std::uint64_t>() & mask;
  }
  static std::map<std::pair<std::string, const void*>, std::vector<std::uint64_t>> known;
  auto& boundaries = known[{f.name, from.layout}];
  if (boundaries.empty()) {
    boundaries = support::boundary_inputs(f, *from.layout, support::stride_for(f));
  }
  const std::uint64_t place = in.take<std::uint32_t>() % boundaries.size();
  return (boundaries[place] + in.below(9) - 4) & mask;
}

void check_conversion(fuzz::bytes& in, const support::probe& subject, const oracle::format& f) {
  const source& from = sources[in.below(std::size(sources))];
  const std::uint64_t bits = source_bits(in, f, from);
  const auto mode = static_cast<rounding>(in.below(static_cast<std::size_t>(rounding::hybrid)));
  const auto policy = static_cast<overflow>(in.below(2));
  const auto random_bits = in.take<std::uint32_t>();
  const auto want = oracle::encode(f, from.layout->decode(bits), support::oracle_mode(mode, f),
                                   support::oracle_policy(policy), random_bits);
  fuzz::require((subject.*from.convert)(bits, mode, policy, random_bits) == want,
                [&] { return support::describe(f.name, mode, policy, *from.layout, bits, random_bits); });
}

void check_hybrid(fuzz::bytes& in) {
  static const support::probe& hif8 = support::find_probe("hif8");
  const auto policy = static_cast<overflow>(in.below(2));
  const auto bits = in.take<std::uint32_t>();
  const auto low = static_cast<std::uint16_t>(bits);
  const auto wanted = support::oracle_policy(policy);
  fuzz::require(hif8.from_f32(bits, rounding::hybrid, policy, 0) ==
                        oracle::encode_hybrid_f32(hif8.facts(), bits, wanted) &&
                    hif8.from_f16(low, rounding::hybrid, policy, 0) ==
                        oracle::encode_hybrid_f16(hif8.facts(), low, wanted) &&
                    hif8.from_bf16(low, rounding::hybrid, policy, 0) ==
                        oracle::encode_hybrid_bf16(hif8.facts(), low, wanted),
                [&] { return "hybrid of " + support::hex(bits, 8); });
}

void check_integers(fuzz::bytes& in, const support::probe& subject, const oracle::format& f) {
  const auto bits = in.take<std::uint64_t>() >> in.below(64);
  const auto mode = static_cast<rounding>(in.below(static_cast<std::size_t>(rounding::stochastic)));
  const auto number = oracle::finite({bits, 0});
  const bool negative = bits >> 63 != 0;
  const auto as_signed = oracle::finite({negative ? ~bits + 1 : bits, 0}, negative);
  const auto oracle_mode = support::oracle_mode(mode, f);
  fuzz::require(subject.from_u64(bits, mode, overflow::native, 0) ==
                        oracle::encode(f, number, oracle_mode, oracle::policy::native) &&
                    subject.from_i64(bits, mode, overflow::native, 0) ==
                        oracle::encode(f, as_signed, oracle_mode, oracle::policy::native),
                [&] { return f.name + " of the integer " + support::hex(bits, 16); });
}

// By bits alone, so that -ffast-math cannot change what is tested.
bool same_value(std::uint64_t got, const oracle::number& want) {
  constexpr std::uint64_t infinity = std::uint64_t{0x7FF} << 52;
  if (want.kind == oracle::kind::infinity) {
    return got == (infinity | std::uint64_t{want.negative} << 63);
  }
  return want.kind == oracle::kind::nan ? (got & ~(std::uint64_t{1} << 63)) > infinity
                                        : got == std::bit_cast<std::uint64_t>(oracle::to_double(want));
}

/// -1 and 1 for the infinities, 0 for numbers.
int infinity_of(const oracle::number& x) {
  return x.kind != oracle::kind::infinity ? 0 : x.negative ? -1 : 1;
}

/// The order of two that are no NaN; doubles only of numbers, which -ffast-math allows.
support::ordering order_of(const oracle::number& x, const oracle::number& y) {
  const bool are_numbers = infinity_of(x) == 0 && infinity_of(y) == 0;
  const double dx = are_numbers ? oracle::to_double(x) : infinity_of(x);
  const double dy = are_numbers ? oracle::to_double(y) : infinity_of(y);
  return dx < dy ? support::ordering::less : dx > dy ? support::ordering::greater : support::ordering::equal;
}

/// x, which lies among float's subnormal numbers, to the nearest of them, ties to even.
std::uint32_t float_subnormal(const oracle::number& x) {
  const double units = std::fabs(oracle::to_double(x)) * 0x1p149;
  const auto below = static_cast<std::uint32_t>(units);
  const double rest = units - below;
  const bool up = rest > 0.5 || (rest == 0.5 && below % 2 != 0);
  return (x.negative ? 0x80000000 : 0) | (below + (up ? 1 : 0));
}

void check_codes(fuzz::bytes& in, const support::probe& subject, const oracle::format& f) {
  const support::code mask = (1U << f.width) - 1;
  const support::code a = in.take<std::uint16_t>() & mask;
  const support::code b = in.take<std::uint16_t>() & mask;
  const oracle::number& x = f.values[a];
  const oracle::number& y = f.values[b];
  const auto context = [&] { return f.name + " codes " + support::hex(a, 4) + ' ' + support::hex(b, 4); };
  // Through float, where a subnormal is the caller's if its program flushes them: there by float's bits.
  const bool is_float_subnormal = x.kind == oracle::kind::finite && x.numerator.significand != 0 &&
                                  std::fabs(oracle::to_double(x)) < 0x1p-126;
  if (!is_float_subnormal) {
    fuzz::require(same_value(subject.to_f64(a), x), context);
  } else {
    fuzz::require(subject.to_f32(a) == float_subnormal(x), context);
  }

  const support::binary_function functions[] = {subject.add, subject.subtract, subject.multiply,
                                                subject.divide};
  const auto operation = in.below(4);
  const auto exact = oracle::exact(static_cast<oracle::operation>(operation), x, y);
  const support::code got = functions[operation](a, b);
  if (exact.kind == oracle::kind::nan && f.has_nan && f.width > 8) {
    fuzz::require(f.values[got].kind == oracle::kind::nan, context);  // the payload is open
  } else {
    fuzz::require(got == oracle::encode(f, exact, f.native, oracle::policy::native), context);
  }

  const bool unordered = x.kind == oracle::kind::nan || y.kind == oracle::kind::nan;
  const auto order = unordered ? support::ordering::unordered : order_of(x, y);
  fuzz::require(subject.compare(a, b) == order && subject.relations_agree(a, b, order), context);
}

}  // namespace

void fuzz_one(std::span<const std::uint8_t> input) {
  fuzz::bytes in(input);
  do {
    const support::probe& subject = support::find_probe(in.one_of(support::value_types()));
    const oracle::format& f = subject.facts();
    switch (in.below(8)) {
      case 0:
        check_codes(in, subject, f);
        break;
      case 1:
        check_integers(in, subject, f);
        break;
      case 2:
        check_hybrid(in);
        break;
      default:
        check_conversion(in, subject, f);
    }
  } while (in.left() > 0);
}
