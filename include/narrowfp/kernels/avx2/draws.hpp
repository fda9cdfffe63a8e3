// Layer: kernels/avx2. Stochastic rounding: draws, and elements moved up to where
// rounding toward zero then gives what the draws decide. All of it runs in default_environment, toward zero.
#pragma once

#include "environment.hpp"
#include "pack.hpp"
#include "sources.hpp"
#include "words.hpp"

#include "open.hpp"

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

/// Four counters a vector, one a 64-bit lane.
struct philox_counters {
  __m256i word[4];
};

/// The high half of each 64-bit lane, in its low half.
NARROWFP_TARGET NARROWFP_INLINE __m256i high_dwords(__m256i x) noexcept {
  return _mm256_shuffle_epi32(x, 0xF5);
}

/// One round. A multiplication reads only the low half of a lane, so that new words need no masking, and a
/// product's own low half is the word that the next round takes over as is.
NARROWFP_TARGET NARROWFP_INLINE void next_round(philox_counters& c, __m256i key_0, __m256i key_1) noexcept {
  const __m256i product_0 = _mm256_mul_epu32(c.word[0], _mm256_set1_epi64x(core::philox_multiplier_0));
  const __m256i product_2 = _mm256_mul_epu32(c.word[2], _mm256_set1_epi64x(core::philox_multiplier_2));
  c.word[0] = _mm256_xor_si256(_mm256_xor_si256(high_dwords(product_2), c.word[1]), key_0);
  c.word[2] = _mm256_xor_si256(_mm256_xor_si256(high_dwords(product_0), c.word[3]), key_1);
  c.word[1] = product_2;
  c.word[3] = product_0;
}

NARROWFP_TARGET NARROWFP_INLINE void store_draws(const philox_counters& c, std::uint32_t* draws) noexcept {
  const __m256i words_01 = _mm256_blend_epi32(c.word[0], _mm256_slli_epi64(c.word[1], 32), 0xAA);
  const __m256i words_23 = _mm256_blend_epi32(c.word[2], _mm256_slli_epi64(c.word[3], 32), 0xAA);
  store_256<false>(draws, _mm256_unpacklo_epi64(words_01, words_23));
  store_256<false>(draws + 8, _mm256_unpackhi_epi64(words_01, words_23));
}

