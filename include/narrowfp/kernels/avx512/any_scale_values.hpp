// Layer: kernels, AVX-512; avx512.hpp includes this once for each set. Blocks that are taken one at a time,
// to floats: see any_scale.hpp. It stops at a block that holds something unusual, and before the last
// elements if they fill no block.

#if defined(NARROWFP_SET)

namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// The values of the first n of 64 codes under a scale: rounded to float, or to odd on their way to 16 bits.
template <block_type B, class S>
NARROWFP_TARGET NARROWFP_INLINE void scaled_values(const std::uint8_t* in, std::size_t n, __m512i scale,
                                                   const value_table& table, __m512i (&values)[4]) noexcept {
  using F = typename B::element_format;
  const quad all = float_values<value_decoder<F, float>::shape>(load_codes<F::width>(in, n), table);
  const __m512i part[4] = {all.a, all.b, all.c, all.d};
#pragma GCC unroll 4
  for (std::size_t i = 0; i < 4; ++i) {
    if constexpr (sizeof(S) == 2 && !products_are_exact<B>) {
      values[i] = times_to_odd(part[i], scale);
    } else {
      values[i] = times(part[i], scale);
    }
  }
}

/// Stores the first n of 64 values.
template <bool Stream, class S>
NARROWFP_TARGET NARROWFP_INLINE void store_first(S* out, std::size_t n, const __m512i (&values)[4]) noexcept {
  if constexpr (sizeof(S) == 4) {
#pragma GCC unroll 4
    for (int i = 0; i < 4; ++i) {
      if (n >= 64) {
        store_whole<Stream>(out + 16 * i, values[i]);
      } else {
        _mm512_mask_storeu_epi32(out + 16 * i, static_cast<__mmask16>(first_bits(n) >> 16 * i & 0xFFFF),
                                 values[i]);
      }
    }
  } else if (n == 64) {
    store_as<Stream, product_form::exact>(out, values);
  } else {
    S all[64];
    store_as<false, product_form::exact>(all, values);
    __builtin_memcpy(static_cast<void*>(out), all, n * sizeof(S));
  }
}

template <block_type B, bool Stream, class S>
NARROWFP_TARGET NARROWFP_INLINE std::size_t decode_each_block(const block_source& in, S* out,
                                                           std::size_t n) noexcept {
  using F = typename B::element_format;
  using decoder = value_decoder<F, float>;
  constexpr std::size_t size = B::elements;
  const value_table table = load_values<decoder::shape>(decoder::data);
  block_source from = in;
  std::size_t done = 0;
  for (; n - done >= size; done += size, from = from_block(from, 1)) {
    const block_scale scale = load_scale<B, product_margin<B, S>>(from.metadata);
    if (!scale.is_usual) {
      break;
    }
    const __m512i factor = broadcast_float(scale.value);
    const auto* codes = reinterpret_cast<const std::uint8_t*>(from.codes);
    for (std::size_t i = 0; i < size; i += 64) {
      const std::size_t count = size - i < 64 ? size - i : 64;
      __m512i values[4];
      scaled_values<B, S>(codes + i / 8 * F::width, count, factor, table, values);
      store_first<Stream>(out + done + i, count, values);
    }
  }
  return done;
}

/// Dequantizes whole blocks and returns how many elements that were. There is no tensor scale.
template <block_type B, class S>
requires is_any_scale_block<B> NARROWFP_TARGET std::size_t dequantize_groups(const block_source& in, S* out,
                                                                          std::size_t n, float)
noexcept {
  if (B::elements % 64 == 0 && n * sizeof(S) >= streaming_size && elements_to_line(out, 1) == 0) {
    const std::size_t done = decode_each_block<B, true>(in, out, n);
    _mm_sfence();
    return done;
  }
  return decode_each_block<B, false>(in, out, n);
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET

#endif
