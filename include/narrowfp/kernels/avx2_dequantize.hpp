// Layer: kernels, AVX2; avx2.hpp includes this. Blocks to floats, 32 or 64 elements at a time. It stops at a
// group of blocks with an unusual scale, and before the last elements if they fill no group.

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
NARROWFP_TARGET NARROWFP_INLINE __m256 units_of(__m256i sum, __m256i sign) noexcept {
  const __m256i less = broadcast_32(two_to_23_units<F> | 0x80000000);
  const __m256 count = float_sum(_mm256_castsi256_ps(sum), _mm256_castsi256_ps(less));
  return _mm256_castsi256_ps(_mm256_or_si256(_mm256_castps_si256(count), sign));
}

/// Floats from 32 codes that count units.
template <scalar_format F>
NARROWFP_TARGET NARROWFP_INLINE float_quad decode_units(__m256i codes) noexcept {
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

/// 32 elements, from one block or from two of 16.
template <block_type B>
NARROWFP_TARGET NARROWFP_INLINE float_quad
decode_elements(const std::byte* in, std::size_t stride,
                const decode_tables<typename B::element_format, float>& tables) noexcept {
  using F = typename B::element_format;
  const auto* from = reinterpret_cast<const std::uint8_t*>(in);
  const __m256i codes = B::elements == 16 ? load_halves<F::width>(from, stride) : load_codes<F::width>(from);
  if constexpr (decodes_units<F>) {
    return decode_units<F>(codes);
  } else {
    return decode_32<F>(codes, tables);
  }
}

/// Factors of the elements in a group: those of vector i, eight elements, are `of[i]`.
template <block_type B>
struct group_factors {
  __m256 of[group_elements<B> / 8];
  scale_use use[group_elements<B> / B::elements];  ///< of each block
};

/// A block's metadata in every lane.
template <block_type B>
NARROWFP_TARGET NARROWFP_INLINE __m256i load_metadata(const std::byte* metadata) noexcept {
  std::uint32_t all = 0;
  __builtin_memcpy(&all, metadata, B::metadata_bytes);
  return broadcast_32(all);
}

/// HiF4's: the scale, doubled for the bit of each 8 and for that of each 4. Doubling adds to the exponent.
template <block_type B>
NARROWFP_TARGET NARROWFP_INLINE void factors_of_hif4_bits(const std::byte* metadata, float scale,
                                                          __m256* factors) noexcept {
  const __m256i bits = load_metadata<B>(metadata);
  const __m256i one = broadcast_32(1);
#pragma GCC unroll 2
  for (int half = 0; half < 2; ++half) {
    // Eight groups of 4 elements: after the scale's byte come the bits of 8, then those of 4.
    const __m256i eights = _mm256_add_epi32(_mm256_setr_epi32(8, 8, 9, 9, 10, 10, 11, 11),
                                            broadcast_32(static_cast<std::uint32_t>(4 * half)));
    const __m256i fours = _mm256_add_epi32(_mm256_setr_epi32(16, 17, 18, 19, 20, 21, 22, 23),
                                           broadcast_32(static_cast<std::uint32_t>(8 * half)));
    const __m256i doublings = _mm256_add_epi32(_mm256_and_si256(_mm256_srlv_epi32(bits, eights), one),
                                               _mm256_and_si256(_mm256_srlv_epi32(bits, fours), one));
    const __m256i factor = _mm256_add_epi32(broadcast_32(core::bit_cast<std::uint32_t>(scale)),
                                            _mm256_slli_epi32(doublings, 23));
#pragma GCC unroll 4
    for (int i = 0; i < 4; ++i) {
      const __m256i which = _mm256_add_epi32(_mm256_setr_epi32(0, 0, 0, 0, 1, 1, 1, 1),
                                             broadcast_32(static_cast<std::uint32_t>(2 * i)));
      factors[4 * half + i] = _mm256_castsi256_ps(_mm256_permutevar8x32_epi32(factor, which));
    }
  }
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
    const __m256i bit = _mm256_and_si256(bits_of_elements<B, Level>(metadata, first), broadcast_32(1));
    return _mm256_add_epi32(doublings_of<B, Level - 1>(metadata, first), bit);
  }
}

