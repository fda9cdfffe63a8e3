// Layer: kernels, AVX-512; avx512.hpp includes this once for each set. Floats to blocks, 64 elements at a
// time. It stops at a group of blocks that holds something unusual, and before the last elements if they fill
// no group. docs/kernels.md shows why a float quotient decides exactly.

#if defined(NARROWFP_SET)

namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// Two blocks of 32 under powers of two. False: nothing is written.
///
/// Dividing by a power of two subtracts from the exponent. It is exact but for results far below the smallest
/// element, and denormal inputs, which a usual scale puts there.
template <block_type B, unsigned Flags>
NARROWFP_TARGET NARROWFP_INLINE bool quantize_powers(const quad& x, const block_target& out,
                                                     std::size_t first, const encode_constants& c) noexcept {
  using F = typename B::element_format;
  constexpr int top = core::binade_of(F::max_finite);
  constexpr int least_usual = core::larger(4 - core::binade_of(core::min_positive<F>), 0);
  const quad m = magnitudes(x);
  const __m512i amax = largest_of_two(m);
  const __m512i field = _mm512_srli_epi32(amax, 23);
  const __m512i code = _mm512_sub_epi32(_mm512_max_epu32(field, broadcast(top)), broadcast(top));
  const __mmask16 low = _mm512_cmplt_epu32_mask(code, broadcast(least_usual));
  const __mmask16 not_zero = _mm512_test_epi32_mask(amax, amax);
  const __mmask16 not_finite = _mm512_cmpge_epu32_mask(amax, broadcast(0x7F800000));
  if (((low & not_zero) | not_finite) != 0) {
    return false;
  }
  const __m512i inverse = _mm512_slli_epi32(_mm512_sub_epi32(broadcast(254), code), 23);
  const __m512i first_inverse = spread<0>(inverse);
  const __m512i second_inverse = spread<2>(inverse);
  const quad scaled = {times(m.a, first_inverse), times(m.b, first_inverse), times(m.c, second_inverse),
                       times(m.d, second_inverse)};
  const __m512i codes = encode_scaled<Flags>(scaled, x, c);
  store_two<F::width>(out.codes + first * out.code_stride, out.code_stride, codes);
  const __m128i scale_codes = _mm512_castsi512_si128(code);
  std::byte* metadata = out.metadata + first * out.metadata_stride;
  metadata[0] = static_cast<std::byte>(_mm_extract_epi8(scale_codes, 0));
  metadata[out.metadata_stride] = static_cast<std::byte>(_mm_extract_epi8(scale_codes, 8));
  return true;
}

/// x / divisor for x >= 0, right in every decision between neighbours of 8 bits or fewer, if the reciprocal
/// is the nearest float; 0 where the reciprocal is 0.
NARROWFP_TARGET NARROWFP_INLINE __m512i quotient(__m512i x, __m512i divisor, __m512i reciprocal) noexcept {
  constexpr int mode = _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC;
  const __m512 d = _mm512_castsi512_ps(divisor);
  const __m512 r = _mm512_castsi512_ps(reciprocal);
  const __m512 near = _mm512_castsi512_ps(times(x, reciprocal));
  const __m512 rest = _mm512_maskz_fnmadd_round_ps(0xFFFF, near, d, _mm512_castsi512_ps(x), mode);  // exact
  return _mm512_castps_si512(_mm512_maskz_fmadd_round_ps(0xFFFF, rest, r, near, mode));
}

/// 1 / x to nearest, and 0 for 0.
NARROWFP_TARGET NARROWFP_INLINE __m512i reciprocal_of(__m512i x) noexcept {
  return _mm512_castps_si512(
      _mm512_maskz_div_round_ps(_mm512_test_epi32_mask(x, x), _mm512_castsi512_ps(broadcast_float(1)),
                                _mm512_castsi512_ps(x), _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC));
}

