// Matrices of blocks: lines along rows and down columns, each under a tensor scale of its own, and tiles.
#include <algorithm>

#include "block_calls.hpp"
#include "kernels/adversarial.hpp"
#include "sections.hpp"

namespace emulation {
namespace {

using namespace narrowfp;

void compare_lines(comparison& all, const block_calls& b) {
  for (const block_axis axis : {block_axis::row, block_axis::column}) {
    const matrix_shape shape = axis == block_axis::row ? matrix_shape{5, 2 * b.elements + 5, axis}
                                                       : matrix_shape{2 * b.elements + 5, 21, axis};
    const std::size_t n = shape.rows * shape.cols;
    const std::vector<float> x = ::kernels::adversarial(shape.cols, shape.rows, 5);
    std::vector<float> scales(axis == block_axis::row ? shape.rows : shape.cols, 1.0F);
    for (std::size_t line = 0; line < scales.size(); line += 2) {
      scales[line] = 0.25F + 0.1F * static_cast<float>(line);
    }
    const description describe = [&] {
      return b.name + ", matrix, lines " + (axis == block_axis::row ? "along rows" : "down columns");
    };
    const std::size_t bytes = b.blocks_for(shape) * b.bytes;
    for (const rounding round : {rounding::native, rounding::stochastic}) {
      all.check(
          bytes, n,
          [&](isa use, std::byte* out) {
            b.quantize_matrix(x.data(), shape, scales, out, {.round = round, .seed = 7, .use = use});
          },
          describe);
    }
    std::vector<std::byte> blocks(bytes);
    b.quantize_matrix(x.data(), shape, scales, blocks.data(), {.use = isa::scalar});
    all.check(
        4 * n, n,
        [&](isa use, std::byte* out) {
          b.dequantize_matrix(blocks.data(), shape, scales, reinterpret_cast<float*>(out), {.use = use});
        },
        describe);
  }
}

/// Tiles of one character each: few binades, but for some rows of anything.
std::vector<float> adversarial_tiles(std::size_t edge, const matrix_shape& shape) {
  std::vector<float> x = ::kernels::adversarial(shape.cols, shape.rows, 11);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const auto tile =
        static_cast<std::uint32_t>((i % shape.cols / edge * 37 + i / shape.cols / edge * 101) % 250);
    if (i / shape.cols % edge != 7 || tile % 3 != 0) {
      const auto bits = std::bit_cast<std::uint32_t>(x[i]);
      const std::uint32_t field = std::max(tile + (bits >> 23) % 5, std::uint32_t{1});
      x[i] = std::bit_cast<float>((bits & 0x807FFFFF) | field << 23);
    }
  }
  return x;
}

void compare_tiles(comparison& all, const block_calls& b) {
  const std::size_t e = b.elements;
  for (const block_axis axis : {block_axis::row, block_axis::column}) {
    for (const auto& [rows, cols] : {std::pair{e + 3, 3 * e}, std::pair{e, std::size_t{1}}}) {
      const matrix_shape shape{rows, cols, axis};
      const std::vector<float> x = adversarial_tiles(e, shape);
      std::vector<float16> halves(x.begin(), x.end());
      std::vector<bfloat16> leading(x.begin(), x.end());
      const auto compare = [&](scalar kind, const void* in, std::size_t edge, const quantize_options& o) {
        all.check(
            b.blocks_for(shape) * b.bytes, x.size(),
            [&](isa use, std::byte* out) {
              quantize_options options = o;
              options.use = use;
              b.quantize_tiles(kind, in, shape, edge, out, options);
            },
            [&] {
              return b.name + ", tiles of " + std::to_string(edge) + " from " +
                     support::layout_of(kind).name + (axis == block_axis::row ? "" : ", down columns");
            });
      };
      compare(scalar::f32, x.data(), e, {});
      compare(scalar::f32, x.data(), 2 * e, {.over = overflow::saturate});
      compare(scalar::f16, halves.data(), e, {});
      compare(scalar::bf16, leading.data(), e, {});
      if (b.offers(recipe::native, scale_rule::rceil)) {
        compare(scalar::f32, x.data(), e, {.scale = scale_rule::rceil});
      }
    }
  }
}

}  // namespace

void compare_matrices(comparison& all) {
  for (const block_calls& b : all_block_calls()) {
    compare_lines(all, b);
    if (b.quantize_tiles != nullptr) {
      compare_tiles(all, b);
    }
  }
}

}  // namespace emulation
