// One block format by every instruction set, against the codec of one block and the oracle; small, so that a
// mutant is judged quickly. FORMAT names the format.
#include <array>
#include <bit>
#include <cstdio>
#include <limits>
#include <random>
#include <vector>

#include <narrowfp/quantize.hpp>

#include "block/block_inputs.hpp"
#include "block/block_oracle.hpp"
#include "support/philox.hpp"

namespace {

#define NAME_OF(format) #format
#define TEXT_OF(format) NAME_OF(format)

using namespace narrowfp;
using B = FORMAT;
using patterns = std::vector<std::uint32_t>;

int failures = 0;

void expect(bool holds, const char* what, isa set) {
  if (!holds && failures++ < 3) {
    std::printf("%s by %s\n", what, isa_name(set));
  }
}

std::vector<float> floats(const patterns& x) {
  std::vector<float> values;
  for (const std::uint32_t p : x) {
    values.push_back(std::bit_cast<float>(p));
  }
  return values;
}

/// bfloat16 or float16: the exact values, rounded once.
template <class S>
void check_halves(const std::vector<B>& blocks, float tensor_scale, isa set) {
  narrowfp::blocks::dequantize_job job;
  job.tensor_scale = tensor_scale;
  std::vector<S> halves(blocks.size() * B::elements);
  dequantize(blocks, halves, {.tensor_scale = tensor_scale, .use = set});
  for (std::size_t i = 0; i < halves.size(); ++i) {
    const S want = narrowfp::core::from_real<S>(
        narrowfp::blocks::decode_element(blocks[i / B::elements], i % B::elements, job));
    expect(want.bits() == halves[i].bits(), "dequantize to 16 bits", set);
  }
}

/// Some blocks: `want` one at a time.
void check(const oracle::block_facts& facts, std::mt19937_64& random, quantize_options options,
           bool has_oracle, bool specials) {
  const std::size_t count = 1 + random() % 24;
  patterns x;
  std::vector<B> want;
  const std::uint64_t first = options.first_index;
  for (std::size_t b = 0; b < count; ++b) {
    auto one = block_test::adversarial_block(facts, random);
    if (specials && random() % 4 == 0) {
      one[random() % one.size()] = random() % 2 == 0 ? 0x7FC00001 : 0xFF800000;
    }
    x.insert(x.end(), one.begin(), one.end());
    options.first_index = first + b * B::elements;
    const auto values = floats(one);
    want.push_back(
        quantize_block<B>(std::span<const float, B::elements>(values.data(), B::elements), options));
    if (has_oracle && !specials) {
      oracle::block_request request{facts.native, static_cast<oracle::block_rule>(options.scale), {}};
      if (options.round != rounding::native) {
        request.round = static_cast<oracle::block_rounding>(static_cast<int>(options.round) - 1);
      }
      for (std::size_t i = 0; i < B::elements; ++i) {
        request.random_bits.push_back(oracle::draw(options.seed, options.first_index + i));
      }
      const auto bytes = oracle::packed(facts, oracle::quantize(facts, one, request));
      expect(std::equal(bytes.begin(), bytes.end(), want.back().bytes.begin(), want.back().bytes.end()),
             "not the oracle's block", isa::automatic);
      const auto restored = dequantize_block(want.back());
      const auto wanted = oracle::dequantize(facts, bytes);
      for (std::size_t i = 0; i < B::elements; ++i) {
        expect(std::bit_cast<std::uint32_t>(restored[i]) == wanted[i], "not the oracle's value",
               isa::automatic);
      }
    }
  }
  options.first_index = first;
  const auto values = floats(x);
  const std::size_t n = values.size();
  for (const isa set : {isa::scalar, isa::generic, isa::avx2, isa::avx512, isa::avx512_vbmi}) {
    if (!isa_available(set)) {
      continue;
    }
    options.use = set;
    std::vector<B> got(count);
    quantize(values, got, options);
    expect(got == want, "quantize", set);
    // Under the same tensor scale, and under some that make products subnormal or infinite.
    for (const float scale : {options.tensor_scale, 3e-39F, 1e-37F, 1e-30F, 3e38F}) {
      std::vector<float> restored(n);
      dequantize(want, restored, {.tensor_scale = scale, .use = set});
      for (std::size_t b = 0; b < count; ++b) {
        const auto one = dequantize_block(want[b], {.tensor_scale = scale});
        for (std::size_t i = 0; i < B::elements; ++i) {
          expect(std::bit_cast<std::uint32_t>(restored[b * B::elements + i]) ==
                     std::bit_cast<std::uint32_t>(one[i]),
                 "dequantize", set);
        }
      }
    }
    for (const float scale :
         {1.0F, 0.3F, 8497835.0F / 8388608, 2e-27F, 1e-37F}) {  // 3 times the third: a tie and 2^-23
      check_halves<narrowfp::bfloat16>(want, scale, set);
      check_halves<narrowfp::float16>(want, scale, set);
    }
    // Numbers of 16 bits are the floats that they are.
    const std::vector<narrowfp::bfloat16> halves(values.begin(), values.end());
    const std::vector<float> same_floats(halves.begin(), halves.end());
    std::vector<B> from_halves(count);
    std::vector<B> from_floats(count);
    quantize(halves, from_halves, options);
    options.use = isa::scalar;
    quantize(same_floats, from_floats, options);
    options.use = set;
    expect(from_halves == from_floats, "quantize bfloat16", set);
    // Ends inside the last block, which zeros complete.
    auto shorter = values;
    shorter.resize(n - random() % B::elements);
    auto completed = shorter;
    completed.resize(n);
    std::vector<B> partial(count);
    std::vector<B> whole(count);
    quantize(shorter, partial, options);
    options.use = isa::scalar;
    quantize(completed, whole, options);
    expect(partial == whole, "quantize a part of a block", set);
  }
}

/// An infinity makes its block NaN natively, and under saturate none.
void check_infinity() {
  std::array<float, B::elements> x{};
  x[B::elements / 2] = std::bit_cast<float>(std::uint32_t{0xFF800000});  // minus infinity, whatever the flags
  for (const overflow policy : {overflow::native, overflow::saturate}) {
    for (const float value : dequantize_block(quantize_block<B>(x, {.over = policy}))) {
      const bool is_nan = (std::bit_cast<std::uint32_t>(value) & 0x7FFFFFFF) > 0x7F800000;
      expect(is_nan == (policy == overflow::native), "infinity", isa::automatic);
    }
  }
}

}  // namespace

int main() {
  check_infinity();
  const oracle::block_facts& facts = oracle::find_block_format(TEXT_OF(FORMAT));
  std::mt19937_64 random(1);
  for (int i = 0; i < 60; ++i) {
    check(facts, random, {}, true, false);
    check(facts, random, {.over = i % 2 == 0 ? overflow::native : overflow::saturate}, false, true);
    check(facts, random,
          {.tensor_scale = std::bit_cast<float>(static_cast<std::uint32_t>(1 + random() % 0x7F7FFFFF))},
          false, false);
    check(facts, random,
          {.round = static_cast<rounding>(1 + i % 7), .seed = random(), .first_index = random()}, true,
          false);
    check(facts, random, {.scale = scale_rule::search_mse}, true, false);
    if constexpr (B::rule::template offers<B::facts>(scale_rule::ceil)) {
      check(facts, random, {.scale = static_cast<scale_rule>(1 + i % 4)}, true, false);
    }
    if constexpr (B::rule::template offers<B::facts>(scale_rule::four_over_six)) {
      check(facts, random, {.scale = scale_rule::four_over_six}, true, false);
    }
  }
  return failures != 0;
}
