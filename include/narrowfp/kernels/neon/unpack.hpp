// Layer: kernels/neon. Arrays of codes to arrays of elements, 32 at a time: the bytes of the leading 16 bits
// of each value come from tables in registers.
#pragma once

#include "environment.hpp"
#include "loops.hpp"
#include "words.hpp"

#include "open.hpp"

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// 16 codes of 6 bits, from the first 12 bytes of 16, with anything above them.
NARROWFP_INLINE uint8x16_t spread_six_bits(uint8x16_t bytes) noexcept {
  // 3 bytes a dword, 12 bits a word, 6 bits a byte.
  constexpr std::uint8_t threes[16] = {0, 1, 2, 255, 3, 4, 5, 255, 6, 7, 8, 255, 9, 10, 11, 255};
  const uint32x4_t fours = vreinterpretq_u32_u8(vqtbl1q_u8(bytes, vld1q_u8(threes)));
  const uint16x8_t pairs = vreinterpretq_u16_u32(vbslq_u32(vdupq_n_u32(0xFFF), fours, vshlq_n_u32(fours, 4)));
  return vreinterpretq_u8_u16(vbslq_u16(vdupq_n_u16(0x3F), pairs, vshlq_n_u16(pairs, 2)));
}

/// 32 codes of a dense stream, one a byte, with anything above their width.
template <int Bits>
NARROWFP_INLINE bytes_32 load_codes(const std::uint8_t* in) noexcept {
  if constexpr (Bits == 8) {
    return {vld1q_u8(in), vld1q_u8(in + 16)};
  } else if constexpr (Bits == 4) {
    const uint8x16_t pairs = vld1q_u8(in);
    const uint8x16_t odd = vshrq_n_u8(pairs, 4);
    return {vzip1q_u8(pairs, odd), vzip2q_u8(pairs, odd)};
  } else {
    const uint8x16_t last = vld1q_u8(in + 8);  // 24 bytes in all
    return {spread_six_bits(vld1q_u8(in)), spread_six_bits(vextq_u8(last, last, 4))};
  }
}

/// Tables of one byte of the values, by code: 16, 64, 128 or twice 128 entries.
template <scalar_format F, class S>
struct value_bytes {
  static constexpr decode_shape shape = value_decoder<F, S>::shape;
  static constexpr int parts = F::width <= 4 ? 1 : F::width <= 6 ? 4 : 8;

  byte_table<parts> first_half, second_half;
  std::uint8_t of_80;
};

template <scalar_format F, class S>
NARROWFP_INLINE value_bytes<F, S> load_values(const std::uint8_t (&bytes)[256]) noexcept {
  using tables = value_bytes<F, S>;
  constexpr int second = tables::shape == decode_shape::eight_bits ? 128 : 0;
  return {load_table<tables::parts>(bytes), load_table<tables::parts>(bytes + second), bytes[0x80]};
}

/// One byte of the values of 16 codes. The sign is in the byte of `SignByte`.
template <bool SignByte, scalar_format F, class S>
NARROWFP_INLINE uint8x16_t look_up(const value_bytes<F, S>& bytes, uint8x16_t codes) noexcept {
  constexpr decode_shape shape = value_bytes<F, S>::shape;
  const uint8x16_t index = vandq_u8(codes, vdupq_n_u8(16 * value_bytes<F, S>::parts - 1));
  uint8x16_t result = look_up(bytes.first_half, index);
  if constexpr (shape == decode_shape::eight_bits) {
    result = vbslq_u8(vcltzq_s8(vreinterpretq_s8_u8(codes)), look_up(bytes.second_half, index), result);
  } else if constexpr (SignByte &&
                       (shape == decode_shape::signed_8 || shape == decode_shape::signed_8_but_80)) {
    result = vbslq_u8(vdupq_n_u8(0x7F), result, codes);
  }
  if constexpr (shape == decode_shape::signed_8_but_80) {
    result = vbslq_u8(vceqq_u8(codes, vdupq_n_u8(0x80)), vdupq_n_u8(bytes.of_80), result);
  }
  return result;
}

