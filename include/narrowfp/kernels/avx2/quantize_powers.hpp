// Layer: kernels/avx2. Floats to blocks under powers of two, 32 or 64 elements at a time: first the scales of
// some blocks, eight at once, then their elements.
#pragma once

#include "dense.hpp"
#include "encode_linear.hpp"
#include "integers.hpp"
#include "sources.hpp"
#include "survey.hpp"
#include "units.hpp"
#include "words.hpp"

#include "open.hpp"

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// What is chosen for some blocks before their elements are encoded.
template <block_type B>
struct chosen_powers {
  alignas(32) std::uint32_t code[blocks_at_a_time<B>];
  alignas(32) float factor[blocks_at_a_time<B>];  ///< elements are multiplied by this
  std::uint32_t unusual;                          ///< blocks that are left to the scalar path
};

/// Whether elements are integers, or magnitudes that are; the others are in linear formats.
template <block_type B>
inline constexpr bool has_integer_elements = counts_units<typename B::element_format> || is_integer_block<B>;

/// What elements are multiplied by, as an exponent, before division by the scale's power of two.
template <block_type B>
inline constexpr int factor_exponent = has_integer_elements<B> ? -counted_exponent<B> : 0;

/// Chooses the scales of eight blocks from the first on.
template <block_type B>
NARROWFP_TARGET NARROWFP_INLINE void choose_powers(__m256i amax, std::uint32_t carry, std::size_t first,
                                                   chosen_powers<B>& powers) noexcept {
  constexpr int top = core::binade_of(B::facts::largest);
  constexpr int least_usual = least_usual_code<B, vector_mode<B>>;
  const __m256i zero = _mm256_setzero_si256();
  const __m256i field = _mm256_srli_epi32(_mm256_add_epi32(amax, broadcast(carry)), 23);
  const __m256i code = _mm256_max_epi32(_mm256_sub_epi32(field, _mm256_set1_epi32(top)), zero);
  const __m256i inverse = _mm256_sub_epi32(_mm256_set1_epi32(254 + factor_exponent<B>), code);
  const __m256i factor = _mm256_slli_epi32(_mm256_min_epi32(inverse, broadcast(254)), 23);
  const __m256i low = _mm256_andnot_si256(_mm256_cmpeq_epi32(amax, zero),
                                          _mm256_cmpgt_epi32(_mm256_set1_epi32(least_usual), code));
  // The factor would be denormal.
  const __m256i high =
      _mm256_cmpgt_epi32(code, _mm256_set1_epi32(253 + core::smaller(factor_exponent<B>, 0)));
  const __m256i not_finite = _mm256_cmpgt_epi32(amax, broadcast(0x7F7FFFFF));
  const __m256i unusual = _mm256_or_si256(_mm256_or_si256(low, high), not_finite);
  store_256<false>(powers.code + first, code);
  store_256<false>(powers.factor + first, factor);
  powers.unusual |= ones_of(unusual) << first;
}

/// Chooses the scales of the first `blocks` of the elements.
template <block_type B, class S>
NARROWFP_TARGET NARROWFP_INLINE void choose_powers(const S* in, std::size_t blocks, std::uint32_t carry,
                                                   chosen_powers<B>& powers) noexcept {
  __m256i largest[blocks_at_a_time<B>];
  survey_blocks<B>(in, blocks, largest);
  powers.unusual = 0;
  for (std::size_t first = 0; first < blocks; first += 8) {
    choose_powers<B>(largest_of_each(largest + first), carry, first, powers);
  }
}