/// Four blocks of 16 under the ratio of the largest magnitude to the largest element. False: nothing is
/// written.
template <block_type B, unsigned Flags, unsigned ScaleFlags>
NARROWFP_TARGET NARROWFP_INLINE bool quantize_ratios(const quad& x, const block_target& out,
                                                     std::size_t first, const encode_constants& c,
                                                     const encode_constants& scale_constants) noexcept {
  const quad m = magnitudes(x);
  const __m512i amax = largest_of_four(m);
  if (_mm512_cmpge_epu32_mask(amax, broadcast(0x7F800000)) != 0) {
    return false;
  }
  constexpr core::real largest = B::facts::largest;
  constexpr float divisor = core::to_floating<float>(largest);
  constexpr float reciprocal_of_largest = core::to_floating<float>(core::divide(core::finite(1, 0), largest));
  __m512i wanted = quotient(amax, broadcast_float(divisor), broadcast_float(reciprocal_of_largest));
  wanted = _mm512_min_epu32(wanted, scale_constants.high);
  // The sum's low byte is the rank, which is the code; less the magic number it is the scale.
  const __m512i magic = magic_of<ScaleFlags>(_mm512_max_epu32(wanted, scale_constants.low), scale_constants);
  const __m512i code = round_lanes<ScaleFlags>(wanted, nullptr, scale_constants);
  const __m512i scale = _mm512_castps_si512(
      _mm512_maskz_sub_round_ps(0xFFFF, _mm512_castsi512_ps(code), _mm512_castsi512_ps(magic),
                                _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC));
  const __m512i reciprocal = reciprocal_of(scale);
  quad signs = x;
  if (const __mmask16 zero = _mm512_testn_epi32_mask(scale, scale); zero != 0) {
    // Under a scale of 0 all codes are 0.
    signs.a = (zero & 1) != 0 ? _mm512_setzero_si512() : x.a;
    signs.b = (zero & 2) != 0 ? _mm512_setzero_si512() : x.b;
    signs.c = (zero & 4) != 0 ? _mm512_setzero_si512() : x.c;
    signs.d = (zero & 8) != 0 ? _mm512_setzero_si512() : x.d;
  }
  const quad scaled = {quotient(m.a, spread<0>(scale), spread<0>(reciprocal)),
                       quotient(m.b, spread<1>(scale), spread<1>(reciprocal)),
                       quotient(m.c, spread<2>(scale), spread<2>(reciprocal)),
                       quotient(m.d, spread<3>(scale), spread<3>(reciprocal))};
  store_four(out.codes + first * out.code_stride, out.code_stride, encode_scaled<Flags>(scaled, signs, c));
  const __m128i scale_codes = _mm512_castsi512_si128(code);
  std::byte* metadata = out.metadata + first * out.metadata_stride;
  metadata[0] = static_cast<std::byte>(_mm_extract_epi8(scale_codes, 0));
  metadata[out.metadata_stride] = static_cast<std::byte>(_mm_extract_epi8(scale_codes, 4));
  metadata[2 * out.metadata_stride] = static_cast<std::byte>(_mm_extract_epi8(scale_codes, 8));
  metadata[3 * out.metadata_stride] = static_cast<std::byte>(_mm_extract_epi8(scale_codes, 12));
  return true;
}

/// Quantizes whole groups of 64 elements and returns how many elements that were.
template <block_type B, rounding Mode>
NARROWFP_TARGET std::size_t quantize_groups(const float* in, std::size_t n,
                                            const block_target& out) noexcept {
  using F = typename B::element_format;
  constexpr auto& facts = lanes_of<F, Mode, overflow::saturate>;
  // No element of these groups is NaN or infinite.
  constexpr unsigned specials = lane_nan_apart | lane_nan_positive | lane_nan_last | lane_inf_apart;
  constexpr unsigned flags = facts.flags & ~specials;
  const encode_constants c = load_constants<flags>(facts.lanes, 1);
  std::size_t done = 0;
  if constexpr (lane_scale_way<B, float> == scale_way::power_of_two) {
    for (; n - done >= 64; done += 64) {
      if (!quantize_powers<B, flags>(load_64(in + done, ~0ULL), out, done / 32, c)) {
        break;
      }
    }
  } else if constexpr (lane_scale_way<B, float> == scale_way::hif4) {
    for (; n - done >= 64; done += 64) {
      if (!quantize_hif4<B, flags>(load_64(in + done, ~0ULL), out, done / 64, c)) {
        break;
      }
    }
  } else {
    constexpr auto& scale = lanes_of<typename B::scale_format, rounding::nearest_even, overflow::saturate>;
    constexpr unsigned scale_flags = scale.flags & ~specials;
    const encode_constants scale_constants = load_constants<scale_flags>(scale.lanes, 1);
    for (; n - done >= 64; done += 64) {
      if (!quantize_ratios<B, flags, scale_flags>(load_64(in + done, ~0ULL), out, done / 16, c,
                                                  scale_constants)) {
        break;
      }
    }
  }
  return done;
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET

#endif
