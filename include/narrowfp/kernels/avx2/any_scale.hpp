// Layer: kernels/avx2. Elements to codes, and codes to elements, a quad at a time: what vector/any_scale.hpp
// asks of a set.
#pragma once

#include "dense.hpp"
#include "dequantize.hpp"
#include "encode.hpp"
#include "encode_linear.hpp"
#include "encode_words.hpp"
#include "integers.hpp"
#include "sources.hpp"
#include "units.hpp"
#include "unpack.hpp"
#include "words.hpp"

#include "open.hpp"

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// Decodes a quad of codes, integers in units of the element's.
template <scalar_format F>
struct element_decoder {
  static constexpr float unit = is_integer_format<F> ? core::to_floating<float>(core::min_positive<F>) : 1;

  NARROWFP_TARGET NARROWFP_INLINE quad decode(const std::uint8_t* in, std::size_t) const noexcept {
    if constexpr (is_integer_format<F>) {
      const auto* codes = reinterpret_cast<const std::byte*>(in);
      return {from_integers(codes), from_integers(codes + 8), from_integers(codes + 16),
              from_integers(codes + 24)};
    } else {
      return decode_32<F>(load_codes<F::width>(in), decode_tables_of<F, float>);
    }
  }

  /// The elements of one block, or of two of 16 that lie `stride` apart.
  template <block_type B>
  NARROWFP_TARGET NARROWFP_INLINE quad decode_blocks(const std::byte* in, std::size_t stride) const noexcept {
    const auto* from = reinterpret_cast<const std::uint8_t*>(in);
    const __m256i codes =
        B::elements == 16 ? load_two_blocks<F::width>(from, stride) : load_codes<F::width>(from);
    if constexpr (decodes_units<F>) {
      return decode_units<F>(codes);
    } else {
      return decode_32<F>(codes, decode_tables_of<F, float>);
    }
  }
};

/// Encodes 32 quotients, rounded to odd, with the signs of the elements that they come from: by the fused
/// addition of linear formats, or as words.
template <scalar_format F, rounding Mode>
struct element_encoder {
  static constexpr bool exists = false;
};
template <scalar_format F, rounding Mode>
requires(linear_of<F, Mode, overflow::saturate>.exists) struct element_encoder<F, Mode> {
  static constexpr bool exists = true;
  static constexpr auto& facts = linear_of<F, Mode, overflow::saturate>;
  static constexpr unsigned flags = facts.flags & ~special_flags;
  linear_constants constants;

  NARROWFP_TARGET NARROWFP_INLINE element_encoder() noexcept : constants(load_constants(facts.data)) {}
  NARROWFP_TARGET NARROWFP_INLINE __m256i rank_of(__m256i q) const noexcept {
    const __m256i m = _mm256_min_epu32(q, constants.high);
    return round_linear<facts.data.fraction_bits>(
        (flags & flag_ties_away) != 0 ? _mm256_or_si256(m, broadcast(1)) : m, constants);
  }
  NARROWFP_TARGET NARROWFP_INLINE __m256i encode(const quad& q, const quad& x) const noexcept {
    const quad rounded = {rank_of(q.a), rank_of(q.b), rank_of(q.c), rank_of(q.d)};
    return quad_in_order(static_cast<const float*>(nullptr),
                         finish_linear<flags, facts.data.fraction_bits>(rounded, x, constants));
  }
};
template <scalar_format F, rounding Mode>
requires(!linear_of<F, Mode, overflow::saturate>.exists &&
         word_facts<F, Mode, overflow::saturate>.exists) struct element_encoder<F, Mode> {
  static constexpr bool exists = true;
  static constexpr auto& facts = word_facts<F, Mode, overflow::saturate>;
  static constexpr unsigned flags = facts.flags & ~special_flags;
  word_rows rows = facts.data;  // a copy that stores to the output cannot change

  NARROWFP_TARGET NARROWFP_INLINE __m256i encode(const quad& q, const quad& x) const noexcept {
    const __m256i high = broadcast_16(rows.high);
    const words_32 m = {_mm256_min_epu16(fold(q.a, q.b), high), _mm256_min_epu16(fold(q.c, q.d), high)};
    const __m256i codes =
        (flags & flag_tapered) != 0 ? encode_tapered<flags>(m, rows) : encode_magnitudes<flags>(m, rows);
    return unfold(with_signs<flags>(codes, {fold(x.a, x.b), fold(x.c, x.d)}, rows));
  }
};

