// Layer: kernels, NEON; neon.hpp includes this. Blocks that are taken one at a time, to and from floats: see
// any_scale.hpp. It stops at a block that holds something unusual, and before the last elements if they
// fill no block. All of it runs in default_environment.

#if defined(NARROWFP_NEON)

namespace narrowfp::inline v0::kernels::neon {
namespace {

/// Stores the products of 4 elements with a scale: rounded to float, or to odd on their way to 16 bits.
template <block_type B, class S>
NARROWFP_INLINE void store_scaled(S* out, float32x4_t elements, float scale) noexcept {
  if constexpr (sizeof(S) == 2 && !products_are_exact<B>) {
    store_products<false, false>(out, product_to_odd(elements, vdupq_n_f32(scale)), 1);
  } else {
    store_products<false, false>(out, float_product(elements, scale), 1);
  }
}

template <block_type B, class S>
[[gnu::noinline]] std::size_t decode_each_block(const block_source& in, S* out, std::size_t n) noexcept {
  using F = typename B::element_format;
  const value_tables& tables = *unknown(&value_decoder<F, float>::data);
  const value_bytes<F, float> high = load_values<F, float>(tables.high);
  const value_bytes<F, float> low = load_values<F, float>(tables.low);
  block_source from = in;
  std::size_t done = 0;
  for (; n - done >= B::elements; done += B::elements, from = from_block(from, 1)) {
    const block_scale scale = load_scale<B, product_margin<B, S>>(from.metadata);
    if (!scale.is_usual) {
      break;
    }
    const auto* codes = reinterpret_cast<const std::uint8_t*>(from.codes);
    for (std::size_t i = 0; i < B::elements; i += 16) {
      const uint8x16_t c = load_codes_16<F::width, B::elements>(codes, i);
      const floats_16 x = floats_of(look_up<true>(high, c), look_up<false>(low, c));
      S* to = out + done + i;
      store_scaled<B>(to, x.a, scale.value);
      store_scaled<B>(to + 4, x.b, scale.value);
      store_scaled<B>(to + 8, x.c, scale.value);
      store_scaled<B>(to + 12, x.d, scale.value);
    }
  }
  return done;
}

/// Dequantizes whole blocks and returns how many elements that were. There is no tensor scale.
template <block_type B, class S>
requires is_common_any_scale_block<B> std::size_t dequantize_groups(const block_source& in, S* out,
                                                                 std::size_t n, float)
noexcept {
  const default_environment guard(product_margin<B, S> != 0 ? rounding::toward_zero : rounding::nearest_even);
  return decode_each_block<B>(in, out, n);
}

/// What dividing by a scale takes: the scale, its reciprocal, and what that lacks.
struct exact_divisor {
  float scale, reciprocal, rest;
};
NARROWFP_INLINE exact_divisor divisor_of(float scale) noexcept {
  const float32x4_t reciprocal = float_quotient(vdupq_n_f32(1), vdupq_n_f32(scale));
  const float32x4_t error = fused_difference(vdupq_n_f32(1), reciprocal, scale);  // exact
  return {scale, vgetq_lane_f32(reciprocal, 0), vgetq_lane_f32(float_product(error, reciprocal), 0)};
}

/// A magnitude divided by the scale, rounded to odd, at least where numbers of few bits are near: it compares
/// with all of these as the exact quotient does. See docs/kernels.md.
NARROWFP_INLINE uint16x8_t quotient_to_odd(uint32x4_t x, const exact_divisor& by) noexcept {
  const float32x4_t m = vabsq_f32(vreinterpretq_f32_u32(x));
  const float32x4_t q = fused_sum(float_product(m, by.rest), m, by.reciprocal);
  const int32x4_t rest = vreinterpretq_s32_f32(fused_difference(m, q, by.scale));  // exact
  const int32x4_t below = vaddq_s32(vreinterpretq_s32_f32(q), vshrq_n_s32(rest, 31));
  const uint32x4_t inexact = vminq_u32(vreinterpretq_u32_s32(rest), vdupq_n_u32(1));
  return vreinterpretq_u16_u32(vorrq_u32(vreinterpretq_u32_s32(below), inexact));
}
NARROWFP_INLINE uint16x8_t words_of_quotients(const dwords_8& x, const exact_divisor& by) noexcept {
  return leading_words(quotient_to_odd(x.a, by), quotient_to_odd(x.b, by));
}

/// The facts of elements in their native rounding.
template <scalar_format F>
struct native_words {
  static constexpr auto& facts = word_rows_of<F, F::native_rounding, overflow::saturate>;
  static constexpr unsigned flags =
      facts.flags & ~static_cast<unsigned>(flag_nan_apart | flag_nan_positive | flag_nan_last |
                                           flag_inf_apart | flag_many_rows);
};

/// Whether blocks are encoded under a given scale.
template <block_type B>
inline constexpr bool encodes_columns = [] {
  using F = typename B::element_format;
  if constexpr (divides_by_vectors<B> && is_common_width(F::width) && B::elements % 16 == 0) {
    return native_words<F>::facts.exists;
  } else {
    return false;
  }
}();
template <block_type B>
inline constexpr bool quantizes_any_scale = [] { return is_common_any_scale_block<B> && encodes_columns<B>; }();

/// Encodes a block under a usual scale that is not zero.
template <block_type B, unsigned Flags, class S>
NARROWFP_INLINE void encode_under_scale_of(const S* in, std::uint8_t* out, float scale,
                                   const word_constants<Flags>& c) noexcept {
  const exact_divisor by = divisor_of(scale);
  for (std::size_t i = 0; i < B::elements; i += 16) {
    const dwords_8 x = load_floats(in + i);
    const dwords_8 y = load_floats(in + i + 8);
    const uint16x8_t m = vminq_u16(words_of_quotients(x, by), c.high);
    const uint16x8_t n = vminq_u16(words_of_quotients(y, by), c.high);
    store_16<B::element_format::width>(out, i,
                                       encode_magnitudes<Flags>(m, n, high_words(x), high_words(y), c));
  }
}

template <block_type B, class S>
[[gnu::noinline]] std::size_t encode_each_block(const S* in, std::size_t n, const block_target& out,
                                             scale_rule rule) noexcept {
  using words = native_words<typename B::element_format>;
  const word_constants<words::flags> c = load_constants<words::flags>(*unknown(&words::facts.data));
  std::size_t done = 0;
  for (block_target to = out; n - done >= B::elements; done += B::elements, to = from_block(to, 1)) {
    const block_scale scale = choose_scale<B>(largest_magnitude<B::elements>(in + done), rule);
    if (!scale.is_usual) {
      break;
    }
    if (write_scale<B>(scale, to)) {
      encode_under_scale_of<B>(in + done, reinterpret_cast<std::uint8_t*>(to.codes), scale.value, c);
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
  return encode_each_block<B>(in, n, out, rule);
}

/// The largest magnitude of a column of blocks, as a float pattern.
template <block_type B, class S>
std::uint32_t largest_of_column(const block_column<S>& column) noexcept {
  std::uint32_t largest = 0;
  for (std::size_t line = 0; line < column.lines; ++line) {
    const std::uint32_t own = largest_magnitude<B::elements>(column.in + line * column.stride);
    largest = own > largest ? own : largest;
  }
  return largest;
}

template <block_type B, class S>
[[gnu::noinline]] void encode_lines(const block_column<S>& column, const block_target& out,
                                    float scale) noexcept {
  using words = native_words<typename B::element_format>;
  const word_constants<words::flags> c = load_constants<words::flags>(*unknown(&words::facts.data));
  for (std::size_t line = 0; line < column.lines; ++line) {
    encode_under_scale_of<B>(column.in + line * column.stride,
                     reinterpret_cast<std::uint8_t*>(out.codes + line * out.code_stride), scale, c);
  }
}

/// Encodes a column of blocks under one usual scale that is not zero.
template <block_type B, rounding Mode, class S>
void encode_column(const block_column<S>& column, const block_target& out, float scale) noexcept {
  static_assert(Mode == B::element_format::native_rounding);
  const default_environment guard(rounding::nearest_even);
  encode_lines<B>(column, out, scale);
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::neon

#endif
