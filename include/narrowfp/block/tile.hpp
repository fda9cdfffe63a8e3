// Layer: block. Quantize several blocks under one scale: square tiles, so that a matrix and its transpose
// have the same values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "../core/arithmetic.hpp"
#include "../core/real.hpp"
#include "block_format.hpp"
#include "codec.hpp"
#include "float_bits.hpp"
#include "job.hpp"
#include "scale_rule.hpp"

namespace narrowfp::inline v0::blocks {

/// One block of a tile: prepared inputs, and the index by which its first element draws.
template <block_type B>
struct tile_part {
  inputs<B> x;
  std::uint64_t first_index;
};

namespace {

/// All blocks of a tile under one scale, into `out`; the sum of their squared errors in block order.
template <block_type B, class Encode>
core::real encode_tile_with_scale(const std::vector<tile_part<B>>& parts, std::uint32_t scale_code,
                                  quantize_job job, std::vector<B>& out, bool wants_error,
                                  const Encode& encode) {
  core::real error = core::finite(0, 0);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    job.first_index = parts[i].first_index;
    out[i] = encode(parts[i].x, scale_code, job);
    if (wants_error) {
      error = squared_error(parts[i].x, out[i], error);
    }
  }
  return error;
}

/// Quantizes a tile by the rules of its block format, the tile in the place of the block. encode(x,
/// scale_code, job) is encode_with_scale or equals it.
template <block_type B, class Encode>
std::vector<B> encode_tile(const std::vector<tile_part<B>>& parts, const quantize_job& job,
                           const Encode& encode) {
  std::vector<B> best(parts.size());
  std::uint32_t magnitude = 0;
  for (const tile_part<B>& part : parts) {
    const std::uint32_t own = largest_magnitude(part.x.data(), B::elements);
    magnitude = own > magnitude ? own : magnitude;
  }
  if (magnitude >= float_infinity) {
    for (B& block : best) {
      block = nan_block<B>();
    }
    return best;
  }
  const scale_candidates candidates = candidate_scales<B>(magnitude, job.rule);
  if (candidates.count == 1) {
    encode_tile_with_scale(parts, candidates.code[0], job, best, false, encode);
    return best;
  }
  core::real smallest = core::infinity();
  std::vector<B> trial(parts.size());
  for (int i = 0; i < candidates.count; ++i) {
    const core::real error = encode_tile_with_scale(parts, candidates.code[i], job, trial, true, encode);
    if (core::compare(error, smallest) < 0) {
      smallest = error;
      best = trial;
    }
  }
  return best;
}

}  // namespace

}  // namespace narrowfp::inline v0::blocks
