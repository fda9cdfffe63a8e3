// Layer: kernels/avx2. Arrays of floats to arrays of codes.
#pragma once

#include "dense.hpp"
#include "encode_linear.hpp"
#include "encode_words.hpp"
#include "sources.hpp"
#include "words.hpp"

#include "open.hpp"

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

// Encoders: what is loaded once for an array, and 32 codes in order.

template <unsigned Flags>
struct word_encoding {
  word_rows rows;  // a copy that stores to the output cannot change

  NARROWFP_TARGET NARROWFP_INLINE explicit word_encoding(const word_rows& facts) noexcept : rows(facts) {}
  template <class S>
  NARROWFP_TARGET NARROWFP_INLINE __m256i encode(const S* in) const noexcept {
    return words_in_order(in, encode_32<Flags>(load_words(in), rows));
  }
};

template <unsigned Flags, int FractionBits>
struct linear_encoding {
  linear_constants constants;

  NARROWFP_TARGET NARROWFP_INLINE explicit linear_encoding(const linear_grid& facts) noexcept
      : constants(load_constants(facts)) {}
  template <class S>
  NARROWFP_TARGET NARROWFP_INLINE __m256i encode(const S* in) const noexcept {
    return quad_in_order(in, encode_linear<Flags, FractionBits>(load_unordered(in), constants));
  }
};

/// Encodes n elements, 32 at a time.
///
/// The loop is most of the code, and is there once: the kernel calls itself for the last elements, on a copy
/// completed with zeros; and where codes are stored past the caches, by aligned vectors, the elements before
/// the first of these are among those that the loop takes first, and are taken twice.
template <class Encoding, int Bits, class S, class Facts>
NARROWFP_TARGET [[gnu::noinline]] void pack_elements(const S* in, std::uint8_t* out, std::size_t n,
                                                     const Facts& facts) noexcept {
  constexpr bool may_stream = Bits == 8;
  const Encoding encoding(facts);
  const bool streams = may_stream && n >= streaming_size;
  std::size_t step = streams ? 32 - reinterpret_cast<std::uintptr_t>(out) % 32 : 32;
  bool past_caches = streams && step == 32;
  while (n >= 32) {
    prefetch_ahead<32 * sizeof(S)>(in);
    const __m256i codes = encoding.encode(in);
    if (may_stream && past_caches) [[unlikely]] {
      store_32<Bits, may_stream>(out, codes);
    } else {
      store_32<Bits, false>(out, codes);
    }
    in += step;
    out += step * Bits / 8;
    n -= step;
    if constexpr (may_stream) {
      step = 32;
      past_caches = streams;
    }
  }
  if (streams) {
    _mm_sfence();
  }
  if (n != 0) {
    S last[32] = {};
    std::uint8_t codes[32];
    __builtin_memcpy(static_cast<void*>(last), in, n * sizeof(S));
    pack_elements<Encoding, Bits>(static_cast<const S*>(last), codes, 32, facts);
    __builtin_memcpy(out, codes, (n * Bits + 7) / 8);
  }
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#include "close.hpp"
