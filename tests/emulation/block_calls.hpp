// The calls of one block format behind function pointers, so that one program covers every format by name.
// Tests hand elements and blocks over as raw memory, to choose addresses and lengths.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <narrowfp/narrowfp.hpp>

#include "support/array_probe.hpp"

namespace emulation {

using support::scalar;

/// A row-major matrix of elements, and which way its blocks run.
struct matrix_shape {
  std::size_t rows;
  std::size_t cols;
  narrowfp::block_axis axis;
};

struct block_calls {
  std::string name;
  std::size_t elements;
  std::size_t bytes;
  std::size_t code_bytes;
  std::size_t metadata_bytes;
  bool (*offers)(narrowfp::recipe, narrowfp::scale_rule);
  /// n elements; f64 is no source and no target.
  void (*quantize)(scalar source, const void* in, std::size_t n, void* out, narrowfp::quantize_options);
  void (*dequantize)(scalar target, const void* in, void* out, std::size_t n, narrowfp::dequantize_options);
  /// Floats into codes, followed by scales, and back.
  void (*quantize_apart)(const float* in, std::size_t n, std::byte* out, narrowfp::quantize_options);
  void (*dequantize_apart)(const std::byte* in, float* out, std::size_t n, narrowfp::dequantize_options);
  /// Floats into the blocks of a matrix with a tensor scale for each line, and back.
  void (*quantize_matrix)(const float* in, matrix_shape, std::span<const float> line_scales, void* out,
                          narrowfp::quantize_options);
  void (*dequantize_matrix)(const void* in, matrix_shape, std::span<const float> line_scales, float* out,
                            narrowfp::dequantize_options);
  /// One scale for each square of `edge`; nullptr where no kernel takes tiles of the format.
  void (*quantize_tiles)(scalar source, const void* in, matrix_shape, std::size_t edge, void* out,
                         narrowfp::quantize_options);

  [[nodiscard]] std::size_t blocks_for(std::size_t n) const { return (n + elements - 1) / elements; }
  [[nodiscard]] std::size_t blocks_for(const matrix_shape& m) const {
    return m.axis == narrowfp::block_axis::row ? m.rows * blocks_for(m.cols) : m.cols * blocks_for(m.rows);
  }
};

std::vector<block_calls> microscaling_calls();  // one power of two: block_calls_microscaling.cpp
std::vector<block_calls> ratio_calls();         // one scale of 8 bits with a fraction: block_calls_ratio.cpp
std::vector<block_calls> shared_bit_calls();    // bits below the scale: block_calls_shared_bit.cpp
std::vector<block_calls> integer_calls();       // block floating point: block_calls_integer.cpp
std::vector<block_calls> single_calls();        // a block at a time: block_calls_single.cpp

/// All of these.
const std::vector<block_calls>& all_block_calls();

}  // namespace emulation
