// Layer: kernels, AVX2; avx2.hpp includes this. Floats to HiF4 blocks.
//
// Every decision asks whether an exact product |x| * factor, halved for each bit that is set, reaches a
// multiple of 1/8. So its eighths, rounded down, decide all of them, and a product rounded toward zero has
// the same eighths.

#if defined(NARROWFP_SET)

namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// Eighths of 16 elements in the element's range, as words in groups of 4: a0 .. a3, b0 .. b3, and in the
/// other lane a4 .. a7, b4 .. b7. More than 2^15 - 1 is read as that.
NARROWFP_TARGET NARROWFP_INLINE __m256i eighths_of(__m256i a, __m256i b, __m256 eight_factors) noexcept {
  return _mm256_packs_epi32(_mm256_cvttps_epi32(float_product(_mm256_castsi256_ps(a), eight_factors)),
                            _mm256_cvttps_epi32(float_product(_mm256_castsi256_ps(b), eight_factors)));
}

/// The magnitudes' codes, and all ones in the words of groups that set their bits.
struct hif4_words {
  __m256i codes, eights, fours;
};
NARROWFP_TARGET NARROWFP_INLINE hif4_words hif4_codes(__m256i eighths) noexcept {
  // The largest of each 4 elements, then of each 8, in each of their places.
  const __m256i rotate = _mm256_set_epi8(13, 12, 15, 14, 9, 8, 11, 10, 5, 4, 7, 6, 1, 0, 3, 2, 13, 12, 15, 14,
                                         9, 8, 11, 10, 5, 4, 7, 6, 1, 0, 3, 2);
  __m256i of_four = _mm256_max_epi16(eighths, _mm256_shuffle_epi32(eighths, 0xB1));
  of_four = _mm256_max_epi16(of_four, _mm256_shuffle_epi8(of_four, rotate));
  const __m256i of_eight = _mm256_max_epi16(of_four, _mm256_permute4x64_epi64(of_four, 0x4E));
  // Bits are set from 4 on for 8 elements, and for 4 of them from 2 on, or 4 where the former is set.
  const __m256i eights = _mm256_cmpgt_epi16(of_eight, broadcast_16(31));
  const __m256i fours = _mm256_cmpgt_epi16(
      of_four, _mm256_add_epi16(broadcast_16(15), _mm256_and_si256(eights, broadcast_16(16))));
  // Quarters, ties away, are the eighths plus one, halved; of eighths halved k times, which is one rounding
  // multiplication by 2^-(k + 1).
  __m256i half = _mm256_sub_epi16(broadcast_16(0x4000), _mm256_and_si256(eights, broadcast_16(0x2000)));
  half = _mm256_sub_epi16(half, _mm256_and_si256(fours, _mm256_srli_epi16(half, 1)));
  const __m256i quarters = _mm256_mulhrs_epi16(eighths, half);
  return {_mm256_min_epi16(quarters, broadcast_16(7)), eights, fours};
}

/// Bits 0, 4, 8, ... of x, together.
NARROWFP_INLINE std::uint32_t every_fourth(std::uint32_t x) noexcept {
  x &= 0x11111111;
  x = (x | x >> 3) & 0x03030303;
  x = (x | x >> 6) & 0x000F000F;
  return (x | x >> 12) & 0xFF;
}

