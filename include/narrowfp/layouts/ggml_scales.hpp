// The scales of the groups in ggml's blocks, and what is added to their products, as exact numbers. Source:
// ggml-org/ggml, src/ggml-common.h, dequantize_row_* of src/ggml-quants.c.
#pragma once

#include <cstddef>
#include <cstdint>

#include "../core/arithmetic.hpp"
#include "../core/codec.hpp"
#include "../core/real.hpp"
#include "../formats/fp16.hpp"
#include "ggml_types.hpp"

namespace narrowfp::inline v0::detail {

template <class G>
concept has_ggml_offset_of_block = requires(const G& block) {
  block.m;
};
template <class G>
concept has_ggml_offset_of_group = requires(const G& block) {
  block.dmin;
};
template <class G>
concept has_ggml_offset = has_ggml_offset_of_block<G> || has_ggml_offset_of_group<G>;

// Internal linkage from here on: see docs/architecture.md, "Units with different flags".
namespace {

constexpr core::real real_of_integer(int n) noexcept {
  return core::finite(static_cast<std::uint64_t>(n < 0 ? -n : n), 0, n < 0);
}
/// A float16 times an integer, exactly.
constexpr core::real half_times(std::uint16_t half, int n) noexcept {
  return core::multiply(core::decode<formats::float16>(half), real_of_integer(n));
}

/// The six-bit scale of a group of block_q4_K, or with 4 for `first` its offset.
constexpr int six_bits_of(const std::uint8_t* scales, std::size_t group, std::size_t first) noexcept {
  if (group < 4) {
    return scales[first + group] & 63;
  }
  const int low = scales[4 + group] >> first & 15;
  return low | (scales[first + group - 4] >> 2 & 0x30);
}

/// @{
/// The scale of a group.
template <class G>
requires requires(const G& block) { block.d; }
constexpr core::real group_scale(const G& in, std::size_t) noexcept {
  return core::decode<formats::float16>(in.d);
}
constexpr core::real group_scale(const ggml_block_iq4_xs& in, std::size_t group) noexcept {
  const int low = in.scales_l[group / 2] >> (group % 2 * 4) & 15;
  const int high = in.scales_h >> (2 * group) & 3;
  return half_times(in.d, (low | high << 4) - 32);
}
/// 2^(e - 128), half of what the exponent says; 255 is an exponent like any other.
constexpr core::real group_scale(const ggml_block_mxfp4& in, std::size_t) noexcept {
  return core::finite(1, in.e - 128);
}
/// Half of an E4M3 number whose sign is not looked at. 7F is 0, but FF is 480: ggml compares the whole byte.
constexpr core::real group_scale(const ggml_block_nvfp4& in, std::size_t group) noexcept {
  const unsigned code = in.d[group];
  const int field = static_cast<int>(code >> 3 & 15);
  if (code == 0x7F) {
    return core::finite(0, 0);
  }
  return field == 0 ? core::finite(code & 7, -10) : core::finite(8 + (code & 7), field - 11);
}
constexpr core::real group_scale(const ggml_block_q2_k& in, std::size_t group) noexcept {
  return half_times(in.d, in.scales[group] & 15);
}
constexpr core::real group_scale(const ggml_block_q3_k& in, std::size_t group) noexcept {
  const int low = in.scales[group % 8] >> (group / 8 * 4) & 15;
  const int high = in.scales[8 + group % 4] >> (group / 4 * 2) & 3;
  return half_times(in.d, (low | high << 4) - 32);
}
constexpr core::real group_scale(const ggml_block_q4_k& in, std::size_t group) noexcept {
  return half_times(in.d, six_bits_of(in.scales, group, 0));
}
constexpr core::real group_scale(const ggml_block_q5_k& in, std::size_t group) noexcept {
  return half_times(in.d, six_bits_of(in.scales, group, 0));
}
constexpr core::real group_scale(const ggml_block_q6_k& in, std::size_t group) noexcept {
  return half_times(in.d, in.scales[group]);
}
/// @}

/// @{
/// What is added to every value of a group.
template <has_ggml_offset_of_block G>
constexpr core::real group_offset(const G& in, std::size_t) noexcept {
  return core::decode<formats::float16>(in.m);
}
constexpr core::real group_offset(const ggml_block_q2_k& in, std::size_t group) noexcept {
  return core::negated(half_times(in.dmin, in.scales[group] >> 4));
}
constexpr core::real group_offset(const ggml_block_q4_k& in, std::size_t group) noexcept {
  return core::negated(half_times(in.dmin, six_bits_of(in.scales, group, 4)));
}
constexpr core::real group_offset(const ggml_block_q5_k& in, std::size_t group) noexcept {
  return core::negated(half_times(in.dmin, six_bits_of(in.scales, group, 4)));
}
/// @}

}  // namespace

}  // namespace narrowfp::inline v0::detail
