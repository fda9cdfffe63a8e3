// Layer: kernels/avx2. The bits below the scales of blocks, and elements that count units: the words of
// vector/dequantize.hpp.
#pragma once

#include "dense.hpp"
#include "unpack.hpp"
#include "words.hpp"

#include "open.hpp"

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// Whether all codes count units, tables would be long, and 2^24 units are a float.
template <scalar_format F>
inline constexpr bool decodes_units = [] {
  if constexpr (F::width >= 7 && counts_units<F>) {
    return ranks<F>.count == 1 << (F::width - 1) && core::binade_of(core::min_positive<F>) < 100;
  } else {
    return false;
  }
}();

/// Eight counts of units with signs: each the last bits of 2^23 units more. In default_environment.
template <scalar_format F>
inline constexpr std::uint32_t two_to_23_units =
    static_cast<std::uint32_t>(127 + 23 + core::binade_of(core::min_positive<F>)) << 23;
template <scalar_format F>
NARROWFP_TARGET NARROWFP_INLINE __m256i units_of(__m256i sum, __m256i sign) noexcept {
  const __m256i less = broadcast(two_to_23_units<F> | 0x80000000);
  const __m256i count = float_sum(sum, less);
  return _mm256_or_si256(count, sign);
}

/// Floats from 32 codes that count units.
template <scalar_format F>
NARROWFP_TARGET NARROWFP_INLINE quad decode_units(__m256i codes) noexcept {
  const __m256i zero = _mm256_setzero_si256();
  const __m256i high = broadcast_16(static_cast<int>(two_to_23_units<F> >> 16));
  // As in decode_32.
  const __m256i all = _mm256_permutevar8x32_epi32(codes, _mm256_setr_epi32(0, 2, 4, 6, 1, 3, 5, 7));
  const __m256i counts = _mm256_and_si256(all, broadcast_8((1 << (F::width - 1)) - 1));
  const __m256i signs = _mm256_and_si256(_mm256_slli_epi16(all, 8 - F::width), broadcast_8(0x80));
  const __m256i first = _mm256_unpacklo_epi8(counts, zero);
  const __m256i second = _mm256_unpackhi_epi8(counts, zero);
  const __m256i first_signs = _mm256_unpacklo_epi8(zero, signs);
  const __m256i second_signs = _mm256_unpackhi_epi8(zero, signs);
  return {units_of<F>(_mm256_unpacklo_epi16(first, high), _mm256_unpacklo_epi16(zero, first_signs)),
          units_of<F>(_mm256_unpackhi_epi16(first, high), _mm256_unpackhi_epi16(zero, first_signs)),
          units_of<F>(_mm256_unpacklo_epi16(second, high), _mm256_unpacklo_epi16(zero, second_signs)),
          units_of<F>(_mm256_unpackhi_epi16(second, high), _mm256_unpackhi_epi16(zero, second_signs))};
}

/// A block's metadata in every lane.
template <block_type B>
NARROWFP_TARGET NARROWFP_INLINE __m256i load_metadata(const std::byte* metadata) noexcept {
  std::uint32_t all = 0;
  __builtin_memcpy(&all, metadata, B::metadata_bytes);
  return broadcast(all);
}

/// The bits of eight elements at one level, with anything above them.
template <block_type B, std::size_t Level>
NARROWFP_TARGET NARROWFP_INLINE __m256i bits_of_elements(__m256i metadata, std::size_t first) noexcept {
  const __m256i place = load_256(unknown(bit_place_of_element<B, Level>.data()) + first);
  return _mm256_srlv_epi32(metadata, place);
}
/// How many bits are set above each of eight elements.
template <block_type B, std::size_t Level = B::levels - 1>
NARROWFP_TARGET NARROWFP_INLINE __m256i doublings_of(__m256i metadata, std::size_t first) noexcept {
  if constexpr (Level == 0) {
    return _mm256_setzero_si256();
  } else {
    const __m256i bit = _mm256_and_si256(bits_of_elements<B, Level>(metadata, first), broadcast(1));
    return _mm256_add_epi32(doublings_of<B, Level - 1>(metadata, first), bit);
  }
}

/// What the elements of a block with bits below its scale are multiplied by. One level of them looks the
/// scale or twice the scale up; with more, doubling adds to the exponent.
template <block_type B>
struct bit_factors {
  __m256i bits, once;

  NARROWFP_TARGET NARROWFP_INLINE bit_factors(const std::byte* metadata, float scale) noexcept
      : bits(load_metadata<B>(metadata)), once(broadcast_float(scale)) {}
  NARROWFP_TARGET NARROWFP_INLINE dwords at(std::size_t i) const noexcept {
    if constexpr (B::levels == 2) {
      const __m256i once_or_twice = _mm256_add_epi32(once, _mm256_set1_epi64x(std::int64_t{1} << 55));
      return _mm256_castps_si256(
          _mm256_permutevar_ps(_mm256_castsi256_ps(once_or_twice), bits_of_elements<B, 1>(bits, 8 * i)));
    } else {
      return _mm256_add_epi32(once, _mm256_slli_epi32(doublings_of<B>(bits, 8 * i), 23));
    }
  }
};

/// HiF4's: the scale, doubled for the bit of each 8 and for that of each 4; one lane for each 4 elements.
template <block_type B>
requires has_hif4_bits<B>
struct bit_factors<B> {
  __m256i of_fours[2];

  NARROWFP_TARGET NARROWFP_INLINE bit_factors(const std::byte* metadata, float scale) noexcept
      : of_fours{factors_of_half(load_metadata<B>(metadata), scale, 0),
                 factors_of_half(load_metadata<B>(metadata), scale, 1)} {}
  NARROWFP_TARGET NARROWFP_INLINE dwords at(std::size_t i) const noexcept {
    const __m256i which = _mm256_add_epi32(_mm256_setr_epi32(0, 0, 0, 0, 1, 1, 1, 1),
                                           broadcast(static_cast<std::uint32_t>(i % 4 * 2)));
    return _mm256_permutevar8x32_epi32(of_fours[i / 4], which);
  }

 private:
  /// Eight groups of 4 elements: after the scale's byte come the bits of 8, then those of 4.
  NARROWFP_TARGET NARROWFP_INLINE static __m256i factors_of_half(__m256i bits, float scale,
                                                                 std::uint32_t half) noexcept {
    const __m256i one = broadcast(1);
    const __m256i eights =
        _mm256_add_epi32(_mm256_setr_epi32(8, 8, 9, 9, 10, 10, 11, 11), broadcast(4 * half));
    const __m256i fours =
        _mm256_add_epi32(_mm256_setr_epi32(16, 17, 18, 19, 20, 21, 22, 23), broadcast(8 * half));
    const __m256i doublings = _mm256_add_epi32(_mm256_and_si256(_mm256_srlv_epi32(bits, eights), one),
                                               _mm256_and_si256(_mm256_srlv_epi32(bits, fours), one));
    return _mm256_add_epi32(broadcast_float(scale), _mm256_slli_epi32(doublings, 23));
  }
};

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#include "close.hpp"
