// quantize_block and dequantize_block take the short ways of arrays: here against the codec of one block,
// which defines them.
#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <cstdint>
#include <random>
#include <span>

#include <narrowfp/quantize.hpp>

#include "support/count.hpp"

namespace {

using narrowfp::overflow;
using narrowfp::rounding;
using std::uint32_t;

/// A pattern in one of several ranges, now and then a special.
uint32_t draw_pattern(std::mt19937& random, unsigned range) {
  const uint32_t bits = static_cast<uint32_t>(random());
  switch (range % 6) {
    case 0:  // near one scale
      return (bits & 0x80FFFFFF) + 0x3F000000;
    case 1:  // any number
      return (bits & 0x7F800000) == 0x7F800000 ? bits & 0xBFFFFFFF : bits;
    case 2:  // short significands, so that ties are common
      return (bits & 0x81F00000) + 0x3E000000;
    case 3:  // denormal
      return bits & 0x807FFFFF;
    case 4:  // zeros among numbers
      return bits % 3 == 0 ? bits & 0x80000000 : (bits & 0x83FFFFFF) + 0x3C000000;
    default:  // specials among numbers
      return bits % 97 == 0 ? 0x7F800000 | (bits & 0x80000001) : (bits & 0x80FFFFFF) + 0x3F000000;
  }
}

template <class B>
class SingleBlocks : public ::testing::Test {};
using block_types =
    ::testing::Types<narrowfp::mxfp4, narrowfp::mxfp6_e2m3, narrowfp::mxfp8_e4m3, narrowfp::mxfp8_e5m2,
                     narrowfp::mxint8, narrowfp::nvfp4, narrowfp::hif4, narrowfp::q8_0>;
TYPED_TEST_SUITE(SingleBlocks, block_types);

TYPED_TEST(SingleBlocks, AreThoseOfTheCodec) {
  using B = TypeParam;
  std::mt19937 random(4);
  constexpr unsigned count = 3000;
  for (unsigned i = 0; i < count; ++i) {
    narrowfp::blocks::inputs<B> raw;
    std::array<float, B::elements> in;
    for (std::size_t k = 0; k < B::elements; ++k) {
      raw[k] = draw_pattern(random, i);
      in[k] = std::bit_cast<float>(raw[k]);
    }
    narrowfp::quantize_options options;
    options.tensor_scale = i % 5 == 0 ? 0.37F : i % 7 == 0 ? 3e-30F : 1.0F;
    options.round = i % 11 == 0   ? rounding::toward_zero
                    : i % 13 == 0 ? rounding::stochastic
                    : i % 17 == 0 ? rounding::toward_positive
                                  : rounding::native;
    options.over = i % 4 == 0 ? overflow::saturate : overflow::native;
    options.first_index = i;
    const auto job = narrowfp::detail::checked_job<B>("test", options);
    const B block = narrowfp::quantize_block<B>(std::span<const float, B::elements>(in), options);
    ASSERT_EQ(block.bytes, narrowfp::blocks::quantize_one<B>(raw, job).bytes) << i;

    narrowfp::dequantize_options back;
    back.tensor_scale = options.tensor_scale;
    B other = block;
    if (i % 2 == 0) {  // any bytes are a block
      for (auto& byte : other.bytes) {
        byte = static_cast<std::uint8_t>(random());
      }
    }
    const auto values = narrowfp::dequantize_block(other, back);
    for (std::size_t k = 0; k < B::elements; ++k) {
      float want;
      narrowfp::core::store(want, narrowfp::blocks::decode_element(other, k, {back.as, back.tensor_scale}));
      ASSERT_EQ(std::bit_cast<uint32_t>(values[k]), std::bit_cast<uint32_t>(want)) << i << ", element " << k;
    }
  }
  support::count_compared(std::uint64_t{count} * (sizeof(B) + B::elements));
}

/// The same at compile time.
template <class B>
constexpr bool is_evaluated() {
  std::array<float, B::elements> in{};
  for (std::size_t i = 0; i < B::elements; ++i) {
    in[i] = (static_cast<float>(i) - 5) * 0.4375F;
  }
  const B block = narrowfp::quantize_block<B>(std::span<const float, B::elements>(in));
  const std::array<float, B::elements> values = narrowfp::dequantize_block(block);
  return values[5] == 0 && values[4] < 0 && values[6] > 0;
}
static_assert(is_evaluated<narrowfp::mxfp8_e4m3>() && is_evaluated<narrowfp::nvfp4>() &&
              is_evaluated<narrowfp::mxint8>());

}  // namespace
