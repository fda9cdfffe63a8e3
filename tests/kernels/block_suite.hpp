// Every instruction set gives the blocks and values of the scalar path, whatever the blocks hold. Suites of
// some types each are instantiated in translation units of their own.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <span>
#include <vector>

#include <narrowfp/narrowfp.hpp>
#include <narrowfp/quantize.hpp>

#include "adversarial.hpp"
#include "control_register.hpp"
#include "fenced_memory.hpp"
#include "kernel_suite.hpp"
#include "support/instruction_sets.hpp"
#include "support/type_names.hpp"

namespace kernels {

using namespace narrowfp;

template <class B>
std::vector<std::uint8_t> bytes_of(const std::vector<B>& blocks) {
  std::vector<std::uint8_t> bytes(blocks.size() * sizeof(B));
  std::memcpy(bytes.data(), blocks.data(), bytes.size());
  return bytes;
}

/// Whether n bytes are the same; null pointers are good where there are none.
inline bool same_bytes(const void* a, const void* b, std::size_t n) {
  return n == 0 || std::memcmp(a, b, n) == 0;
}

template <class B>
class KernelBlocks : public testing::Test {
 protected:
  template <class S>
  static void expect_equal(const std::vector<S>& x, quantize_options options) {
    std::vector<B> want(block_count<B>(x.size()));
    options.use = isa::scalar;
    quantize(x, want, options);
    for (const isa use : support::available_vector_isas()) {
      std::vector<B> got(want.size());
      std::memset(static_cast<void*>(got.data()), 0x5A, got.size() * sizeof(B));
      options.use = use;
      quantize(x, got, options);
      support::count_compared(2 * x.size());  // elements, and back
      for (std::size_t b = 0; b < want.size(); ++b) {
        ASSERT_TRUE(want[b] == got[b])
            << isa_name(use) << ", block " << b << " of " << want.size() << ", first element "
            << std::hexfloat << static_cast<float>(x[b * B::elements]);
      }
      std::vector<float> values(x.size());
      std::vector<float> got_values(x.size());
      dequantize(want, values, {.use = isa::scalar});
      dequantize(want, got_values, {.use = use});
      ASSERT_EQ(std::memcmp(values.data(), got_values.data(), 4 * x.size()), 0) << isa_name(use);
    }
  }
};

TYPED_TEST_SUITE_P(KernelBlocks);

TYPED_TEST_P(KernelBlocks, AreThoseOfTheScalarPath) {
  for (unsigned seed = 0; seed < 20; ++seed) {
    const std::vector<float> x = adversarial(TypeParam::elements, 1001, seed);
    this->expect_equal(x, {});
    this->expect_equal(x, {.over = overflow::saturate});
  }
}

TYPED_TEST_P(KernelBlocks, AreThoseOfTheScalarPathUnderEveryOption) {
  const std::vector<float> x = adversarial(TypeParam::elements, 301, 99);
  for (const rounding mode : {rounding::nearest_away, rounding::toward_zero, rounding::stochastic}) {
    this->expect_equal(x, {.round = mode, .seed = 5, .first_index = 3});
  }
  this->expect_equal(x, {.tensor_scale = 0.3F});
  for (const scale_rule rule : {scale_rule::floor, scale_rule::ceil, scale_rule::rceil, scale_rule::even,
                                scale_rule::search_mse, scale_rule::four_over_six}) {
    if (blocks::offers_rule<TypeParam>(recipe::native, rule)) {
      this->expect_equal(x, {.scale = rule});
    }
  }
}

TYPED_TEST_P(KernelBlocks, OfSixteenBitNumbersAreThoseOfTheScalarPath) {
  for (unsigned seed = 0; seed < 5; ++seed) {
    const std::vector<float> x = adversarial(TypeParam::elements, 301, seed);
    const std::vector<bfloat16> from_bfloat16(x.begin(), x.end());
    const std::vector<float16> from_float16(x.begin(), x.end());
    this->expect_equal(from_bfloat16, {});
    this->expect_equal(from_float16, {});
    this->expect_equal(from_bfloat16, {.tensor_scale = 0.3F});
    for (const scale_rule rule : {scale_rule::ceil, scale_rule::rceil, scale_rule::even}) {
      if (blocks::offers_rule<TypeParam>(recipe::native, rule)) {
        this->expect_equal(from_bfloat16, {.scale = rule});
      }
    }
  }
}

TYPED_TEST_P(KernelBlocks, OfAnyBytesHaveTheScalarPathsValues) {
  using B = TypeParam;
  xorshift random;
  std::vector<std::byte> bytes(4096 * sizeof(B));
  for (std::byte& b : bytes) {
    b = static_cast<std::byte>(random() >> 56);
  }
  const std::span<const B> blocks = as_blocks<B>(std::span<const std::byte>(bytes));
  std::vector<float> want(blocks.size() * B::elements);
  for (const float tensor_scale : {1.0F, 0.7F}) {
    dequantize(blocks, want, {.tensor_scale = tensor_scale, .use = isa::scalar});
    for (const isa use : support::available_vector_isas()) {
      std::vector<float> got(want.size());
      dequantize(blocks, got, {.tensor_scale = tensor_scale, .use = use});
      support::count_compared(got.size());
      for (std::size_t i = 0; i < want.size(); ++i) {
        ASSERT_EQ(std::bit_cast<std::uint32_t>(want[i]), std::bit_cast<std::uint32_t>(got[i]))
            << isa_name(use) << ", element " << i;
      }
    }
  }
}

template <class S, class B>
void expect_exact_halves(std::span<const B> blocks, float tensor_scale) {
  blocks::dequantize_job job;
  job.tensor_scale = tensor_scale;
  std::vector<S> want;
  for (const B& block : blocks) {
    for (std::size_t i = 0; i < B::elements; ++i) {
      want.push_back(core::from_real<S>(blocks::decode_element(block, i, job)));
    }
  }
  for (const isa use : support::available_isas()) {
    for (const std::size_t n : {want.size(), want.size() - 7, std::size_t{1}}) {
      std::vector<S> got(n);
      dequantize(blocks.first(block_count<B>(n)), got, {.tensor_scale = tensor_scale, .use = use});
      support::count_compared(n);
      ASSERT_EQ(std::memcmp(got.data(), want.data(), n * sizeof(S)), 0)
          << isa_name(use) << ", n = " << n << ", tensor scale " << tensor_scale;
    }
  }
}

TYPED_TEST_P(KernelBlocks, InSixteenBitsAreTheExactValuesRoundedOnce) {
  using B = TypeParam;
  xorshift random;
  std::vector<std::byte> bytes(1025 * sizeof(B));
  for (std::byte& b : bytes) {
    b = static_cast<std::byte>(random() >> 56);
  }
  const std::span<const B> blocks = as_blocks<B>(std::span<const std::byte>(bytes));
  // Three times the fourth is a tie of bfloat16 and 2^-23. The last of them leave no room between products
  // and denormal floats, or between them and infinity.
  for (const float tensor_scale : {1.0F, 0.3F, 1.0F / 3, 8497835.0F / 8388608, 2e-27F, 1e-37F, 3e38F}) {
    expect_exact_halves<bfloat16>(blocks, tensor_scale);
    expect_exact_halves<float16>(blocks, tensor_scale);
  }
}

#if defined(KERNELS_CONTROL_REGISTER)
TYPED_TEST_P(KernelBlocks, NeitherUseNorChangeTheFloatingPointEnvironment) {
  using B = TypeParam;
  const std::vector<float> x = adversarial(B::elements, 501, 17);
  for (const float tensor_scale : {1.0F, 0.3F}) {
    std::vector<B> want(501);
    std::vector<float> want_values(x.size());
    std::vector<bfloat16> want_bfloat16(x.size());
    std::vector<float16> want_float16(x.size());
    quantize(x, want, {.tensor_scale = tensor_scale, .use = isa::scalar});
    dequantize(want, want_values, {.tensor_scale = tensor_scale, .use = isa::scalar});
    dequantize(want, want_bfloat16, {.tensor_scale = tensor_scale, .use = isa::scalar});
    dequantize(want, want_float16, {.tensor_scale = tensor_scale, .use = isa::scalar});
    for (const isa use : support::available_vector_isas()) {
      for (const std::uint64_t value : control_values()) {
        std::vector<B> got(501);
        std::vector<float> values(x.size());
        std::vector<bfloat16> got_bfloat16(x.size());
        std::vector<float16> got_float16(x.size());
        std::uint64_t before = 0;
        std::uint64_t after = 0;
        {
          const control_register set(value);
          before = read_control();
          quantize(x, got, {.tensor_scale = tensor_scale, .use = use});
          dequantize(want, values, {.tensor_scale = tensor_scale, .use = use});
          dequantize(want, got_bfloat16, {.tensor_scale = tensor_scale, .use = use});
          dequantize(want, got_float16, {.tensor_scale = tensor_scale, .use = use});
          after = read_control();
        }
        ASSERT_EQ(after, before) << isa_name(use) << ": flags or modes changed";
        ASSERT_TRUE(want == got) << isa_name(use) << ", control " << value;
        ASSERT_EQ(std::memcmp(want_values.data(), values.data(), 4 * values.size()), 0)
            << isa_name(use) << ", control " << value;
        ASSERT_EQ(std::memcmp(want_bfloat16.data(), got_bfloat16.data(), 2 * x.size()), 0)
            << isa_name(use) << ", control " << value;
        ASSERT_EQ(std::memcmp(want_float16.data(), got_float16.data(), 2 * x.size()), 0)
            << isa_name(use) << ", control " << value;
      }
    }
  }
}
#endif

TYPED_TEST_P(KernelBlocks, OfEveryLengthStayInTheirMemory) {
  using B = TypeParam;
  constexpr std::size_t longest = 4 * 64 + 3;
  const std::vector<float> x = adversarial(B::elements, longest / B::elements + 1, 7);
  const fenced_memory values(4 * longest);
  const fenced_memory memory(sizeof(B) * (longest / B::elements + 1));
  for (const isa use : support::available_vector_isas()) {
    for (std::size_t n = 0; n <= longest; ++n) {
      const std::size_t count = block_count<B>(n);
      auto* in = reinterpret_cast<float*>(values.end()) - n;
      std::copy_n(x.data(), n, in);
      auto* out = reinterpret_cast<B*>(memory.end()) - count;
      std::vector<B> want(count);
      quantize(std::span<const float>(in, n), std::span<B>(want), {.use = isa::scalar});
      quantize(std::span<const float>(in, n), std::span<B>(out, count), {.use = use});
      ASSERT_TRUE(std::equal(want.begin(), want.end(), out)) << isa_name(use) << ", n = " << n;
      std::vector<float> restored(n);
      dequantize(std::span<const B>(want), std::span<float>(restored), {.use = isa::scalar});
      dequantize(std::span<const B>(out, count), std::span<float>(in, n), {.use = use});
      ASSERT_TRUE(same_bytes(restored.data(), in, 4 * n)) << isa_name(use) << ", n = " << n;
      std::vector<bfloat16> halves(n);
      dequantize(std::span<const B>(want), std::span<bfloat16>(halves), {.use = isa::scalar});
      auto* short_out = reinterpret_cast<bfloat16*>(values.end()) - n;
      dequantize(std::span<const B>(out, count), std::span<bfloat16>(short_out, n), {.use = use});
      ASSERT_TRUE(same_bytes(halves.data(), short_out, 2 * n)) << isa_name(use) << ", n = " << n;
      quantize(std::span<const bfloat16>(halves), std::span<B>(want), {.use = isa::scalar});
      quantize(std::span<const bfloat16>(short_out, n), std::span<B>(out, count), {.use = use});
      ASSERT_TRUE(std::equal(want.begin(), want.end(), out)) << isa_name(use) << ", n = " << n;
    }
  }
}

TYPED_TEST_P(KernelBlocks, InTwoArraysAreTheSame) {
  using B = TypeParam;
  const std::vector<float> x = adversarial(B::elements, 101, 3);
  for (const isa use : support::available_vector_isas()) {
    std::vector<B> whole(101);
    quantize(x, whole, {.use = isa::scalar});
    std::vector<std::byte> codes(101 * B::code_bytes);
    std::vector<std::byte> scales(101 * B::metadata_bytes);
    quantize<B>(x, split_blocks{codes, scales}, {.use = use});
    for (std::size_t b = 0; b < whole.size(); ++b) {
      const std::uint8_t* bytes = whole[b].bytes.data();
      ASSERT_EQ(std::memcmp(scales.data() + b * B::metadata_bytes, bytes, B::metadata_bytes), 0) << b;
      ASSERT_EQ(std::memcmp(codes.data() + b * B::code_bytes, bytes + B::metadata_bytes, B::code_bytes), 0)
          << b;
    }
    std::vector<float> want(x.size());
    std::vector<float> got(x.size());
    dequantize(whole, want, {.use = isa::scalar});
    dequantize<B>(const_split_blocks{codes, scales}, got, {.use = use});
    ASSERT_EQ(std::memcmp(want.data(), got.data(), 4 * x.size()), 0) << isa_name(use);
  }
}

/// Values of more than 32 MiB go past the caches, where the array is aligned.
template <class B>
void expect_many_values() {
  constexpr std::size_t n = (std::size_t{33} << 18) + 77;
  xorshift random;
  std::vector<B> blocks(block_count<B>(n));
  for (B& block : blocks) {
    for (std::uint8_t& byte : block.bytes) {
      byte = static_cast<std::uint8_t>(random() >> 56);
    }
  }
  std::vector<float> want(n);
  std::vector<float> got(n + 16);
  dequantize(blocks, want, {.use = isa::scalar});
  const std::size_t to_line = (64 - reinterpret_cast<std::uintptr_t>(got.data()) % 64) % 64 / sizeof(float);
  for (const isa use : support::available_vector_isas()) {
    const std::span<float> out(got.data() + to_line, n);
    std::fill(out.begin(), out.end(), 0.0F);
    dequantize(std::span<const B>(blocks), out, {.use = use});
    EXPECT_EQ(std::memcmp(want.data(), out.data(), 4 * n), 0) << isa_name(use);
  }
}

#if defined(KERNELS_CONTROL_REGISTER)
REGISTER_TYPED_TEST_SUITE_P(KernelBlocks, AreThoseOfTheScalarPath, AreThoseOfTheScalarPathUnderEveryOption,
                            OfSixteenBitNumbersAreThoseOfTheScalarPath, OfAnyBytesHaveTheScalarPathsValues,
                            InSixteenBitsAreTheExactValuesRoundedOnce,
                            NeitherUseNorChangeTheFloatingPointEnvironment, OfEveryLengthStayInTheirMemory,
                            InTwoArraysAreTheSame);
#else
REGISTER_TYPED_TEST_SUITE_P(KernelBlocks, AreThoseOfTheScalarPath, AreThoseOfTheScalarPathUnderEveryOption,
                            OfSixteenBitNumbersAreThoseOfTheScalarPath, OfAnyBytesHaveTheScalarPathsValues,
                            InSixteenBitsAreTheExactValuesRoundedOnce, OfEveryLengthStayInTheirMemory,
                            InTwoArraysAreTheSame);
#endif

}  // namespace kernels
