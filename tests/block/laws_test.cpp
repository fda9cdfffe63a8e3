// What holds for every block format: fixed points, scaling by powers of two, one answer for every way to
// ask, in constant expressions too.
#include <algorithm>
#include <cmath>
#include <random>

#include "block_inputs.hpp"
#include "block_oracle.hpp"
#include "block_probe.hpp"
#include "block_support.hpp"

namespace {

using namespace block_test;
using narrowfp::rounding;

std::vector<float> gaussian(std::size_t n, std::uint64_t seed, float sigma = 1) {
  std::mt19937_64 random(seed);
  std::normal_distribution<float> normal(0, sigma);
  std::vector<float> x(n);
  std::generate(x.begin(), x.end(), [&] { return normal(random); });
  return x;
}

TEST(BlockLaws, quantizing_dequantized_blocks_changes_nothing_where_docs_say_so) {
  // Single power-of-two scales and microexponents: the largest element keeps the exponent.
  for (const block_probe& subject : block_probes()) {
    const bool promised = subject.name.starts_with("mx") || subject.name.starts_with("bfp");
    if (!promised) {
      continue;
    }
    std::mt19937_64 random(5);
    const oracle::block_facts& facts = oracle::find_block_format(subject.name);
    for (int i = 0; i < 2000; ++i) {
      const auto bytes = subject.quantize(adversarial_block(facts, random), {});
      const auto values = subject.dequantize(bytes, {});
      if (std::any_of(values.begin(), values.end(), [](auto v) { return (v & 0x7FFFFFFF) == 0x7F800000; })) {
        continue;  // beyond the largest float
      }
      ASSERT_EQ(subject.dequantize(subject.quantize(values, {}), {}), values) << subject.name;
    }
  }
}

TEST(BlockLaws, scaling_the_input_by_a_power_of_two_scales_the_output) {
  for (const block_probe& subject : block_probes()) {
    for (const int shift : {-6, -1, 3}) {
      const float sigma = subject.name == "nvfp4" ? 100.0F : 1.0F;  // its scales have few binades
      const auto x = gaussian(subject.elements * 20, 11, sigma);
      auto moved = x;
      for (float& element : moved) {
        element = std::ldexp(element, shift);
      }
      const auto y = as_floats(subject.dequantize(subject.quantize(as_patterns(x), {}), {}));
      const auto moved_y = as_floats(subject.dequantize(subject.quantize(as_patterns(moved), {}), {}));
      for (std::size_t i = 0; i < y.size(); ++i) {
        ASSERT_EQ(std::ldexp(y[i], shift), moved_y[i]) << subject.name << ", 2^" << shift;
      }
    }
  }
}

TEST(BlockLaws, negating_the_input_negates_the_output) {
  for (const block_probe& subject : block_probes()) {
    auto x = as_patterns(gaussian(subject.elements * 20, 12));
    const auto y = subject.dequantize(subject.quantize(x, {}), {});
    for (auto& element : x) {
      element ^= 0x80000000;
    }
    const auto negated = subject.dequantize(subject.quantize(x, {}), {});
    const bool twos_complement = oracle::find_block_format(subject.name).twos_complement;
    for (std::size_t i = 0; i < y.size(); ++i) {
      const bool signless_zero = twos_complement && y[i] == 0;
      ASSERT_EQ(negated[i], signless_zero ? 0 : y[i] ^ 0x80000000) << subject.name;
    }
  }
}

TEST(BlockLaws, values_stay_within_the_stated_range) {
  for (const block_probe& subject : block_probes()) {
    std::mt19937_64 random(13);
    const oracle::block_facts& facts = oracle::find_block_format(subject.name);
    for (int i = 0; i < 500; ++i) {
      for (const float y :
           as_floats(subject.dequantize(subject.quantize(adversarial_block(facts, random), {}), {}))) {
        const double magnitude = std::fabs(double{y});
        ASSERT_TRUE(magnitude == 0 || std::isinf(magnitude) ||
                    (magnitude >= 0.99 * subject.min_positive && magnitude <= subject.max_finite))
            << subject.name << ' ' << y;
      }
    }
  }
}

TEST(BlockLaws, a_tensor_scale_divides_first_and_multiplies_last) {
  for (const block_probe& subject : block_probes()) {
    std::mt19937_64 random(14);
    const auto x = gaussian(subject.elements * 10, 15);
    for (const float t : {0.37F, 3.0F, 0x1p-20F, 1e30F, 0x1p-140F, 1e-44F}) {
      auto divided = x;
      for (float& element : divided) {
        const float quotient = element / t;
        element =
            std::isinf(quotient) ? std::copysign(std::numeric_limits<float>::max(), quotient) : quotient;
      }
      ASSERT_EQ(subject.quantize(as_patterns(x), {.tensor_scale = t}),
                subject.quantize(as_patterns(divided), {}))
          << subject.name << ", tensor scale " << t;
    }
  }
}

TEST(BlockLaws, stochastic_rounding_does_not_depend_on_chunking) {
  using B = narrowfp::hif4;
  const auto x = gaussian(B::elements * 7, 16);
  const narrowfp::quantize_options options = {.round = rounding::stochastic, .seed = 99, .first_index = 5};
  std::vector<B> whole(7);
  narrowfp::quantize(x, whole, options);
  for (std::size_t i = 0; i < whole.size(); ++i) {
    auto part = options;
    part.first_index += i * B::elements;
    std::array<B, 1> one{};
    narrowfp::quantize(std::span(x).subspan(i * B::elements, B::elements), one, part);
    EXPECT_EQ(one[0], whole[i]);
  }
}

TEST(BlockLaws, stochastic_rounding_is_right_in_the_mean) {
  std::vector<float> x(32, 0.3F);
  x[0] = 6;
  double sum = 0;
  constexpr int rounds = 4000;
  for (int i = 0; i < rounds; ++i) {
    const auto block = narrowfp::quantize_block<narrowfp::mxfp4>(
        std::span<const float, 32>(x.data(), 32),
        {.round = rounding::stochastic, .seed = 3, .first_index = static_cast<std::uint64_t>(i) * 32});
    for (std::size_t j = 1; j < 32; ++j) {
      sum += double{block[j]};
    }
  }
  EXPECT_NEAR(sum / (rounds * 31), 0.3, 0.003);
}

TEST(BlockCalls, the_last_block_is_completed_with_zeros) {
  for (const block_probe& subject : block_probes()) {
    const auto x = gaussian(subject.elements * 2 + 3, 17);
    auto completed = x;
    completed.resize(subject.elements * 3);
    EXPECT_EQ(subject.quantize(as_patterns(x), {}), subject.quantize(as_patterns(completed), {}))
        << subject.name;
  }
}

TEST(BlockCalls, dequantize_may_end_inside_a_block) {
  using B = narrowfp::mxfp6_e3m2;
  const auto x = gaussian(B::elements * 3, 18);
  std::vector<B> blocks(3);
  narrowfp::quantize(x, blocks);
  std::vector<float> whole(x.size());
  narrowfp::dequantize(blocks, whole);
  for (const std::size_t n : {std::size_t{65}, std::size_t{70}, std::size_t{95}}) {
    std::vector<float> part(n + 1, 7.0F);
    narrowfp::dequantize(blocks, std::span(part).first(n));
    EXPECT_TRUE(std::equal(part.begin(), part.end() - 1, whole.begin())) << n;
    EXPECT_EQ(part[n], 7.0F);
  }
  EXPECT_EQ(narrowfp::block_count<B>(0), 0U);
  EXPECT_EQ(narrowfp::block_count<B>(32), 1U);
  EXPECT_EQ(narrowfp::block_count<B>(33), 2U);
  EXPECT_EQ(narrowfp::block_count<B>(~std::size_t{0}), (~std::size_t{0} >> 5) + 1);
}

template <class B>
void expect_split_equals_whole() {
  const auto x = gaussian(B::elements * 3 + 5, 19);
  std::vector<B> blocks(4);
  narrowfp::quantize(x, blocks);
  std::vector<std::byte> codes(4 * B::code_bytes), scales(4 * B::metadata_bytes);
  const narrowfp::split_blocks split{codes, scales};
  narrowfp::quantize<B>(x, split);
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    for (std::size_t j = 0; j < sizeof(B); ++j) {
      const std::byte byte = j < B::metadata_bytes ? scales[i * B::metadata_bytes + j]
                                                   : codes[i * B::code_bytes + j - B::metadata_bytes];
      EXPECT_EQ(static_cast<std::uint8_t>(byte), blocks[i].bytes[j]);
    }
  }
  std::vector<float> from_split(x.size()), from_whole(x.size());
  narrowfp::dequantize<B>(split, from_split);
  narrowfp::dequantize(blocks, from_whole);
  EXPECT_EQ(as_patterns(from_split), as_patterns(from_whole));
}

