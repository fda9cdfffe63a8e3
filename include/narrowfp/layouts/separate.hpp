// Element codes and scales in tensors of their own, row-major: how torch, GPT-OSS and Model-Optimizer store
// block formats. Even element in the low nibble.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>

#include "../block/block_format.hpp"
#include "../block/mx.hpp"
#include "../block/nvfp4.hpp"
#include "../detail/error.hpp"
#include "../detail/ranges.hpp"
#include "../quantize.hpp"

namespace narrowfp::inline v0 {

namespace {

/// Blocks to separate arrays. Errors: sizes that do not fit: std::invalid_argument.
template <block_type B>
void split(std::span<const B> in, split_blocks out, const char* function = "narrowfp::split") {
  detail::require_split<B>(function, out, in.size());
  for (std::size_t i = 0; i < in.size(); ++i) {
    const auto* bytes = in[i].bytes.data();
    __builtin_memcpy(out.scales.data() + i * B::metadata_bytes, bytes, B::metadata_bytes);
    __builtin_memcpy(out.codes.data() + i * B::code_bytes, bytes + B::metadata_bytes, B::code_bytes);
  }
}

/// Separate arrays to blocks. Errors: sizes that do not fit: std::invalid_argument.
template <block_type B>
void join(const_split_blocks in, std::span<B> out, const char* function = "narrowfp::join") {
  detail::require_split<B>(function, in, out.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    auto* bytes = out[i].bytes.data();
    __builtin_memcpy(bytes, in.scales.data() + i * B::metadata_bytes, B::metadata_bytes);
    __builtin_memcpy(bytes + B::metadata_bytes, in.codes.data() + i * B::code_bytes, B::code_bytes);
  }
}

/// @{
/// The same of any range of blocks, whose type need not be named.
template <detail::blocks_source In>
void split(In&& in, split_blocks out) {
  split<std::remove_const_t<detail::element_of<In>>>(detail::as_const_span(in), out);
}
template <detail::blocks_target Out>
void join(const_split_blocks in, Out&& out) {
  join<detail::element_of<Out>>(in, detail::as_span(out));
}
/// @}

}  // namespace

/// torch: a `float4_e2m1fn_x2` tensor [rows, cols / 2] and a scale tensor [rows, cols / B::elements] of
/// `float8_e8m0fnu` (mxfp4) or `float8_e4m3fn` (nvfp4), not swizzled.
template <class B>
concept torch_fp4_block = std::same_as<B, mxfp4> || std::same_as<B, nvfp4>;

namespace {

/// @{
/// Blocks to those two tensors, or back: only bytes move. Errors: sizes that do not fit:
/// std::invalid_argument.
template <torch_fp4_block B>
void to_torch_fp4(std::span<const B> in, split_blocks out) {
  split<B>(in, out, "narrowfp::to_torch_fp4");
}
template <torch_fp4_block B>
void from_torch_fp4(const_split_blocks in, std::span<B> out) {
  join<B>(in, out, "narrowfp::from_torch_fp4");
}
template <detail::blocks_source In>
requires torch_fp4_block<std::remove_const_t<detail::element_of<In>>>
void to_torch_fp4(In&& in, split_blocks out) {
  to_torch_fp4<std::remove_const_t<detail::element_of<In>>>(detail::as_const_span(in), out);
}
template <detail::blocks_target Out>
requires torch_fp4_block<detail::element_of<Out>>
void from_torch_fp4(const_split_blocks in, Out&& out) {
  from_torch_fp4<detail::element_of<Out>>(in, detail::as_span(out));
}
/// @}

/// @{
/// openai/gpt-oss checkpoints: `*_blocks` [..., rows, groups, 16] and `*_scales` [..., rows, groups].
inline void to_gpt_oss(std::span<const mxfp4> in, split_blocks out) {
  split<mxfp4>(in, out, "narrowfp::to_gpt_oss");
}
inline void from_gpt_oss(const_split_blocks in, std::span<mxfp4> out) {
  join<mxfp4>(in, out, "narrowfp::from_gpt_oss");
}
/// @}

}  // namespace

/// NVIDIA Model-Optimizer: `weight` [N, K / 2], `weight_scale` [N, K / 16] in E4M3, and `weight_scale_2`, the
/// tensor scale amax / 2688, to read. (compressed-tensors stores its reciprocal as `weight_global_scale`.)
struct const_model_optimizer_weight {
  std::span<const std::byte> weight;        ///< two codes a byte
  std::span<const std::byte> weight_scale;  ///< E4M3, one for 16 elements
  float weight_scale_2;                     ///< the tensor scale, a factor

  /// Views two ranges of std::byte, unsigned char or std::uint8_t.
  template <detail::bytes_of<const std::byte> Codes, detail::bytes_of<const std::byte> Scales>
  constexpr const_model_optimizer_weight(Codes&& codes, Scales&& scales, float tensor_scale = 1) noexcept
      : weight(detail::as_byte_span(codes)),
        weight_scale(detail::as_byte_span(scales)),
        weight_scale_2(tensor_scale) {}
};
/// The same to write to; converts to const_model_optimizer_weight.
struct model_optimizer_weight {
  std::span<std::byte> weight;        ///< two codes a byte
  std::span<std::byte> weight_scale;  ///< E4M3, one for 16 elements
  float weight_scale_2;               ///< the tensor scale, a factor

  /// Views two ranges of std::byte, unsigned char or std::uint8_t that can be written.
  template <detail::bytes_of<std::byte> Codes, detail::bytes_of<std::byte> Scales>
  constexpr model_optimizer_weight(Codes&& codes, Scales&& scales, float tensor_scale = 1) noexcept
      : weight(detail::as_byte_span(codes)),
        weight_scale(detail::as_byte_span(scales)),
        weight_scale_2(tensor_scale) {}
  /// To read what was written.
  constexpr operator const_model_optimizer_weight() const noexcept {
    return {weight, weight_scale, weight_scale_2};
  }
};

namespace {

/// Blocks and their tensor scale to those tensors. Errors: sizes that do not fit: std::invalid_argument.
inline void to_model_optimizer(std::span<const nvfp4> in, float tensor_scale, model_optimizer_weight& out) {
  split<nvfp4>(in, split_blocks{out.weight, out.weight_scale}, "narrowfp::to_model_optimizer");
  out.weight_scale_2 = tensor_scale;
}
/// Returns the tensor scale. Errors as to_model_optimizer.
inline float from_model_optimizer(const const_model_optimizer_weight& in, std::span<nvfp4> out) {
  join<nvfp4>(const_split_blocks{in.weight, in.weight_scale}, out, "narrowfp::from_model_optimizer");
  return in.weight_scale_2;
}

}  // namespace

}  // namespace narrowfp::inline v0