NARROWFP_TARGET NARROWFP_INLINE philox_counters counters_from(std::uint64_t group) noexcept {
  // In this order unpacking leaves the groups in theirs. Indices wrap at 2^64, groups at 2^62.
  const __m256i counter = _mm256_and_si256(
      _mm256_add_epi64(_mm256_set1_epi64x(static_cast<long long>(group)), _mm256_setr_epi64x(0, 2, 1, 3)),
      _mm256_set1_epi64x(0x3FFF'FFFF'FFFF'FFFF));
  const __m256i zero = _mm256_setzero_si256();
  return {{counter, _mm256_srli_epi64(counter, 32), zero, zero}};
}

/// The keys of all rounds.
struct philox_keys {
  __m256i key_0[core::philox_rounds], key_1[core::philox_rounds];
};
NARROWFP_TARGET NARROWFP_INLINE philox_keys keys_of(std::uint64_t seed) noexcept {
  philox_keys keys;
  auto key_0 = static_cast<std::uint32_t>(seed);
  auto key_1 = static_cast<std::uint32_t>(seed >> 32);
  for (int round = 0; round < core::philox_rounds; ++round) {
    keys.key_0[round] = broadcast(key_0);
    keys.key_1[round] = broadcast(key_1);
    key_0 += core::philox_key_step_0;
    key_1 += core::philox_key_step_1;
  }
  return keys;
}

/// Writes the draws of `groups` groups from `first` on; a multiple of 8 groups. Two vectors at a time hide
/// the latency of the multiplications.
NARROWFP_TARGET NARROWFP_INLINE void fill_draws(const philox_keys& keys, std::uint64_t first,
                                                std::uint32_t* draws, std::size_t groups) noexcept {
  for (std::size_t g = 0; g < groups; g += 8) {
    philox_counters a = counters_from(first + g);
    philox_counters b = counters_from(first + g + 4);
#pragma GCC unroll 10
    for (int round = 0; round < core::philox_rounds; ++round) {
      next_round(a, keys.key_0[round], keys.key_1[round]);
      next_round(b, keys.key_0[round], keys.key_1[round]);
    }
    store_draws(a, draws + 4 * g);
    store_draws(b, draws + 4 * g + 16);
  }
}

/// The exponent field of the format's spacing at each of 8 magnitudes.
NARROWFP_TARGET NARROWFP_INLINE __m256i spacing_fields(__m256i fields, const word_rows& rows) noexcept {
  const __m256i row = _mm256_subs_epu8(fields, broadcast(rows.base));
  return _mm256_and_si256(look_up(rows.spacing, row), broadcast(0xFF));
}
NARROWFP_TARGET NARROWFP_INLINE __m256i spacing_fields(__m256i fields, const linear_grid& grid) noexcept {
  return _mm256_sub_epi32(_mm256_max_epi32(fields, broadcast(grid.low >> 23)),
                          broadcast(static_cast<std::uint32_t>(grid.fraction_bits)));
}

/// Adds a spacing to those of 8 elements whose discarded fraction, 32 bits of it, and draw carry.
///
/// The fraction is the significand shifted so that a spacing weighs 2^32. Denormal elements are further below
/// the spacing than that. The sum need not be exact: rounded toward zero it passes no number of the format.
template <class Facts>
NARROWFP_TARGET NARROWFP_INLINE __m256i move_up(__m256i x, __m256i draws, const Facts& facts) noexcept {
  const __m256i sign_bit = broadcast(0x80000000);
  const __m256i sign = _mm256_and_si256(x, sign_bit);
  const __m256i m = _mm256_xor_si256(x, sign);
  const __m256i fields = _mm256_srli_epi32(m, 23);
  const __m256i spacing = spacing_fields(fields, facts);
  const __m256i significand =
      _mm256_or_si256(_mm256_and_si256(m, broadcast(0x007FFFFF)), broadcast(0x00800000));
  const __m256i left = _mm256_sub_epi32(_mm256_add_epi32(fields, broadcast(9)), spacing);
  const __m256i right = _mm256_sub_epi32(_mm256_setzero_si256(), left);
  const __m256i fraction =
      _mm256_or_si256(_mm256_sllv_epi32(significand, left), _mm256_srlv_epi32(significand, right));
  // fraction + draw >= 2^32, compared as signed numbers.
  const __m256i up = _mm256_cmpgt_epi32(_mm256_xor_si256(draws, sign_bit),
                                        _mm256_xor_si256(fraction, broadcast(0x7FFFFFFF)));
  const __m256i step = _mm256_and_si256(up, _mm256_slli_epi32(spacing, 23));
  const __m256i sum = float_sum(m, step);
  return _mm256_or_si256(sum, sign);
}

/// Elements that pass through buffers at a time.
inline constexpr std::size_t draws_at_a_time = 512;

/// Moves count elements, and up to 31 more, by the draws from first_index on.
template <class S, class Facts>
NARROWFP_TARGET [[gnu::noinline]] void move_elements(const S* in, float* out, std::size_t count,
                                                     std::uint64_t seed, std::uint64_t first_index,
                                                     const Facts& facts) noexcept {
  alignas(32) std::uint32_t draws[draws_at_a_time + 32];
  const Facts own = facts;
  const std::size_t skipped = first_index % 4;
  const std::size_t read = (count + 31) / 32 * 32 + skipped;  // whole vectors of draws
  fill_draws(keys_of(seed), first_index / 4, draws, (read + 31) / 32 * 8);
  for (std::size_t i = 0; i < count; i += 32) {
    S rest[32] = {};
    const S* from = in + i;
    prefetch_ahead<32 * sizeof(S)>(from);
    if (count - i < 32) {
      __builtin_memcpy(static_cast<void*>(rest), in + i, (count - i) * sizeof(S));
      from = rest;
    }
    const quad x = load_elements(from);
    const std::uint32_t* random = draws + skipped + i;
    store_256<false>(out + i, move_up(x.a, load_256(random), own));
    store_256<false>(out + i + 8, move_up(x.b, load_256(random + 8), own));
    store_256<false>(out + i + 16, move_up(x.c, load_256(random + 16), own));
    store_256<false>(out + i + 24, move_up(x.d, load_256(random + 24), own));
  }
}

template <class Encoding, int Bits, class S, class Facts>
void pack_stochastic(const S* in, std::uint8_t* out, std::size_t n, const encode_job& job, const Facts& facts,
                     denormals tiny) noexcept {
  const default_environment guard(rounding::toward_zero, tiny);
  alignas(32) float moved[draws_at_a_time];
  for (std::size_t done = 0; done < n; done += draws_at_a_time) {
    const std::size_t count = n - done < draws_at_a_time ? n - done : draws_at_a_time;
    move_elements(in + done, moved, count, job.seed, job.first_index + done, facts);
    pack_elements<Encoding, Bits>(static_cast<const float*>(moved), out + done / 8 * Bits, count, facts);
  }
}

/// Encodes n elements by random bits; false if this is no work for these kernels.
template <scalar_format F, overflow Policy, int Bits, class S>
bool encode_stochastic(const S* in, std::uint8_t* out, std::size_t n, const encode_job& job) noexcept {
  // A small negative number must not become -0 where only that has a code.
  constexpr denormals tiny = F::is_signed ? denormals::either : denormals::kept;
  if constexpr (linear_of<F, rounding::stochastic, Policy>.exists) {
    constexpr auto& facts = linear_of<F, rounding::stochastic, Policy>;
    pack_stochastic<linear_encoding<facts.flags, facts.data.fraction_bits>, Bits>(in, out, n, job, facts.data,
                                                                                  tiny);
    return true;
  } else if constexpr (word_facts<F, rounding::stochastic, Policy>.exists) {
    constexpr auto& facts = word_facts<F, rounding::stochastic, Policy>;
    pack_stochastic<word_encoding<facts.flags>, Bits>(in, out, n, job, facts.data, tiny);
    return true;
  } else {
    return false;
  }
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#include "close.hpp"
