// Layer: kernels, AVX2; avx2.hpp includes this. Blocks that are taken one at a time, to and from floats: see
// any_scale.hpp. It stops at a block that holds something unusual, and before the last elements if they
// fill no block. All of it runs in default_environment.

#if defined(NARROWFP_SET)

namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// 32 elements as floats, integers in units of the element's.
template <scalar_format F>
NARROWFP_TARGET NARROWFP_INLINE float_quad elements_of(const std::byte* codes,
                                                       const decode_tables<F, float>& tables) noexcept {
  if constexpr (is_integer_format<F>) {
    return {from_integers(codes), from_integers(codes + 8), from_integers(codes + 16),
            from_integers(codes + 24)};
  } else {
    return decode_32<F>(load_codes<F::width>(reinterpret_cast<const std::uint8_t*>(codes)), tables);
  }
}

/// Products are rounded to float, or to odd on their way to 16 bits.
template <block_type B, bool Stream, class S>
NARROWFP_TARGET [[gnu::noinline]] std::size_t decode_each_block(const block_source& in, S* out,
                                                             std::size_t n) noexcept {
  using F = typename B::element_format;
  constexpr auto& tables = decode_tables_of<F, float>;
  constexpr std::size_t size = B::elements;
  constexpr float unit = is_integer_format<F> ? core::to_floating<float>(core::min_positive<F>) : 1;
  block_source from = in;  // a copy that stores to the output cannot change
  std::size_t done = 0;
  for (; n - done >= size; done += size, from = from_block(from, 1)) {
    const block_scale scale = load_scale<B, product_margin<B, S>>(from.metadata);
    if (!scale.is_usual) {
      break;
    }
    const __m256 factor = float_product(_mm256_set1_ps(scale.value), _mm256_set1_ps(unit));
    for (std::size_t i = 0; i < size; i += 32) {
      const std::byte* codes = from.codes + i / 8 * F::width;
      prefetch_ahead<4 * F::width>(codes);
      const float_quad v = elements_of<F>(codes, tables);
      if constexpr (sizeof(S) == 2 && !products_are_exact<B>) {
        store_as<Stream, false>(out + done + i,
                                float_quad{product_to_odd(v.a, factor), product_to_odd(v.b, factor),
                                           product_to_odd(v.c, factor), product_to_odd(v.d, factor)});
      } else {
        store_as<Stream, false>(out + done + i, times(v, factor));
      }
    }
  }
  if constexpr (Stream) {
    _mm_sfence();
  }
  return done;
}

/// Dequantizes whole blocks and returns how many elements that were. There is no tensor scale.
template <block_type B, class S>
requires is_common_any_scale_block<B> std::size_t dequantize_groups(const block_source& in, S* out,
                                                                 std::size_t n, float)
noexcept {
  const default_environment guard(product_margin<B, S> != 0 ? rounding::toward_zero : rounding::nearest_even);
  return n * sizeof(S) >= streaming_size && elements_to_line(out, 1) == 0
             ? decode_each_block<B, true>(in, out, n)
             : decode_each_block<B, false>(in, out, n);
}

/// What dividing by a scale takes: the scale, its reciprocal, and what that lacks.
struct exact_divisor {
  __m256 scale, reciprocal, rest;
};
NARROWFP_TARGET NARROWFP_INLINE exact_divisor divisor_of(float scale) noexcept {
  const __m256 s = _mm256_set1_ps(scale);
  const __m256 one = _mm256_castsi256_ps(broadcast_32(0x3F800000));
  const __m256 reciprocal = float_quotient(one, s);
  const __m256 error = fused_difference(reciprocal, s, one);  // exact
  return {s, reciprocal, float_product(error, reciprocal)};
}

/// A magnitude divided by the scale, rounded to odd, at least where numbers of few bits are near: it compares
/// with all of these as the exact quotient does. See docs/kernels.md.
NARROWFP_TARGET NARROWFP_INLINE __m256i quotient_to_odd(__m256i x, const exact_divisor& by) noexcept {
  const __m256 m = _mm256_castsi256_ps(_mm256_and_si256(x, broadcast_32(0x7FFFFFFF)));
  const __m256 q = fused_sum(m, by.reciprocal, float_product(m, by.rest));
  const __m256i rest = _mm256_castps_si256(fused_difference(q, by.scale, m));  // exact
  const __m256i below = _mm256_add_epi32(_mm256_castps_si256(q), _mm256_srai_epi32(rest, 31));
  return _mm256_or_si256(below, _mm256_min_epu32(rest, broadcast_32(1)));
}

