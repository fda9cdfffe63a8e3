// Layer: kernels. Where the blocks of an array call lie: one description for whole blocks and for scales kept
// apart, so that a kernel is written once.
#pragma once

#include <cstddef>
#include <cstdint>

namespace narrowfp::inline v0::kernels {

/// Block b has its metadata at metadata + b * metadata_stride and its element codes likewise. Byte is
/// std::byte or const std::byte.
template <class Byte>
struct block_places {
  Byte* metadata;
  Byte* codes;
  std::size_t metadata_stride;
  std::size_t code_stride;
};

using block_target = block_places<std::byte>;
using block_source = block_places<const std::byte>;

/// By what the first element of an array call draws; the next ones have the next indices.
struct block_draws {
  std::uint64_t seed;
  std::uint64_t first_index;
};

/// The elements of an array call.
template <class S>
struct array_of {
  S* data;
  std::size_t n;
};

/// Element i of a line of a matrix is data[i * stride]; n of them.
template <class S>
struct strided {
  S* data;
  std::size_t n;
  std::size_t stride;
};

namespace {

/// The same places from a block on.
template <class Byte>
constexpr block_places<Byte> from_block(const block_places<Byte>& all, std::size_t block) noexcept {
  return {all.metadata + block * all.metadata_stride, all.codes + block * all.code_stride,
          all.metadata_stride, all.code_stride};
}

}  // namespace

}  // namespace narrowfp::inline v0::kernels
