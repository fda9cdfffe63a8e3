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

/// Factors of the elements of a group: those of vector i are `of[i]`.
template <block_type B>
struct group_factors {
  dwords of[elements_at_once<B> / lanes];
  scale_use use[elements_at_once<B> / B::elements];  ///< of each block
};

/// The factors of one group, and how they are used: `multiply` if all are, else `lift`, or `other` if one is.
template <block_type B>
NARROWFP_TARGET NARROWFP_INLINE scale_use load_factors(const std::byte* metadata, std::size_t stride,
                                                       group_factors<B>& factors) noexcept {
  constexpr auto& scales = doubled_scales<B>;
  constexpr std::size_t blocks = elements_at_once<B> / B::elements;
  scale_use all = scale_use::multiply;
#pragma GCC unroll 2
  for (std::size_t b = 0; b < blocks; ++b) {
    const auto code = static_cast<std::uint8_t>(metadata[b * stride]);
    const scale_use use = scales.use[code];
    dwords* const of_block = factors.of + b * B::elements / lanes;
    if constexpr (B::levels > 1) {
      factors_of_bits<B>(metadata + b * stride, scales.value[code], of_block);
    } else {
#pragma GCC unroll 8
      for (std::size_t i = 0; i < B::elements / lanes; ++i) {
        of_block[i] = broadcast_float(scales.value[code]);
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
  const element_decoder<F> decoder;
  const dwords tensor = broadcast_float(tensor_scale);
  std::size_t done = 0;
  block_source from = in;  // a copy that stores to the output cannot change
  for (; n - done >= group; done += group, from = from_block(from, group / B::elements)) {
    prefetch_ahead<64>(from.codes);
    group_factors<B> factors;
    const scale_use use = load_factors<B>(from.metadata, from.metadata_stride, factors);
    if (use == scale_use::other || (Scaled && use != scale_use::multiply)) {
      break;
    }
#pragma GCC unroll 4
    for (std::size_t i = 0; i < group; i += quad_elements) {
      quad v = decoder.template decode_blocks<B>(from.codes + i / 8 * F::width, from.code_stride);
      const dwords* factor = factors.of + i / lanes;
      if (use != scale_use::multiply) {
        const scale_use first = factors.use[0];
        const scale_use second = factors.use[group / B::elements - 1];
        v = {scaled_elements(v.a, factor[0], first), scaled_elements(v.b, factor[1], first),
             scaled_elements(v.c, factor[2], second), scaled_elements(v.d, factor[3], second)};
        store_elements<Stream>(out + done + i, quad_elements, v);
        continue;
      }
      v = {product(v.a, factor[0]), product(v.b, factor[1]), product(v.c, factor[2]),
           product(v.d, factor[3])};
      if constexpr (Scaled) {
        constexpr bool to_odd = sizeof(S) == 2;
        v = {scaled<to_odd>(v.a, tensor), scaled<to_odd>(v.b, tensor), scaled<to_odd>(v.c, tensor),
             scaled<to_odd>(v.d, tensor)};
      }
      store_elements<Stream, !Scaled && products_are_short<B>>(out + done + i, quad_elements, v);
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
