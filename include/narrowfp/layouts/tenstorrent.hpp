// Tenstorrent's Bfp8_b, Bfp4_b and Bfp2_b tiles: 32 x 32 elements as four faces of 16 x 16, the exponents of
// all face rows first. Source: tenstorrent/tt-metal, tt_metal/impl/data_format/blockfloat_common.cpp.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>

#include "../block/bfp.hpp"
#include "../detail/error.hpp"
#include "../detail/ranges.hpp"
#include "../quantize.hpp"

namespace narrowfp::inline v0 {

/// @{
/// One exponent for 16 elements: the values are just those of bfp.
using bfp8_b = bfp<7, 16>;
using bfp4_b = bfp<3, 16>;
using bfp2_b = bfp<1, 16>;
/// @}

template <class B>
concept tenstorrent_block = std::same_as<B, bfp8_b> || std::same_as<B, bfp4_b> || std::same_as<B, bfp2_b>;

/// Bytes of one tile: 64 exponents, then 1024 elements.
template <tenstorrent_block B>
inline constexpr std::size_t tenstorrent_tile_bytes = 64 * sizeof(B);

/// A matrix of whole tiles.
struct tile_matrix_shape {
  std::size_t rows;  ///< a multiple of 32
  std::size_t cols;  ///< a multiple of 32
};

namespace detail {
namespace {

/// The block, in a row-major matrix of blocks, of face row `i` of a tile; there are 64 of them in a tile.
constexpr std::size_t block_of_face_row(tile_matrix_shape shape, std::size_t tile, std::size_t i) noexcept {
  const std::size_t tiles_across = shape.cols / 32;
  const std::size_t face = i / 16;
  const std::size_t row = tile / tiles_across * 32 + face / 2 * 16 + i % 16;
  return row * (shape.cols / 16) + tile % tiles_across * 2 + face % 2;
}

template <tenstorrent_block B>
void require_tiles(const char* function, tile_matrix_shape shape, std::size_t blocks, std::size_t bytes) {
  if (shape.rows % 32 != 0 || shape.cols % 32 != 0) {
    fail(function, "shape", "must have rows and columns that are multiples of 32: a tile does not fit");
  }
  require_size(function, "blocks", blocks, shape.rows * (shape.cols / 16),
               "one for each 16 elements of a row");
  require_size(function, "tiles", bytes, shape.rows / 32 * (shape.cols / 32) * tenstorrent_tile_bytes<B>,
               "bytes of all tiles");
}

}  // namespace
}  // namespace detail

namespace {

/// Blocks of a row-major matrix to tiles, row by row of tiles. Errors: a shape that is not made of whole
/// tiles, sizes that do not fit: std::invalid_argument.
template <tenstorrent_block B, detail::bytes_of<std::byte> Out>
void to_tenstorrent_tiles(std::span<const B> blocks, tile_matrix_shape shape, Out&& tile_bytes) {
  const std::span<std::byte> tiles = detail::as_byte_span(tile_bytes);
  detail::require_tiles<B>("narrowfp::to_tenstorrent_tiles", shape, blocks.size(), tiles.size());
  for (std::size_t tile = 0; tile < tiles.size() / tenstorrent_tile_bytes<B>; ++tile) {
    std::byte* const exponents = tiles.data() + tile * tenstorrent_tile_bytes<B>;
    for (std::size_t i = 0; i < 64; ++i) {
      const B& block = blocks[detail::block_of_face_row(shape, tile, i)];
      exponents[i] = static_cast<std::byte>(block.bytes[0]);
      __builtin_memcpy(exponents + 64 + i * B::code_bytes, block.bytes.data() + 1, B::code_bytes);
    }
  }
}
/// Back again, byte for byte. Errors as to_tenstorrent_tiles.
template <tenstorrent_block B, detail::bytes_of<const std::byte> In>
void from_tenstorrent_tiles(In&& tile_bytes, tile_matrix_shape shape, std::span<B> blocks) {
  const std::span<const std::byte> tiles = detail::as_byte_span(tile_bytes);
  detail::require_tiles<B>("narrowfp::from_tenstorrent_tiles", shape, blocks.size(), tiles.size());
  for (std::size_t tile = 0; tile < tiles.size() / tenstorrent_tile_bytes<B>; ++tile) {
    const std::byte* const exponents = tiles.data() + tile * tenstorrent_tile_bytes<B>;
    for (std::size_t i = 0; i < 64; ++i) {
      B& block = blocks[detail::block_of_face_row(shape, tile, i)];
      block.bytes[0] = static_cast<std::uint8_t>(exponents[i]);
      __builtin_memcpy(block.bytes.data() + 1, exponents + 64 + i * B::code_bytes, B::code_bytes);
    }
  }
}

/// @{
/// The same of any range of blocks, whose type need not be named.
template <detail::blocks_source In, detail::bytes_of<std::byte> Out>
void to_tenstorrent_tiles(In&& blocks, tile_matrix_shape shape, Out&& tile_bytes) {
  to_tenstorrent_tiles<std::remove_const_t<detail::element_of<In>>>(detail::as_const_span(blocks), shape,
                                                                    tile_bytes);
}
template <detail::bytes_of<const std::byte> In, detail::blocks_target Out>
void from_tenstorrent_tiles(In&& tile_bytes, tile_matrix_shape shape, Out&& blocks) {
  from_tenstorrent_tiles<detail::element_of<Out>>(tile_bytes, shape, detail::as_span(blocks));
}
/// @}

}  // namespace

}  // namespace narrowfp::inline v0
