// Every block format against the brute-force oracle, on blocks aimed at its decisions.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <random>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "block_inputs.hpp"
#include "block_oracle.hpp"
#include "block_probe.hpp"
#include "support/philox.hpp"
#include "support/report.hpp"

namespace {

/// Blocks for each format: 4,000, or as many as the environment variable NARROWFP_TEST_BLOCKS says.
std::uint64_t block_total() {
  static const std::uint64_t total = [] {
    const char* wanted = std::getenv("NARROWFP_TEST_BLOCKS");
    return wanted == nullptr ? 4000 : std::strtoull(wanted, nullptr, 10);
  }();
  return total;
}

using namespace block_test;
using narrowfp::rounding;
using narrowfp::scale_rule;
using oracle::block_rounding;
using oracle::block_rule;

struct rule_pair {
  scale_rule library;
  block_rule oracle;
};

/// The rules a format has, native first.
std::vector<rule_pair> rules_of(const std::string& name) {
  std::vector<rule_pair> rules = {{scale_rule::native, block_rule::native},
                                  {scale_rule::search_mse, block_rule::search_mse}};
  if (name.starts_with("mxfp") || name == "mxint8") {
    rules.insert(rules.end(), {{scale_rule::floor, block_rule::floor},
                               {scale_rule::ceil, block_rule::ceil},
                               {scale_rule::rceil, block_rule::rceil},
                               {scale_rule::even, block_rule::even}});
  }
  if (name == "nvfp4" || name == "q8_0") {
    rules.push_back({scale_rule::rceil, block_rule::rceil});
  }
  if (name == "mxfp4" || name == "nvfp4") {
    rules.push_back({scale_rule::four_over_six, block_rule::four_over_six});
  }
  return rules;
}

struct mode_pair {
  rounding library;
  block_rounding oracle;
};
constexpr mode_pair modes[] = {
    {rounding::nearest_even, block_rounding::even},
    {rounding::nearest_away, block_rounding::away},
    {rounding::toward_zero, block_rounding::zero},
    {rounding::toward_positive, block_rounding::positive},
    {rounding::toward_negative, block_rounding::negative},
    {rounding::to_odd, block_rounding::odd},
    {rounding::stochastic, block_rounding::stochastic},
};

std::string show(const std::vector<std::uint8_t>& bytes) {
  std::string text;
  for (const std::uint8_t byte : bytes) {
    text += support::hex(byte, 2);
  }
  return text;
}
std::string show(const std::vector<std::uint32_t>& patterns) {
  std::string text;
  for (const std::uint32_t pattern : patterns) {
    text += support::hex(pattern, 8) + ' ';
  }
  return text;
}

/// The first mismatch of a run, in full.
class first_mismatch {
 public:
  void note(const std::string& text) {
    if (count_++ == 0) {
      text_ = text;
    }
  }
  std::uint64_t count() const { return count_; }
  const std::string& text() const { return text_; }

