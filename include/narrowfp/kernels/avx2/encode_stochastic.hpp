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

/// The facts that tell a format's spacings, and how elements that draws have moved are encoded, toward zero:
/// see vector/moved.hpp.
template <scalar_format F, overflow Policy>
struct moved_encoder {
  static constexpr auto& linear = linear_of<F, rounding::stochastic, Policy>;
  static constexpr auto& words = word_facts<F, rounding::stochastic, Policy>;
  static constexpr bool exists = linear.exists || words.exists;

  static constexpr const auto& facts() noexcept {
    if constexpr (linear.exists) {
      return linear.data;
    } else {
      return words.data;
    }
  }
  template <int Bits>
  static void pack(const float* moved, std::uint8_t* out, std::size_t n) noexcept {
    if constexpr (linear.exists) {
      pack_elements<linear_encoding<linear.flags, linear.data.fraction_bits>, Bits>(moved, out, n,
                                                                                    linear.data);
    } else {
      pack_elements<word_encoding<words.flags>, Bits>(moved, out, n, words.data);
    }
  }
};

/// Encodes n elements by random bits; false if this is no work for these kernels.
template <scalar_format F, overflow Policy, int Bits, class S>
bool encode_stochastic(const S* in, std::uint8_t* out, std::size_t n, const encode_job& job) noexcept {
  // A small negative number must not become -0 where only that has a code.
  constexpr denormals tiny = F::is_signed ? denormals::either : denormals::kept;
  using encoder = moved_encoder<F, Policy>;
  if constexpr (encoder::exists) {
    const default_environment guard(rounding::toward_zero, tiny);
    pack_moved<Bits>(in, out, n, job, encoder::facts(), encoder::template pack<Bits>);
    return true;
  } else {
    return false;
  }
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::NARROWFP_SET
#endif

#include "close.hpp"
