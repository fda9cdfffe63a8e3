// Layer: kernels/avx2. Arrays of floats to arrays of codes.
#pragma once

#include "dense.hpp"
#include "encode_linear.hpp"
#include "encode_words.hpp"
#include "sources.hpp"
#include "loops.hpp"
#include "words.hpp"

#include "open.hpp"

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// By vectors: a compiler's copy of so many bytes takes longer than the conversion of a few elements.
template <int Parts>
NARROWFP_TARGET NARROWFP_INLINE void copy_table(chained_table<Parts>& to,
                                                const chained_table<Parts>& from) noexcept {
#pragma GCC unroll 8
  for (int p = 0; p < Parts; ++p) {
    store_128(to.part[p], load_128(from.part[p]));
  }
}

// Encoders: what is loaded once for an array, and 32 codes in order.

template <unsigned Flags>
struct word_encoding {
  word_rows rows;  // a copy that stores to the output cannot change, of what is used

  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): the tables that are not used stay unset
  NARROWFP_TARGET NARROWFP_INLINE explicit word_encoding(const word_rows& facts) noexcept {
    copy_table(rows.factor, facts.factor);
    copy_table(rows.offset, facts.offset);
    if constexpr ((Flags & flag_mapped) != 0) {
      copy_table(rows.codes, facts.codes);
    }
    rows.base = facts.base;
    rows.high = facts.high;
    rows.nan_bits = facts.nan_bits;
    rows.inf_bits = facts.inf_bits;
    rows.negative_bits = facts.negative_bits;
    rows.nan_code = facts.nan_code;
    rows.width = facts.width;
  }
  template <class S>
  NARROWFP_TARGET NARROWFP_INLINE __m256i operator()(const S* in, const std::uint32_t*) const noexcept {
    return words_in_order(in, encode_32<Flags>(load_words(in), rows));
  }
};

template <unsigned Flags, int FractionBits>
struct linear_encoding {
  linear_constants constants;

  NARROWFP_TARGET NARROWFP_INLINE explicit linear_encoding(const linear_grid& facts) noexcept
      : constants(load_constants(facts)) {}
  template <class S>
  NARROWFP_TARGET NARROWFP_INLINE __m256i operator()(const S* in, const std::uint32_t*) const noexcept {
    return quad_in_order(in, encode_linear<Flags, FractionBits>(load_unordered(in), constants));
  }
};

/// Encodes n elements.
template <class Encoding, int Bits, class S, class Facts>
NARROWFP_TARGET [[gnu::noinline]] void pack_elements(const S* in, std::uint8_t* out, std::size_t n,
                                                     const Facts& facts) noexcept {
  std::size_t left = n;
  if (n >= code_group) {
    const Encoding encoding(facts);
    left = encode_groups<Bits, true>(in, out, n, nullptr, encoding);
  }
  if (left != 0) {
    const std::size_t done = n - left;
    encode_last<Bits>(in + done, out + done * Bits / 8, left, [&](const S* elements, std::uint8_t* codes) {
      pack_elements<Encoding, Bits>(elements, codes, code_group, facts);
    });
  }
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#include "close.hpp"