/// 16 floats from their leading two bytes; the others are 0.
NARROWFP_INLINE quad floats_of(uint8x16_t high, uint8x16_t low) noexcept {
  const uint16x8_t zero = vdupq_n_u16(0);
  const uint16x8_t first = vreinterpretq_u16_u8(vzip1q_u8(low, high));
  const uint16x8_t second = vreinterpretq_u16_u8(vzip2q_u8(low, high));
  return {vreinterpretq_u32_u16(vzip1q_u16(zero, first)), vreinterpretq_u32_u16(vzip2q_u16(zero, first)),
          vreinterpretq_u32_u16(vzip1q_u16(zero, second)), vreinterpretq_u32_u16(vzip2q_u16(zero, second))};
}

template <bool Scaled>
NARROWFP_INLINE void store_4(float* out, dwords x, float scale) noexcept {
  store_dwords<false>(out, Scaled ? product(x, broadcast_float(scale)) : x);
}

/// Writes 16 values.
template <bool Scaled, class S>
NARROWFP_INLINE void store_decoded(S* out, uint8x16_t high, uint8x16_t low, float scale) noexcept {
  if constexpr (sizeof(S) == 4) {
    const quad x = floats_of(high, low);
    store_4<Scaled>(out, x.a, scale);
    store_4<Scaled>(out + 4, x.b, scale);
    store_4<Scaled>(out + 8, x.c, scale);
    store_4<Scaled>(out + 12, x.d, scale);
  } else {
    auto* bytes = reinterpret_cast<std::uint8_t*>(out);
    vst1q_u8(bytes, vzip1q_u8(low, high));
    vst1q_u8(bytes + 16, vzip2q_u8(low, high));
  }
}

/// A source of decode_array.
template <scalar_format F, bool Scaled, class S>
struct group_decoder {
  value_bytes<F, S> high, low;
  float scale;

  template <int Bits>
  NARROWFP_INLINE void decode(const std::uint8_t* in, char* out, bool) const noexcept {
    const bytes_32 codes = load_codes<Bits>(in);
    S* to = reinterpret_cast<S*>(out);
    store_decoded<Scaled>(to, look_up<true>(high, codes.first), look_up<false>(low, codes.first), scale);
    store_decoded<Scaled>(to + 16, look_up<true>(high, codes.second), look_up<false>(low, codes.second),
                          scale);
  }
};

/// Decodes n codes. If they are scaled, it runs in default_environment.
template <scalar_format F, int Bits, bool Scaled, class S>
[[gnu::noinline]] void unpack_elements(const std::uint8_t* in, S* out, std::size_t n, float scale) noexcept {
  const value_tables& tables = *unknown(&value_decoder<F, S>::data);
  const group_decoder<F, Scaled, S> decoder = {load_values<F, S>(tables.high), load_values<F, S>(tables.low),
                                               scale};
  const auto last = [&](const std::uint8_t* codes, char* elements) {
    unpack_elements<F, Bits, Scaled>(codes, reinterpret_cast<S*>(elements), code_group, scale);
  };
  decode_array<Bits, sizeof(S)>(in, reinterpret_cast<char*>(out), n, decoder, last);
}

/// Decodes n codes of Bits bits each, each times `scale`; false if this is no work for these kernels.
template <scalar_format F, int Bits, class S>
bool decode(const std::uint8_t* in, S* out, std::size_t n, float scale) noexcept {
  if constexpr (is_common_width(Bits) && is_vector_target<F, Bits, S>) {
    if (is_one(scale)) {
      unpack_elements<F, Bits, false>(in, out, n, 1);
      return true;
    }
    if constexpr (std::same_as<S, float> && exact_in_float<F>) {
      if (scales_exactly<F>(scale)) {
        const default_environment guard(rounding::nearest_even);
        unpack_elements<F, Bits, true>(in, out, n, scale);
        return true;
      }
    }
  }
  return false;
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#include "close.hpp"