// What no element of a block under a usual scale is.
constexpr unsigned special_flags = flag_nan_apart | flag_nan_positive | flag_nan_last | flag_inf_apart;

/// Encodes 32 quotients, rounded to odd, with the signs of the elements that they come from: by the fused
/// addition of linear formats, or as words.
template <scalar_format F, rounding Mode>
struct quotient_encoder {
  static constexpr bool exists = false;
};
template <scalar_format F, rounding Mode>
requires(linear_of<F, Mode, overflow::saturate>.exists) struct quotient_encoder<F, Mode> {
  static constexpr bool exists = true;
  static constexpr auto& facts = linear_of<F, Mode, overflow::saturate>;
  static constexpr unsigned flags = facts.flags & ~special_flags;
  linear_constants constants;

  NARROWFP_TARGET NARROWFP_INLINE quotient_encoder() noexcept : constants(load_constants(facts.data)) {}
  NARROWFP_TARGET NARROWFP_INLINE __m256i rank_of(__m256i q) const noexcept {
    const __m256i m = _mm256_min_epu32(q, constants.high);
    return round_linear<facts.data.fraction_bits>(
        (flags & flag_ties_away) != 0 ? _mm256_or_si256(m, broadcast_32(1)) : m, constants);
  }
  NARROWFP_TARGET NARROWFP_INLINE __m256i encode(const quad& q, const quad& x) const noexcept {
    const quad rounded = {rank_of(q.a), rank_of(q.b), rank_of(q.c), rank_of(q.d)};
    return quad_in_order(static_cast<const float*>(nullptr),
                         finish_linear<flags, facts.data.fraction_bits>(rounded, x, constants));
  }
};
template <scalar_format F, rounding Mode>
requires(!linear_of<F, Mode, overflow::saturate>.exists &&
         word_facts<F, Mode, overflow::saturate>.exists) struct quotient_encoder<F, Mode> {
  static constexpr bool exists = true;
  static constexpr auto& facts = word_facts<F, Mode, overflow::saturate>;
  static constexpr unsigned flags = facts.flags & ~special_flags;
  word_rows rows = facts.data;  // a copy that stores to the output cannot change

  NARROWFP_TARGET NARROWFP_INLINE __m256i encode(const quad& q, const quad& x) const noexcept {
    const __m256i high = broadcast_16(rows.high);
    const words_32 m = {_mm256_min_epu16(fold(q.a, q.b), high), _mm256_min_epu16(fold(q.c, q.d), high)};
    const __m256i codes =
        (flags & flag_tapered) != 0 ? encode_tapered<flags>(m, rows) : encode_magnitudes<flags>(m, rows);
    return unfold(with_signs<flags>(codes, {fold(x.a, x.b), fold(x.c, x.d)}, rows));
  }
};

/// Integers in two's complement.
template <scalar_format F>
requires is_integer_format<F>
struct quotient_encoder<F, rounding::nearest_even> {
  static constexpr bool exists = true;

  NARROWFP_TARGET NARROWFP_INLINE static __m256 with_sign(__m256i q, __m256i x) noexcept {
    return _mm256_castsi256_ps(_mm256_or_si256(q, _mm256_and_si256(x, broadcast_32(0x80000000))));
  }
  NARROWFP_TARGET NARROWFP_INLINE __m256i encode(const quad& q, const quad& x) const noexcept {
    constexpr int unit = core::binade_of(core::min_positive<F>);
    const __m256 units_per_one = _mm256_set1_ps(core::to_floating<float>(core::finite(1, -unit)));
    const __m256i ab = to_integers(with_sign(q.a, x.a), with_sign(q.b, x.b), units_per_one);
    const __m256i cd = to_integers(with_sign(q.c, x.c), with_sign(q.d, x.d), units_per_one);
    const __m256i codes = _mm256_max_epi8(_mm256_packs_epi16(ab, cd), broadcast_8(-127));  // symmetric
    return quad_in_order(static_cast<const float*>(nullptr), codes);
  }
};

