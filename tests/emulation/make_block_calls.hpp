// Fills block_calls for one block type.
#pragma once

#include <cstring>
#include <span>
#include <string>
#include <utility>

#include <narrowfp/block_matrix.hpp>

#include "block_calls.hpp"

namespace emulation {

/// Calls f with an object of the element type.
template <class F>
void with_float_like(scalar kind, F f) {
  switch (kind) {
    case scalar::f16:
      return f(narrowfp::float16{});
    case scalar::bf16:
      return f(narrowfp::bfloat16{});
    default:
      return f(float{});
  }
}

template <class B>
void copy_blocks(const narrowfp::block_matrix<B>& matrix, void* out) {
  if (!matrix.blocks().empty()) {
    std::memcpy(out, matrix.blocks().data(), matrix.blocks().size_bytes());
  }
}

template <class B>
block_calls make_block_calls(std::string name) {
  using namespace narrowfp;
  block_calls calls{std::move(name),
                    B::elements,
                    sizeof(B),
                    B::code_bytes,
                    B::metadata_bytes,
                    {},
                    {},
                    {},
                    {},
                    {},
                    {},
                    {},
                    {}};
  calls.offers = [](recipe as, scale_rule rule) {
    return blocks::offers_recipe<B>(as) && blocks::offers_rule<B>(as, rule);
  };
  calls.quantize = [](scalar source, const void* in, std::size_t n, void* out, quantize_options options) {
    with_float_like(source, [&]<class S>(S) {
      quantize(std::span<const S>(static_cast<const S*>(in), n),
               std::span<B>(static_cast<B*>(out), block_count<B>(n)), options);
    });
  };
  calls.dequantize = [](scalar target, const void* in, void* out, std::size_t n, dequantize_options options) {
    with_float_like(target, [&]<class S>(S) {
      dequantize(std::span<const B>(static_cast<const B*>(in), block_count<B>(n)),
                 std::span<S>(static_cast<S*>(out), n), options);
    });
  };
  calls.quantize_apart = [](const float* in, std::size_t n, std::byte* out, quantize_options options) {
    const std::size_t count = block_count<B>(n);
    quantize<B>(std::span<const float>(in, n),
                split_blocks{std::span(out, count * B::code_bytes),
                             std::span(out + count * B::code_bytes, count * B::metadata_bytes)},
                options);
  };
  calls.dequantize_apart = [](const std::byte* in, float* out, std::size_t n, dequantize_options options) {
    const std::size_t count = block_count<B>(n);
    dequantize<B>(const_split_blocks{std::span(in, count * B::code_bytes),
                                     std::span(in + count * B::code_bytes, count * B::metadata_bytes)},
                  std::span<float>(out, n), options);
  };
  calls.quantize_matrix = [](const float* in, matrix_shape shape, std::span<const float> line_scales,
                             void* out, quantize_options options) {
    block_matrix<B> matrix(shape.rows, shape.cols, shape.axis);
    matrix.quantize(std::span<const float>(in, shape.rows * shape.cols), line_scales, options);
    copy_blocks(matrix, out);
  };
  calls.dequantize_matrix = [](const void* in, matrix_shape shape, std::span<const float> line_scales,
                               float* out, dequantize_options options) {
    block_matrix<B> matrix(shape.rows, shape.cols, shape.axis);
    std::memcpy(static_cast<void*>(matrix.blocks().data()), in, matrix.blocks().size_bytes());
    matrix.dequantize(line_scales, std::span<float>(out, shape.rows * shape.cols), options);
  };
  return calls;
}

/// The same with tiles.
template <class B>
block_calls make_tile_calls(std::string name) {
  using namespace narrowfp;
  block_calls calls = make_block_calls<B>(std::move(name));
  calls.quantize_tiles = [](scalar source, const void* in, matrix_shape shape, std::size_t edge, void* out,
                            quantize_options options) {
    with_float_like(source, [&]<class S>(S) {
      block_matrix<B> matrix(shape.rows, shape.cols, shape.axis);
      matrix.quantize_tiles(std::span<const S>(static_cast<const S*>(in), shape.rows * shape.cols), edge,
                            options);
      copy_blocks(matrix, out);
    });
  };
  return calls;
}

}  // namespace emulation
