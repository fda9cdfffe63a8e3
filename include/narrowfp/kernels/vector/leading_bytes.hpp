// Layer: kernels/vector. 16-bit numbers to formats whose codes are the leading bytes of them; see
// facts/leading_byte.hpp and docs/kernels/sixteen_bit_sources.md.
#if !defined(NARROWFP_SET)
#include "../avx2/dense.hpp"
#include "../avx2/words_of_16_bits.hpp"

#include "../avx2/open.hpp"

#if defined(NARROWFP_SET)  // no set of other processors has the words
#include "pack.hpp"
#endif
#define NARROWFP_ALONE
#endif

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// Encodes a group of two vectors. What is not a number is looked for in both at once, and treated only where
/// there is one.
template <scalar_format F, rounding Mode, overflow Policy, class S>
struct leading_byte_encoder {
  static constexpr auto& facts = half_rows_of<F, Mode, Policy, typename S::format>;
  static constexpr unsigned flags = facts.flags;
  static constexpr int infinity = (half_layout<typename S::format>::fields - 1) << S::format::fraction_bits;

  NARROWFP_TARGET NARROWFP_INLINE half_vector operator()(const S* in, const std::uint32_t*) const noexcept {
    half_vector x = load_halves(reinterpret_cast<const std::uint16_t*>(in));
    half_vector y = load_halves(reinterpret_cast<const std::uint16_t*>(in + half_elements));
    const half_vector mx = both(x, broadcast_16(0x7FFF));
    const half_vector my = both(y, broadcast_16(0x7FFF));
    half_vector ranks = smaller_bytes(bytes_of_words(rounded(mx), rounded(my)), facts.data.last);
    if constexpr ((flags & (word_nan | word_inf | word_inf_is_nan)) != 0) {
      constexpr int limit = (flags & (word_inf | word_inf_is_nan)) != 0 ? infinity - 1 : infinity;
      if (any_word_above(mx, my, limit)) [[unlikely]] {
        half_vector codes_x = words_of_low_bytes(ranks);
        half_vector codes_y = words_of_high_bytes(ranks);
        put_specials(codes_x, x, mx);
        put_specials(codes_y, y, my);
        ranks = bytes_of_words(codes_x, codes_y);
      }
    }
    return bytes_in_order(either(ranks, both(leading_signs(x, y), broadcast_8(0x80))));
  }

 private:
  /// Magnitudes to their leading bytes.
  NARROWFP_TARGET NARROWFP_INLINE static half_vector rounded(half_vector m) noexcept {
    if constexpr (Mode == rounding::nearest_even) {
      // Just under half a unit of the last place, and one more where that is odd.
      const half_vector odd = both(words_shifted_right<8>(m), broadcast_16(1));
      m = added_words(added_words(m, broadcast_16(0x7F)), odd);
    } else if constexpr (Mode == rounding::nearest_away) {
      m = added_words(m, broadcast_16(0x80));
    }
    return words_shifted_right<8>(m);
  }

  /// Gives infinity and NaN their codes; NaN no sign where it takes none.
  NARROWFP_TARGET NARROWFP_INLINE static void put_specials(half_vector& codes, half_vector& x,
                                                           half_vector m) noexcept {
    constexpr int nan_from = (flags & word_inf_is_nan) != 0 ? infinity - 1 : infinity;
    if constexpr ((flags & word_inf) != 0) {
      codes = where_word_above(m, infinity - 1, broadcast_16(facts.data.inf_code), codes);
    }
    if constexpr ((flags & word_nan) != 0) {
      codes = where_word_above(m, nan_from, broadcast_16(facts.data.nan_code), codes);
      if constexpr ((flags & word_nan_signed) == 0) {
        x = where_word_above(m, infinity, broadcast_16(0), x);
      }
    }
  }
};

template <scalar_format F, rounding Mode, overflow Policy, class S>
NARROWFP_TARGET [[gnu::noinline]] void pack_leading_bytes(const S* in, std::uint8_t* out,
                                                          std::size_t n) noexcept {
  std::size_t left = n;
  if (n >= code_group) {
    left = encode_groups<8, true>(in, out, n, nullptr, leading_byte_encoder<F, Mode, Policy, S>{});
  }
  if (left != 0) {
    const std::size_t done = n - left;
    encode_last<8>(in + done, out + done, left, [](const S* elements, std::uint8_t* codes) {
      pack_leading_bytes<F, Mode, Policy>(elements, codes, code_group);
    });
  }
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#if defined(NARROWFP_ALONE)
#include "alone_end.hpp"
#endif
