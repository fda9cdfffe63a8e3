// Layer: kernels/scalar. The Hadamard transform by its definition, in integers: no floating-point environment
// and no compiler flag can change a bit.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>

#include "../../block/float_bits.hpp"
#include "../../core/arithmetic.hpp"
#include "../../core/bits.hpp"
#include "../../core/codec.hpp"
#include "../hadamard_job.hpp"
#include "arrays.hpp"

#include "../../detail/config.hpp"

// Internal linkage throughout: see docs/architecture.md, "Units with different flags".
namespace narrowfp::inline v0::kernels::scalar {
namespace {

/// Butterflies of stride 1, 2, ..., n / 2, on the bit patterns of floats: a + b and a - b, each rounded to
/// float.
constexpr void butterflies(std::uint32_t* x, std::size_t n) noexcept {
  for (std::size_t stride = 1; stride < n; stride *= 2) {
    for (std::size_t i = 0; i < n; ++i) {
      if ((i & stride) == 0) {
        const core::real a = blocks::real_of(x[i]);
        const core::real b = blocks::real_of(x[i + stride]);
        x[i] = blocks::float_bits_of(core::add(a, b));
        x[i + stride] = blocks::float_bits_of(core::subtract(a, b));
      }
    }
  }
}

/// The product with a factor, rounded to float; NaN is the positive quiet one.
constexpr std::uint32_t scaled_result(std::uint32_t x, std::uint32_t factor, std::uint32_t sign) noexcept {
  const core::real product = core::multiply(blocks::real_of(x), blocks::real_of(factor));
  constexpr std::uint32_t quiet_nan = 0x7FC00000;
  return product.kind == core::real_kind::nan ? quiet_nan : blocks::float_bits_of(product) ^ sign;
}

/// The result's float as an element of S.
template <class S>
S element_of_bits(std::uint32_t bits) noexcept {
  if constexpr (std::same_as<S, float>) {
    return core::bit_cast<float>(bits);
  } else {
    return S::from_bits(
        core::encode<typename S::format>(blocks::real_of(bits), rounding::nearest_even, overflow::native));
  }
}

/// Out of line for each size, as not every call needs that much stack.
template <std::size_t Largest, class S>
[[gnu::noinline]] void hadamard_blocks(const S* in, S* out, std::size_t n, const hadamard_job& job) noexcept {
  std::uint32_t x[Largest];
  std::uint32_t first[Largest / 32] = {};  // changes of signs, a bit each
  std::uint32_t last[Largest / 32] = {};
  if (job.random) {
    fill_sign_bits(job.seed, job.inverse ? last : first, job.block);
  }
  const std::uint32_t factor = hadamard_factor(job.block);
  for (std::size_t done = 0; done < n; done += job.block) {
    for (std::size_t i = 0; i < job.block; ++i) {
      x[i] = float_bits(in[done + i]) ^ sign_of(first, i);
    }
    butterflies(x, job.block);
    for (std::size_t i = 0; i < job.block; ++i) {
      out[done + i] = element_of_bits<S>(scaled_result(x[i], factor, sign_of(last, i)));
    }
  }
}

/// Transforms n elements, block by block; in and out are the same or do not overlap.
template <class S>
void hadamard(const S* in, S* out, std::size_t n, const hadamard_job& job) noexcept {
  constexpr std::size_t usual = 1024;
  if (job.block <= usual) {
    hadamard_blocks<usual>(in, out, n, job);
  } else {
    hadamard_blocks<largest_hadamard_block>(in, out, n, job);
  }
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::scalar

#include "../../detail/undef.hpp"