TEST(BlockCalls, split_storage_holds_the_same_bytes) {
  expect_split_equals_whole<narrowfp::mxfp4>();
  expect_split_equals_whole<narrowfp::nvfp4>();
  expect_split_equals_whole<narrowfp::q8_0>();
  expect_split_equals_whole<narrowfp::hif4>();
  expect_split_equals_whole<narrowfp::hif5>();
  expect_split_equals_whole<narrowfp::mx9>();
  expect_split_equals_whole<narrowfp::mxfp6_e2m3>();
}

/// A source type whose values are floats gives what those floats give.
template <class B, class S>
void expect_source_equals_float() {
  const auto x = gaussian(B::elements * 3 + 7, 20, 3);
  std::vector<S> narrow(x.size());
  std::vector<float> same(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    narrow[i] = S(x[i]);
    same[i] = static_cast<float>(narrow[i]);
  }
  std::vector<B> from_narrow(narrowfp::block_count<B>(x.size())), from_float(from_narrow.size());
  narrowfp::quantize(narrow, from_narrow);
  narrowfp::quantize(same, from_float);
  EXPECT_EQ(from_narrow, from_float);
}

/// A target type gets the exact product rounded once.
template <class B, class S>
void expect_target_is_rounded_once() {
  const auto x = gaussian(B::elements * 2, 21);
  std::vector<B> blocks(2);
  narrowfp::quantize(x, blocks);
  std::vector<S> y(x.size());
  std::vector<double> exact(x.size());
  const narrowfp::dequantize_options options = {.tensor_scale = 0.7F};
  narrowfp::dequantize(blocks, y, options);
  narrowfp::dequantize(blocks, exact, options);  // exact: fewer than 53 bits
  for (std::size_t i = 0; i < y.size(); ++i) {
    EXPECT_EQ(y[i], S(exact[i])) << exact[i];
  }
}