/// Those of a block with other bits. One level of them looks the scale or twice the scale up.
template <block_type B>
NARROWFP_TARGET NARROWFP_INLINE void factors_of_bits(const std::byte* metadata, float scale,
                                                     __m256* factors) noexcept {
  const __m256i bits = load_metadata<B>(metadata);
  const __m256i once = broadcast_32(core::bit_cast<std::uint32_t>(scale));
  const __m256i once_or_twice = _mm256_add_epi32(once, _mm256_set1_epi64x(std::int64_t{1} << 55));
#pragma GCC unroll 8
  for (std::size_t i = 0; i < B::elements / 8; ++i) {
    if constexpr (B::levels == 2) {
      factors[i] =
          _mm256_permutevar_ps(_mm256_castsi256_ps(once_or_twice), bits_of_elements<B, 1>(bits, 8 * i));
    } else {
      const __m256i doublings = doublings_of<B>(bits, 8 * i);
      factors[i] = _mm256_castsi256_ps(_mm256_add_epi32(once, _mm256_slli_epi32(doublings, 23)));
    }
  }
}

/// The factors of one group, and how they are used: `multiply` if all are, else `lift`, or `other` if one is.
template <block_type B>
NARROWFP_TARGET NARROWFP_INLINE scale_use load_factors(const std::byte* metadata, std::size_t stride,
                                                       group_factors<B>& factors) noexcept {
  constexpr auto& scales = doubled_scales<B>;
  constexpr std::size_t blocks = group_elements<B> / B::elements;
  scale_use all = scale_use::multiply;
#pragma GCC unroll 2
  for (std::size_t b = 0; b < blocks; ++b) {
    const auto code = static_cast<std::uint8_t>(metadata[b * stride]);
    const scale_use use = scales.use[code];
    __m256* const of_block = factors.of + b * B::elements / 8;
    if constexpr (B::levels > 1) {
      if constexpr (has_hif4_bits<B>) {
        factors_of_hif4_bits<B>(metadata + b * stride, scales.value[code], of_block);
      } else {
        factors_of_bits<B>(metadata + b * stride, scales.value[code], of_block);
      }
    } else {
#pragma GCC unroll 8
      for (std::size_t i = 0; i < B::elements / 8; ++i) {
        of_block[i] = _mm256_broadcast_ss(&scales.value[code]);
      }
    }
    factors.use[b] = use;
    all = use == scale_use::multiply || all == scale_use::other ? all
          : use == scale_use::other                             ? use
                                                                : scale_use::lift;
  }
  return all;
}

/// The products that `lift` has made 2^64 times too large: those that come to normal numbers lose exponent
/// only. Below that, p + 2^-62 is rounded where a denormal number is, at 2^-149 * 2^64, and its low bits are
/// that number. In default_environment.
NARROWFP_TARGET NARROWFP_INLINE __m256 brought_back(__m256 product) noexcept {
  constexpr std::uint32_t lift = std::uint32_t{lift_exponent} << 23;
  constexpr std::uint32_t least_normal = 0x00800000 + lift;
  const __m256i p = _mm256_castps_si256(product);
  const __m256i magnitude = _mm256_and_si256(p, broadcast_32(0x7FFFFFFF));
  const __m256i sum = _mm256_castps_si256(
      float_sum(_mm256_castsi256_ps(magnitude), _mm256_castsi256_ps(broadcast_32(least_normal))));
  const __m256i is_normal = _mm256_cmpgt_epi32(magnitude, broadcast_32(least_normal - 1));
  const __m256i is_special = _mm256_cmpgt_epi32(magnitude, broadcast_32(0x7F7FFFFF));
  __m256i result = _mm256_sub_epi32(sum, broadcast_32(least_normal));
  result = chosen(result, _mm256_sub_epi32(magnitude, broadcast_32(lift)), is_normal);
  result = chosen(result, magnitude, is_special);
  return _mm256_castsi256_ps(_mm256_or_si256(result, _mm256_and_si256(p, broadcast_32(0x80000000))));
}

/// Eight elements times a factor that is used in some way.
NARROWFP_TARGET NARROWFP_INLINE __m256 scaled_elements(__m256 elements, __m256 factor,
                                                       scale_use use) noexcept {
  const __m256 product = float_product(elements, factor);
  return use == scale_use::multiply ? product : use == scale_use::nan ? factor : brought_back(product);
}

