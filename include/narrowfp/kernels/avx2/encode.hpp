// Layer: kernels/avx2. What the dispatcher calls to encode.
#pragma once

#include "encode_stochastic.hpp"
#include "encode_scales.hpp"
#include "environment.hpp"
#include "pack.hpp"
#include "sources.hpp"
#include "loops.hpp"
#include "words.hpp"

#include "open.hpp"

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

template <scalar_format F, rounding Mode, overflow Policy, int Bits, class S>
bool encode_mode(const S* in, std::uint8_t* out, std::size_t n) noexcept {
  if constexpr (Bits == 8 && rounds_to_leading_byte<F, Mode, Policy, S>) {
    pack_leading_bytes<F, Mode, Policy>(in, out, n);
    return true;
  } else if constexpr (linear_of<F, Mode, Policy>.exists) {
    constexpr auto& facts = linear_of<F, Mode, Policy>;
    const default_environment guard(Mode);
    pack_elements<linear_encoding<facts.flags, facts.data.fraction_bits>, Bits>(in, out, n, facts.data);
    return true;
  } else if constexpr (word_facts<F, Mode, Policy>.exists) {
    constexpr auto& facts = word_facts<F, Mode, Policy>;
    pack_elements<word_encoding<facts.flags>, Bits>(in, out, n, facts.data);
    return true;
  } else if constexpr (has_scale_words<F, Mode, Policy> && Bits == 8) {
    pack_elements<scale_encoding<F, Mode, Policy>, Bits>(in, out, n, scale_grid_of<F, Mode, Policy>);
    return true;
  } else {
    return false;
  }
}

template <scalar_format F, rounding Mode, int Bits, class S>
bool encode_mode(const S* in, std::uint8_t* out, std::size_t n, overflow policy) noexcept {
  return policy == overflow::saturate ? encode_mode<F, Mode, overflow::saturate, Bits>(in, out, n)
                                      : encode_mode<F, Mode, overflow::native, Bits>(in, out, n);
}

template <scalar_format F, int Bits, class S>
bool encode_unscaled(const S* in, std::uint8_t* out, std::size_t n, const encode_job& job) noexcept {
  switch (job.mode) {
    case rounding::nearest_even:
      return encode_mode<F, rounding::nearest_even, Bits>(in, out, n, job.policy);
    case rounding::nearest_away:
      return encode_mode<F, rounding::nearest_away, Bits>(in, out, n, job.policy);
    case rounding::toward_zero:
      return encode_mode<F, rounding::toward_zero, Bits>(in, out, n, job.policy);
    case rounding::stochastic:
      return job.policy == overflow::saturate
                 ? encode_stochastic<F, overflow::saturate, Bits>(in, out, n, job)
                 : encode_stochastic<F, overflow::native, Bits>(in, out, n, job);
    default:
      return false;
  }
}

/// Encodes n elements as codes of Bits bits each; false if this is no work for these kernels.
template <scalar_format F, int Bits, class S>
bool encode(const S* in, std::uint8_t* out, std::size_t n, const encode_job& job) noexcept {
  if constexpr (is_dense_width(Bits) && is_vector_source<F, Bits, S>) {
    if (is_one(job.scale)) {
      return encode_unscaled<F, Bits>(in, out, n, job);
    }
    return encode_products(in, n, job.scale, [&](const float* products, std::size_t done, std::size_t count) {
      encode_job part = job;
      part.first_index += done;
      return encode_unscaled<F, Bits>(products, out + done / 8 * Bits, count, part);
    });
  }
  return false;
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#include "close.hpp"
