// What block_support.hpp declares for every block type: for units that have types of their own, and for the
// one that compiles it for the library's types.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <vector>

#include "block_support.hpp"

namespace block_test {

template <class B>
B quantize_both_ways(const std::vector<float>& x, narrowfp::quantize_options options) {
  std::array<B, 1> out{};
  narrowfp::quantize<B>(x, out, options);
  const B one = narrowfp::quantize_block<B>(block_span<B>(x), options);
  EXPECT_EQ(out[0], one) << "array " << show(out[0]) << "\nblock " << show(one);
  return one;
}

template <class B>
std::vector<float> dequantize_both_ways(const B& block, narrowfp::dequantize_options options) {
  std::vector<float> out(B::elements);
  narrowfp::dequantize(std::array<B, 1>{block}, out, options);
  const auto one = narrowfp::dequantize_block(block, options);
  for (std::size_t i = 0; i < B::elements; ++i) {
    EXPECT_EQ(std::bit_cast<std::uint32_t>(out[i]), std::bit_cast<std::uint32_t>(one[i]))
        << "element " << i << " of " << show(block);
  }
  return out;
}

}  // namespace block_test
