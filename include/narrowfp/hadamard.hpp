// Hadamard transforms of blocks, with random signs or without: hadamard, hadamard_inverse.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <span>
#include <type_traits>

#include "detail/error.hpp"
#include "detail/ranges.hpp"
#include "dispatch/hadamard.hpp"
#include "dispatch/isa.hpp"
#include "kernels/hadamard_job.hpp"
#include "types.hpp"

namespace narrowfp::inline v0 {

/// What hadamard transforms.
template <class S>
concept hadamard_element = std::same_as<S, float> || std::same_as<S, bfloat16> || std::same_as<S, float16>;

/// What hadamard and hadamard_inverse may be told.
struct hadamard_options {
  std::size_t block = 16;    ///< elements that are transformed together: a power of two from 2 to 32768
  bool random = false;       ///< whether the signs of some elements are changed, the same in each block
  std::uint64_t seed = 0;    ///< of these signs
  isa use = isa::automatic;  ///< an instruction set that is not available is an error
};

namespace detail {

template <class R>
concept hadamard_source = ordinary_range<R> && hadamard_element<std::remove_const_t<element_of<R>>>;

template <class R>
concept hadamard_target = ordinary_range<R> && hadamard_element<element_of<R>>;

/// Ranges of one type.
template <class Out, class In>
concept hadamard_target_of = hadamard_source<In> && hadamard_target<Out> &&
    std::same_as<std::remove_const_t<element_of<In>>, element_of<Out>>;

// Internal linkage throughout: see docs/architecture.md, "Units with different flags".
namespace {

inline void require_blocks(const char* function, std::size_t n, std::size_t out, std::size_t block) {
  char problem[160];
  if (block < 2 || block > kernels::largest_hadamard_block || (block & (block - 1)) != 0) {
    std::snprintf(problem, sizeof problem, "is %zu, but must be a power of two from 2 to %zu", block,
                  kernels::largest_hadamard_block);
    fail(function, "block", problem);
  }
  if (n % block != 0) {
    std::snprintf(problem, sizeof problem, "has %zu elements, but whole blocks of %zu are needed", n, block);
    fail(function, "in", problem);
  }
  require_size(function, "out", out, n, "one for each element of in");
}

template <class S>
void transform(const char* function, std::span<const S> in, std::span<S> out, const hadamard_options& options,
               bool inverse) {
  const isa set = dispatch::resolve(function, options.use);
  require_blocks(function, in.size(), out.size(), options.block);
  dispatch::hadamard(set, in.data(), out.data(), in.size(),
                     {options.block, options.random, inverse, options.seed});
}

}  // namespace

}  // namespace detail

// Internal linkage: a unit's array calls run that unit's code, whatever flags other units have.
namespace {

/// @{
/// Multiplies each block by the orthonormal Hadamard matrix in Sylvester's order.
///
/// Shape     in and out: n values of float, bfloat16 or float16, n a multiple of options.block; the same
/// range
///           or ranges that do not overlap.
/// Signs     with options.random, element j of each block is negated first where bit j mod 32 of draw j / 32
///           of the seed is set: see docs/rounding.md for draws.
/// Rounding  sums of stride 1, 2, ..., block / 2, each rounded to float, nearest even; then one product with
/// the
///           float nearest block^(-1/2), likewise; then that is rounded to the type. These bits are the
///           definition, whatever the instruction set, the floating-point environment and the compiler's
///           flags.
/// Specials  infinities and overflow as in float addition; any NaN is the positive quiet one.
/// Errors    a block that is no power of two from 2 to 32768 or does not divide in.size(), out.size() !=
///           in.size(), an instruction set that is not available: std::invalid_argument before anything is
///           written. Does not allocate; blocks of more than 1024 16-bit values take 128 KiB of stack.
/// Cost      log2(block) additions and a product for each element; one pass over memory up to a block of 64.
template <hadamard_element S>
void hadamard(std::span<const S> in, std::span<S> out, hadamard_options options = {}) {
  detail::transform("narrowfp::hadamard", in, out, options, false);
}
template <detail::hadamard_source In, detail::hadamard_target_of<In> Out>
void hadamard(In&& in, Out&& out, hadamard_options options = {}) {
  detail::transform("narrowfp::hadamard", detail::as_const_span(in), detail::as_span(out), options, false);
}
/// @}

/// @{
/// Undoes hadamard with the same options, up to rounding: the same steps, with the signs last.
template <hadamard_element S>
void hadamard_inverse(std::span<const S> in, std::span<S> out, hadamard_options options = {}) {
  detail::transform("narrowfp::hadamard_inverse", in, out, options, true);
}
template <detail::hadamard_source In, detail::hadamard_target_of<In> Out>
void hadamard_inverse(In&& in, Out&& out, hadamard_options options = {}) {
  detail::transform("narrowfp::hadamard_inverse", detail::as_const_span(in), detail::as_span(out), options,
                    true);
}
/// @}

}  // namespace

}  // namespace narrowfp::inline v0

#include "refusals/hadamard.hpp"  // needs what stands above
