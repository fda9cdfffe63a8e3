// Layer: kernels/avx2. Elements to codes by random bits.
#pragma once

#include "encode_linear.hpp"
#include "encode_words.hpp"
#include "environment.hpp"
#include "loops.hpp"
#include "pack.hpp"
#include "words.hpp"

#include "open.hpp"

#if defined(NARROWFP_SET)
namespace narrowfp::inline v0::kernels::NARROWFP_SET {
namespace {

template <class Encoding, int Bits, class S, class Facts>
void encode_moved(const S* in, std::uint8_t* out, std::size_t n, const encode_job& job, const Facts& facts,
                  denormals tiny) noexcept {
  const default_environment guard(rounding::toward_zero, tiny);
  pack_moved<Bits>(in, out, n, job, facts, [&](const float* moved, std::uint8_t* codes, std::size_t count) {
    pack_elements<Encoding, Bits>(moved, codes, count, facts);
  });
}

/// Encodes n elements by random bits; false if this is no work for these kernels.
template <scalar_format F, overflow Policy, int Bits, class S>
bool encode_stochastic(const S* in, std::uint8_t* out, std::size_t n, const encode_job& job) noexcept {
  // A small negative number must not become -0 where only that has a code.
  constexpr denormals tiny = F::is_signed ? denormals::either : denormals::kept;
  if constexpr (linear_of<F, rounding::stochastic, Policy>.exists) {
    constexpr auto& facts = linear_of<F, rounding::stochastic, Policy>;
    encode_moved<linear_encoding<facts.flags, facts.data.fraction_bits>, Bits>(in, out, n, job, facts.data,
                                                                               tiny);
    return true;
  } else if constexpr (word_facts<F, rounding::stochastic, Policy>.exists) {
    constexpr auto& facts = word_facts<F, rounding::stochastic, Policy>;
    encode_moved<word_encoding<facts.flags>, Bits>(in, out, n, job, facts.data, tiny);
    return true;
  } else {
    return false;
  }
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#include "close.hpp"
