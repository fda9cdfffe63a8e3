// quantize and dequantize of every block format with any options: every instruction set, and one block at a
// time, give the same bytes or refuse alike; where the oracle knows the options it gives them too.
#include <algorithm>
#include <optional>
#include <random>

#include "block/block_inputs.hpp"
#include "block/block_oracle.hpp"
#include "block/block_probe.hpp"
#include "fuzz.hpp"
#include "support/philox.hpp"

namespace {

using block_test::block_probe;
using narrowfp::isa;
using narrowfp::recipe;
using narrowfp::rounding;
using narrowfp::scale_rule;

using patterns = std::vector<std::uint32_t>;
using byte_vector = std::vector<std::uint8_t>;

/// What a call gives; nothing where it refuses.
template <class Call>
auto outcome(Call call) -> std::optional<decltype(call())> {
  try {
    return call();
  } catch (const std::invalid_argument&) {
    return std::nullopt;
  }
}

float tensor_scale_of(fuzz::bytes& in) {
  switch (in.below(8)) {
    case 0:
      return std::bit_cast<float>(in.take<std::uint32_t>());
    case 1:
      return std::bit_cast<float>(in.take<std::uint32_t>() % 0x10000000 + 0x38000000);
    default:
      return 1;
  }
}

/// Elements of some blocks: aimed at decisions of the format, any patterns, and a few specials between them.
patterns elements_of(fuzz::bytes& in, const block_probe& subject, const oracle::block_facts& facts) {
  const std::size_t blocks = 1 + in.below(9);
  std::mt19937_64 random(in.take<std::uint32_t>());
  const bool aimed = in.below(4) != 0;
  patterns x;
  while (x.size() < blocks * subject.elements) {
    if (aimed) {
      const auto more = block_test::adversarial_block(facts, random);
      x.insert(x.end(), more.begin(), more.end());
    } else {
      x.push_back(static_cast<std::uint32_t>(random()));
    }
  }
  for (std::size_t changes = in.below(8); changes-- > 0;) {
    x[in.take<std::uint16_t>() % x.size()] = in.take<std::uint32_t>();
  }
  x.resize(x.size() - (in.flag() ? in.below(subject.elements) : 0));
  return x;
}

/// The elements of block b, completed with zeros.
patterns block_of(const patterns& x, std::size_t b, std::size_t elements) {
  patterns one(elements);
  for (std::size_t i = 0; i < elements && b * elements + i < x.size(); ++i) {
    one[i] = x[b * elements + i];
  }
  return one;
}

bool oracle_knows(const narrowfp::quantize_options& options, const patterns& one) {
  const bool finite =
      std::all_of(one.begin(), one.end(), [](auto p) { return (p & 0x7FFFFFFF) < 0x7F800000; });
  return finite && options.as == recipe::native &&
         std::bit_cast<std::uint32_t>(options.tensor_scale) == 0x3F800000;
}

byte_vector oracle_block(const oracle::block_facts& facts, const narrowfp::quantize_options& options,
                         const patterns& one) {
  // Both enumerations are in the same order, rounding's with native before it.
  static_assert(static_cast<int>(oracle::block_rounding::stochastic) + 1 ==
                static_cast<int>(rounding::stochastic));
  static_assert(static_cast<int>(oracle::block_rule::four_over_six) ==
                static_cast<int>(scale_rule::four_over_six));
  oracle::block_request request{facts.native, static_cast<oracle::block_rule>(options.scale), {}};
  if (options.round != rounding::native) {
    request.round = static_cast<oracle::block_rounding>(static_cast<int>(options.round) - 1);
  }
  for (std::size_t i = 0; i < one.size(); ++i) {
    request.random_bits.push_back(oracle::draw(options.seed, options.first_index + i));
  }
  return oracle::packed(facts, oracle::quantize(facts, one, request));
}

void check_quantize(fuzz::bytes& in, const block_probe& subject, const oracle::block_facts& facts) {
  narrowfp::quantize_options options;
  options.round = in.below(3) == 0 ? in.choice(rounding::hybrid) : rounding::native;
  options.scale = in.below(2) == 0 ? in.choice(scale_rule::four_over_six) : scale_rule::native;
  options.as = in.below(3) == 0 ? in.choice(recipe::microxcaling) : recipe::native;
  options.over = static_cast<narrowfp::overflow>(in.below(2));
  options.tensor_scale = tensor_scale_of(in);
  options.seed = in.take<std::uint64_t>();
  options.first_index = in.take<std::uint64_t>();
  const patterns x = elements_of(in, subject, facts);

  std::optional<byte_vector> want;
  for (const isa set : fuzz::sets()) {
    options.use = set;
    const auto got = outcome([&] { return subject.quantize(x, options); });
    want = set == isa::scalar ? got : want;
    fuzz::require(got == want, [&] { return "quantize " + subject.name + " by " + narrowfp::isa_name(set); });
  }
  options.use = isa::automatic;
  const std::uint64_t first = options.first_index;
  for (std::size_t b = 0; b * subject.elements < x.size(); ++b) {
    options.first_index = first + b * subject.elements;
    const patterns one = block_of(x, b, subject.elements);
    const auto got = outcome([&] { return subject.quantize_one(one, options); });
    fuzz::require(got.has_value() == want.has_value(), "an array and a block do not refuse alike");
    if (!got) {
      return;
    }
    const auto begin = want->begin() + static_cast<std::ptrdiff_t>(b * subject.bytes);
    const byte_vector in_array(begin, begin + static_cast<std::ptrdiff_t>(subject.bytes));
    fuzz::require(*got == in_array, [&] { return subject.name + ": array and block differ"; });
    if (oracle_knows(options, one)) {
      fuzz::require(*got == oracle_block(facts, options, one),
                    [&] { return subject.name + ": not the oracle's block"; });
    }
  }
}

void check_dequantize(fuzz::bytes& in, const block_probe& subject) {
  narrowfp::dequantize_options options;
  options.as = in.below(3) == 0 ? in.choice(recipe::microxcaling) : recipe::native;
  options.tensor_scale = tensor_scale_of(in);
  const std::size_t blocks = 1 + in.below(9);
  byte_vector bytes = in.take_bytes(blocks * subject.bytes);
  std::mt19937_64 random(blocks);
  for (std::size_t i = subject.bytes; i < bytes.size(); ++i) {
    bytes[i] ^= static_cast<std::uint8_t>(random());
  }
  std::optional<patterns> want;
  for (const isa set : fuzz::sets()) {
    options.use = set;
    const auto got = outcome([&] { return subject.dequantize(bytes, options); });
    want = set == isa::scalar ? got : want;
    fuzz::require(got == want,
                  [&] { return "dequantize " + subject.name + " by " + narrowfp::isa_name(set); });
  }
  for (std::size_t b = 0; b < blocks; ++b) {
    const auto begin = bytes.begin() + static_cast<std::ptrdiff_t>(b * subject.bytes);
    const byte_vector one(begin, begin + static_cast<std::ptrdiff_t>(subject.bytes));
    const auto got = outcome([&] { return subject.dequantize_one(one, options); });
    fuzz::require(got.has_value() == want.has_value(), "an array and a block do not refuse alike");
    if (got) {
      const auto values = want->begin() + static_cast<std::ptrdiff_t>(b * subject.elements);
      fuzz::require(std::equal(got->begin(), got->end(), values),
                    [&] { return subject.name + ": array and block dequantize differently"; });
    }
  }
}

}  // namespace

void fuzz_one(std::span<const std::uint8_t> input) {
  fuzz::bytes in(input);
  const block_probe& subject = in.one_of(block_test::block_probes());
  if (in.flag()) {
    check_quantize(in, subject, oracle::find_block_format(subject.name));
  } else {
    check_dequantize(in, subject);
  }
}
