// Layer: kernels. Array loops over the block codec: the reference of every other block kernel, and the
// fallback.
#pragma once

#include <cstddef>
#include <cstdint>

#include "../block/block_format.hpp"
#include "../block/codec.hpp"
#include "../block/float_bits.hpp"
#include "../block/job.hpp"
#include "../block/recipes.hpp"
#include "../core/real.hpp"
#include "../types/narrow_float.hpp"
#include "block_job.hpp"
#include "block_rows.hpp"
#include "block_values.hpp"
#include "tensor_scale.hpp"

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
  blocks::inputs<B> x;
  const std::size_t first = b * B::elements;
  const std::size_t count = in.n - first < B::elements ? in.n - first : B::elements;
  if (in.stride == 1 && count == B::elements) {  // a loop that compilers turn into vector code
    for (std::size_t i = 0; i < B::elements; ++i) {
      x[i] = input_bits(in.data[first + i]);
    }
    return x;
  }
  x = {};
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
  const bool is_native = job.as == recipe::native;
  const bool divides = is_native && core::bit_cast<std::uint32_t>(job.tensor_scale) != blocks::float_one;
  const float_divisor divisor = divisor_of(job.tensor_scale);
  const blocks::quantize_job division = job;
  if (divides) {
    job.tensor_scale = 1;
  }
  for (std::size_t b = 0; b < count; ++b) {
    blocks::inputs<B> x = load_inputs<B>(in, b);
    if (divides) {
      divide_inputs<B>(x, divisor, division);
    }
    B block;
    if (!is_native || !quantize_by_rows<B>(x, job, block)) {
      block = blocks::quantize_one<B>(x, job);
    }
    __builtin_memcpy(out.metadata + b * out.metadata_stride, block.bytes.data(), B::metadata_bytes);
    __builtin_memcpy(out.codes + b * out.code_stride, block.bytes.data() + B::metadata_bytes, B::code_bytes);
    job.first_index += B::elements * job.index_stride;
  }
}

/// Dequantizes n elements.
template <block_type B, class S>
void dequantize(const block_source& in, const strided<S>& out, const blocks::dequantize_job& job) noexcept {
  const bool is_native = job.as == recipe::native;
  const core::real tensor_scale = core::read(job.tensor_scale);
  const bool has_tensor_scale = core::bit_cast<std::uint32_t>(job.tensor_scale) != blocks::float_one;
  for (std::size_t first = 0, b = 0; first < out.n; first += B::elements, ++b) {
    const std::byte* metadata = in.metadata + b * in.metadata_stride;
    const std::byte* codes = in.codes + b * in.code_stride;
    const std::size_t count = out.n - first < B::elements ? out.n - first : B::elements;
    S* to = out.data + first * out.stride;
    if constexpr (std::same_as<S, float>) {
      if (is_native && out.stride == 1 && count == B::elements &&
          values_of_block<B>(metadata, codes, tensor_scale, has_tensor_scale, to)) {
        continue;
      }
    }
    B block;
    __builtin_memcpy(block.bytes.data(), metadata, B::metadata_bytes);
    __builtin_memcpy(block.bytes.data() + B::metadata_bytes, codes, B::code_bytes);
    for (std::size_t i = 0; i < count; ++i) {
      to[i * out.stride] = core::from_real<S>(blocks::decode_element(block, i, job));
    }
  }
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::scalar

#include "../detail/undef.hpp"
