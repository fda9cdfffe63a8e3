// The worked example of docs/kernels/hadamard.md.
#include <array>
#include <bit>
#include <cstddef>
#include <string>
#include <vector>

#include <narrowfp/kernels/hadamard_job.hpp>
#include <narrowfp/kernels/scalar/hadamard.hpp>

#include "kernel_steps.hpp"

namespace docs {

std::string hadamard_example() {
  namespace kernels = narrowfp::kernels;
  constexpr std::size_t block = 4;
  constexpr pattern one = 0x3F800000;
  constexpr pattern sign_bit = 0x80000000;
  const std::array<float, block> x = {0.1F, 0.2F, 0.3F, 0.4F};
  std::array<float, block> by_definition{};
  kernels::scalar::hadamard(x.data(), by_definition.data(), block, {block, true, false, 0});

  std::uint32_t sign_bits = 0;
  kernels::fill_sign_bits(0, &sign_bits, block);
  std::array<pattern, block> lanes{};
  std::vector<example> examples(block);
  for (std::size_t i = 0; i < block; ++i) {
    lanes[i] = std::bit_cast<pattern>(x[i]);
    examples[i].input = "lane " + std::to_string(i);
    examples[i].way.add("float", hex(lanes[i]));
    lanes[i] ^= kernels::sign_of(&sign_bits, i);
    examples[i].way.add("sign changed by bit i of `6627E8D5`", hex(lanes[i]));
  }
  for (const std::size_t stride : {1U, 2U}) {
    const std::array<pattern, block> before = lanes;
    for (std::size_t i = 0; i < block; ++i) {
      const pattern factor = (i & stride) != 0 ? one | sign_bit : one;
      const std::string name = "stride " + std::to_string(stride) + ": ";
      examples[i].way.add(name + "lane i ^ " + std::to_string(stride), hex(before[i ^ stride]));
      examples[i].way.add(name + "1 or -1", hex(factor));
      lanes[i] = fused(before[i], factor, before[i ^ stride]);
      examples[i].way.add(name + "fused", hex(lanes[i]));
    }
  }
  for (std::size_t i = 0; i < block; ++i) {
    lanes[i] = float_product(lanes[i], kernels::hadamard_factor(block));
    require_core("Hadamard transform", lanes[i], std::bit_cast<pattern>(by_definition[i]));
    examples[i].way.add("times 4^(-1/2)", hex(lanes[i]));
  }
  return step_table(examples);
}

}  // namespace docs
