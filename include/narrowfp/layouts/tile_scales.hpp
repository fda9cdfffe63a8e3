// One-byte codes [rows][cols] beside scales [ceil(rows / edge)][ceil(cols / edge)], both row-major, edge 128:
// DeepSeek's `weight` and `weight_scale_inv` (float; `scale` in E8M0 since V4), compressed-tensors' FP8
// blocks (bfloat16), Model-Optimizer's FP8_PB_WO. Tiles at the right and lower ends may be smaller. A value
// is code * scale, whatever `_inv` says. Source: deepseek-ai/DeepSeek-V3, README_WEIGHTS.md,
// inference/kernel.py.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <span>
#include <type_traits>

#include "../block/block_format.hpp"
#include "../block_matrix.hpp"
#include "../core/bits.hpp"
#include "../detail/error.hpp"
#include "../detail/ranges.hpp"
#include "../dispatch/convert.hpp"
#include "../dispatch/isa.hpp"
#include "../dispatch/kernel_elements.hpp"
#include "../dispatch/row_scales.hpp"
#include "../pack.hpp"
#include "../types.hpp"

namespace narrowfp::inline v0 {

/// Blocks of one-byte codes under a single scale: mxfp8_e4m3, FP8 under a float and the like.
template <class B>
concept tiled_block = block_type<B> && B::bit_levels == 0 && B::element_format::width == 8;

/// Scales of a rows x cols matrix in tiles: ceil(rows / edge) * ceil(cols / edge); edge is positive.
[[nodiscard]] constexpr std::size_t tile_scale_count(std::size_t rows, std::size_t cols,
                                                     std::size_t edge = 128) noexcept {
  return (rows / edge + (rows % edge != 0 ? 1 : 0)) * (cols / edge + (cols % edge != 0 ? 1 : 0));
}

namespace detail {

/// Whether an element can be written, if it must be.
template <class Element, class T>
inline constexpr bool is_as_writable_as = std::is_const_v<T> || !std::is_const_v<Element>;

/// An array of T or of the bytes that T is stored in; writable unless T is const.
template <class R, class T>
concept array_or_bytes_of = contiguous_sized<R> && is_as_writable_as<element_of<R>, T> &&
    (byte_range<R> || std::same_as<std::remove_const_t<element_of<R>>, std::remove_const_t<T>>);

/// Scales of tiles, to read: float, value types whose values are floats.
template <class R>
concept tile_scales = contiguous_sized<R> && float_like<std::remove_const_t<element_of<R>>>;

// Internal linkage from here on: see docs/architecture.md, "Units with different flags".
namespace {

template <class R>
auto code_bytes_of(R& codes) noexcept {
  using byte = byte_as<element_of<R>>;
  return std::span<byte>(reinterpret_cast<byte*>(std::data(codes)),
                         static_cast<std::size_t>(std::size(codes)));
}

/// The code of scale i: of a range of scales, or of their little-endian bytes.
template <class B, class R>
std::uint32_t scale_code_at(R& scales, std::size_t i) noexcept {
  using Scale = typename B::scale_type;
  if constexpr (byte_range<R>) {
    std::uint32_t code = 0;
    for (std::size_t byte = 0; byte < sizeof(Scale); ++byte) {
      code |=
          static_cast<std::uint32_t>(static_cast<unsigned char>(std::data(scales)[i * sizeof(Scale) + byte]))
          << 8 * byte;
    }
    return code;
  } else if constexpr (std::same_as<Scale, float>) {
    return core::bit_cast<std::uint32_t>(std::data(scales)[i]);
  } else {
    return std::data(scales)[i].bits();
  }
}
template <class B, class R>
void set_scale_code_at(R& scales, std::size_t i, std::uint32_t code) noexcept {
  using Scale = typename B::scale_type;
  if constexpr (byte_range<R>) {
    for (std::size_t byte = 0; byte < sizeof(Scale); ++byte) {
      std::data(scales)[i * sizeof(Scale) + byte] = static_cast<element_of<R>>(code >> 8 * byte & 0xFF);
    }
  } else if constexpr (std::same_as<Scale, float>) {
    std::data(scales)[i] = core::bit_cast<float>(code);
  } else {
    std::data(scales)[i] = Scale::from_bits(static_cast<typename Scale::code_type>(code));
  }
}

/// Which tile holds element `i` of line `line`.
template <class B>
std::size_t tile_of(const block_matrix<B>& matrix, std::size_t line, std::size_t i,
                    std::size_t edge) noexcept {
  const bool by_rows = matrix.axis() == block_axis::row;
  const std::size_t across = (matrix.cols() - 1) / edge + 1;
  return (by_rows ? line : i) / edge * across + (by_rows ? i : line) / edge;
}

template <class B, class Codes, class Scales>
void require_tile_arrays(const char* function, const block_matrix<B>& matrix, Codes& codes, Scales& scales,
                         std::size_t edge) {
  require_edge<B>(function, edge);
  require_elements(function, "codes", std::size(codes), matrix);
  require_size(function, "scales", std::size(scales),
               tile_scale_count(matrix.rows(), matrix.cols(), edge) *
                   (byte_range<Scales> ? sizeof(typename B::scale_type) : 1),
               "one scale for each edge x edge tile");
}

/// Calls each(block, line, first element of the block, elements that it has of the line).
template <class Matrix, class Each>
void for_each_block(Matrix& matrix, Each each) {
  constexpr std::size_t size = std::remove_reference_t<decltype(matrix.row(0)[0])>::elements;
  for (std::size_t line = 0; line < lines_with_elements(matrix); ++line) {
    const auto blocks = matrix.row(line);
    for (std::size_t b = 0; b < blocks.size(); ++b) {
      const std::size_t left = matrix.line_elements() - b * size;
      each(blocks[b], line, b * size, left < size ? left : size);
    }
  }
}

}  // namespace

}  // namespace detail

namespace {

/// A matrix whose tiles have one scale each, as quantize_tiles writes it, to codes and scales.
///
/// Shape     codes: rows() * cols() of B::element_type or bytes. scales: tile_scale_count of
///           B::scale_type, or their bytes, little-endian. Blocks may run along rows or columns; codes are
///           row-major always.
/// Errors    sizes that do not fit, an edge that is not a multiple of B::elements, blocks of one tile that
///           differ in scale: std::invalid_argument before anything is written.
template <tiled_block B, detail::array_or_bytes_of<typename B::element_type> Codes,
          detail::array_or_bytes_of<typename B::scale_type> Scales>
void split_tiles(const block_matrix<B>& in, Codes&& codes, Scales&& scales, std::size_t edge = 128) {
  constexpr const char* function = "narrowfp::split_tiles";
  detail::require_tile_arrays(function, in, codes, scales, edge);
  detail::for_each_block(in, [&](const B& block, std::size_t line, std::size_t first, std::size_t) {
    const std::size_t first_line = line / edge * edge;
    const B& model = in.row(first_line)[first / edge * edge / B::elements];
    if (block.scale_code(0, 0) != model.scale_code(0, 0)) {
      detail::fail(function, "in", "has tiles whose blocks differ in scale: quantize it with quantize_tiles");
    }
  });
  const auto bytes = detail::code_bytes_of(codes);
  const detail::line_strides strides = detail::strides_of(in);
  detail::for_each_block(in, [&](const B& block, std::size_t line, std::size_t first, std::size_t count) {
    detail::set_scale_code_at<B>(scales, detail::tile_of(in, line, first, edge), block.scale_code(0, 0));
    std::byte* const to = bytes.data() + line * strides.line + first * strides.element;
    for (std::size_t i = 0; i < count; ++i) {
      to[i * strides.element] = static_cast<std::byte>(block.bytes[B::metadata_bytes + i]);
    }
  });
}

/// Codes and scales to a matrix of blocks, each under the scale of its tile; the inverse of split_tiles.
/// Scales of any value are taken as they are: a tile of zeros in a checkpoint may have scale 0. Errors: sizes
/// that do not fit, an edge that is not a multiple of B::elements: std::invalid_argument before anything is
/// written.
template <tiled_block B, detail::array_or_bytes_of<const typename B::element_type> Codes,
          detail::array_or_bytes_of<const typename B::scale_type> Scales>
void join_tiles(const Codes& codes, const Scales& scales, block_matrix<B>& out, std::size_t edge = 128) {
  detail::require_tile_arrays("narrowfp::join_tiles", out, codes, scales, edge);
  const auto bytes = detail::code_bytes_of(codes);
  const detail::line_strides strides = detail::strides_of(out);
  detail::for_each_block(out, [&](B& block, std::size_t line, std::size_t first, std::size_t count) {
    block = B();
    block.set_scale_code(detail::scale_code_at<B>(scales, detail::tile_of(out, line, first, edge)));
    const std::byte* const from = bytes.data() + line * strides.line + first * strides.element;
    for (std::size_t i = 0; i < count; ++i) {
      block.bytes[B::metadata_bytes + i] = static_cast<std::uint8_t>(from[i * strides.element]);
    }
  });
}

/// Unpacks a row-major matrix of codes with a scale for each tile: the values of such a checkpoint.
///
/// Shape     in: codes of any value type, rows of `columns`; their number is a multiple of it. out: as many
///           values of any type that unpack fills. scales: tile_scale_count of float, e8m0, bfloat16 or
///           another type whose values are floats. edge: of a tile, positive.
/// Rounding  code * scale is rounded once, nearest even, native overflow. Scales of any value are taken as
///           they are: a tile of zeros in a checkpoint may have scale 0.
/// Errors    sizes that do not fit, an edge of 0, options.scale other than 1, an instruction set that is not
///           available: std::invalid_argument before anything is written. Does not allocate.
template <detail::values_source In, detail::unpack_target Out, detail::tile_scales Scales>
void unpack_tiles(In&& in, Out&& out, std::size_t columns, const Scales& scales, std::size_t edge = 128,
                  unpack_options options = {}) {
  constexpr const char* function = "narrowfp::unpack_tiles";
  using F = typename std::remove_const_t<detail::element_of<In>>::format;
  const isa set = dispatch::resolve(function, options.use);
  const auto source = detail::as_const_span(in);
  const auto target = detail::as_span(out);
  if (edge == 0) {
    detail::fail(function, "edge", "is 0, but must be positive");
  }
  if (columns == 0 ? source.size() != 0 : source.size() % columns != 0) {
    char problem[128];
    std::snprintf(problem, sizeof problem, "has %zu elements, but a multiple of columns = %zu is needed",
                  source.size(), columns);
    detail::fail(function, "in", problem);
  }
  detail::require_size(function, "out", target.size(), source.size(), "one for each element of in");
  const std::size_t rows = columns == 0 ? 0 : source.size() / columns;
  detail::require_size(function, "scales", std::size(scales), tile_scale_count(rows, columns, edge),
                       "one for each edge x edge tile");
  detail::require_common_scale_one(function, options.scale);
  const detail::kernel_elements elements(target.data());
  const auto* const codes = reinterpret_cast<const typename F::code_type*>(source.data());
  const std::size_t across = tile_scale_count(1, columns, edge);
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t first = 0; first < columns; first += edge) {
      const std::size_t count = columns - first < edge ? columns - first : edge;
      const float scale = static_cast<float>(std::data(scales)[row / edge * across + first / edge]);
      dispatch::decode<F>(set, codes + row * columns + first, elements.data() + row * columns + first, count,
                          scale);
    }
  }
}

}  // namespace

}  // namespace narrowfp::inline v0
