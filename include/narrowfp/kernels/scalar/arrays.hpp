// Layer: kernels/scalar. Array loops over the core and its tables: the reference of every other kernel, and
// the fallback.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>

#include "../../core/arithmetic.hpp"
#include "../../core/bit_packing.hpp"
#include "../../core/codec.hpp"
#include "../../core/philox.hpp"
#include "../../types/narrow_float.hpp"
#include "../facts/ranks.hpp"
#include "../job.hpp"
#include "linear_codes.hpp"

#include "../../detail/config.hpp"

// Internal linkage throughout: see docs/architecture.md, "Units with different flags".
namespace narrowfp::inline v0::kernels::scalar {
namespace {

/// Elements that pass through a buffer at a time; a multiple of 8, so that a chunk of any width ends on a
/// byte.
inline constexpr std::size_t chunk = 256;

inline constexpr std::uint32_t float_magnitude = 0x7FFFFFFF;
inline constexpr std::uint32_t float_infinity = 0x7F800000;

/// A source whose every value is a float: its exact float.
template <class S>
inline constexpr bool is_within_float = std::same_as<S, float>;
template <class F>
inline constexpr bool is_within_float<narrow_float<F>> = exact_in_float<F>;
template <class S>
concept within_float = is_within_float<S>;

/// The bit pattern of an element as a float: exact if unscaled. (A 16-bit NaN may lose its payload, which
/// no format of 8 bits keeps.)
template <class S>
NARROWFP_INLINE std::uint32_t float_bits(S x) noexcept {
  if constexpr (std::same_as<S, float>) {
    return core::bit_cast<std::uint32_t>(x);
  } else if constexpr (std::same_as<S, narrow_float<formats::bfloat16>>) {
    return std::uint32_t{x.bits()} << 16;
  } else if constexpr (S::format::width <= 8) {
    return core::bit_cast<std::uint32_t>(values<typename S::format, float>[x.bits()]);
  } else {
    return core::floating_bits<float>(core::read(x));
  }
}

/// Encodes the magnitudes m of one float each by its row: rank with 32 fraction bits, rounded.
///
/// Exact: m * factor + origin is the true rank times 2^32, since the row's spacing is 2^32 / factor units
/// and the rank is linear in m within a binade. What an extra shift drops lies below 2^-32 of a spacing,
/// and matters to no mode but by being non-zero, which it still shows before the shift.
template <rounding Mode>
NARROWFP_INLINE constexpr std::uint64_t rounded_rank(const binade_row& row, std::uint32_t magnitude,
                                                     bool negative, std::uint32_t random) noexcept {
  constexpr std::uint64_t almost_one = 0xFFFFFFFF;
  const std::uint64_t w = magnitude * std::uint64_t{row.factor} + row.origin;
  const std::uint64_t odd = w >> 32 & 1;
  if constexpr (Mode == rounding::nearest_even) {
    return (w + (almost_one >> 1) + odd) >> 32;
  } else if constexpr (Mode == rounding::nearest_away) {
    return (w + (std::uint64_t{1} << 31)) >> 32;
  } else if constexpr (Mode == rounding::toward_zero) {
    return w >> 32;
  } else if constexpr (Mode == rounding::toward_positive) {
    return (w + (negative ? 0 : almost_one)) >> 32;
  } else if constexpr (Mode == rounding::toward_negative) {
    return (w + (negative ? almost_one : 0)) >> 32;
  } else if constexpr (Mode == rounding::to_odd) {
    return (w + (odd != 0 ? 0 : almost_one)) >> 32;
  } else {
    static_assert(Mode == rounding::stochastic);
    return ((w >> row.extra_shift) + random) >> 32;
  }
}

/// The bit pattern of the smallest value of a format without zero; less than that is read as that.
template <scalar_format F>
inline constexpr std::uint32_t lowest_magnitude = F::has_zero
                                                      ? 0
                                                      : core::encode<formats::binary32>(core::min_positive<F>,
                                                                                        rounding::toward_zero,
                                                                                        overflow::native);

/// The codes of the ranks of a format of 8 bits or fewer.
template <scalar_format F, rounding Mode>
const rank_codes<F>& codes_for(overflow policy) noexcept {
  constexpr rounding side = Mode == rounding::to_odd ? rounding::toward_zero
                            : Mode == rounding::nearest_away || Mode == rounding::stochastic
                                ? rounding::nearest_even
                                : Mode;
  return policy == overflow::saturate ? codes_of_ranks<F, side, overflow::saturate>
                                      : codes_of_ranks<F, side, overflow::native>;
}

/// Encodes n values, read as floats, by the rows of F.
template <scalar_format F, rounding Mode, within_float S>
void encode_by_rows(const S* in, typename F::code_type* out, std::size_t n, overflow policy,
                    core::draw_sequence& draws) noexcept {
  constexpr auto& rows = float_rows<F>;
  for (std::size_t i = 0; i < n; ++i) {
    std::uint32_t bits = float_bits(in[i]);
    if constexpr (!F::is_signed) {
      bits = bits == float_magnitude + 1 ? 0 : bits;  // -0
    }
    const std::uint32_t sign = bits >> 31;
    std::uint32_t magnitude = bits & float_magnitude;
    if constexpr (!F::has_zero) {
      magnitude = magnitude < lowest_magnitude<F> ? lowest_magnitude<F> : magnitude;
    }
    const std::uint32_t random = Mode == rounding::stochastic ? core::next_draw(draws) : 0;
    std::uint64_t rank = rounded_rank<Mode>(rows[magnitude >> 23], magnitude, sign != 0, random);
    if constexpr (F::width <= 8) {
      rank = magnitude > float_infinity ? nan_rank<F> : rank;
      out[i] = codes_for<F, Mode>(policy)[sign][static_cast<std::size_t>(rank)];
    } else if (rank <= F::to_code(F::max_finite)) {
      const std::uint64_t kept_sign = F::has_negative_zero || rank != 0 ? sign : 0;
      out[i] = static_cast<typename F::code_type>(kept_sign << (F::width - 1) | rank);
    } else {  // overflow and specials
      out[i] = core::convert<F>(in[i], Mode, policy, random);
    }
  }
}

template <scalar_format F, within_float S>
void encode_by_rows(const S* in, typename F::code_type* out, std::size_t n, const encode_job& job,
                    core::draw_sequence& draws) noexcept {
  switch (job.mode) {
    case rounding::nearest_even:
      return encode_by_rows<F, rounding::nearest_even>(in, out, n, job.policy, draws);
    case rounding::nearest_away:
      return encode_by_rows<F, rounding::nearest_away>(in, out, n, job.policy, draws);
    case rounding::toward_positive:
      return encode_by_rows<F, rounding::toward_positive>(in, out, n, job.policy, draws);
    case rounding::toward_negative:
      return encode_by_rows<F, rounding::toward_negative>(in, out, n, job.policy, draws);
    case rounding::to_odd:
      return encode_by_rows<F, rounding::to_odd>(in, out, n, job.policy, draws);
    case rounding::stochastic:
      return encode_by_rows<F, rounding::stochastic>(in, out, n, job.policy, draws);
    default:
      return encode_by_rows<F, rounding::toward_zero>(in, out, n, job.policy, draws);
  }
}

/// x * scale, rounded once to float, nearest even: the bit pattern; in integers, so that no environment
/// matters.
template <class S>
std::uint32_t scaled_bits(S x, const core::real& scale) noexcept {
  return core::floating_bits<float>(core::multiply(core::read(x), scale));
}

/// One element by the core; `random` serves stochastic. Out of line, as the core is inlined here.
template <scalar_format F, class S>
[[gnu::noinline]] typename F::code_type encode_one(S x, const encode_job& job, bool is_scaled,
                                                   const core::real& scale, std::uint32_t random) noexcept {
  if constexpr (std::same_as<S, float>) {
    const float value = is_scaled ? __builtin_bit_cast(float, scaled_bits(x, scale)) : x;
    return core::convert<F>(value, job.mode, job.policy, random);
  } else {
    if (is_scaled) {
      return encode_one<F>(__builtin_bit_cast(float, scaled_bits(x, scale)), job, false, scale, random);
    }
    return core::convert<F>(x, job.mode, job.policy, random);
  }
}

/// The next draw, out of line as well.
[[gnu::noinline]] inline std::uint32_t draw_next(core::draw_sequence& draws) noexcept {
  return core::next_draw(draws);
}

/// Encodes n values of S, one code each.
template <scalar_format F, class S>
void encode(const S* in, typename F::code_type* out, std::size_t n, const encode_job& job) noexcept {
  const bool is_scaled = core::bit_cast<std::uint32_t>(job.scale) != core::bit_cast<std::uint32_t>(1.0F);
  const core::real scale = core::read(job.scale);
  core::draw_sequence draws{job.seed, job.first_index};
  if constexpr (has_float_rows<F>) {
    if (job.mode != rounding::hybrid && (within_float<S> || is_scaled)) {
      if constexpr (within_float<S>) {
        if (!is_scaled) {
          encode_by_rows<F>(in, out, n, job, draws);
          return;
        }
      }
      float products[chunk];
      for (std::size_t done = 0; done < n; done += chunk) {
        const std::size_t count = n - done < chunk ? n - done : chunk;
        for (std::size_t i = 0; i < count; ++i) {
          products[i] = __builtin_bit_cast(float, scaled_bits(in[done + i], scale));
        }
        encode_by_rows<F>(products, out + done, count, job, draws);
      }
      return;
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint32_t random = job.mode == rounding::stochastic ? draw_next(draws) : 0;
    out[i] = encode_one<F>(in[i], job, is_scaled, scale, random);
  }
}

/// Encodes n values of S into the dense bit stream that begins at `out`.
template <scalar_format F, class S>
void encode_dense(const S* in, std::byte* out, std::size_t n, encode_job job) noexcept {
  typename F::code_type codes[chunk];
  for (std::size_t done = 0; done < n; done += chunk) {
    const std::size_t count = n - done < chunk ? n - done : chunk;
    encode<F>(in + done, codes, count, job);
    core::pack_dense<F::width>(codes, out + core::dense_size_bytes(done, F::width), count);
    job.first_index += count;
  }
}

/// One element: its value times `scale`, rounded once to S.
template <scalar_format F, class S>
void decode_one(typename F::code_type code, const core::real& scale, S& out) noexcept {
  core::store(out, core::multiply(core::decode<F>(code), scale));
}

/// Decodes n codes, each times `scale`.
template <scalar_format F, class S>
void decode(const typename F::code_type* in, S* out, std::size_t n, float scale) noexcept {
  const bool is_scaled = core::bit_cast<std::uint32_t>(scale) != core::bit_cast<std::uint32_t>(1.0F);
  const core::real factor = core::read(scale);
  if constexpr (F::width <= 8) {
    constexpr std::size_t code_count = std::size_t{1} << F::width;
    constexpr std::size_t mask = code_count - 1;
    if (!is_scaled) {
      constexpr auto& table = values<F, S>;
      for (std::size_t i = 0; i < n; ++i) {
        out[i] = table[in[i] & mask];
      }
      return;
    }
    if (n >= code_count) {
      S table[code_count];
      for (std::size_t code = 0; code < code_count; ++code) {
        decode_one<F>(static_cast<typename F::code_type>(code), factor, table[code]);
      }
      for (std::size_t i = 0; i < n; ++i) {
        out[i] = table[in[i] & mask];
      }
      return;
    }
  }
  std::size_t i = 0;
  if constexpr (codes_are_linear<F> && std::same_as<S, float>) {
    if (!is_scaled) {
      constexpr std::size_t group = 16;  // a fixed count, which compilers vectorize at -O2
      for (; n - i >= group; i += group) {
        for (std::size_t j = 0; j < group; ++j) {
          out[i + j] = __builtin_bit_cast(float, decode_linear<F>(in[i + j] & core::low_mask(F::width)));
        }
      }
    }
  }
  for (; i < n; ++i) {
    if (is_scaled) {
      decode_one<F>(in[i], factor, out[i]);
    } else {
      core::store(out[i], core::decode<F>(in[i]));
    }
  }
}

/// Decodes n codes of the dense bit stream that begins at `in`.
template <scalar_format F, class S>
void decode_dense(const std::byte* in, S* out, std::size_t n, float scale) noexcept {
  typename F::code_type codes[chunk];
  for (std::size_t done = 0; done < n; done += chunk) {
    const std::size_t count = n - done < chunk ? n - done : chunk;
    core::unpack_dense<F::width>(in + core::dense_size_bytes(done, F::width), codes, count);
    decode<F>(codes, out + done, count, scale);
  }
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::scalar

#include "../../detail/undef.hpp"