/// Whether blocks are encoded under a given scale.
template <block_type B>
inline constexpr bool encodes_columns = [] {
  using F = typename B::element_format;
  if constexpr (divides_by_vectors<B> && is_common_width(F::width) && B::elements % 32 == 0) {
    return quotient_encoder<F, F::native_rounding>::exists;
  } else {
    return false;
  }
}();
template <block_type B>
inline constexpr bool quantizes_any_scale = [] { return is_common_any_scale_block<B> && encodes_columns<B>; }();

/// Encodes a block under a usual scale that is not zero.
template <block_type B, class S, class Encoder>
NARROWFP_TARGET NARROWFP_INLINE void encode_under_scale_of(const S* in, std::uint8_t* out, float scale,
                                                   const Encoder& encoder) noexcept {
  constexpr int bits = B::element_format::width;
  const exact_divisor by = divisor_of(scale);
  for (std::size_t i = 0; i < B::elements; i += 32) {
    const float_quad v = load_floats(in + i);
    const quad x = {_mm256_castps_si256(v.a), _mm256_castps_si256(v.b), _mm256_castps_si256(v.c),
                    _mm256_castps_si256(v.d)};
    const quad q = {quotient_to_odd(x.a, by), quotient_to_odd(x.b, by), quotient_to_odd(x.c, by),
                    quotient_to_odd(x.d, by)};
    store_32<bits, false>(out + i / 8 * bits, encoder.encode(q, x));
  }
}

/// The largest magnitude of a block, as a float pattern.
template <std::size_t Elements, class S>
NARROWFP_TARGET NARROWFP_INLINE std::uint32_t largest_of(const S* in) noexcept {
  const __m256i of_8 = largest_in_lanes<Elements>(in);
  __m128i of_4 = _mm_max_epi32(_mm256_castsi256_si128(of_8), _mm256_extracti128_si256(of_8, 1));
  of_4 = _mm_max_epi32(of_4, _mm_shuffle_epi32(of_4, 0x4E));
  of_4 = _mm_max_epi32(of_4, _mm_shuffle_epi32(of_4, 0xB1));
  return static_cast<std::uint32_t>(_mm_cvtsi128_si32(of_4));
}

/// The next block's scale is found before a block is encoded, so that no element waits for it.
template <block_type B, rounding Mode, class S>
NARROWFP_TARGET [[gnu::noinline]] std::size_t encode_each_block(const S* in, std::size_t n,
                                                             const block_target& out,
                                                             scale_rule rule) noexcept {
  constexpr std::size_t size = B::elements;
  const quotient_encoder<typename B::element_format, Mode> encoder;
  block_scale next = choose_scale<B>(largest_of<size>(in), rule);
  std::size_t done = 0;
  for (block_target to = out; n - done >= size; done += size, to = from_block(to, 1)) {
    const block_scale scale = next;
    if (!scale.is_usual) {
      break;
    }
    if (n - done >= 2 * size) {
      next = choose_scale<B>(largest_of<size>(in + done + size), rule);
    }
    if (write_scale<B>(scale, to)) {
      encode_under_scale_of<B>(in + done, reinterpret_cast<std::uint8_t*>(to.codes), scale.value, encoder);
    }
  }
  return done;
}

/// Quantizes whole blocks and returns how many elements that were.
template <block_type B, rounding Mode, class S>
requires quantizes_any_scale<B> std::size_t quantize_groups(const S* in, std::size_t n, const block_target& out,
                                                          scale_rule rule)
noexcept {
  const default_environment guard(rounding::nearest_even);
  return n < B::elements ? 0 : encode_each_block<B, Mode>(in, n, out, rule);
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

template <block_type B, rounding Mode, class S>
NARROWFP_TARGET [[gnu::noinline]] void encode_lines(const block_column<S>& column, const block_target& out,
                                                    float scale) noexcept {
  const quotient_encoder<typename B::element_format, Mode> encoder;
  for (std::size_t line = 0; line < column.lines; ++line) {
    encode_under_scale_of<B>(column.in + line * column.stride,
                     reinterpret_cast<std::uint8_t*>(out.codes + line * out.code_stride), scale, encoder);
  }
}

/// Encodes a column of blocks under one usual scale that is not zero.
template <block_type B, rounding Mode, class S>
void encode_column(const block_column<S>& column, const block_target& out, float scale) noexcept {
  const default_environment guard(rounding::nearest_even);
  encode_lines<B, Mode>(column, out, scale);
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET

#endif
