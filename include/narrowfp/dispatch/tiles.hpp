// Layer: dispatch. Picks the kernel that quantizes a tile of blocks under one scale.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "../block/block_format.hpp"
#include "../block/job.hpp"
#include "../core/rounding.hpp"
#include "../kernels/block_job.hpp"
#include "../kernels/facts/any_scale.hpp"
#include "../kernels/facts/scale_choice.hpp"
#include "../kernels/facts/vector_blocks.hpp"
#include "../kernels/scalar/block_scale.hpp"
#include "isa.hpp"
#include "sets.hpp"

// Internal linkage throughout: see docs/architecture.md, "Units with different flags".
namespace narrowfp::inline v0::dispatch {

/// Element i of line l of a tile is data[l * line_stride + i * element_stride].
template <class S>
struct tile_source {
  const S* data;
  std::size_t line_stride;
  std::size_t element_stride;
  std::size_t lines;
  std::size_t elements;  ///< of a line
};

namespace {

/// Whether a kernel encodes blocks of B under a given scale.
template <block_type B>
bool encodes_columns(isa set) {
  return sets::any(set, [](auto face) { return decltype(face)::template encodes_columns<B>(); });
}

/// The largest magnitude of a column, as a float pattern, by the set that encodes it.
template <block_type B, class S>
std::uint32_t largest_of_column(isa set, const kernels::block_column<S>& column) {
  std::uint32_t largest = 0;
  sets::any(set, [&](auto face) {
    if constexpr (decltype(face)::template encodes_columns<B>()) {
      largest = face.template largest_of_column<B>(column);
    }
    return decltype(face)::template encodes_columns<B>();
  });
  return largest;
}

template <block_type B, class S>
void encode_column(isa set, const kernels::block_column<S>& column, const kernels::block_target& out,
                   float scale) {
  sets::any(set, [&](auto face) {
    if constexpr (decltype(face)::template encodes_columns<B>()) {
      face.template encode_column<B>(column, out, scale);
    }
    return decltype(face)::template encodes_columns<B>();
  });
}

/// Lines of whole blocks, completed with zeros, one after the other.
template <class S>
void copy_lines(const tile_source<S>& tile, std::size_t line_elements, std::vector<S>& out) {
  out.assign(tile.lines * line_elements, S());
  if (tile.element_stride == 1) {
    for (std::size_t line = 0; line < tile.lines; ++line) {
      __builtin_memcpy(static_cast<void*>(out.data() + line * line_elements),
                       tile.data + line * tile.line_stride, tile.elements * sizeof(S));
    }
    return;
  }
  constexpr std::size_t lines_at_a_time = 16;  // those of a cache line, which is read once
  for (std::size_t first = 0; first < tile.lines; first += lines_at_a_time) {
    const std::size_t left = tile.lines - first;
    const std::size_t last = left < lines_at_a_time ? tile.lines : first + lines_at_a_time;
    for (std::size_t i = 0; i < tile.elements; ++i) {
      for (std::size_t line = first; line < last; ++line) {
        out[line * line_elements + i] = tile.data[line * tile.line_stride + i * tile.element_stride];
      }
    }
  }
}

/// Quantizes a tile, unless its scale is unusual.
template <block_type B, class S>
bool quantize_columns(isa set, const tile_source<S>& tile, const kernels::block_target& out,
                      std::size_t line_bytes, scale_rule rule, std::vector<S>& buffer) {
  const std::size_t columns = (tile.elements + B::elements - 1) / B::elements;
  const S* data = tile.data;
  std::size_t stride = tile.line_stride;
  if (tile.element_stride != 1 || tile.elements % B::elements != 0) {
    copy_lines(tile, columns * B::elements, buffer);
    data = buffer.data();
    stride = columns * B::elements;
  }
  std::uint32_t amax = 0;
  for (std::size_t c = 0; c < columns; ++c) {
    const std::uint32_t own = largest_of_column<B, S>(set, {data + c * B::elements, stride, tile.lines});
    amax = own > amax ? own : amax;
  }
  const kernels::block_scale scale = kernels::choose_scale<B>(amax, rule);
  if (!scale.is_usual) {
    return false;
  }
  for (std::size_t c = 0; c < columns; ++c) {
    kernels::block_target to = kernels::from_block(out, c);
    to.metadata_stride = to.code_stride = line_bytes;
    bool is_to_encode = false;
    for (std::size_t line = 0; line < tile.lines; ++line) {
      is_to_encode = kernels::write_scale<B>(scale, kernels::from_block(to, line));
    }
    if (is_to_encode) {
      encode_column<B, S>(set, {data + c * B::elements, stride, tile.lines}, to, scale.value);
    }
  }
  return true;
}

/// Quantizes a tile whose blocks lie from `out` on, line_bytes from line to line. False: not by a kernel, and
/// nothing is written. `buffer` is kept between calls.
template <block_type B, class S>
bool quantize_tile(isa set, const tile_source<S>& tile, const kernels::block_target& out,
                   std::size_t line_bytes, const blocks::quantize_job& job, std::vector<S>& buffer) {
  if constexpr (kernels::divides_by_vectors<B> && kernels::vector_block_source<S>) {
    constexpr rounding native = B::element_format::native_rounding;
    if (encodes_columns<B>(set) && (job.mode == rounding::native || job.mode == native) &&
        kernels::is_vector_rule(job.rule) && kernels::is_one(job.tensor_scale)) {
      return quantize_columns<B>(set, tile, out, line_bytes, job.rule, buffer);
    }
  }
  return false;
}

}  // namespace
}  // namespace narrowfp::inline v0::dispatch
