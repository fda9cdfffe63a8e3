// Layer: kernels/vector. Blocks under 8-bit scales, and bits below these, to elements. The kernels stop at a
// group of blocks with an unusual scale, and before the last elements if they fill no group.
#if !defined(NARROWFP_SET)
#include "alone_encoders.hpp"

#include "any_scale.hpp"
#define NARROWFP_ALONE
#endif

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// Elements that are taken together: one block or more.
template <block_type B>
inline constexpr std::size_t elements_at_once = B::elements > quad_elements ? B::elements : quad_elements;

/// What the elements of a block are multiplied by: those of its vector i by at(i). With bits below the scale,
/// the set says.
template <block_type B>
struct scale_factor {
  dwords scale;

  NARROWFP_TARGET NARROWFP_INLINE scale_factor(const std::byte*, float value) noexcept
      : scale(broadcast_float(value)) {}
  NARROWFP_TARGET NARROWFP_INLINE dwords at(std::size_t) const noexcept { return scale; }
};
template <block_type B>
using block_factors = std::conditional_t<(B::levels > 1), bit_factors<B>, scale_factor<B>>;

/// How two blocks' scales are used together: `multiply` if both are, else `lift`, or `other` if one is.
constexpr scale_use use_of_both(scale_use a, scale_use b) noexcept {
  return a == b ? a : a == scale_use::other || b == scale_use::other ? scale_use::other : scale_use::lift;
}

/// The products that `lift` has made 2^64 times too large: those that come to normal numbers lose exponent
/// only. Below that, p + 2^-62 is rounded where a denormal number is, at 2^-149 * 2^64, and its low bits are
/// that number. In default_environment.
NARROWFP_TARGET NARROWFP_INLINE dwords brought_back(dwords p) noexcept {
  constexpr std::uint32_t lift = std::uint32_t{lift_exponent} << 23;
  constexpr std::uint32_t least_normal = 0x00800000 + lift;
  const dwords m = magnitude(p);
  dwords result = difference(float_sum(m, broadcast(least_normal)), broadcast(least_normal));
  result = where_above(m, least_normal - 1, difference(m, broadcast(lift)), result);
  result = where_above(m, 0x7F7FFFFF, m, result);
  return either(result, both(p, broadcast(0x80000000)));
}

/// Elements times a factor that is used in some way.
NARROWFP_TARGET NARROWFP_INLINE dwords scaled_elements(dwords elements, dwords factor,
                                                       scale_use use) noexcept {
  const dwords p = product(elements, factor);
  return use == scale_use::multiply ? p : use == scale_use::nan ? factor : brought_back(p);
}

/// Decodes as many whole groups as have usual scales. Unless scales are lifted, products with them are exact
/// and normal, so that the environment does not matter and no flag is raised. Those with a tensor scale are
/// rounded to float, or to odd on their way to 16 bits.
template <block_type B, bool Scaled, bool Stream, class S>
NARROWFP_TARGET NARROWFP_INLINE std::size_t decode_groups(const block_source& in, S* out, std::size_t n,
                                                          float tensor_scale) noexcept {
  using F = typename B::element_format;
  constexpr std::size_t group = elements_at_once<B>;
  constexpr std::size_t blocks = group / B::elements;  // one or two
  static_assert(blocks <= 2);
  constexpr auto& scales = doubled_scales<B>;
  const element_decoder<F> decoder;
  const dwords tensor = broadcast_float(tensor_scale);
  std::size_t done = 0;
  block_source from = in;  // a copy that stores to the output cannot change
  for (; n - done >= group; done += group, from = from_block(from, blocks)) {
    prefetch_ahead<64>(from.codes);
    const std::byte* const last = from.metadata + (blocks - 1) * from.metadata_stride;
    const auto first_code = static_cast<std::uint8_t>(*from.metadata);
    const auto last_code = static_cast<std::uint8_t>(*last);
    const scale_use first_use = scales.use[first_code];
    const scale_use last_use = scales.use[last_code];
    const scale_use use = use_of_both(first_use, last_use);
    if (use == scale_use::other || (Scaled && use != scale_use::multiply)) {
      break;
    }
    const block_factors<B> first(from.metadata, scales.value[first_code]);
    const block_factors<B> second(last, scales.value[last_code]);
#pragma GCC unroll 4
    for (std::size_t i = 0; i < group; i += quad_elements) {
      const quad v = decoder.template decode_blocks<B>(from.codes + i / 8 * F::width, from.code_stride);
      const std::size_t at = i / lanes;
      const dwords a = first.at(at);
      const dwords b = first.at(at + 1);
      const dwords c = second.at((at + 2) % (B::elements / lanes));
      const dwords d = second.at((at + 3) % (B::elements / lanes));
      if (use != scale_use::multiply) [[unlikely]] {
        store_elements<Stream>(out + done + i, quad_elements,
                               quad{scaled_elements(v.a, a, first_use), scaled_elements(v.b, b, first_use),
                                    scaled_elements(v.c, c, last_use), scaled_elements(v.d, d, last_use)});
        continue;
      }
      quad p = {product(v.a, a), product(v.b, b), product(v.c, c), product(v.d, d)};
      if constexpr (Scaled) {
        constexpr bool to_odd = sizeof(S) == 2;
        p = {scaled<to_odd>(p.a, tensor), scaled<to_odd>(p.b, tensor), scaled<to_odd>(p.c, tensor),
             scaled<to_odd>(p.d, tensor)};
      }
      store_elements<Stream, !Scaled && products_are_short<B>>(out + done + i, quad_elements, p);
    }
  }
  return done;
}

template <block_type B, bool Scaled, class S>
NARROWFP_TARGET [[gnu::noinline]] std::size_t decode_blocks(const block_source& in, S* out, std::size_t n,
                                                            float tensor_scale) noexcept {
  if (n * sizeof(S) >= streaming_size && elements_to_line(out, 1) == 0) {
    const std::size_t done = decode_groups<B, Scaled, true>(in, out, n, tensor_scale);
    finish_streaming();
    return done;
  }
  return decode_groups<B, Scaled, false>(in, out, n, tensor_scale);
}

/// Dequantizes whole groups and returns how many elements that were. The tensor scale is 1 or fits: see
/// fits_tensor_scale.
template <block_type B, class S>
requires is_vector_block<B> std::size_t dequantize_groups(const block_source& in, S* out, std::size_t n,
                                                          float tensor_scale)
noexcept {
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

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#if defined(NARROWFP_ALONE)
#include "alone_end.hpp"
#endif
