// Layer: kernels. The operands of exact products: rows of blocks, of codes, and of floats, which are codes
// too.
#pragma once

#include <cstddef>
#include <cstdint>

#include "../block/block_format.hpp"
#include "../core/format.hpp"
#include "block_job.hpp"

namespace narrowfp::inline v0::kernels {

/// Blocks of B, one after the other.
template <block_type B>
struct block_row {
  using block = B;
  using element_format = typename B::element_format;

  block_source places;
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

/// Whether elements have scales.
template <class Row>
inline constexpr bool has_blocks = requires {
  typename Row::block;
};

}  // namespace narrowfp::inline v0::kernels
