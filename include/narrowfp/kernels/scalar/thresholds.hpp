// Layer: kernels/scalar. Quantize one block whose elements have few values: each threshold of
// facts/thresholds.hpp is one integer comparison, which compilers turn into vector code on their own. Equal
// to the block codec wherever it applies, and it says so where it does not.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "../../block/block_format.hpp"
#include "../../block/codec.hpp"
#include "../../block/float_bits.hpp"
#include "../../core/bits.hpp"
#include "../../core/codec.hpp"
#include "../../core/real.hpp"
#include "../facts/thresholds.hpp"
#include "bits.hpp"
#include "dense8.hpp"

#include "../../detail/config.hpp"

// Internal linkage throughout: see docs/architecture.md, "Units with different flags".
namespace narrowfp::inline v0::kernels::scalar {
namespace {

/// How many of the thresholds a magnitude passes.
template <std::size_t... Index>
NARROWFP_INLINE constexpr std::int32_t reached(std::int32_t magnitude,
                                               const std::array<std::int32_t, sizeof...(Index)>& below,
                                               std::index_sequence<Index...>) noexcept {
  return ((magnitude > below[Index] ? 1 : 0) + ...);
}

/// Encodes finite x under a given scale. False: not by this way, and nothing is written.
template <block_type B, rounding Mode>
constexpr bool encode_by_thresholds(const blocks::inputs<B>& x, std::uint32_t scale_code, B& block) noexcept {
  using F = typename B::element_format;
  using SF = typename B::scale_format;
  constexpr int bits = scale_class_bits<B>;
  const core::real value = core::decode<SF>(static_cast<typename SF::code_type>(scale_code));
  if (core::is_zero(value)) {
    block = {};
    block.set_scale_code(scale_code);
    return true;
  }
  const int width = core::bit_width(value.significand);
  const int binade = value.exponent + width - 1;
  const std::size_t scale_class = value.significand << (64 - width) << 1 >> 1 >> (63 - bits);
  class_thresholds<B> t = threshold_table<B, Mode>[scale_class];
  const int first_field = ((t.below_rank.front() + 1) >> 23) + binade;
  const int last_field = (t.below_rank.back() >> 23) + binade + B::bit_levels;
  if (first_field < 1 || last_field > 254) {
    return false;
  }
  for (std::int32_t& pattern : t.below_rank) {
    pattern += binade * one_binade;
  }
  std::int32_t magnitude[B::elements];
  for (std::size_t i = 0; i < B::elements; ++i) {
    magnitude[i] = static_cast<std::int32_t>(x[i] & blocks::float_magnitude);
  }
  block = {};
  block.set_scale_code(scale_code);
  for (std::int32_t& pattern : t.bit) {
    pattern += binade * one_binade;
  }
  choose_pattern_bits(magnitude, t.bit.data(), block);
  for (std::size_t i = 0; i < B::elements; ++i) {
    magnitude[i] = reached(magnitude[i], t.below_rank, std::make_index_sequence<t.count>{});
  }
  std::uint8_t codes[B::elements];
  for (std::size_t i = 0; i < B::elements; ++i) {
    codes[i] =
        static_cast<std::uint8_t>(static_cast<std::uint32_t>(magnitude[i]) | x[i] >> 31 << (F::width - 1));
  }
  pack_codes<F::width, B::elements>(codes, block.bytes.data() + B::metadata_bytes);
  return true;
}

}  // namespace
}  // namespace narrowfp::inline v0::kernels::scalar

#include "../../detail/undef.hpp"
