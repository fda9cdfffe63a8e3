// Layer: kernels, NEON; neon.hpp includes this. Blocks to floats, a block at a time. It stops at a block with
// an unusual scale, and before the last elements if they fill no block.

#if defined(NARROWFP_NEON)

namespace narrowfp::inline v0::kernels::neon {
namespace {

/// Codes i .. i + 15 of a block, one a byte, with anything above their width. Reads only the block.
template <int Bits, std::size_t Elements>
NARROWFP_INLINE uint8x16_t load_codes_16(const std::uint8_t* block, std::size_t i) noexcept {
  if constexpr (Bits == 8) {
    return vld1q_u8(block + i);
  } else if constexpr (Bits == 4) {
    const uint8x8_t pairs = vld1_u8(block + i / 2);
    const uint8x8x2_t codes = vzip_u8(pairs, vshr_n_u8(pairs, 4));
    return vcombine_u8(codes.val[0], codes.val[1]);
  } else if constexpr (Elements == 16) {
    std::uint8_t bytes[16] = {};
    __builtin_memcpy(bytes, block, 12);
    return spread_six_bits(vld1q_u8(bytes));
  } else {
    const bool is_last = i + 16 == Elements;
    const uint8x16_t bytes = vld1q_u8(block + i / 8 * Bits - (is_last ? 4 : 0));
    return spread_six_bits(is_last ? vextq_u8(bytes, bytes, 4) : bytes);
  }
}

/// The factors of 16 elements, one for each 4.
template <block_type B>
NARROWFP_INLINE float32x4_t factors_of_16(const std::uint8_t* metadata, std::size_t i, float scale) noexcept {
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
  return vreinterpretq_f32_u32(factor);
}

/// Products rounded to odd: toward zero, as FPCR says, with the last bit set where that is not the product.
NARROWFP_INLINE float32x4_t product_to_odd(float32x4_t a, float32x4_t b) noexcept {
  const float32x4_t product = float_product(a, b);
  const uint32x4_t bits = vreinterpretq_u32_f32(product);
  const float32x4_t missing = fused_difference(product, a, b);
  const uint32x4_t inexact = vtstq_u32(vreinterpretq_u32_f32(missing), vdupq_n_u32(0x7FFFFFFF));
  return vreinterpretq_f32_u32(vorrq_u32(bits, vandq_u32(inexact, vdupq_n_u32(1))));
}

/// Stores 4 values, times a tensor scale if they are to be scaled. Brief ones are 0 below the leading 16
/// bits.
template <bool Scaled, bool Brief, class S>
NARROWFP_INLINE void store_products(S* out, float32x4_t x, float tensor_scale) noexcept {
  if constexpr (std::same_as<S, float>) {
    store_4<Scaled>(out, x, tensor_scale);
  } else {
    using F = typename S::format;
    auto* to = reinterpret_cast<std::uint16_t*>(out);
    const float32x4_t value = Scaled ? product_to_odd(x, vdupq_n_f32(tensor_scale)) : x;
    const uint32x4_t bits = vreinterpretq_u32_f32(value);
    const uint32x4_t magnitude = vandq_u32(bits, vdupq_n_u32(0x7FFFFFFF));
    if constexpr (Brief && !Scaled && std::same_as<F, formats::bfloat16>) {
      vst1_u16(to, vshrn_n_u32(bits, 16));
    } else {
      const uint32x4_t halves =
          half_magnitudes<F, rounding::nearest_even, false>(magnitude);  // a NaN fills more than 15 bits
      vst1_u16(to, vmovn_u32(vbslq_u32(vdupq_n_u32(0x7FFF), halves, vshrq_n_u32(bits, 16))));
    }
  }
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
      const uint8x16_t c = load_codes_16<F::width, B::elements>(codes, i);
      const floats_16 x = floats_of(look_up<true>(high, c), look_up<false>(low, c));
      const float32x4_t factor = factors_of_16<B>(metadata, i, scale);
      S* to = out + done + i;
      store_products<Scaled, products_are_short<B>>(to, float_product(x.a, vdupq_laneq_f32(factor, 0)),
                                                    tensor_scale);
      store_products<Scaled, products_are_short<B>>(to + 4, float_product(x.b, vdupq_laneq_f32(factor, 1)),
                                                    tensor_scale);
      store_products<Scaled, products_are_short<B>>(to + 8, float_product(x.c, vdupq_laneq_f32(factor, 2)),
                                                    tensor_scale);
      store_products<Scaled, products_are_short<B>>(to + 12, float_product(x.d, vdupq_laneq_f32(factor, 3)),
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
}  // namespace narrowfp::inline v0::kernels::neon

#endif
