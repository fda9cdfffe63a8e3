// quantize and dequantize over executors, arrays and matrices: the bytes of one thread.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <narrowfp/narrowfp.hpp>

#include "executors.hpp"

namespace {

using namespace narrowfp;
using parallel_tests::bytes_of;
using parallel_tests::expect_same_bytes;
using parallel_tests::parts_of_units;

constexpr std::size_t lengths[] = {1, 31, 8192, 16384, 16401, 131072, 131105, 150007};

/// Parts begin at whole units of blocks, and have so many elements at least.
template <class B>
auto parts_of_blocks(std::size_t n) {
  const std::size_t unit = detail::whole_lines_of<B>();
  return parts_of_units(n, (parallel::least_elements + unit - 1) / unit * unit);
}

template <class B, class S = float>
void expect_same_blocks(const quantize_options& options = {}) {
  for (const std::size_t n : lengths) {
    const std::string what = "blocks of " + std::to_string(B::elements) + ", " + std::to_string(n);
    const std::vector<float> values = parallel_tests::values_of(n);
    const std::vector<S> in(values.begin(), values.end());
    std::vector<B> want(block_count<B>(n));
    quantize(in, want, options);
    expect_same_bytes(
        what, bytes_of<B>(want),
        [&](auto execute, std::size_t tasks) {
          std::vector<B> out(want.size());
          parallel::quantize(execute, tasks, in, out, options);
          return bytes_of<B>(out);
        },
        parts_of_blocks<B>(n));

    std::vector<std::byte> scales(want.size() * B::metadata_bytes);
    std::vector<std::byte> codes(want.size() * B::code_bytes);
    quantize<B>(in, split_blocks(codes, scales), options);
    codes.insert(codes.end(), scales.begin(), scales.end());
    expect_same_bytes(
        what + " split", bytes_of<std::byte>(codes),
        [&](auto execute, std::size_t tasks) {
          std::vector<std::byte> out(codes.size());
          const std::span all(out);
          const std::size_t code_bytes = want.size() * B::code_bytes;
          parallel::quantize<B>(execute, tasks, in,
                                split_blocks(all.first(code_bytes), all.subspan(code_bytes)), options);
          return bytes_of<std::byte>(out);
        },
        parts_of_blocks<B>(n));

    const dequantize_options back = {.as = options.as, .tensor_scale = options.tensor_scale};
    std::vector<S> restored(n);
    dequantize(want, restored, back);
    const auto restores = [&](auto execute, std::size_t tasks) {
      std::vector<S> out(n);
      parallel::dequantize<B>(execute, tasks, want, out, back);
      return bytes_of<S>(out);
    };
    expect_same_bytes(what + " back", bytes_of<S>(restored), restores, parts_of_blocks<B>(n));
    const auto restores_split = [&](auto execute, std::size_t tasks) {
      std::vector<S> out(n);
      const std::span all(codes);
      const std::size_t code_bytes = want.size() * B::code_bytes;
      parallel::dequantize<B>(execute, tasks,
                              const_split_blocks(all.first(code_bytes), all.subspan(code_bytes)), out, back);
      return bytes_of<S>(out);
    };
    expect_same_bytes(what + " back, split", bytes_of<S>(restored), restores_split, parts_of_blocks<B>(n));
  }
}

TEST(ParallelBlocks, AreTheBytesOfOneThread) {
  expect_same_blocks<mxfp4>();
  expect_same_blocks<nvfp4>({.tensor_scale = 0.013F});
  expect_same_blocks<hif4>({.over = overflow::saturate});
  expect_same_blocks<mxfp6_e2m3>({.scale = scale_rule::ceil});
  expect_same_blocks<mxfp8_e4m3, bfloat16>();
  expect_same_blocks<q8_0>({.as = recipe::ggml});
  expect_same_blocks<mx6>();
  expect_same_blocks<block_format<fp8_e4m3, shared_scale<float, 1000>>>();
}

TEST(ParallelBlocks, DrawByTheElementsPlaceInAll) {
  expect_same_blocks<mxfp4>({.round = rounding::stochastic, .seed = 5, .first_index = 11});
  expect_same_blocks<nvfp4>(
      {.round = rounding::stochastic, .seed = 6, .first_index = ~std::uint64_t{0} - 20000});
}

struct shape {
  std::size_t rows, cols;
};
constexpr shape shapes[] = {{1, 40'000}, {5, 33}, {300, 100}, {37, 4'001}, {2'000, 70}};

std::size_t least_lines(std::size_t elements, std::size_t unit) {
  const std::size_t lines = (parallel::least_elements - 1) / elements + 1;
  return (lines + unit - 1) / unit * unit;
}

template <class B>
void expect_same_matrices(const quantize_options& options, bool has_row_scales) {
  for (const block_axis axis : {block_axis::row, block_axis::column}) {
    for (const auto& [rows, cols] : shapes) {
      const std::string what = std::to_string(rows) + " x " + std::to_string(cols);
      const std::vector<float> in = parallel_tests::values_of(rows * cols);
      block_matrix<B> want(rows, cols, axis);
      std::vector<float> scales(want.lines());
      for (std::size_t i = 0; i < scales.size(); ++i) {
        scales[i] = 0.1F * static_cast<float>(i % 17 + 1);
      }
      const dequantize_options back = {.as = options.as, .tensor_scale = options.tensor_scale};
      std::vector<float> restored(in.size());
      if (has_row_scales) {
        want.quantize(in, scales, options);
        want.dequantize(scales, restored, back);
      } else {
        want.quantize(in, options);
        want.dequantize(restored, back);
      }
      const auto parts =
          parts_of_units(want.lines(), least_lines(want.line_elements(), axis == block_axis::row ? 1 : 16));
      const auto quantizes = [&](auto execute, std::size_t tasks) {
        block_matrix<B> out(want.rows(), want.cols(), axis);
        if (has_row_scales) {
          parallel::quantize(execute, tasks, in, out, scales, options);
        } else {
          parallel::quantize(execute, tasks, in, out, options);
        }
        return bytes_of<B>(out.blocks());
      };
      expect_same_bytes(what, bytes_of<B>(want.blocks()), quantizes, parts);
      const auto restores = [&](auto execute, std::size_t tasks) {
        std::vector<float> out(in.size());
        if (has_row_scales) {
          parallel::dequantize(execute, tasks, want, out, scales, back);
        } else {
          parallel::dequantize(execute, tasks, want, out, back);
        }
        return bytes_of<float>(out);
      };
      expect_same_bytes(what + " back", bytes_of<float>(restored), restores, parts);
    }
  }
}

TEST(ParallelMatrices, AreTheBytesOfOneThread) {
  expect_same_matrices<mxfp4>({}, false);
  expect_same_matrices<nvfp4>({.tensor_scale = 0.02F}, true);
  expect_same_matrices<hif4>({.round = rounding::stochastic, .seed = 5, .first_index = 4}, false);
}

TEST(ParallelMatrices, OfTilesAreTheBytesOfOneThread) {
  for (const block_axis axis : {block_axis::row, block_axis::column}) {
    for (const auto& [rows, cols] : shapes) {
      for (const rounding round : {rounding::native, rounding::stochastic}) {
        const std::string what = std::to_string(rows) + " x " + std::to_string(cols);
        const std::vector<float> in = parallel_tests::values_of(rows * cols);
        const quantize_options options = {.round = round, .seed = 2, .first_index = 7};
        block_matrix<mxfp4> want(rows, cols, axis);
        want.quantize_tiles(in, 32, options);
        const auto quantizes = [&](auto execute, std::size_t tasks) {
          block_matrix<mxfp4> out(want.rows(), want.cols(), axis);
          parallel::quantize_tiles(execute, tasks, in, out, 32, options);
          return bytes_of<mxfp4>(out.blocks());
        };
        expect_same_bytes(what, bytes_of<mxfp4>(want.blocks()), quantizes,
                          parts_of_units(want.lines(), least_lines(want.line_elements(), 32)));
      }
    }
  }
}

}  // namespace