TEST(BlockCalls, sources_and_targets) {
  using namespace narrowfp;
  expect_source_equals_float<mxfp4, bfloat16>();
  expect_source_equals_float<mxfp4, float16>();
  expect_source_equals_float<nvfp4, bfloat16>();
  expect_source_equals_float<q8_0, float16>();
  expect_source_equals_float<hif4, float16>();
  expect_source_equals_float<mx6, fp8_e5m2>();
  expect_target_is_rounded_once<mxfp4, float>();
  expect_target_is_rounded_once<nvfp4, bfloat16>();
  expect_target_is_rounded_once<q8_0, bfloat16>();
  expect_target_is_rounded_once<hif4, float16>();
  expect_target_is_rounded_once<mxfp8_e4m3, bfloat16>();
}

TEST(BlockCalls, every_spelling_gives_the_same) {
  using B = narrowfp::mxfp4;
  std::vector<float> x = gaussian(96, 22);
  std::vector<B> want(3);
  narrowfp::quantize(std::span<const float>(x), std::span<B>(want));
  std::array<B, 3> a{};
  B c[3]{};
  narrowfp::quantize(x, a);
  narrowfp::quantize<B>(x, c);
  EXPECT_TRUE(std::equal(want.begin(), want.end(), a.begin()));
  EXPECT_TRUE(std::equal(want.begin(), want.end(), c));
  std::vector<B> again(3);
  narrowfp::quantize<B, float>(std::span<const float>(x), std::span<B>(again));
  EXPECT_EQ(again, want);
  narrowfp::quantize<B>(std::span<float>(x), std::span<B>(again));
  EXPECT_EQ(again, want);
  std::vector<float> y(96), z(96);
  narrowfp::dequantize<B>(c, y);
  narrowfp::dequantize<B, float>(std::span<const B>(a), std::span<float>(z));
  EXPECT_EQ(y, z);
}

