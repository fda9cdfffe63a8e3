// Layer: block. Quantize one block exactly: the scalar definition of truth for every block format.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "../core/bits.hpp"
#include "../core/codec.hpp"
#include "../core/philox.hpp"
#include "../core/real.hpp"
#include "block_format.hpp"
#include "float_bits.hpp"
#include "job.hpp"
#include "scale_rule.hpp"

#include "../detail/config.hpp"

namespace narrowfp::inline v0::blocks {

/// The elements of a block to be, as float bit patterns; those past the end of the data are +0.
template <block_type B>
using inputs = std::array<std::uint32_t, B::elements>;

namespace {

/// One element: x / tensor_scale rounded once to float, and what a finite quotient that overflows and,
/// under saturate, an infinity count as.
constexpr std::uint32_t prepared(std::uint32_t x, const quantize_job& job) noexcept {
  const std::uint32_t sign = x & float_sign;
  std::uint32_t magnitude = x & float_magnitude;
  if (magnitude < float_infinity && core::bit_cast<std::uint32_t>(job.tensor_scale) != float_one) {
    const core::real scale = real_of(core::bit_cast<std::uint32_t>(job.tensor_scale));
    const std::uint32_t quotient = float_bits_of(core::divide(real_of(magnitude), scale));
    magnitude = quotient < float_infinity ? quotient : float_largest;
  }
  if (magnitude == float_infinity && job.policy == overflow::saturate) {
    magnitude = float_largest;
  }
  return sign | magnitude;
}

/// The largest magnitude of a group, as a bit pattern; above float_infinity if it holds a NaN.
constexpr std::uint32_t largest_magnitude(const std::uint32_t* x, std::size_t n) noexcept {
  std::uint32_t largest = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint32_t magnitude = x[i] & float_magnitude;
    largest = magnitude > largest ? magnitude : largest;
  }
  return largest;
}

/// A block of NaN: the scale's NaN over zeros.
template <block_type B>
constexpr B nan_block() noexcept {
  B block;
  block.set_scale_code(static_cast<std::uint32_t>(B::scale_format::to_code(core::nan())));
  return block;
}

template <block_type B>
constexpr rounding element_mode(rounding mode) noexcept {
  return mode == rounding::native ? B::element_format::native_rounding : mode;
}

/// The scale's value times 2^(bits above element i), or 1 over it, applied to x.
constexpr core::real in_element_range(const core::real& x, const scale_ratio& ratio, int bits) noexcept {
  core::real scaled = core::scaled_by(x, ratio);
  scaled.exponent -= bits;
  return scaled;
}

/// Sets the bits of one level, from the groups' magnitudes after all scaling so far.
template <block_type B>
constexpr void choose_bits(B& block, std::size_t level, const inputs<B>& x,
                           const scale_ratio& ratio) noexcept {
  const std::size_t group = B::layout::group_elements[level];
  for (std::size_t i = 0; i < B::elements / group; ++i) {
    const core::real largest = real_of(largest_magnitude(x.data() + i * group, group));
    int bits_above = 0;
    for (std::size_t above = 1; above < level; ++above) {
      bits_above += static_cast<int>(block.scale_code(above, i * group / B::layout::group_elements[above]));
    }
    const core::real scaled = in_element_range(largest, ratio, bits_above);
    if (core::compare_magnitudes(scaled, core::finite(1, B::threshold[level])) >= 0) {
      block.set_bit(level, i);
    }
  }
}

/// The block that finite x becomes under a given scale: bits level by level, then the elements.
template <block_type B>
constexpr B encode_with_scale(const inputs<B>& x, std::uint32_t scale_code,
                              const quantize_job& job) noexcept {
  using F = typename B::element_format;
  using code_type = typename B::scale_format::code_type;
  B block;
  block.set_scale_code(scale_code);
  const core::real value = core::decode<typename B::scale_format>(static_cast<code_type>(scale_code));
  if (core::is_zero(value)) {
    return block;  // all values are zero, whatever the codes: they are 0
  }
  const scale_ratio ratio = B::rule::template ratio<typename B::facts>(value);
  for (std::size_t level = 1; level < B::levels; ++level) {
    choose_bits(block, level, x, ratio);
  }
  const rounding mode = element_mode<B>(job.mode);
  core::draw_sequence draws{job.seed, job.first_index};
  for (std::size_t i = 0; i < B::elements; ++i) {
    int bits = 0;
    for (std::size_t level = 1; level < B::levels; ++level) {
      bits += static_cast<int>(block.scale_code(level, i / B::layout::group_elements[level]));
    }
    std::uint64_t random = 0;
    if (mode == rounding::stochastic) {
      random = job.index_stride == 1 ? core::next_draw(draws)
                                     : core::draw(job.seed, job.first_index + i * job.index_stride);
    }
    const core::real scaled = in_element_range(real_of(x[i]), ratio, bits);
    block.set_code(i, core::encode<F>(scaled, mode, overflow::saturate, random));
  }
  return block;
}

/// The sum of squares of x - element * scale, each operation rounded to double, in element order.
template <block_type B>
constexpr core::real squared_error(const inputs<B>& x, const B& block) noexcept {
  core::real sum = core::finite(0, 0);
  for (std::size_t i = 0; i < B::elements; ++i) {
    const core::real error = in_double(core::subtract(real_of(x[i]), block.exact(i)));
    sum = in_double(core::add(sum, in_double(core::multiply(error, error))));
  }
  return sum;
}

/// Keeps the candidate with the smallest error, the earlier one among equals.
template <block_type B>
struct best_block {
  const inputs<B>& x;
  const quantize_job& job;
  B block = {};
  core::real error = core::infinity();

