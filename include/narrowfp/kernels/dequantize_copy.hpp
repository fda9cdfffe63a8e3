// Layer: kernels. The last blocks of an array, fewer than a kernel takes together, dequantized in a copy. One
// for all sets.
#pragma once

#include <cstddef>

#include "../block/block_format.hpp"
#include "block_job.hpp"

// Internal linkage throughout: see docs/architecture.md, "Units with different flags".
namespace narrowfp::inline v0::kernels {
namespace {

/// Dequantizes n < Group elements by a kernel that takes Group of them: all of them or none. The blocks that
/// are missing are the first one again, which asks for nothing that the others do not.
template <block_type B, std::size_t Group, class S>
[[gnu::noinline]] std::size_t dequantize_copy(const block_source& in, S* out, std::size_t n,
                                              float tensor_scale,
                                              std::size_t (*kernel)(const block_source&, S*, std::size_t,
                                                                    float) noexcept) noexcept {
  static_assert(Group % B::elements == 0);
  alignas(64) std::byte blocks[Group / B::elements * sizeof(B)];
  alignas(64) S elements[Group];
  std::byte* to = blocks;
  for (std::size_t b = 0; b * B::elements < Group; ++b, to += sizeof(B)) {
    const std::size_t from = b * B::elements < n ? b : 0;
    __builtin_memcpy(to, in.metadata + from * in.metadata_stride, B::metadata_bytes);
    __builtin_memcpy(to + B::metadata_bytes, in.codes + from * in.code_stride, B::code_bytes);
  }
  if (kernel({blocks, blocks + B::metadata_bytes, sizeof(B), sizeof(B)}, elements, Group, tensor_scale) !=
      Group) {
    return 0;
  }
  std::size_t done = 0;
  for (; n - done >= B::elements; done += B::elements) {
    __builtin_memcpy(static_cast<void*>(out + done), elements + done, B::elements * sizeof(S));
  }
  if (done < n) {
    __builtin_memcpy(static_cast<void*>(out + done), elements + done, (n - done) * sizeof(S));
  }
  return n;
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels
