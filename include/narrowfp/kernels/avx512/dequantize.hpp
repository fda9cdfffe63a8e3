// Layer: kernels/avx512. Blocks to floats, bfloat16 or float16, 64 elements at a time. It stops at a group of
// blocks with an unusual scale, and before the last elements if they fill no group.
#if !defined(NARROWFP_SET)
#include "alone.hpp"

#if defined(NARROWFP_SET)
#include "words.hpp"
#include "bytes.hpp"
#include "dense.hpp"
#include "../vector/unpack.hpp"
#include "unpack.hpp"
#include "half.hpp"
#include "block_values.hpp"
#include "half_values.hpp"
#endif
#define NARROWFP_ALONE
#endif

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// 64 nibbles of consecutive blocks as floats in order, by looking up their 16 values, which have been
/// scaled.
template <block_type B, bool Usual, product_form Way>
NARROWFP_TARGET NARROWFP_INLINE void decode_nibbles(const block_source& in,
                                                    const group_scales<64 / B::elements>& scales,
                                                    __m512i tensor_scale, __m512i nibbles,
                                                    __m512i (&values)[4]) noexcept {
  __m512i scaled = nibbles;
#pragma GCC unroll 4
  for (std::size_t i = 0; i < 4; ++i) {
    const std::size_t b = 16 * i / B::elements;
    const std::size_t first = 16 * i % B::elements;
    if (first == 0) {
      scaled = nibble_values<Usual, Way>(nibbles, scales, b, tensor_scale);
    }
    const __m512i codes = spread_nibbles(in.codes + b * in.code_stride + first / 2);
    values[i] = _mm512_maskz_permutexvar_epi32(0xFFFF, codes, scaled);
    if constexpr (B::levels > 1) {
      values[i] = double_by_bits<B>(values[i], load_metadata<B>(in.metadata + b * in.metadata_stride), first);
    }
  }
}

/// Decodes 64 elements, all scales of which are of use `multiply`, or any but `other`.
template <block_type B, bool Stream, bool Usual, product_form Way, class S>
NARROWFP_TARGET NARROWFP_INLINE void decode_blocks(const block_source& in,
                                                   const group_scales<64 / B::elements>& scales,
                                                   [[maybe_unused]] __m512i tensor_scale,
                                                   [[maybe_unused]] __m512i nibbles,
                                                   [[maybe_unused]] const value_table& table,
                                                   S* out) noexcept {
  if constexpr (B::element_format::width == 4 && B::levels == 1 && sizeof(S) == 2) {
    store_nibbles<B, Stream, Usual, Way>(in, scales, tensor_scale, nibbles, out);
  } else {
    __m512i values[4];
    if constexpr (B::element_format::width == 4) {
      decode_nibbles<B, Usual, Way>(in, scales, tensor_scale, nibbles, values);
    } else {
      decode_group<B, Usual>(in, scales, table, values);
    }
    store_as<Stream, Way>(out, values);
  }
}

template <block_type B, bool Stream, product_form Way, class S>
NARROWFP_TARGET NARROWFP_INLINE std::size_t decode_groups(const block_source& in, S* out, std::size_t n,
                                                          float tensor_scale) noexcept {
  using F = typename B::element_format;
  constexpr std::size_t blocks = 64 / B::elements;
  constexpr auto& facts = block_scales<B>;
  const value_table table = load_values<value_decoder<F, float>::shape>(value_decoder<F, float>::data);
  const __m512i factor = broadcast_float(tensor_scale);
  __m512i nibbles = _mm512_setzero_si512();
  if constexpr (F::width == 4) {
    nibbles = _mm512_loadu_si512(unknown(values<F, float>.data()));
  }
  block_source from = in;
  std::size_t done = 0;
  for (; n - done >= 64; done += 64) {
    group_scales<blocks> scales;
    unsigned uses = 0;
#pragma GCC unroll 4
    for (std::size_t b = 0; b < blocks; ++b) {
      const auto code = static_cast<std::uint8_t>(from.metadata[b * from.metadata_stride]);
      scales.value[b] = facts.value[code];
      scales.use[b] = facts.use[code];
      uses |= static_cast<unsigned>(scales.use[b]);
    }
    if (uses == static_cast<unsigned>(scale_use::multiply)) {
      decode_blocks<B, Stream, true, Way>(from, scales, factor, nibbles, table, out + done);
    } else if (has_other_use(scales) || !is_one(tensor_scale)) {
      break;
    } else {
      decode_blocks<B, Stream, false, product_form::exact>(from, scales, factor, nibbles, table, out + done);
    }
    from.metadata += blocks * from.metadata_stride;
    from.codes += blocks * from.code_stride;
  }
  return done;
}

template <block_type B, product_form Way, class S>
NARROWFP_TARGET [[gnu::noinline]] std::size_t dequantize_groups(const block_source& in, S* out, std::size_t n,
                                                                float tensor_scale) noexcept {
  if (n * sizeof(S) >= streaming_size && elements_to_line(out, 1) == 0) {
    const std::size_t done = decode_groups<B, true, Way>(in, out, n, tensor_scale);
    _mm_sfence();
    return done;
  }
  return decode_groups<B, false, Way>(in, out, n, tensor_scale);
}

/// Dequantizes whole groups of 64 elements and returns how many elements that were. The tensor scale is 1 or
/// fits: see fits_tensor_scale.
template <block_type B, class S>
std::size_t dequantize_groups(const block_source& in, S* out, std::size_t n, float tensor_scale) noexcept {
  if constexpr (sizeof(S) == 4) {
    return dequantize_groups<B, product_form::rounded>(in, out, n, tensor_scale);
  } else {
    if constexpr (B::element_format::width == 4) {
      if (!is_one(tensor_scale)) {
        return dequantize_groups<B, product_form::odd>(in, out, n, tensor_scale);
      }
    }
    constexpr product_form way = products_are_short<B> ? product_form::brief : product_form::exact;
    return dequantize_groups<B, way>(in, out, n, tensor_scale);
  }
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#if defined(NARROWFP_ALONE)
#include "alone_end.hpp"
#endif