 private:
  std::uint64_t count_ = 0;
  std::string text_;
};

/// One block, one choice of options: bytes and values against the oracle's.
void check_block(const block_probe& subject, const oracle::block_facts& facts, std::mt19937_64& random,
                 first_mismatch& report) {
  const auto x = adversarial_block(facts, random);
  const auto rules = rules_of(subject.name);
  narrowfp::quantize_options options;
  oracle::block_request request{facts.native, block_rule::native, {}};
  const std::uint64_t choice = random() % 8;
  if (choice >= 4 && choice < 6) {
    const rule_pair& rule = rules[random() % rules.size()];
    options.scale = rule.library;
    request.rule = rule.oracle;
  } else if (choice >= 6) {
    const mode_pair& mode = modes[random() % std::size(modes)];
    options.round = mode.library;
    request.round = mode.oracle;
    options.seed = random();
    options.first_index = random();
    for (std::size_t i = 0; i < x.size(); ++i) {
      request.random_bits.push_back(oracle::draw(options.seed, options.first_index + i));
    }
  }
  const auto want = oracle::packed(facts, oracle::quantize(facts, x, request));
  const auto got = subject.quantize(x, options);
  const auto one = subject.quantize_one(x, options);
  const auto context = [&] {
    return subject.name + ", " + support::name_of(options.round) + ", rule " +
           std::to_string(static_cast<int>(options.scale)) + ", input " + show(x);
  };
  if (got != want || one != want) {
    report.note(context() + "\n  got   " + show(got) + "\n  block " + show(one) + "\n  want  " + show(want));
  }
  const std::uint32_t tensor_scale =
      random() % 2 == 0 ? 0x3F800000 : static_cast<std::uint32_t>(1 + random() % 0x7F7FFFFF);
  const narrowfp::dequantize_options back = {.tensor_scale = std::bit_cast<float>(tensor_scale)};
  const auto values = oracle::dequantize(facts, want, tensor_scale);
  if (subject.dequantize(want, back) != values || subject.dequantize_one(want, back) != values) {
    report.note(context() + "\n  dequantized with tensor scale " + support::hex(tensor_scale, 8) +
                "\n  got   " + show(subject.dequantize(want, back)) + "\n  block " +
                show(subject.dequantize_one(want, back)) + "\n  want  " + show(values));
  }
}

/// Many blocks in one call, which vector kernels take in groups: as the oracle has them one by one, under a
/// tensor scale now and then. Division of floats is the machine's, correctly rounded.
void check_many_blocks(const block_probe& subject, const oracle::block_facts& facts, std::mt19937_64& random,
                       first_mismatch& report) {
  const std::size_t count = 1 + random() % 40;
  narrowfp::quantize_options options;
  if (random() % 2 == 0) {
    options.tensor_scale = std::bit_cast<float>(static_cast<std::uint32_t>(1 + random() % 0x7F7FFFFF));
  }
  std::vector<std::uint32_t> all;
  std::vector<std::uint8_t> want;
  std::vector<std::uint32_t> want_values;
  for (std::size_t b = 0; b < count; ++b) {
    auto x = adversarial_block(facts, random);
    all.insert(all.end(), x.begin(), x.end());
    for (auto& pattern : x) {
      const float quotient = std::bit_cast<float>(pattern) / options.tensor_scale;
      pattern = std::bit_cast<std::uint32_t>(quotient);
      if ((pattern & 0x7FFFFFFF) == 0x7F800000) {
        --pattern;  // counts as the largest float
      }
    }
    const auto block =
        oracle::packed(facts, oracle::quantize(facts, x, {facts.native, block_rule::native, {}}));
    const auto values = oracle::dequantize(facts, block, std::bit_cast<std::uint32_t>(options.tensor_scale));
    want.insert(want.end(), block.begin(), block.end());
    want_values.insert(want_values.end(), values.begin(), values.end());
  }
  if (subject.quantize(all, options) != want) {
    report.note(subject.name + ", " + std::to_string(count) + " blocks, tensor scale " +
                std::to_string(options.tensor_scale) + ", input " + show(all));
  }
  if (subject.dequantize(want, {.tensor_scale = options.tensor_scale}) != want_values) {
    report.note(subject.name + ", " + std::to_string(count) + " blocks dequantized, tensor scale " +
                std::to_string(options.tensor_scale) + ", " + show(want));
  }
}

class BlockOracle : public testing::TestWithParam<std::size_t> {};

TEST_P(BlockOracle, agrees_on_adversarial_blocks) {
  const block_probe& subject = block_probes()[GetParam()];
  const oracle::block_facts& facts = oracle::find_block_format(subject.name);
  const std::uint64_t total = block_total();
  const unsigned threads = std::max(1U, std::min(8U, std::thread::hardware_concurrency()));
  std::vector<first_mismatch> reports(threads);
  std::vector<std::thread> workers;
  for (unsigned t = 0; t < threads; ++t) {
    workers.emplace_back([&, t] {
      std::mt19937_64 random(GetParam() * 100 + t + 1);
      for (std::uint64_t i = t; i < total; i += threads) {
        check_block(subject, facts, random, reports[t]);
      }
    });
  }
  for (std::thread& worker : workers) {
    worker.join();
  }
  support::count_compared(total * subject.elements);
  for (const first_mismatch& report : reports) {
    EXPECT_EQ(report.count(), 0U) << report.text();
  }
}

TEST_P(BlockOracle, agrees_on_many_blocks_at_a_time) {
  const block_probe& subject = block_probes()[GetParam()];
  const oracle::block_facts& facts = oracle::find_block_format(subject.name);
  std::mt19937_64 random(GetParam() + 77);
  first_mismatch report;
  support::count_compared(block_total() / 100 * subject.elements);
  for (std::uint64_t i = 0; i < block_total() / 100; ++i) {
    check_many_blocks(subject, facts, random, report);
  }
  EXPECT_EQ(report.count(), 0U) << report.text();
}

/// Random bytes: every pattern of a block has defined values.
TEST_P(BlockOracle, agrees_on_the_values_of_random_bytes) {
  const block_probe& subject = block_probes()[GetParam()];
  const oracle::block_facts& facts = oracle::find_block_format(subject.name);
  std::mt19937_64 random(GetParam() + 7);
  first_mismatch report;
  support::count_compared(3000 * subject.elements);
  for (int i = 0; i < 3000; ++i) {
    std::vector<std::uint8_t> bytes(subject.bytes);
    for (std::uint8_t& byte : bytes) {
      byte = static_cast<std::uint8_t>(random());
    }
    if (i < 256) {
      bytes[0] = static_cast<std::uint8_t>(i);  // every scale
    }
    auto want = oracle::dequantize(facts, bytes);
    // An element's own NaN and infinities, which mxfp8 can hold, are told by the element tests.
    auto got = subject.dequantize(bytes, {});
    auto one = subject.dequantize_one(bytes, {});
    if (got != one) {
      report.note("array and block differ for " + show(bytes));
    }
    if (subject.name.starts_with("mxfp8")) {
      const std::size_t first = subject.bytes - subject.elements;
      for (std::size_t e = 0; e < subject.elements; ++e) {
        const bool is_number = (bytes[first + e] & 0x7F) < facts.magnitude.size();
        got[e] = is_number ? got[e] : 0;
        want[e] = is_number ? want[e] : 0;
      }
    }
    if (got != want) {
      report.note(show(bytes) + "\n  got  " + show(got) + "\n  want " + show(want));
    }
  }
  EXPECT_EQ(report.count(), 0U) << report.text();
}

std::string test_name(const testing::TestParamInfo<std::size_t>& parameter) {
  std::string name = block_probes()[parameter.param].name;
  for (char& c : name) {
    c = std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(Formats, BlockOracle, testing::Range(std::size_t{0}, block_probes().size()),
                         test_name);

}  // namespace
