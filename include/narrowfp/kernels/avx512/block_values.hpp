// Layer: kernels/avx512. The values of 64 elements of consecutive blocks, as floats.
#if !defined(NARROWFP_SET)
#include "alone.hpp"

#if defined(NARROWFP_SET)
#include "words.hpp"
#include "bytes.hpp"
#include "dense.hpp"
#include "../vector/unpack.hpp"
#include "unpack.hpp"
#endif
#define NARROWFP_ALONE
#endif

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// The codes of up to 16 bytes, then zeros.
template <std::size_t Bytes>
NARROWFP_TARGET NARROWFP_INLINE __m128i load_block_codes(const std::byte* in) noexcept {
  if constexpr (Bytes == 16) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(in));
  } else {
    return _mm_maskz_loadu_epi8(static_cast<__mmask16>((1U << Bytes) - 1), in);
  }
}

/// The codes of 64 elements of consecutive blocks, one a byte. Short loads cross fewer cache lines than whole
/// vectors do; masked bytes are not read.
template <int Bits, std::size_t Elements>
NARROWFP_TARGET NARROWFP_INLINE __m512i gather_codes(const std::byte* in, std::size_t stride) noexcept {
  constexpr std::size_t bytes = Elements * Bits / 8;
  if constexpr (Elements == 16) {
    const __m256i ab = _mm256_inserti128_si256(_mm256_castsi128_si256(load_block_codes<bytes>(in)),
                                               load_block_codes<bytes>(in + stride), 1);
    const __m256i cd =
        _mm256_inserti128_si256(_mm256_castsi128_si256(load_block_codes<bytes>(in + 2 * stride)),
                                load_block_codes<bytes>(in + 3 * stride), 1);
    const __m512i quarters = _mm512_maskz_inserti64x4(0xFF, _mm512_zextsi256_si512(ab), cd, 1);
    if constexpr (Bits == 8) {
      return quarters;
    } else {
      return expand_quarters<Bits>(quarters);
    }
  } else if constexpr (Bits == 8 && Elements == 32) {
    const auto* first = reinterpret_cast<const __m256i*>(in);
    const auto* second = reinterpret_cast<const __m256i*>(in + stride);
    const __m256i low = _mm256_loadu_si256(first);
    const __m256i high = _mm256_loadu_si256(second);
    return _mm512_maskz_inserti64x4(0xFF, _mm512_zextsi256_si512(low), high, 1);
  } else {
    // Each block's bytes go behind those of the one before.
    __m512i dense = _mm512_maskz_loadu_epi8(first_bits(bytes), in);
    if constexpr (Elements == 32) {
      dense = _mm512_mask_loadu_epi8(dense, first_bits(bytes) << bytes, in + stride - bytes);
    }
    return expand_codes<Bits>(dense);
  }
}

/// 16 elements times a scale, rounded once; see scale_use.
///
/// A lifted product p that comes to a normal number loses exponent only. Below that, p + 2^-62 is rounded
/// where a denormal number is, at 2^-149 * 2^64, and its low bits are that number.
NARROWFP_TARGET NARROWFP_INLINE __m512i scaled_elements(__m512i elements, float scale,
                                                        scale_use use) noexcept {
  if (use == scale_use::nan) {
    return broadcast_float(scale);
  }
  const __m512i scaled = product(elements, broadcast_float(scale));
  if (use == scale_use::multiply) {
    return scaled;
  }
  constexpr std::uint32_t lift = std::uint32_t{lift_exponent} << 23;
  constexpr std::uint32_t least_normal = 0x00800000 + lift;
  const __m512i magnitude = _mm512_and_si512(scaled, broadcast(0x7FFFFFFF));
  const __m512i sum = _mm512_castps_si512(_mm512_maskz_add_round_ps(
      0xFFFF, _mm512_castsi512_ps(magnitude), _mm512_castsi512_ps(broadcast(least_normal)),
      _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC));
  __m512i result = _mm512_sub_epi32(sum, broadcast(least_normal));
  result = _mm512_mask_sub_epi32(result, _mm512_cmpge_epu32_mask(magnitude, broadcast(least_normal)),
                                 magnitude, broadcast(lift));
  result =
      _mm512_mask_mov_epi32(result, _mm512_cmpge_epu32_mask(magnitude, broadcast(0x7F800000)), magnitude);
  return _mm512_ternarylogic_epi32(scaled, broadcast(0x80000000), result, 0xEA);
}

/// The scales of 64 elements of consecutive blocks.
template <std::size_t Blocks>
struct group_scales {
  float value[Blocks];
  scale_use use[Blocks];
};

template <std::size_t Blocks>
NARROWFP_INLINE bool has_other_use(const group_scales<Blocks>& scales) noexcept {
  bool found = false;
  for (std::size_t b = 0; b < Blocks; ++b) {
    found = found || scales.use[b] == scale_use::other;
  }
  return found;
}

/// A block's metadata in every lane.
template <block_type B>
NARROWFP_TARGET NARROWFP_INLINE __m512i load_metadata(const std::byte* metadata) noexcept {
  std::uint32_t all = 0;
  __builtin_memcpy(&all, metadata, B::metadata_bytes);
  return broadcast(all);
}

/// Doubles 16 numbers, from element `first` of a block on, once for each bit above them; exact, but for
/// overflow.
template <block_type B, std::size_t Level = 1>
NARROWFP_TARGET NARROWFP_INLINE __m512i double_by_bits(__m512i v, __m512i metadata,
                                                       std::size_t first) noexcept {
  if constexpr (Level < B::levels) {
    const __m512i bit = _mm512_loadu_si512(bit_of_element<B, Level>.data() + first);
    const __m512 value = _mm512_castsi512_ps(v);
    const __m512 doubled = _mm512_mask_add_round_ps(value, _mm512_test_epi32_mask(metadata, bit), value,
                                                    value, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
    return double_by_bits<B, Level + 1>(_mm512_castps_si512(doubled), metadata, first);
  } else {
    return v;
  }
}

/// 64 elements of consecutive blocks as floats in order.
template <block_type B, bool Usual>
NARROWFP_TARGET NARROWFP_INLINE void decode_group(const block_source& in,
                                                  const group_scales<64 / B::elements>& scales,
                                                  const value_table& table, __m512i (&values)[4]) noexcept {
  using F = typename B::element_format;
  const quad all = float_values<value_decoder<F, float>::shape>(
      gather_codes<F::width, B::elements>(in.codes, in.code_stride), table);
  const __m512i part[4] = {all.a, all.b, all.c, all.d};
#pragma GCC unroll 4
  for (std::size_t i = 0; i < 4; ++i) {
    const std::size_t b = 16 * i / B::elements;
    __m512i elements = part[i];
    if constexpr (B::levels > 1) {
      const __m512i metadata = load_metadata<B>(in.metadata + b * in.metadata_stride);
      elements = double_by_bits<B>(elements, metadata, 16 * i % B::elements);
    }
    values[i] = Usual ? product(elements, broadcast_float(scales.value[b]))
                      : scaled_elements(elements, scales.value[b], scales.use[b]);
  }
}

/// The 16 values of nibbles under a block's scale.
template <bool Usual, std::size_t Blocks>
NARROWFP_TARGET NARROWFP_INLINE __m512i scaled_nibbles(__m512i nibbles, const group_scales<Blocks>& scales,
                                                       std::size_t b) noexcept {
  return Usual ? product(nibbles, broadcast_float(scales.value[b]))
               : scaled_elements(nibbles, scales.value[b], scales.use[b]);
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#if defined(NARROWFP_ALONE)
#include "alone_end.hpp"
#endif
