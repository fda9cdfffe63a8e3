// Layer: kernels/neon. Elements to HiF4 blocks.
//
// Every decision asks whether an exact product |x| * factor, halved for each bit that is set, reaches a
// multiple of 1/8. So its eighths, rounded down, decide all of them, and a product rounded toward zero has
// the same eighths.
#pragma once

#include "half.hpp"
#include "pack.hpp"
#include "words.hpp"

#include "open.hpp"

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// Eighths of 8 elements' magnitudes in the element's range. More than 2^15 - 1 is read as that.
NARROWFP_INLINE int16x8_t eighths_of(const pair& x, float eight_factors) noexcept {
  const dwords a = magnitude(x.a);
  const dwords b = magnitude(x.b);
  const int32x4_t first = vcvtq_s32_f32(vreinterpretq_f32_u32(product(a, broadcast_float(eight_factors))));
  const int32x4_t second = vcvtq_s32_f32(vreinterpretq_f32_u32(product(b, broadcast_float(eight_factors))));
  return vqmovn_high_s32(vqmovn_s32(first), second);
}

/// The bits of a block's groups: those of 8 elements in every lane, those of 4 in lanes 0 and 4.
struct hif4_bits {
  uint16x8_t eights, fours;
};

/// The codes of 8 magnitudes, part `Part` of a block, and their groups' bits.
template <int Part>
NARROWFP_INLINE uint16x8_t hif4_codes(int16x8_t eighths, hif4_bits& bits) noexcept {
  // The largest of each 4 elements, then of all, in each of their places.
  int16x8_t of_four = vmaxq_s16(eighths, vrev64q_s16(eighths));
  of_four = vmaxq_s16(of_four, vrev32q_s16(of_four));
  const int16x8_t of_eight = vmaxq_s16(of_four, vextq_s16(of_four, of_four, 4));
  // Bits are set from 4 on for 8 elements, and for 4 of them from 2 on, or 4 where the former is set.
  const uint16x8_t eights = vcgtq_s16(of_eight, vdupq_n_s16(31));
  const int16x8_t two_or_four =
      vaddq_s16(vdupq_n_s16(15), vreinterpretq_s16_u16(vandq_u16(eights, vdupq_n_u16(16))));
  const uint16x8_t fours = vcgtq_s16(of_four, two_or_four);
  constexpr std::uint16_t bit = 1U << Part;
  constexpr std::uint16_t first = 1U << 2 * Part;
  constexpr std::uint16_t second = 2U << 2 * Part;
  bits.eights = vorrq_u16(bits.eights, vandq_u16(eights, vdupq_n_u16(bit)));
  bits.fours = vorrq_u16(bits.fours, vandq_u16(fours, vcombine_u16(vdup_n_u16(first), vdup_n_u16(second))));
  // Quarters, ties away, are the eighths plus one, halved; of eighths halved k times, which is one rounding
  // multiplication by 2^-(k + 1).
  uint16x8_t half = vsubq_u16(vdupq_n_u16(0x4000), vandq_u16(eights, vdupq_n_u16(0x2000)));
  half = vsubq_u16(half, vandq_u16(fours, vshrq_n_u16(half, 1)));
  const int16x8_t quarters = vqrdmulhq_s16(eighths, vreinterpretq_s16_u16(half));
  return vreinterpretq_u16_s16(vminq_s16(quarters, vdupq_n_s16(7)));
}

/// The codes of 16 elements, one a byte: parts First and First + 1 of a block.
template <int First, class S>
NARROWFP_INLINE uint8x16_t hif4_codes(const S* block, float eight_factors, hif4_bits& bits) noexcept {
  const pair x = load_pair(block + 8 * First);
  const pair y = load_pair(block + 8 * First + 8);
  const uint16x8_t a = hif4_codes<First>(eighths_of(x, eight_factors), bits);
  const uint16x8_t b = hif4_codes<First + 1>(eighths_of(y, eight_factors), bits);
  const uint8x16_t signs = vshrq_n_u8(high_bytes(high_words(x), high_words(y)), 4);
  return vbslq_u8(vdupq_n_u8(8), signs, low_bytes(a, b));
}

/// Quantizes whole blocks; in default_environment, toward zero. It stops at a block that holds an infinity or
/// a NaN, or so large a number that its eighths are no 32-bit integer.
template <block_type B, class S>
[[gnu::noinline]] std::size_t quantize_hif4(const S* in, std::size_t n, const block_target& out) noexcept {
  // Two binades above what the largest scale can represent.
  constexpr auto too_large =
      static_cast<std::uint32_t>(core::binade_of(B::facts::largest) +
                                 core::binade_of(B::scale_format::max_finite) + 4 + 127)
      << 23;
  std::size_t done = 0;
  for (; n - done >= 64; done += 64) {
    const S* x = in + done;
    const std::uint32_t amax = largest_magnitude<64>(x);
    if (amax >= too_large) {
      break;
    }
    const std::uint32_t code = stepped_scale_code<B>(amax);
    const float eight_factors = 8 * element_factors<B>[code];
    hif4_bits bits = {vdupq_n_u16(0), vdupq_n_u16(0)};
    const uint8x16_t a = hif4_codes<0>(x, eight_factors, bits);
    const uint8x16_t b = hif4_codes<2>(x, eight_factors, bits);
    const uint8x16_t c = hif4_codes<4>(x, eight_factors, bits);
    const uint8x16_t d = hif4_codes<6>(x, eight_factors, bits);
    auto* codes = reinterpret_cast<std::uint8_t*>(out.codes + done / 64 * out.code_stride);
    store_32<4>(codes, {a, b});
    store_32<4>(codes + 16, {c, d});
    const std::uint32_t eights = vgetq_lane_u16(bits.eights, 0);
    const auto fours =
        static_cast<std::uint32_t>(vgetq_lane_u16(bits.fours, 0) | vgetq_lane_u16(bits.fours, 4));
    const std::uint32_t metadata = code | eights << 8 | fours << 16;
    __builtin_memcpy(out.metadata + done / 64 * out.metadata_stride, &metadata, 4);
  }
  return done;
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#include "close.hpp"