/// Encodes 32 elements, each half multiplied by a factor of its own, the inverse of a power of two. That is
/// exact but for zero, denormal numbers and what becomes smaller than these, all of which a usual scale puts
/// far below the smallest element.
template <block_type B, rounding Mode>
NARROWFP_TARGET NARROWFP_INLINE __m256i encode_scaled(const quad& x, float first, float second,
                                                      const linear_constants& c) noexcept {
  constexpr auto& facts = linear_of<typename B::element_format, Mode, overflow::saturate>;
  // No element is NaN or infinite.
  constexpr unsigned specials = flag_nan_apart | flag_nan_positive | flag_inf_apart;
  const quad scaled = {product(x.a, broadcast_float(first)), product(x.b, broadcast_float(first)),
                       product(x.c, broadcast_float(second)), product(x.d, broadcast_float(second))};
  const __m256i codes = encode_linear<facts.flags & ~specials, facts.data.fraction_bits>(scaled, c);
  return quad_in_order(static_cast<const float*>(nullptr), codes);
}

/// Encodes and writes 32 elements: a block, half of one, or two. Bits below the scale go behind its code.
template <block_type B, rounding Mode, class S>
NARROWFP_TARGET NARROWFP_INLINE void encode_under_powers(
    const S* in, const block_target& out, std::size_t i, float first, float second,
    [[maybe_unused]] const linear_constants& c) noexcept {
  using F = typename B::element_format;
  const quad x = load_elements(in + i);
  __m256i codes;
  if constexpr (counts_units<F>) {
    const unit_codes units = encode_units<B>(x, first, second);
    codes = units.codes;
    if constexpr (B::levels > 1) {
      out.metadata[1] = static_cast<std::byte>(units.pairs & 0xFF);
      out.metadata[out.metadata_stride + 1] = static_cast<std::byte>(units.pairs >> 16);
    }
  } else if constexpr (is_integer_block<B>) {
    codes = encode_integers(x, first);
  } else {
    codes = encode_scaled<B, Mode>(x, first, second, c);
  }
  auto* to = reinterpret_cast<std::uint8_t*>(out.codes);
  if constexpr (B::elements == 16) {
    store_two_blocks<F::width>(to, out.code_stride, codes);
  } else {
    store_32<F::width, false>(to + i / 8 * F::width, codes);
  }
}

/// The constants of linear formats.
template <block_type B, rounding Mode>
NARROWFP_TARGET NARROWFP_INLINE linear_constants load_linear_constants() noexcept {
  if constexpr (has_integer_elements<B>) {
    return linear_constants{};
  } else {
    return load_constants(linear_of<typename B::element_format, Mode, overflow::saturate>.data);
  }
}

/// Blocks under powers of two; in default_environment. Products are exact whatever its rounding.
template <block_type B, rounding Mode, class S>
NARROWFP_TARGET [[gnu::noinline]] std::size_t quantize_powers(const S* in, std::size_t n,
                                                              const block_target& out,
                                                              std::uint32_t carry) noexcept {
  constexpr std::size_t group = group_elements<B>;
  constexpr std::size_t blocks = group / B::elements;
  const linear_constants c = load_linear_constants<B, Mode>();
  chosen_powers<B> powers;
  std::size_t done = 0;
  for (bool usual = true; usual && n - done >= group;) {
    const std::size_t left = (n - done) / group;
    const std::size_t count = left < groups_at_a_time ? left : groups_at_a_time;
    choose_powers<B>(in + done, count * blocks, carry, powers);
    std::size_t usual_groups = count;
    if (powers.unusual != 0) {
      usual = false;
      usual_groups = static_cast<std::size_t>(__builtin_ctz(powers.unusual)) / blocks;
    }
    for (std::size_t b = 0; b < usual_groups * blocks; b += blocks, done += group) {
      const block_target to = from_block(out, done / B::elements);
      const float first = powers.factor[b];
      const float second = powers.factor[b + blocks - 1];
#pragma GCC unroll 2
      for (std::size_t i = 0; i < group; i += 32) {
        encode_under_powers<B, Mode>(in + done, to, i, first, second, c);
      }
      for (std::size_t i = 0; i < blocks; ++i) {
        to.metadata[i * to.metadata_stride] = static_cast<std::byte>(powers.code[b + i]);
      }
    }
  }
  return done;
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#include "close.hpp"