// In constant expressions.
template <class B>
constexpr bool quantizes_at_compile_time() {
  std::array<float, B::elements> x{};
  for (std::size_t i = 0; i < x.size(); ++i) {
    x[i] = static_cast<float>(static_cast<int>(i % 7) - 3) * 0.75F;
  }
  const B block = narrowfp::quantize_block<B>(std::span<const float, B::elements>(x));
  const auto y = narrowfp::dequantize_block(block);
  return y[3] == 0 && y[4] == block[4] && y[6] > 1 && B::max_finite() > B::min_positive();
}
static_assert(quantizes_at_compile_time<narrowfp::mxfp4>());
static_assert(quantizes_at_compile_time<narrowfp::nvfp4>());
static_assert(quantizes_at_compile_time<narrowfp::q8_0>());
static_assert(quantizes_at_compile_time<narrowfp::hif4>());
static_assert(quantizes_at_compile_time<narrowfp::mx6>());
static_assert(quantizes_at_compile_time<narrowfp::mxint8>());

// The table of sizes.
template <class B, std::size_t Elements, std::size_t Bytes>
constexpr bool has_size = [] {
  return B::elements == Elements && sizeof(B) == Bytes && alignof(B) == 1 &&
         std::is_trivially_copyable_v<B> && std::is_standard_layout_v<B> &&
         B::bits_per_element == 8.0 * Bytes / Elements;
}();
static_assert(has_size<narrowfp::mxfp8_e4m3, 32, 33> && has_size<narrowfp::mxfp8_e5m2, 32, 33>);
static_assert(has_size<narrowfp::mxint8, 32, 33> && has_size<narrowfp::q8_0, 32, 34>);
static_assert(has_size<narrowfp::mxfp6_e3m2, 32, 25> && has_size<narrowfp::mxfp6_e2m3, 32, 25>);
static_assert(has_size<narrowfp::mxfp4, 32, 17> && has_size<narrowfp::nvfp4, 16, 9>);
static_assert(has_size<narrowfp::hif4, 64, 36> && has_size<narrowfp::hifloat4, 64, 36>);
static_assert(has_size<narrowfp::hif5, 64, 44>);
static_assert(has_size<narrowfp::mx9, 16, 18> && has_size<narrowfp::mx6, 16, 12>);
static_assert(has_size<narrowfp::mx4, 16, 8>);
static_assert(has_size<narrowfp::msfp12, 16, 9> && has_size<narrowfp::msfp16, 16, 17>);
static_assert(has_size<narrowfp::bfp<15, 8>, 8, 17> && has_size<narrowfp::bfp<4, 5>, 5, 5>);
static_assert(narrowfp::hif4::max_finite() == 344064 && narrowfp::hif4::min_positive() == 0x1p-50);
static_assert(narrowfp::nvfp4::max_finite() == 2688 && narrowfp::mxfp4::max_finite() == 6 * 0x1p127);
static_assert(std::is_same_v<narrowfp::hif4::element_type, narrowfp::fp4_e1m2>);

TEST(BlockLayout, bytes_are_where_the_contract_says) {
  using namespace narrowfp;
  std::vector<float> x(64, 0.25F);
  x[0] = -7;
  x[1] = 1;
  x[20] = 3;
  const hif4 h = quantize_both_ways<hif4>(x);
  EXPECT_EQ(h.bytes[0], 0xC0) << "E6M2 of 1";
  EXPECT_EQ(h.bytes[1], 0b0000'0001) << "bit 0: elements 0 to 7";
  EXPECT_EQ(h.bytes[2], 0b0010'0001) << "bits 0 and 5: elements 0 to 3 and 20 to 23";
  EXPECT_EQ(h.bytes[3], 0);
  EXPECT_EQ(h.bytes[4], 0x1F) << "element 0 in the low nibble";
  const mxfp4 m = quantize_both_ways<mxfp4>(std::vector<float>(x.begin(), x.begin() + 32));
  EXPECT_EQ(m.bytes[0], 127);
  EXPECT_EQ(m.bytes[1], 0x2F);
  x.assign(32, 0);
  x[0] = 7.5F;
  x[1] = -0.125F;
  x[2] = 1;
  const mxfp6_e2m3 f = quantize_both_ways<mxfp6_e2m3>(x);
  EXPECT_EQ(f.bytes[0], 127);
  EXPECT_EQ(f.bytes[1] | f.bytes[2] << 8 | f.bytes[3] << 16, 0x1F | 0x21 << 6 | 0x08 << 12);
}

}  // namespace
