// Layer: kernels. The operands of exact products: rows of blocks, of codes, and of floats, which are codes
// too.
#pragma once

#include <cstddef>
#include <cstdint>

#include "../block/block_format.hpp"
#include "../core/format.hpp"
#include "block_job.hpp"

#include "target.hpp"

namespace narrowfp::inline v0::kernels {

/// Whole blocks of B, one after the other.
template <block_type B>
struct whole_row {
  using block = B;
  using element_format = typename B::element_format;
  static constexpr bool is_whole = true;

  const std::byte* blocks;

  [[nodiscard]] NARROWFP_INLINE block_source places() const noexcept {
    return {blocks, blocks + B::metadata_bytes, sizeof(B), sizeof(B)};
  }
};

/// Blocks of B whose scales and codes may lie apart.
template <block_type B>
struct block_row {
  using block = B;
  using element_format = typename B::element_format;
  static constexpr bool is_whole = false;

  block_source at;

  [[nodiscard]] NARROWFP_INLINE const block_source& places() const noexcept { return at; }
};

/// Codes of F as an array of F's code type, at any address.
template <scalar_format F>
struct code_row {
  using element_format = F;

  const std::byte* codes;
};

/// Codes of F as a stream of bits, from element `first` on.
template <scalar_format F>
struct dense_row {
  using element_format = F;

  const std::byte* codes;
  std::size_t first;  ///< below 8
};

namespace {

/// Whether a row begins at a byte: vector kernels take no others.
template <class Row>
constexpr bool begins_at_byte(const Row&) noexcept {
  return true;
}
template <scalar_format F>
constexpr bool begins_at_byte(const dense_row<F>& row) noexcept {
  return row.first == 0;
}

}  // namespace

/// A row of blocks: its elements have scales.
template <class Row>
concept row_of_blocks = requires {
  typename Row::block;
};

}  // namespace narrowfp::inline v0::kernels

#include "target_end.hpp"
