// Layer: kernels/vector. The last blocks of an array, fewer than a kernel takes together, in a copy that is
// completed: with zeros, as the last block is anyway, or with blocks that ask for nothing that the others do
// not.
#if !defined(NARROWFP_SET)
#include "alone_encoders.hpp"

#include "any_scale.hpp"
#include "dequantize.hpp"
#define NARROWFP_ALONE
#endif

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// As quantize_groups, of n < quantized_at_once<B> elements: all of them or none.
template <block_type B, rounding Mode, class S>
NARROWFP_TARGET [[gnu::noinline]] std::size_t quantize_last(const S* in, std::size_t n,
                                                            const block_target& out, scale_rule rule,
                                                            const block_draws& draws) noexcept {
  constexpr std::size_t group = quantized_at_once<B>;
  alignas(64) S elements[group];
  alignas(64) B blocks[group / B::elements];
  load_some<group>(static_cast<S*>(elements), in, n);
  auto* const bytes = reinterpret_cast<std::byte*>(blocks);
  const block_target to = {bytes, bytes + B::metadata_bytes, sizeof(B), sizeof(B)};
  if (quantize_groups<B, Mode>(static_cast<const S*>(elements), group, to, rule, draws) != group) {
    return 0;
  }
  for (std::size_t b = 0; b * B::elements < n; ++b) {
    __builtin_memcpy(out.metadata + b * out.metadata_stride, to.metadata + b * sizeof(B), B::metadata_bytes);
    __builtin_memcpy(out.codes + b * out.code_stride, to.codes + b * sizeof(B), B::code_bytes);
  }
  return n;
}

/// Quantizes the first blocks of n elements, up to one that is left to the scalar path; how many elements.
template <block_type B, rounding Mode, class S>
NARROWFP_INLINE std::size_t quantize_first(const S* in, std::size_t n, const block_target& out,
                                           scale_rule rule, const block_draws& draws) noexcept {
  if constexpr (quantized_at_once<B> != 0) {
    if (n < quantized_at_once<B>) {
      return quantize_last<B, Mode>(in, n, out, rule, draws);
    }
  }
  return quantize_groups<B, Mode>(in, n, out, rule, draws);
}

/// Dequantizes likewise.
template <block_type B, class S>
NARROWFP_INLINE std::size_t dequantize_first(const block_source& in, S* out, std::size_t n,
                                             float tensor_scale) noexcept {
  if constexpr (dequantized_at_once<B> != 0) {
    if (n < dequantized_at_once<B>) {
      return dequantize_copy<B, dequantized_at_once<B>>(in, out, n, tensor_scale, dequantize_groups<B, S>);
    }
  }
  return dequantize_groups<B>(in, out, n, tensor_scale);
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#if defined(NARROWFP_ALONE)
#include "alone_end.hpp"
#endif
