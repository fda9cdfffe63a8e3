// Layer: kernels/vector. Arrays of elements divided by a number, or multiplied, to floats.
#if !defined(NARROWFP_SET)
#include "alone.hpp"

#include "arrays.hpp"
#define NARROWFP_ALONE
#endif

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// x / divisor, rounded once; a finite x whose quotient overflows counts as the largest float.
NARROWFP_TARGET NARROWFP_INLINE dwords bounded_quotient(dwords x, dwords divisor) noexcept {
  constexpr std::uint32_t largest = 0x7F7FFFFF;
  const dwords q = quotient(x, divisor);
  const dwords bounded = where_above(magnitude(q), largest, difference(q, broadcast(1)), q);
  return where_above(magnitude(x), largest, q, bounded);
}

struct division {
  static constexpr std::size_t group = quad_elements;
  static constexpr bool may_stream = false;
  dwords divisor;

  template <bool Stream, class S>
  NARROWFP_TARGET NARROWFP_INLINE void convert(const S* in, float* out) const noexcept {
    const quad x = load_elements(in, group);
    store_quad<Stream>(out, {bounded_quotient(x.a, divisor), bounded_quotient(x.b, divisor),
                             bounded_quotient(x.c, divisor), bounded_quotient(x.d, divisor)});
  }
};

struct multiplication {
  static constexpr std::size_t group = quad_elements;
  static constexpr bool may_stream = false;
  dwords factor;

  template <bool Stream, class S>
  NARROWFP_TARGET NARROWFP_INLINE void convert(const S* in, float* out) const noexcept {
    const quad x = load_elements(in, group);
    store_quad<Stream>(
        out, {product(x.a, factor), product(x.b, factor), product(x.c, factor), product(x.d, factor)});
  }
};

template <class S>
NARROWFP_TARGET [[gnu::noinline]] void divide_all(const S* in, float* out, std::size_t n,
                                                  float divisor) noexcept {
  convert_array(in, out, n, division{broadcast_float(divisor)});
}
/// n quotients, rounded to float.
template <class S>
void divide_floats(const S* in, float* out, std::size_t n, float divisor) noexcept {
  const default_environment guard(rounding::nearest_even);
  divide_all(in, out, n, divisor);
}

/// n products, rounded to float; in exact_environment.
template <class S>
NARROWFP_TARGET [[gnu::noinline]] void multiply_floats(const S* in, float* out, std::size_t n,
                                                       float factor) noexcept {
  convert_array(in, out, n, multiplication{broadcast_float(factor)});
}

/// Calls encode(products, done, count) for products with the scale, a buffer at a time, until it returns
/// false. False too where a product would be no valid operation: its NaN could have the wrong sign.
template <class S, class Encode>
bool encode_products(const S* in, std::size_t n, float scale, Encode encode) noexcept {
  const std::uint32_t magnitude = core::bit_cast<std::uint32_t>(scale) & 0x7FFFFFFF;
  if (magnitude == 0 || magnitude >= 0x7F800000) {
    return false;
  }
  constexpr std::size_t size = 1024;
  alignas(64) float products[size];
  for (std::size_t done = 0; done < n; done += size) {
    const std::size_t count = n - done < size ? n - done : size;
    {
      const exact_environment guard(rounding::nearest_even);
      multiply_floats(in + done, products, count, scale);
    }
    if (!encode(static_cast<const float*>(products), done, count)) {
      return false;
    }
  }
  return true;
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#if defined(NARROWFP_ALONE)
#include "alone_end.hpp"
#endif
