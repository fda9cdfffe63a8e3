// Scale factors as block-scaled matrix multiplications of NVIDIA GPUs read them: tiles of 128 rows by 4
// columns. cuBLASLt, CUTLASS (Sm100 block-scaled), Transformer Engine, vLLM, torchao `to_blocked`.
#pragma once

#include <cstddef>
#include <span>

#include "../detail/error.hpp"
#include "../detail/ranges.hpp"

namespace narrowfp::inline v0 {

/// One scale byte for each of rows x cols blocks, `cols` being elements of a row / elements of a block.
struct scale_matrix_shape {
  std::size_t rows;  ///< of the matrix
  std::size_t cols;  ///< blocks in a row
};

/// Bytes of the swizzled form: rows padded to a multiple of 128, columns to one of 4.
[[nodiscard]] constexpr std::size_t swizzled_scale_bytes(scale_matrix_shape shape) noexcept {
  return (shape.rows + 127) / 128 * ((shape.cols + 3) / 4) * 512;
}

/// Where the scale of block (row, col) lies in the swizzled form.
[[nodiscard]] constexpr std::size_t swizzled_scale_offset(scale_matrix_shape shape, std::size_t row,
                                                          std::size_t col) noexcept {
  const std::size_t tiles_across = (shape.cols + 3) / 4;
  const std::size_t tile = row / 128 * tiles_across + col / 4;
  return tile * 512 + row % 32 * 16 + row % 128 / 32 * 4 + col % 4;
}

namespace {

/// Row-major scales, as bytes of any byte type, to tiles; the padding becomes 0. Errors: wrong sizes:
/// std::invalid_argument.
template <detail::bytes_of<const std::byte> In, detail::bytes_of<std::byte> Out>
void swizzle_scales(In&& in_bytes, scale_matrix_shape shape, Out&& out_bytes) {
  constexpr const char* function = "narrowfp::swizzle_scales";
  const std::span<const std::byte> in = detail::as_byte_span(in_bytes);
  const std::span<std::byte> out = detail::as_byte_span(out_bytes);
  detail::require_size(function, "in", in.size(), shape.rows * shape.cols, "shape.rows * shape.cols");
  detail::require_size(function, "out", out.size(), swizzled_scale_bytes(shape),
                       "swizzled_scale_bytes(shape)");
  for (std::byte& byte : out) {
    byte = std::byte{0};
  }
  for (std::size_t row = 0; row < shape.rows; ++row) {
    for (std::size_t col = 0; col < shape.cols; ++col) {
      out[swizzled_scale_offset(shape, row, col)] = in[row * shape.cols + col];
    }
  }
}

/// Tiles to row-major scales; the padding is not read. Errors: wrong sizes: std::invalid_argument.
template <detail::bytes_of<const std::byte> In, detail::bytes_of<std::byte> Out>
void unswizzle_scales(In&& in_bytes, scale_matrix_shape shape, Out&& out_bytes) {
  constexpr const char* function = "narrowfp::unswizzle_scales";
  const std::span<const std::byte> in = detail::as_byte_span(in_bytes);
  const std::span<std::byte> out = detail::as_byte_span(out_bytes);
  detail::require_size(function, "in", in.size(), swizzled_scale_bytes(shape), "swizzled_scale_bytes(shape)");
  detail::require_size(function, "out", out.size(), shape.rows * shape.cols, "shape.rows * shape.cols");
  for (std::size_t row = 0; row < shape.rows; ++row) {
    for (std::size_t col = 0; col < shape.cols; ++col) {
      out[row * shape.cols + col] = in[swizzled_scale_offset(shape, row, col)];
    }
  }
}

}  // namespace

}  // namespace narrowfp::inline v0
