// Arrays give, for every instruction set, what one value at a time gives: pack against round_to, which the
// core tests hold to the oracle.
#include <gtest/gtest.h>

#include <bit>

#include "support/array_probe.hpp"
#include "support/inputs.hpp"
#include "support/parameterised.hpp"
#include "support/philox.hpp"
#include "support/report.hpp"

namespace {

using narrowfp::isa;
using narrowfp::overflow;
using narrowfp::rounding;
using support::bit_vector;
using support::scalar;

support::convert_function converter(const support::probe& p, scalar source) {
  return source == scalar::f32   ? p.from_f32
         : source == scalar::f64 ? p.from_f64
         : source == scalar::f16 ? p.from_f16
                                 : p.from_bf16;
}

/// The format's boundaries, then patterns from the whole range of the source.
bit_vector inputs_for(const oracle::format& f, const oracle::source_layout& source) {
  bit_vector inputs = support::boundary_inputs(f, source, support::stride_for(f));
  std::uint64_t state = 0x9E3779B97F4A7C15;
  for (int i = 0; i < 2000; ++i) {
    state = state * 6364136223846793005 + 1442695040888963407;
    inputs.push_back(state >> (64 - source.width()));
  }
  return inputs;
}

class Pack : public support::format_suite {
 protected:
  const support::array_probe& arrays() const { return support::find_array_probe(GetParam()); }

  /// Unscaled, in one call, in every mode that the format has.
  void check(scalar source) const {
    const oracle::source_layout& layout = support::layout_of(source);
    const bit_vector inputs = inputs_for(facts(), layout);
    for (const isa use : support::available_isas()) {
      support::mismatches found(GetParam() + " from " + layout.name + ", " + narrowfp::isa_name(use));
      for (const overflow policy : support::both_policies) {
        for (const rounding mode : support::deterministic_modes) {
          compare(found, source, inputs, {.round = mode, .over = policy, .use = use});
        }
        compare(found, source, inputs,
                {.round = rounding::stochastic,
                 .over = policy,
                 .seed = 0x123456789ABCDEF,
                 .first_index = 7,
                 .use = use});
        if (GetParam() == "hif8") {
          compare(found, source, inputs, {.round = rounding::hybrid, .over = policy, .use = use});
        }
      }
    }
  }

 private:
  void compare(support::mismatches& found, scalar source, const bit_vector& inputs,
               const narrowfp::pack_options& options) const {
    const auto convert = converter(subject(), source);
    const bit_vector got = arrays().pack(source, inputs, options);
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      const std::uint32_t random_bits =
          options.round == rounding::stochastic ? oracle::draw(options.seed, options.first_index + i) : 0;
      found.expect_equal(got[i], convert(inputs[i], options.round, options.over, random_bits), [&] {
        return "element " + std::to_string(i) + ": " +
               support::describe(GetParam(), options.round, options.over, support::layout_of(source),
                                 inputs[i], random_bits);
      });
    }
  }
};

TEST_P(Pack, FloatsAsOneAtATime) { check(scalar::f32); }
TEST_P(Pack, DoublesAsOneAtATime) { check(scalar::f64); }
TEST_P(Pack, Float16AsOneAtATime) { check(scalar::f16); }
TEST_P(Pack, Bfloat16AsOneAtATime) { check(scalar::bf16); }

TEST_P(Pack, StrideThroughAllFloats) {
  bit_vector inputs;
  for (std::uint64_t bits = 0; bits < std::uint64_t{1} << 32; bits += 65521) {
    inputs.push_back(bits);
  }
  for (const isa use : support::available_isas()) {
    support::mismatches found(GetParam() + ", " + narrowfp::isa_name(use));
    for (const overflow policy : support::both_policies) {
      const bit_vector got = arrays().pack(scalar::f32, inputs, {.over = policy, .use = use});
      for (std::size_t i = 0; i < inputs.size(); ++i) {
        found.expect_equal(got[i], subject().from_f32(inputs[i], rounding::native, policy, 0), [&] {
          return support::describe(GetParam(), rounding::native, policy, oracle::binary32, inputs[i]);
        });
      }
    }
  }
}

// Every length from 0 to several vectors, at several offsets into the data: a value must not depend on its
// position.
TEST_P(Pack, NoElementDependsOnItsPosition) {
  const bit_vector all = inputs_for(facts(), oracle::binary32);
  for (const isa use : support::available_isas()) {
    support::mismatches found(GetParam() + ", " + narrowfp::isa_name(use));
    const narrowfp::pack_options options{.round = rounding::stochastic, .seed = 42, .use = use};
    for (std::size_t length = 0; length <= 150; length += length < 70 ? 1 : 13) {
      const std::size_t offset = length * 17 % 311;
      const bit_vector part(all.begin() + static_cast<std::ptrdiff_t>(offset),
                            all.begin() + static_cast<std::ptrdiff_t>(offset + length));
      narrowfp::pack_options shifted = options;
      shifted.first_index = offset;
      const bit_vector got = arrays().pack(scalar::f32, part, shifted);
      ASSERT_EQ(got.size(), length);
      for (std::size_t i = 0; i < length; ++i) {
        const std::uint32_t random_bits = oracle::draw(42, offset + i);
        found.expect_equal(
            got[i], subject().from_f32(part[i], rounding::stochastic, overflow::native, random_bits), [&] {
              return "length " + std::to_string(length) + ", element " + std::to_string(i) + ": " +
                     support::describe(GetParam(), rounding::stochastic, overflow::native, oracle::binary32,
                                       part[i], random_bits);
            });
      }
    }
  }
}

TEST_P(Pack, DrawsFollowTheIndexModulo2To64) {
  const double quarter =
      to_double(facts().grid[0].magnitude) * 0.75 + to_double(facts().grid[1].magnitude) * 0.25;
  const bit_vector inputs(64, std::bit_cast<std::uint64_t>(quarter));
  for (const isa use : support::available_isas()) {
    for (const std::uint64_t first :
         {~std::uint64_t{0} - 20, std::uint64_t{3} << 33, std::uint64_t{0xFFFFFFFE} * 4}) {
      support::mismatches found(GetParam() + ", " + narrowfp::isa_name(use));
      const bit_vector got = arrays().pack(
          scalar::f64, inputs,
          {.round = rounding::stochastic, .seed = 0xFEDCBA9876543210, .first_index = first, .use = use});
      for (std::size_t i = 0; i < inputs.size(); ++i) {
        const std::uint32_t random_bits = oracle::draw(0xFEDCBA9876543210, first + i);
        found.expect_equal(got[i],
                           subject().from_f64(inputs[i], rounding::stochastic, overflow::native, random_bits),
                           [&] { return "index " + support::hex(first + i, 16); });
      }
    }
  }
}

SUPPORT_FOR_FORMATS(Pack, support::array_types());

}  // namespace
