// Layer: kernels, AVX-512; avx512.hpp includes this for one set. Floats to blocks that are taken one at a
// time: see any_scale.hpp. It stops at a block that holds something unusual, and before the last elements
// if they fill no block.

#if defined(NARROWFP_SET)

namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// What dividing by a scale takes: the scale, its reciprocal, and what that lacks.
struct exact_divisor {
  __m512i scale, reciprocal, lacking;
};
NARROWFP_TARGET NARROWFP_INLINE exact_divisor divisor_of(float scale) noexcept {
  constexpr int mode = _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC;
  const __m128 s = _mm_set_ss(scale);
  const __m128 one = _mm_set_ss(1);
  const __m128 reciprocal = _mm_maskz_div_round_ss(1, one, s, mode);
  const __m128 error = _mm_maskz_fnmadd_round_ss(1, reciprocal, s, one, mode);  // exact
  const __m128 lacking = _mm_maskz_mul_round_ss(1, error, reciprocal, mode);
  return {_mm512_maskz_broadcastd_epi32(0xFFFF, _mm_castps_si128(s)),
          _mm512_maskz_broadcastd_epi32(0xFFFF, _mm_castps_si128(reciprocal)),
          _mm512_maskz_broadcastd_epi32(0xFFFF, _mm_castps_si128(lacking))};
}

/// A magnitude divided by the scale, rounded to odd, at least where numbers of few bits are near: it compares
/// with all of these as the exact quotient does. See docs/kernels.md.
NARROWFP_TARGET NARROWFP_INLINE __m512i quotient_to_odd(__m512i m, const exact_divisor& by) noexcept {
  const __m512i q = quotient(m, by.reciprocal, by.lacking);
  const __m512i rest = rest_of(m, q, by.scale);
  const __m512i below = _mm512_add_epi32(q, _mm512_srai_epi32(rest, 31));
  return _mm512_or_si512(below, _mm512_min_epu32(rest, broadcast(1)));
}

/// The largest magnitude of a block, as a float pattern.
template <std::size_t Elements, class S>
NARROWFP_TARGET NARROWFP_INLINE std::uint32_t largest_of(const S* in) noexcept {
  __m512i largest = _mm512_setzero_si512();
  for (std::size_t i = 0; i < Elements; i += 64) {
    const quad m = magnitudes(load_64(in + i, first_bits(Elements - i)));
    largest =
        _mm512_max_epu32(largest, _mm512_max_epu32(_mm512_max_epu32(m.a, m.b), _mm512_max_epu32(m.c, m.d)));
  }
  const __m256i of_8 =
      _mm256_max_epu32(_mm512_castsi512_si256(largest), _mm512_maskz_extracti64x4_epi64(0xFF, largest, 1));
  __m128i of_4 = _mm_max_epu32(_mm256_castsi256_si128(of_8), _mm256_extracti128_si256(of_8, 1));
  of_4 = _mm_max_epu32(of_4, _mm_shuffle_epi32(of_4, 0x4E));
  of_4 = _mm_max_epu32(of_4, _mm_shuffle_epi32(of_4, 0xB1));
  return static_cast<std::uint32_t>(_mm_cvtsi128_si32(of_4));
}

/// Encodes a block under a usual scale that is not zero.
template <block_type B, unsigned Flags, class S>
NARROWFP_TARGET NARROWFP_INLINE void encode_under_scale_of(const S* in, std::uint8_t* out, float scale,
                                                   const encode_constants& c) noexcept {
  constexpr int bits = B::element_format::width;
  const exact_divisor by = divisor_of(scale);
  for (std::size_t i = 0; i < B::elements; i += 64) {
    const std::size_t count = B::elements - i < 64 ? B::elements - i : 64;
    const quad x = load_64(in + i, first_bits(count));
    const quad m = magnitudes(x);
    const quad ranks = {rank_scaled<Flags>(quotient_to_odd(m.a, by), nullptr, c),
                        rank_scaled<Flags>(quotient_to_odd(m.b, by), nullptr, c),
                        rank_scaled<Flags>(quotient_to_odd(m.c, by), nullptr, c),
                        rank_scaled<Flags>(quotient_to_odd(m.d, by), nullptr, c)};
    store_dense<bits, false>(out + i / 8 * bits, count, squeeze_codes<bits>(finish_64<Flags>(ranks, x, c)));
  }
}

/// Quantizes whole blocks and returns how many elements that were. The next block's scale is found before a
/// block is encoded, so that no element waits for it.
template <block_type B, rounding Mode, class S>
requires has_any_scale_quantizer<B> NARROWFP_TARGET std::size_t quantize_groups(const S* in, std::size_t n,
                                                                                const block_target& out,
                                                                                scale_rule rule,
                                                                                const block_draws&)
noexcept {
  constexpr auto& facts = magic_rows_of<typename B::element_format, Mode, overflow::saturate>;
  constexpr unsigned flags = facts.flags & ~special_flags;  // no element here is NaN or infinite
  constexpr std::size_t size = B::elements;
  if (n < size) {
    return 0;
  }
  const encode_constants c = load_constants<flags>(facts.data, 1);
  block_scale next = choose_scale<B>(largest_of<size>(in), rule);
  std::size_t done = 0;
  for (block_target to = out; n - done >= size; done += size, to = from_block(to, 1)) {
    const block_scale scale = next;
    if (!scale.is_usual) {
      break;
    }
    if (n - done >= 2 * size) {
      prefetch_ahead<size * sizeof(S)>(in + done);
      next = choose_scale<B>(largest_of<size>(in + done + size), rule);
    }
    if (write_scale<B>(scale, to)) {
      encode_under_scale_of<B, flags>(in + done, reinterpret_cast<std::uint8_t*>(to.codes), scale.value, c);
    }
  }
  return done;
}

/// The largest magnitude of a column of blocks, as a float pattern.
template <block_type B, class S>
NARROWFP_TARGET std::uint32_t largest_of_column(const block_column<S>& column) noexcept {
  std::uint32_t largest = 0;
  for (std::size_t line = 0; line < column.lines; ++line) {
    const std::uint32_t own = largest_of<B::elements>(column.in + line * column.stride);
    largest = own > largest ? own : largest;
  }
  return largest;
}

/// Encodes a column of blocks under one usual scale that is not zero.
template <block_type B, rounding Mode, class S>
NARROWFP_TARGET void encode_column(const block_column<S>& column, const block_target& out,
                                   float scale) noexcept {
  constexpr auto& facts = magic_rows_of<typename B::element_format, Mode, overflow::saturate>;
  constexpr unsigned flags = facts.flags & ~special_flags;
  const encode_constants c = load_constants<flags>(facts.data, 1);
  for (std::size_t line = 0; line < column.lines; ++line) {
    encode_under_scale_of<B, flags>(column.in + line * column.stride,
                            reinterpret_cast<std::uint8_t*>(out.codes + line * out.code_stride), scale, c);
  }
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET

#endif