/// The codes of 32 elements, dense, and the bits of their groups: for a mask of which bytes 0 .. 15 belong to
/// elements 0 .. 3 of each 8, and the others to elements 4 .. 7.
struct hif4_half {
  __m128i nibbles;
  std::uint32_t eights, fours;
};
template <class S>
NARROWFP_TARGET NARROWFP_INLINE hif4_half encode_half(const S* in, __m256 eight_factors) noexcept {
  const __m256i mask = broadcast_32(0x7FFFFFFF);
  const float_quad x = load_floats(in);
  const __m256i a = _mm256_castps_si256(x.a);
  const __m256i b = _mm256_castps_si256(x.b);
  const __m256i c = _mm256_castps_si256(x.c);
  const __m256i d = _mm256_castps_si256(x.d);
  const hif4_words ab =
      hif4_codes(eighths_of(_mm256_and_si256(a, mask), _mm256_and_si256(b, mask), eight_factors));
  const hif4_words cd =
      hif4_codes(eighths_of(_mm256_and_si256(c, mask), _mm256_and_si256(d, mask), eight_factors));
  const __m256i signs = _mm256_packs_epi16(_mm256_packs_epi32(a, b), _mm256_packs_epi32(c, d));
  const __m256i codes = _mm256_or_si256(_mm256_packus_epi16(ab.codes, cd.codes),
                                        _mm256_and_si256(_mm256_srli_epi16(signs, 4), broadcast_8(8)));
  const __m256i pairs = _mm256_maddubs_epi16(codes, broadcast_16(0x1001));
  const __m256i bytes = _mm256_packus_epi16(pairs, pairs);
  return {_mm_unpacklo_epi16(_mm256_castsi256_si128(bytes), _mm256_extracti128_si256(bytes, 1)),
          static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_packs_epi16(ab.eights, cd.eights))),
          static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_packs_epi16(ab.fours, cd.fours)))};
}

/// One block under a given scale.
template <block_type B, class S>
NARROWFP_TARGET NARROWFP_INLINE void encode_hif4(const S* in, const block_target& out, std::size_t block,
                                                 std::uint32_t code) noexcept {
  const __m256 eight_factors = _mm256_set1_ps(8 * element_factors<B>[code]);
  const hif4_half low = encode_half(in, eight_factors);
  const hif4_half high = encode_half(in + 32, eight_factors);
  std::byte* codes = out.codes + block * out.code_stride;
  store_128(codes, low.nibbles);
  store_128(codes + 16, high.nibbles);
  const std::uint32_t eights = every_fourth((low.eights & 0xFFFF) | high.eights << 16);
  const std::uint32_t even_fours = (low.fours & 0x1111) | (high.fours & 0x1111) << 16;
  const std::uint32_t odd_fours = (low.fours >> 16 & 0x1111) | (high.fours & 0x11110000);
  std::uint32_t fours = even_fours | odd_fours << 1;  // two bits of each 4
  fours = (fours | fours >> 2) & 0x0F0F0F0F;
  fours = (fours | fours >> 4) & 0x00FF00FF;
  fours = (fours | fours >> 8) & 0xFFFF;
  const std::uint32_t metadata = code | eights << 8 | fours << 16;
  __builtin_memcpy(out.metadata + block * out.metadata_stride, &metadata, 4);
}

/// Quantizes whole blocks; in default_environment, toward zero. It stops at a block that holds an infinity or
/// a NaN, or so large a number that its eighths are no 32-bit integer.
template <block_type B, class S>
NARROWFP_TARGET [[gnu::noinline]] std::size_t quantize_hif4(const S* in, std::size_t n,
                                                            const block_target& out) noexcept {
  // Two binades above what the largest scale can represent.
  constexpr std::uint32_t too_large =
      (static_cast<std::uint32_t>(core::binade_of(B::facts::largest) +
                                  core::binade_of(B::scale_format::max_finite) + 4 + 127)
       << 23);
  constexpr std::size_t blocks_at_a_time = 16;  // as groups_at_a_time
  std::uint32_t code[blocks_at_a_time];
  std::size_t done = 0;
  for (bool usual = true; usual && n - done >= 64;) {
    std::size_t count = 0;
    for (; usual && count < blocks_at_a_time && n - done >= 64 * (count + 1); ++count) {
      const std::uint32_t amax = largest_of<64>(in + done + 64 * count);
      code[count] = stepped_scale_code<B>(amax);
      usual = amax < too_large;
    }
    count -= usual ? 0 : 1;
    for (std::size_t b = 0; b < count; ++b, done += 64) {
      encode_hif4<B>(in + done, out, done / 64, code[b]);
    }
  }
  return done;
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET

#endif