/// Integers in two's complement.
template <scalar_format F>
requires is_integer_format<F>
struct element_encoder<F, rounding::nearest_even> {
  static constexpr bool exists = true;

  NARROWFP_TARGET NARROWFP_INLINE static __m256i with_sign(__m256i q, __m256i x) noexcept {
    return _mm256_or_si256(q, _mm256_and_si256(x, broadcast(0x80000000)));
  }
  static constexpr int unit = core::binade_of(core::min_positive<F>);
  static constexpr float units = core::to_floating<float>(core::finite(1, -unit));
  static constexpr float half_a_unit = core::to_floating<float>(core::finite(1, unit - 1));

  /// 32 codes from products with the scale's reciprocal, and whether they are right for sure: each product's
  /// nearest integer leaves less than half a unit of the element, as is told exactly.
  struct near_codes {
    __m256i codes;
    bool are_right;
  };
  NARROWFP_TARGET NARROWFP_INLINE static near_codes round_products(const quad& x, __m256i scale,
                                                                   __m256i reciprocal) noexcept {
    const __m256i factor = product(reciprocal, broadcast_float(units));
    const __m256i half = product(scale, broadcast_float(half_a_unit));
    const __m256i step = float_sum(half, half);
    __m256i rest = _mm256_setzero_si256();
    const __m256i ab = _mm256_packs_epi32(nearest(x.a, factor, step, rest), nearest(x.b, factor, step, rest));
    const __m256i cd = _mm256_packs_epi32(nearest(x.c, factor, step, rest), nearest(x.d, factor, step, rest));
    return {in_order(ab, cd), _mm256_movemask_epi8(_mm256_cmpgt_epi32(half, rest)) == -1};
  }
  NARROWFP_TARGET NARROWFP_INLINE __m256i encode(const quad& q, const quad& x) const noexcept {
    const __m256i units_per_one = broadcast_float(units);
    const __m256i ab = to_integers(with_sign(q.a, x.a), with_sign(q.b, x.b), units_per_one);
    const __m256i cd = to_integers(with_sign(q.c, x.c), with_sign(q.d, x.d), units_per_one);
    return in_order(ab, cd);
  }

 private:
  /// The integer nearest to a product; `rest` becomes the largest magnitude of what any of them leaves.
  NARROWFP_TARGET NARROWFP_INLINE static __m256i nearest(__m256i x, __m256i factor, __m256i step,
                                                         __m256i& rest) noexcept {
    const __m256i count = rounded_to_integers(product(x, factor));
    const __m256i as_float = _mm256_castps_si256(_mm256_cvtepi32_ps(count));
    rest = larger(rest, magnitude(product_less(x, as_float, step)));
    return count;
  }
  NARROWFP_TARGET NARROWFP_INLINE static __m256i in_order(__m256i ab, __m256i cd) noexcept {
    const __m256i codes = _mm256_max_epi8(_mm256_packs_epi16(ab, cd), broadcast_8(-127));  // symmetric
    return quad_in_order(static_cast<const float*>(nullptr), codes);
  }
};

/// Whether blocks are encoded under a given scale.
template <block_type B>
inline constexpr bool encodes_columns = [] {
  using F = typename B::element_format;
  if constexpr (divides_by_vectors<B> && is_common_width(F::width) && B::elements % 32 == 0) {
    return element_encoder<F, F::native_rounding>::exists;
  } else {
    return false;
  }
}();
template <block_type B>
inline constexpr bool quantizes_any_scale =
    [] { return is_common_any_scale_block<B> && encodes_columns<B>; }();
template <block_type B>
inline constexpr bool dequantizes_any_scale = is_common_any_scale_block<B>;

/// What the set quantizes, element by element in the mode, and dequantizes.
template <block_type B, rounding Mode>
inline constexpr bool quantizes_blocks = has_counted_mode<B, Mode> ||
                                         (quantizes_any_scale<B> && Mode == vector_mode<B>);
template <block_type B>
inline constexpr bool dequantizes_blocks =
    is_vector_block<B> || is_integer_block<B> || dequantizes_any_scale<B>;

/// The fewest elements that quantize_groups and dequantize_groups take, where fewer are taken in a copy: see
/// vector/last_blocks.hpp. 0: they are left to the scalar path, or these take any number.
template <block_type B>
inline constexpr std::size_t quantized_at_once = quantizes_any_scale<B> ? 0 : group_elements<B>;
template <block_type B>
inline constexpr std::size_t dequantized_at_once = dequantizes_any_scale<B> ? 0 : group_elements<B>;

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#include "close.hpp"
