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

/// Decodes as many whole blocks as have usual scales. It runs in a default_environment.
template <block_type B, bool Scaled>
[[gnu::noinline]] std::size_t decode_blocks(const block_source& in, float* out, std::size_t n,
                                            float tensor_scale) noexcept {
  using F = typename B::element_format;
  constexpr auto& scales = block_scales<B>;
  const decode_lanes& lanes = *unknown(&lane_decoder<F, float>::lanes);
  const value_bytes<F, float> high = load_values<F, float>(lanes.high);
  const value_bytes<F, float> low = load_values<F, float>(lanes.low);
  std::size_t done = 0;
  for (; n - done >= B::elements; done += B::elements) {
    const std::size_t block = done / B::elements;
    const auto* metadata = reinterpret_cast<const std::uint8_t*>(in.metadata + block * in.metadata_stride);
    const auto* codes = reinterpret_cast<const std::uint8_t*>(in.codes + block * in.code_stride);
    const float scale = scales.value[metadata[0]];
    // What bits add to an exponent would make another number of a NaN.
    const bool is_nan = has_hif4_bits<B> && core::bit_cast<std::uint32_t>(scale) > 0x7F800000;
    if (scales.use[metadata[0]] != scale_use::multiply || is_nan) {
      break;
    }
#pragma GCC unroll 4
    for (std::size_t i = 0; i < B::elements; i += 16) {
      const uint8x16_t c = load_codes_16<F::width, B::elements>(codes, i);
      const floats_16 x = floats_of(look_up<true>(high, c), look_up<false>(low, c));
      const float32x4_t factor = factors_of_16<B>(metadata, i, scale);
      float* to = out + done + i;
      store_4<Scaled>(to, float_product(x.a, vdupq_laneq_f32(factor, 0)), tensor_scale);
      store_4<Scaled>(to + 4, float_product(x.b, vdupq_laneq_f32(factor, 1)), tensor_scale);
      store_4<Scaled>(to + 8, float_product(x.c, vdupq_laneq_f32(factor, 2)), tensor_scale);
      store_4<Scaled>(to + 12, float_product(x.d, vdupq_laneq_f32(factor, 3)), tensor_scale);
    }
  }
  return done;
}

/// Dequantizes whole blocks and returns how many elements that were. The tensor scale is 1 or fits: see
/// fits_tensor_scale.
template <block_type B>
std::size_t dequantize_groups(const block_source& in, float* out, std::size_t n,
                              float tensor_scale) noexcept {
  const default_environment guard(rounding::nearest_even);
  return is_one(tensor_scale) ? decode_blocks<B, false>(in, out, n, 1)
                              : decode_blocks<B, true>(in, out, n, tensor_scale);
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::neon

#endif
