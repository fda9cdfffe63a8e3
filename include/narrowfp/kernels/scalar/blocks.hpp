// Layer: kernels/scalar. Array loops over the block codec: the reference of every other block kernel, and the
// fallback.
#pragma once

#include <cstddef>
#include <cstdint>

#include "../../block/block_format.hpp"
#include "../../block/codec.hpp"
#include "../../block/float_bits.hpp"
#include "../../block/job.hpp"
#include "../../block/recipes.hpp"
#include "../../core/real.hpp"
#include "../../types/narrow_float.hpp"
#include "../block_job.hpp"
#include "arrays.hpp"
#include "quantize_rows.hpp"
#include "tensor_scale.hpp"
#include "values.hpp"

#include "../../detail/config.hpp"

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

/// The block that finite x becomes under a given scale.
template <block_type B>
B encode_with_scale(const blocks::inputs<B>& x, std::uint32_t scale_code,
                    const blocks::quantize_job& job) noexcept {
  if constexpr (has_element_rows<typename B::element_format>) {
    const rounding mode = job.mode == rounding::native ? B::element_format::native_rounding : job.mode;
    const std::uint32_t amax = blocks::largest_magnitude(x.data(), B::elements);
    B block;
    if (encode_by_patterns<B>(x, scale_code, amax, mode, block)) {
      return block;
    }
  }
  return blocks::encode_with_scale<B>(x, scale_code, job);
}

/// Quantizes raw inputs that have been divided by the tensor scale, where the job's recipe divides first.
template <block_type B>
NARROWFP_INLINE constexpr B quantize_divided(const blocks::inputs<B>& x,
                                             const blocks::quantize_job& job) noexcept {
  B block;
  if (job.as == recipe::native && quantize_by_rows<B>(x, job, block)) {
    return block;
  }
  return blocks::quantize_one<B>(x, job);
}

/// Quantizes one block of raw inputs.
template <block_type B>
constexpr B quantize_block(blocks::inputs<B> x, blocks::quantize_job job) noexcept {
  if (job.as == recipe::native && core::bit_cast<std::uint32_t>(job.tensor_scale) != blocks::float_one) {
    divide_inputs<B>(x, divisor_of(job.tensor_scale), job);
    job.tensor_scale = 1;
  }
  return quantize_divided<B>(x, job);
}

/// Quantizes n elements into ceil(n / B::elements) blocks; `job.first_index` is that of the first element.
template <block_type B, class S>
void quantize(const array_of<const S>& in, const block_target& out, blocks::quantize_job job) noexcept {
  const std::size_t count = in.n / B::elements + (in.n % B::elements != 0 ? 1 : 0);
  const bool divides =
      job.as == recipe::native && core::bit_cast<std::uint32_t>(job.tensor_scale) != blocks::float_one;
  const float_divisor divisor = divisor_of(job.tensor_scale);
  const blocks::quantize_job division = job;
  if (divides) {
    job.tensor_scale = 1;
  }
  for (std::size_t b = 0; b < count; ++b) {
    blocks::inputs<B> x = load_inputs<B>(strided<const S>{in.data, in.n, 1}, b);
    if (divides) {
      divide_inputs<B>(x, divisor, division);
    }
    const B block = quantize_divided<B>(x, job);
    __builtin_memcpy(out.metadata + b * out.metadata_stride, block.bytes.data(), B::metadata_bytes);
    __builtin_memcpy(out.codes + b * out.code_stride, block.bytes.data() + B::metadata_bytes, B::code_bytes);
    job.first_index += B::elements * job.index_stride;
  }
}

template <class S>
inline constexpr bool is_half =
    std::same_as<S, narrow_float<formats::bfloat16>> || std::same_as<S, narrow_float<formats::float16>>;

/// Dequantizes a block to bfloat16 or float16. False: not by this way, and nothing is written.
template <block_type B, scalar_format F>
bool halves_of_block(const std::byte* metadata, const std::byte* codes, const core::real& tensor_scale,
                     bool has_tensor_scale, const array_of<narrow_float<F>>& out) noexcept {
  float values[B::elements] = {};
  typename F::code_type halves[B::elements];
  if (!values_of_block<B, rounding::to_odd>(metadata, codes, tensor_scale, has_tensor_scale, values)) {
    return false;
  }
  encode<F>(values, halves, out.n, {rounding::nearest_even, overflow::native, 1, 0, 0});
  for (std::size_t i = 0; i < out.n; ++i) {
    out.data[i] = narrow_float<F>::from_bits(halves[i]);
  }
  return true;
}

/// Dequantizes a block, or the first elements of it, exactly.
template <block_type B, class S>
void decode_block(const std::byte* metadata, const std::byte* codes, const array_of<S>& out,
                  const blocks::dequantize_job& job) noexcept {
  B block;
  __builtin_memcpy(block.bytes.data(), metadata, B::metadata_bytes);
  __builtin_memcpy(block.bytes.data() + B::metadata_bytes, codes, B::code_bytes);
  for (std::size_t i = 0; i < out.n; ++i) {
    core::store(out.data[i], blocks::decode_element(block, i, job));
  }
}

/// Dequantizes one block to floats.
template <block_type B>
constexpr void dequantize_block(const B& block, const blocks::dequantize_job& job, float* out) noexcept {
  const std::uint8_t* const metadata = block.bytes.data();
  const bool has_tensor_scale = core::bit_cast<std::uint32_t>(job.tensor_scale) != blocks::float_one;
  if (blocks::decodes_natively<B>(job.as) &&
      values_of_block<B, rounding::nearest_even>(metadata, metadata + B::metadata_bytes,
                                                 core::read(job.tensor_scale), has_tensor_scale, out)) {
    return;
  }
  for (std::size_t i = 0; i < B::elements; ++i) {
    core::store(out[i], blocks::decode_element(block, i, job));
  }
}

/// Dequantizes n elements.
template <block_type B, class S>
void dequantize(const block_source& in, const array_of<S>& out, const blocks::dequantize_job& job) noexcept {
  const bool is_native = blocks::decodes_natively<B>(job.as);
  const core::real tensor_scale = core::read(job.tensor_scale);
  const bool has_tensor_scale = core::bit_cast<std::uint32_t>(job.tensor_scale) != blocks::float_one;
  for (std::size_t first = 0, b = 0; first < out.n; first += B::elements, ++b) {
    const std::byte* metadata = in.metadata + b * in.metadata_stride;
    const std::byte* codes = in.codes + b * in.code_stride;
    const std::size_t count = out.n - first < B::elements ? out.n - first : B::elements;
    const array_of<S> to = {out.data + first, count};
    bool done = false;
    if constexpr (std::same_as<S, float>) {
      done = is_native && count == B::elements &&
             values_of_block<B, rounding::nearest_even>(metadata, codes, tensor_scale, has_tensor_scale,
                                                        to.data);
    } else if constexpr (is_half<S>) {
      done = is_native && halves_of_block<B>(metadata, codes, tensor_scale, has_tensor_scale, to);
    }
    if (!done) {
      decode_block<B>(metadata, codes, to, job);
    }
  }
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::scalar

#include "../../detail/undef.hpp"
