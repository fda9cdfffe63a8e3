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

// What is called for every element is inlined; the rest is out of line, since all recipes share it.

/// One element by one rounding.
template <scalar_format F>
constexpr typename F::code_type encode_element(const core::real& x, rounding mode,
                                               std::uint64_t random) noexcept {
  return core::encode<F>(x, mode, overflow::saturate, random);
}

/// The next draw of elements that lie side by side.
constexpr std::uint64_t next_draw_of(core::draw_sequence& draws) noexcept { return core::next_draw(draws); }

/// The scale next to x.
template <block_type B>
[[gnu::noinline]] constexpr std::uint32_t code_of_nearest_scale(const core::real& x) noexcept {
  return core::nearest_scale<typename B::scale_format>(x);
}

/// Encodes every element by one rounding of in_range(i), an exact number in the element's range.
template <block_type B, class InRange>
constexpr void encode_elements(B& block, rounding mode, const quantize_job& job,
                               const InRange& in_range) noexcept {
  core::draw_sequence draws{job.seed, job.first_index};
  for (std::size_t i = 0; i < B::elements; ++i) {
    std::uint64_t random = 0;
    if (mode == rounding::stochastic) {
      random = job.index_stride == 1 ? next_draw_of(draws)
                                     : core::draw(job.seed, job.first_index + i * job.index_stride);
    }
    block.set_code(i, encode_element<typename B::element_format>(in_range(i), mode, random));
  }
}

/// How many bits below the first scale double element i.
template <block_type B>
NARROWFP_INLINE constexpr int bits_above(const B& block, std::size_t i,
                                         std::size_t below_level = B::levels) noexcept {
  int bits = 0;
  for (std::size_t level = 1; level < below_level; ++level) {
    bits += static_cast<int>(block.scale_code(level, i / B::layout::group_elements[level]));
  }
  return bits;
}

/// x scaled by the ratio and halved once for each bit.
constexpr core::real in_element_range(const core::real& x, const scale_ratio& ratio, int bits) noexcept {
  core::real scaled = core::scaled_by(x, ratio);
  scaled.exponent -= bits;
  return scaled;
}

/// Sets the bits of the levels below the first, level by level. in_range(largest, bits) is a group's
/// largest magnitude, given as a bit pattern, after all scaling so far.
template <block_type B, class InRange>
constexpr void choose_bits(B& block, const inputs<B>& x, const InRange& in_range) noexcept {
  for (std::size_t level = 1; level < B::levels; ++level) {
    const std::size_t group = B::layout::group_elements[level];
    for (std::size_t i = 0; i < B::elements / group; ++i) {
      const std::uint32_t largest = largest_magnitude(x.data() + i * group, group);
      const core::real scaled = in_range(largest, bits_above(block, i * group, level));
      if (core::compare_magnitudes(scaled, core::finite(1, B::threshold[level])) >= 0) {
        block.set_bit(level, i);
      }
    }
  }
}

/// The block that finite x becomes under a given scale: bits level by level, then the elements.
template <block_type B>
[[gnu::noinline]] constexpr B encode_with_scale(const inputs<B>& x, std::uint32_t scale_code,
                                                const quantize_job& job) noexcept {
  using code_type = typename B::scale_format::code_type;
  B block;
  block.set_scale_code(scale_code);
  const core::real value = core::decode<typename B::scale_format>(static_cast<code_type>(scale_code));
  if (core::is_zero(value)) {
    return block;  // all values are zero, whatever the codes: they are 0
  }
  const scale_ratio ratio = B::rule::template ratio<typename B::facts>(value);
  choose_bits(block, x, [&](std::uint32_t largest, int bits) {
    return in_element_range(real_of(largest), ratio, bits);
  });
  const rounding mode = job.mode == rounding::native ? B::element_format::native_rounding : job.mode;
  encode_elements(block, mode, job, [&](std::size_t i) {
    return in_element_range(real_of(x[i]), ratio, bits_above(block, i));
  });
  return block;
}

/// `sum` plus the squares of x - element * scale, each operation rounded to double, in element order.
template <block_type B>
[[gnu::noinline]] constexpr core::real squared_error(const inputs<B>& x, const B& block,
                                                     core::real sum = core::finite(0, 0)) noexcept {
  for (std::size_t i = 0; i < B::elements; ++i) {
    const core::real error = in_double(core::subtract(real_of(x[i]), block.exact(i)));
    sum = in_double(core::add(sum, in_double(core::multiply(error, error))));
  }
  return sum;
}

/// The scale codes among which a rule chooses, in the order of trial.
struct scale_candidates {
  std::uint32_t code[3];
  int count;
};

/// The candidates for a finite largest magnitude; more than one only for the rules that compare errors.
template <block_type B>
[[gnu::noinline]] constexpr scale_candidates candidate_scales(std::uint32_t magnitude,
                                                              scale_rule chosen) noexcept {
  using facts = typename B::facts;
  using rule = typename B::rule;
  if (magnitude == 0) {
    return {{0}, 1};
  }
  const auto scale_code = [](const core::real& x) { return code_of_nearest_scale<B>(x); };
  const core::real amax = real_of(magnitude);
  if (chosen == scale_rule::search_mse) {
    const std::uint32_t native = scale_code(rule::template wanted<facts>(scale_rule::native, amax));
    scale_candidates candidates = {{native}, 1};
    if (native > 0) {
      candidates.code[candidates.count++] = native - 1;
    }
    if (native < core::last_scale_code<typename B::scale_format>) {
      candidates.code[candidates.count++] = native + 1;
    }
    return candidates;
  }
  if constexpr (rule::template offers<facts>(scale_rule::four_over_six)) {
    if (chosen == scale_rule::four_over_six) {
      constexpr core::real second = core::finite(1, core::binade_of(facts::largest));
      return {{scale_code(rule::template wanted_for<facts>(amax, facts::largest)),
               scale_code(rule::template wanted_for<facts>(amax, second))},
              2};
    }
  }
  return {{scale_code(rule::template wanted<facts>(chosen, amax))}, 1};
}

/// Quantizes prepared inputs by the block format's own rules.
template <block_type B>
[[gnu::noinline]] constexpr B encode_block(const inputs<B>& x, const quantize_job& job) noexcept {
  const std::uint32_t magnitude = largest_magnitude(x.data(), B::elements);
  if (magnitude >= float_infinity) {
    return nan_block<B>();
  }
  const scale_candidates candidates = candidate_scales<B>(magnitude, job.rule);
  if (candidates.count == 1) {
    return encode_with_scale<B>(x, candidates.code[0], job);
  }
  B best;
  core::real smallest = core::infinity();
  for (int i = 0; i < candidates.count; ++i) {
    const B trial = encode_with_scale<B>(x, candidates.code[i], job);
    const core::real error = squared_error(x, trial);
    if (core::compare(error, smallest) < 0) {  // among equals the earlier one stays
      smallest = error;
      best = trial;
    }
  }
  return best;
}

/// Raw inputs as the codec takes them: divided by the tensor scale, infinities saturated if so asked.
template <block_type B>
constexpr inputs<B> prepared(const inputs<B>& raw, const quantize_job& job) noexcept {
  inputs<B> x{};
  for (std::size_t i = 0; i < B::elements; ++i) {
    x[i] = prepared(raw[i], job);
  }
  return x;
}

}  // namespace

}  // namespace narrowfp::inline v0::blocks

#include "../detail/undef.hpp"
