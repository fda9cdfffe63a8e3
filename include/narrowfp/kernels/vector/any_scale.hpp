// Layer: kernels/vector. Blocks that are taken one at a time, to and from elements, under any one scale: see
// facts/any_scale.hpp. The kernels stop at a block that holds something unusual, and before the last elements
// if they fill no block.
#if !defined(NARROWFP_SET)
#include "alone_encoders.hpp"
#define NARROWFP_ALONE
#endif

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// Of as many elements, how many a quad takes.
constexpr std::size_t in_quad(std::size_t left) noexcept {
  return left < quad_elements ? left : quad_elements;
}

/// What dividing by a scale takes: the scale, its reciprocal, and what the reciprocal lacks.
struct exact_divisor {
  dwords scale, reciprocal, lacking;
};
NARROWFP_TARGET NARROWFP_INLINE exact_divisor divisor_of(float scale) noexcept {
  const dwords s = broadcast_float(scale);
  const dwords one = broadcast_float(1);
  const dwords reciprocal = quotient(one, s);
  const dwords error = product_less(one, reciprocal, s);  // exact
  return {s, reciprocal, product(error, reciprocal)};
}

/// Magnitudes divided by the scale, rounded to odd, at least where numbers of few bits are near: they compare
/// with all of these as the exact quotients do. See docs/kernels/any_scale.md.
NARROWFP_TARGET NARROWFP_INLINE dwords quotient_to_odd(dwords x, const exact_divisor& by) noexcept {
  const dwords m = magnitude(x);
  const dwords q = product_more(product(m, by.lacking), m, by.reciprocal);
  const dwords rest = product_less(m, q, by.scale);  // exact
  return either(sum(q, sign_in_all_bits(rest)), smaller(rest, broadcast(1)));
}

/// Encodes a block under a usual scale that is not zero.
template <block_type B, class Encoder, class S>
NARROWFP_TARGET NARROWFP_INLINE void encode_quotients(const S* in, std::uint8_t* out, float scale,
                                                      const Encoder& encoder) noexcept {
  constexpr int bits = B::element_format::width;
  const exact_divisor by = divisor_of(scale);
  for (std::size_t i = 0; i < B::elements; i += quad_elements) {
    const std::size_t count = in_quad(B::elements - i);
    const quad x = load_elements(in + i, count);
    if constexpr (requires { encoder.round_products(x, by.scale, by.reciprocal); }) {
      if (const auto found = encoder.round_products(x, by.scale, by.reciprocal); found.are_right) [[likely]] {
        store_codes<bits>(out + i / 8 * bits, count, found.codes);
        continue;
      }
    }
    const quad q = {quotient_to_odd(x.a, by), quotient_to_odd(x.b, by), quotient_to_odd(x.c, by),
                    quotient_to_odd(x.d, by)};
    store_codes<bits>(out + i / 8 * bits, count, encoder.encode(q, x));
  }
}

/// The largest magnitude of a block, as a float pattern; NaN and infinity are larger than numbers.
template <std::size_t Elements, class S>
NARROWFP_TARGET NARROWFP_INLINE std::uint32_t largest_of(const S* in) noexcept {
  dwords largest = broadcast(0);
  for (std::size_t i = 0; i < Elements; i += quad_elements) {
    const quad x = load_elements(in + i, in_quad(Elements - i));
    const dwords of_two = larger(magnitude(x.a), magnitude(x.b));
    largest = larger(largest, larger(of_two, larger(magnitude(x.c), magnitude(x.d))));
  }
  return largest_lane(largest);
}

/// The next block's scale is found before a block is encoded, so that no element waits for it.
template <block_type B, rounding Mode, class S>
NARROWFP_TARGET [[gnu::noinline]] std::size_t encode_each_block(const S* in, std::size_t n,
                                                                const block_target& out,
                                                                scale_rule rule) noexcept {
  constexpr std::size_t size = B::elements;
  const element_encoder<typename B::element_format, Mode> encoder;
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
      encode_quotients<B>(in + done, reinterpret_cast<std::uint8_t*>(to.codes), scale.value, encoder);
    }
  }
  return done;
}

/// Quantizes whole blocks and returns how many elements that were.
template <block_type B, rounding Mode, class S>
requires(quantizes_any_scale<B>&& Mode != rounding::stochastic) std::size_t
    quantize_groups(const S* in, std::size_t n, const block_target& out, scale_rule rule, const block_draws&)
noexcept {
  const default_environment guard(rounding::nearest_even);
  return n < B::elements ? 0 : encode_each_block<B, Mode>(in, n, out, rule);
}

/// The values of a quad of codes times a scale: rounded to float, or to odd on their way to 16 bits.
template <bool ToOdd>
NARROWFP_TARGET NARROWFP_INLINE dwords scaled(dwords v, dwords factor) noexcept {
  if constexpr (ToOdd) {
    return product_to_odd(v, factor);
  } else {
    return product(v, factor);
  }
}

template <block_type B, bool Stream, class S>
NARROWFP_TARGET [[gnu::noinline]] std::size_t decode_each_block(const block_source& in, S* out,
                                                                std::size_t n) noexcept {
  using F = typename B::element_format;
  constexpr std::size_t size = B::elements;
  constexpr bool to_odd = sizeof(S) == 2 && !products_are_exact<B>;
  const element_decoder<F> decoder;
  block_source from = in;  // a copy that stores to the output cannot change
  std::size_t done = 0;
  for (; n - done >= size; done += size, from = from_block(from, 1)) {
    const block_scale scale = load_scale<B, product_margin<B, S>>(from.metadata);
    if (!scale.is_usual) {
      break;
    }
    const dwords factor = product(broadcast_float(scale.value), broadcast_float(element_decoder<F>::unit));
    const auto* codes = reinterpret_cast<const std::uint8_t*>(from.codes);
    for (std::size_t i = 0; i < size; i += quad_elements) {
      const std::size_t count = in_quad(size - i);
      prefetch_ahead<quad_elements / 8 * F::width>(codes + i / 8 * F::width);
      const quad v = decoder.decode(codes + i / 8 * F::width, count);
      store_elements<Stream, products_are_short<B>>(
          out + done + i, count,
          quad{scaled<to_odd>(v.a, factor), scaled<to_odd>(v.b, factor), scaled<to_odd>(v.c, factor),
               scaled<to_odd>(v.d, factor)});
    }
  }
  return done;
}

/// Dequantizes whole blocks and returns how many elements that were. There is no tensor scale.
template <block_type B, class S>
requires dequantizes_any_scale<B> std::size_t dequantize_groups(const block_source& in, S* out, std::size_t n,
                                                                float)
noexcept {
  const default_environment guard(product_margin<B, S> != 0 ? rounding::toward_zero : rounding::nearest_even);
  if (B::elements % quad_elements == 0 && n * sizeof(S) >= streaming_size && elements_to_line(out, 1) == 0) {
    const std::size_t done = decode_each_block<B, true>(in, out, n);
    finish_streaming();
    return done;
  }
  return decode_each_block<B, false>(in, out, n);
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#if defined(NARROWFP_ALONE)
#include "alone_end.hpp"
#endif
