// Layer: kernels/neon. Blocks to floats, a block at a time. It stops at a block with
// an unusual scale, and before the last elements if they fill no block.
#pragma once

#include "environment.hpp"
#include "half.hpp"
#include "unpack.hpp"
#include "words.hpp"

#include "open.hpp"

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// 16 codes of a dense stream, one a byte, with anything above their width. Reads no other bytes.
template <int Bits>
NARROWFP_INLINE uint8x16_t load_codes_16(const std::uint8_t* in) noexcept {
  if constexpr (Bits == 8) {
    return vld1q_u8(in);
  } else if constexpr (Bits == 4) {
    const uint8x8_t pairs = vld1_u8(in);
    const uint8x8x2_t codes = vzip_u8(pairs, vshr_n_u8(pairs, 4));
    return vcombine_u8(codes.val[0], codes.val[1]);
  } else {
    std::uint32_t last = 0;
    __builtin_memcpy(&last, in + 8, 4);
    return spread_six_bits(vcombine_u8(vld1_u8(in), vreinterpret_u8_u32(vdup_n_u32(last))));
  }
}

/// The factors of 16 elements, one for each 4.
template <block_type B>
NARROWFP_INLINE dwords factors_of_16(const std::uint8_t* metadata, std::size_t i, float scale) noexcept {
  uint32x4_t factor = vdupq_n_u32(core::bit_cast<std::uint32_t>(scale));
  if constexpr (has_hif4_bits<B>) {
    // After the scale's byte, one bit for each 8 elements and one for each 4 double it: a binade more.
    constexpr std::uint32_t eights[4] = {1, 1, 2, 2};
    constexpr std::uint32_t fours[4] = {1, 2, 4, 8};
    const uint32x4_t of_eights = vdupq_n_u32(static_cast<std::uint32_t>(metadata[1] >> i / 8));
    const uint32x4_t of_fours = vdupq_n_u32(static_cast<std::uint32_t>(metadata[2 + i / 32] >> i % 32 / 4));
    const uint32x4_t minus_bits =
        vaddq_u32(vtstq_u32(of_eights, vld1q_u32(eights)), vtstq_u32(of_fours, vld1q_u32(fours)));
    factor = vsubq_u32(factor, vshlq_n_u32(minus_bits, 23));
  }
  return factor;
}

/// Stores 4 values, times a tensor scale if they are to be scaled. Brief ones are 0 below the leading 16
/// bits.
template <bool Scaled, bool Brief, class S>
NARROWFP_INLINE void store_products(S* out, dwords x, float tensor_scale) noexcept {
  if constexpr (std::same_as<S, float>) {
    store_4<Scaled>(out, x, tensor_scale);
  } else {
    using F = typename S::format;
    auto* to = reinterpret_cast<std::uint16_t*>(out);
    const dwords value = Scaled ? product_to_odd(x, broadcast_float(tensor_scale)) : x;
    const uint32x4_t bits = value;
    const uint32x4_t magnitude = vandq_u32(bits, vdupq_n_u32(0x7FFFFFFF));
    if constexpr (Brief && !Scaled && std::same_as<F, formats::bfloat16>) {
      vst1_u16(to, vshrn_n_u32(bits, 16));
    } else {
      const uint32x4_t rounded =
          half_magnitudes<F, rounding::nearest_even, false>(magnitude);  // a NaN fills more than 15 bits
      vst1_u16(to, vmovn_u32(vbslq_u32(vdupq_n_u32(0x7FFF), rounded, vshrq_n_u32(bits, 16))));
    }
  }
}

/// Stores a quad of elements as elements of S.
template <bool Stream, class S>
NARROWFP_INLINE void store_elements(S* out, std::size_t, const quad& v) noexcept {
  store_products<false, false>(out, v.a, 1);
  store_products<false, false>(out + 4, v.b, 1);
  store_products<false, false>(out + 8, v.c, 1);
  store_products<false, false>(out + 12, v.d, 1);
}

/// Decodes as many whole blocks as have usual scales. It runs in a default_environment.
template <block_type B, bool Scaled, class S>
[[gnu::noinline]] std::size_t decode_blocks(const block_source& in, S* out, std::size_t n,
                                            float tensor_scale) noexcept {
  using F = typename B::element_format;
  constexpr auto& scales = doubled_scales<B>;
  const value_tables& tables = *unknown(&value_decoder<F, float>::data);
  const value_bytes<F, float> high = load_values<F, float>(tables.high);
  const value_bytes<F, float> low = load_values<F, float>(tables.low);
  std::size_t done = 0;
  for (; n - done >= B::elements; done += B::elements) {
    const std::size_t block = done / B::elements;
    const auto* metadata = reinterpret_cast<const std::uint8_t*>(in.metadata + block * in.metadata_stride);
    const auto* codes = reinterpret_cast<const std::uint8_t*>(in.codes + block * in.code_stride);
    const float scale = scales.value[metadata[0]];
    if (scales.use[metadata[0]] != scale_use::multiply) {
      break;
    }
#pragma GCC unroll 4
    for (std::size_t i = 0; i < B::elements; i += 16) {
      const uint8x16_t c = load_codes_16<F::width>(codes + i / 8 * F::width);
      const quad x = floats_of(look_up<true>(high, c), look_up<false>(low, c));
      const dwords factor = factors_of_16<B>(metadata, i, scale);
      S* to = out + done + i;
      store_products<Scaled, products_are_short<B>>(to, product(x.a, vdupq_laneq_u32(factor, 0)),
                                                    tensor_scale);
      store_products<Scaled, products_are_short<B>>(to + 4, product(x.b, vdupq_laneq_u32(factor, 1)),
                                                    tensor_scale);
      store_products<Scaled, products_are_short<B>>(to + 8, product(x.c, vdupq_laneq_u32(factor, 2)),
                                                    tensor_scale);
      store_products<Scaled, products_are_short<B>>(to + 12, product(x.d, vdupq_laneq_u32(factor, 3)),
                                                    tensor_scale);
    }
  }
  return done;
}

/// Dequantizes whole blocks and returns how many elements that were. The tensor scale is 1 or fits: see
/// fits_tensor_scale.
template <block_type B, class S>
std::size_t dequantize_groups(const block_source& in, S* out, std::size_t n, float tensor_scale) noexcept {
  const bool is_scaled = !is_one(tensor_scale);
  const default_environment guard(is_scaled && sizeof(S) == 2 ? rounding::toward_zero
                                                              : rounding::nearest_even);
  if constexpr (B::element_format::width == 4) {
    if (is_scaled) {
      return decode_blocks<B, true>(in, out, n, tensor_scale);
    }
  }
  return decode_blocks<B, false>(in, out, n, 1);
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#include "close.hpp"