  constexpr void consider(std::uint32_t scale_code) noexcept {
    if (scale_code > core::last_scale_code<typename B::scale_format>) {
      return;  // no finite scale; below code 0 it has wrapped around
    }
    const B candidate = encode_with_scale<B>(x, scale_code, job);
    const core::real candidate_error = squared_error(x, candidate);
    if (core::compare(candidate_error, error) < 0) {
      block = candidate;
      error = candidate_error;
    }
  }
};

/// Quantizes prepared inputs by the block format's own rules.
template <block_type B>
constexpr B encode_block(const inputs<B>& x, const quantize_job& job) noexcept {
  using facts = typename B::facts;
  using rule = typename B::rule;
  const std::uint32_t magnitude = largest_magnitude(x.data(), B::elements);
  if (magnitude >= float_infinity) {
    return nan_block<B>();
  }
  if (magnitude == 0) {
    return encode_with_scale<B>(x, 0, job);
  }
  const core::real amax = real_of(magnitude);
  if (job.rule == scale_rule::search_mse) {
    best_block<B> best{x, job};
    const std::uint32_t native = rule::template pick<facts>(scale_rule::native, amax);
    best.consider(native);
    best.consider(native - 1);
    best.consider(native + 1);
    return best.block;
  }
  if constexpr (rule::template offers<facts>(scale_rule::four_over_six)) {
    if (job.rule == scale_rule::four_over_six) {
      best_block<B> best{x, job};
      best.consider(rule::template pick_for<facts>(amax, facts::largest));
      best.consider(
          rule::template pick_for<facts>(amax, core::finite(1, core::binade_of(facts::largest))));
      return best.block;
    }
  }
  return encode_with_scale<B>(x, rule::template pick<facts>(job.rule, amax), job);
}

/// Quantizes one block of raw inputs as the job asks.
template <block_type B>
constexpr B quantize_one(const inputs<B>& raw, const quantize_job& job) noexcept {
  inputs<B> x{};
  for (std::size_t i = 0; i < B::elements; ++i) {
    x[i] = prepared(raw[i], job);
  }
  return encode_block<B>(x, job);
}

/// element * scale * tensor_scale, exactly.
template <block_type B>
constexpr core::real decode_element(const B& block, std::size_t i, const dequantize_job& job) noexcept {
  return core::multiply(block.exact(i), real_of(core::bit_cast<std::uint32_t>(job.tensor_scale)));
}

}  // namespace

}  // namespace narrowfp::inline v0::blocks

#include "../detail/undef.hpp"
