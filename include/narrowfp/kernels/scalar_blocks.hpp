// Layer: kernels. Array loops over the block codec: the reference of every other block kernel, and the
// fallback.
#pragma once

#include <cstddef>
#include <cstdint>

#include "../block/block_format.hpp"
#include "../block/codec.hpp"
#include "../block/float_bits.hpp"
#include "../block/job.hpp"
#include "../core/real.hpp"
#include "../types/narrow_float.hpp"
#include "block_job.hpp"

#include "../detail/config.hpp"

// Internal linkage throughout: see docs/architecture.md, "Units with different flags".
namespace narrowfp::inline v0::kernels::scalar {
namespace {

/// The bit pattern of the float that x is.
template <class S>
NARROWFP_INLINE constexpr std::uint32_t input_bits(S x) noexcept {
  if constexpr (std::same_as<S, float>) {
    return core::bit_cast<std::uint32_t>(x);
  } else if constexpr (std::same_as<S, narrow_float<formats::bfloat16>>) {
    return std::uint32_t{x.bits()} << 16;
  } else {
    return blocks::float_bits_of(core::read(x));
  }
}

/// Reads block b's elements; those past the end are +0.
template <block_type B, class S>
blocks::inputs<B> load_inputs(const strided<const S>& in, std::size_t b) noexcept {
  blocks::inputs<B> x{};
  const std::size_t first = b * B::elements;
  const std::size_t count = in.n - first < B::elements ? in.n - first : B::elements;
  const S* p = in.data + first * in.stride;
  for (std::size_t i = 0; i < count; ++i) {
    x[i] = input_bits(p[i * in.stride]);
  }
  return x;
}

/// Quantizes n elements into ceil(n / B::elements) blocks; `job.first_index` is that of the first element.
template <block_type B, class S>
void quantize(const strided<const S>& in, const block_target& out, blocks::quantize_job job) noexcept {
  const std::size_t count = in.n / B::elements + (in.n % B::elements != 0 ? 1 : 0);
  for (std::size_t b = 0; b < count; ++b) {
    const B block = blocks::quantize_one<B>(load_inputs<B>(in, b), job);
    __builtin_memcpy(out.metadata + b * out.metadata_stride, block.bytes.data(), B::metadata_bytes);
    __builtin_memcpy(out.codes + b * out.code_stride, block.bytes.data() + B::metadata_bytes, B::code_bytes);
    job.first_index += B::elements * job.index_stride;
  }
}

/// Dequantizes n elements.
template <block_type B, class S>
void dequantize(const block_source& in, const strided<S>& out, const blocks::dequantize_job& job) noexcept {
  for (std::size_t first = 0, b = 0; first < out.n; first += B::elements, ++b) {
    B block;
    __builtin_memcpy(block.bytes.data(), in.metadata + b * in.metadata_stride, B::metadata_bytes);
    __builtin_memcpy(block.bytes.data() + B::metadata_bytes, in.codes + b * in.code_stride, B::code_bytes);
    const std::size_t count = out.n - first < B::elements ? out.n - first : B::elements;
    for (std::size_t i = 0; i < count; ++i) {
      out.data[(first + i) * out.stride] = core::from_real<S>(blocks::decode_element(block, i, job));
    }
  }
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::scalar

#include "../detail/undef.hpp"