/// Products rounded to odd: toward zero, as MXCSR says, with the last bit set where that is not the product.
NARROWFP_TARGET NARROWFP_INLINE __m256 product_to_odd(__m256 a, __m256 b) noexcept {
  const __m256 product = float_product(a, b);
  const __m256i bits = _mm256_castps_si256(product);
  const __m256 negated = _mm256_castsi256_ps(_mm256_xor_si256(bits, broadcast_32(0x80000000)));
  const __m256i missing = _mm256_slli_epi32(_mm256_castps_si256(fused_sum(a, b, negated)), 1);
  const __m256i is_exact = _mm256_cmpeq_epi32(missing, _mm256_setzero_si256());
  return _mm256_castsi256_ps(_mm256_or_si256(bits, _mm256_andnot_si256(is_exact, broadcast_32(1))));
}

/// Decodes as many whole groups as have usual scales. Unless scales are lifted, products with them are exact
/// and normal, so that MXCSR does not matter and no flag is raised. Those with a tensor scale are rounded to
/// float, or to odd on their way to 16 bits.
template <block_type B, bool Scaled, bool Stream, class S>
NARROWFP_TARGET NARROWFP_INLINE std::size_t decode_groups(const block_source& in, S* out, std::size_t n,
                                                          float tensor_scale) noexcept {
  using F = typename B::element_format;
  constexpr std::size_t group = group_elements<B>;
  constexpr auto& tables = decode_tables_of<F, float>;
  const __m256 tensor = _mm256_set1_ps(tensor_scale);
  std::size_t done = 0;
  block_source from = in;  // a copy that stores to the output cannot change
  for (; n - done >= group; done += group, from = from_block(from, group / B::elements)) {
    prefetch_ahead<64>(from.codes);
    group_factors<B> factors;
    const scale_use use = load_factors<B>(from.metadata, from.metadata_stride, factors);
    if (use == scale_use::other || (Scaled && use != scale_use::multiply)) {
      break;
    }
#pragma GCC unroll 2
    for (std::size_t i = 0; i < group; i += 32) {
      float_quad v = decode_elements<B>(from.codes + i / 8 * F::width, from.code_stride, tables);
      const __m256* factor = factors.of + i / 8;
      if (use != scale_use::multiply) {
        const scale_use first = factors.use[0];
        const scale_use second = factors.use[group / B::elements - 1];
        v = {scaled_elements(v.a, factor[0], first), scaled_elements(v.b, factor[1], first),
             scaled_elements(v.c, factor[2], second), scaled_elements(v.d, factor[3], second)};
        store_as<Stream, false>(out + done + i, v);
        continue;
      }
      v = {float_product(v.a, factor[0]), float_product(v.b, factor[1]), float_product(v.c, factor[2]),
           float_product(v.d, factor[3])};
      if constexpr (Scaled && sizeof(S) == 2) {
        v = {product_to_odd(v.a, tensor), product_to_odd(v.b, tensor), product_to_odd(v.c, tensor),
             product_to_odd(v.d, tensor)};
      } else if constexpr (Scaled) {
        v = times(v, tensor);
      }
      store_as<Stream, !Scaled && products_are_short<B>>(out + done + i, v);
    }
  }
  return done;
}

template <block_type B, bool Scaled, class S>
NARROWFP_TARGET [[gnu::noinline]] std::size_t decode_blocks(const block_source& in, S* out, std::size_t n,
                                                            float tensor_scale) noexcept {
  if (n * sizeof(S) >= streaming_size && elements_to_line(out, 1) == 0) {
    const std::size_t done = decode_groups<B, Scaled, true>(in, out, n, tensor_scale);
    _mm_sfence();
    return done;
  }
  return decode_groups<B, Scaled, false>(in, out, n, tensor_scale);
}

/// Dequantizes whole groups and returns how many elements that were. The tensor scale is 1 or fits: see
/// fits_tensor_scale.
template <block_type B, class S>
NARROWFP_TARGET std::size_t dequantize_groups(const block_source& in, S* out, std::size_t n,
                                              float tensor_scale) noexcept {
  if constexpr (is_integer_block<B> && std::same_as<S, narrow_float<formats::float16>>) {
    const default_environment guard(rounding::nearest_even);  // the conversion of 32 bits to 16 raises flags
    return dequantize_integers<B>(in, out, n);
  } else if constexpr (is_integer_block<B>) {
    return dequantize_integers<B>(in, out, n);
  } else {
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
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET

#endif
