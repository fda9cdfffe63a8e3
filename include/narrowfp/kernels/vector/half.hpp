// Layer: kernels/vector. Arrays of floats to and from bfloat16 and float16.
#if !defined(NARROWFP_SET)
#include "alone_encoders.hpp"
#define NARROWFP_ALONE
#endif

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

// What NaN takes is done where one is met: a group is asked for any at once.

template <scalar_format F, rounding Mode, bool Saturate>
struct half_packing {
  static constexpr std::size_t group = half_elements;
  static constexpr std::size_t wide = quad_elements;
  static constexpr bool may_stream = true;

  template <bool Stream>
  NARROWFP_TARGET NARROWFP_INLINE void convert(const float* in, std::uint16_t* out) const noexcept {
    store_as_halves<Stream, F, Mode, Saturate>(out, load_dwords(in), load_dwords(in + lanes));
  }
  template <bool Stream>
  NARROWFP_TARGET NARROWFP_INLINE void convert_wide(const float* in, std::uint16_t* out) const noexcept {
    const quad x = {load_dwords(in), load_dwords(in + lanes), load_dwords(in + 2 * lanes),
                    load_dwords(in + 3 * lanes)};
    if constexpr (nan_costs<F, Saturate>) {
      if (!has_nan(x)) [[likely]] {
        store_as_halves<Stream, F, Mode, Saturate, true>(out, x.a, x.b);
        store_as_halves<Stream, F, Mode, Saturate, true>(out + half_elements, x.c, x.d);
        return;
      }
    }
    store_as_halves<Stream, F, Mode, Saturate>(out, x.a, x.b);
    store_as_halves<Stream, F, Mode, Saturate>(out + half_elements, x.c, x.d);
  }
};

template <scalar_format F>
struct half_unpacking {
  static constexpr std::size_t group = half_elements;
  static constexpr std::size_t wide = 2 * half_elements;
  static constexpr bool may_stream = true;

  template <bool Stream>
  NARROWFP_TARGET NARROWFP_INLINE void convert(const std::uint16_t* in, float* out) const noexcept {
    store_pair<Stream>(out, from_halves<F>(load_halves(in)));
  }
  template <bool Stream>
  NARROWFP_TARGET NARROWFP_INLINE void convert_wide(const std::uint16_t* in, float* out) const noexcept {
    const half_vector x = load_halves(in);
    const half_vector y = load_halves(in + half_elements);
    if (!has_nan<F>(x, y)) [[likely]] {
      store_pair<Stream>(out, from_halves<F, true>(x));
      store_pair<Stream>(out + half_elements, from_halves<F, true>(y));
      return;
    }
    store_pair<Stream>(out, from_halves<F>(x));
    store_pair<Stream>(out + half_elements, from_halves<F>(y));
  }

 private:
  template <bool Stream>
  NARROWFP_TARGET NARROWFP_INLINE static void store_pair(float* out, const pair& values) noexcept {
    store_dwords<Stream>(out, values.a);
    store_dwords<Stream>(out + half_elements / 2, values.b);
  }
};

template <scalar_format F, rounding Mode, bool Saturate>
NARROWFP_TARGET [[gnu::noinline]] void pack_halves(const float* in, std::uint16_t* out,
                                                   std::size_t n) noexcept {
  convert_array(in, out, n, half_packing<F, Mode, Saturate>{});
}

template <scalar_format F>
NARROWFP_TARGET void unpack_halves(const std::uint16_t* in, float* out, std::size_t n) noexcept {
  convert_array(in, out, n, half_unpacking<F>{});
}

/// Encodes n floats as bfloat16 or float16; false if this is no work for these kernels.
template <scalar_format F>
bool encode_half(const float* in, std::uint16_t* out, std::size_t n, const encode_job& job) noexcept {
  const auto encode = [&job](const float* from, std::uint16_t* to, std::size_t count) {
    return with_constants(job, [&](auto mode, auto policy) {
      constexpr bool exists = mode == rounding::nearest_even || mode == rounding::toward_zero;
      if constexpr (exists) {
        [[maybe_unused]] const half_environment guard(rounding::nearest_even);
        pack_halves<F, mode, policy == overflow::saturate>(from, to, count);
      }
      return exists;
    });
  };
  if (is_one(job.scale)) {
    return encode(in, out, n);
  }
  return encode_products(in, n, job.scale, [&](const float* products, std::size_t done, std::size_t count) {
    return encode(products, out + done, count);
  });
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#if defined(NARROWFP_ALONE)
#include "alone_end.hpp"
#endif
