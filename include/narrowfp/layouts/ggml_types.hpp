// ggml's blocks that no block type here stands for, those of GGUF files, and how many values each type has.
// Source: ggml-org/ggml, src/ggml-common.h.
#pragma once

#include <cstddef>
#include <cstdint>

#include "ggml.hpp"

namespace narrowfp::inline v0 {

// Numbers of 16 bits are float16 bit patterns, bytes of 4-bit codes hold element j in the low nibble and
// element j + 16 in the high one, unless a line says otherwise.

/// `block_q4_0`: 32 values d * (q - 8).
struct ggml_block_q4_0 {
  std::uint16_t d;      ///< the scale
  std::uint8_t qs[16];  ///< two codes a byte
};
static_assert(sizeof(ggml_block_q4_0) == 18);

/// `block_q4_1`: 32 values d * q + m.
struct ggml_block_q4_1 {
  std::uint16_t d;      ///< the scale
  std::uint16_t m;      ///< the value of code 0
  std::uint8_t qs[16];  ///< two codes a byte
};
static_assert(sizeof(ggml_block_q4_1) == 20);

/// `block_q5_0`: 32 values d * (q - 16).
struct ggml_block_q5_0 {
  std::uint16_t d;      ///< the scale
  std::uint8_t qh[4];   ///< fifth bits: of element j bit j % 8 of byte j / 8
  std::uint8_t qs[16];  ///< the low four bits, two a byte
};
static_assert(sizeof(ggml_block_q5_0) == 22);

/// `block_q5_1`: 32 values d * q + m.
struct ggml_block_q5_1 {
  std::uint16_t d;      ///< the scale
  std::uint16_t m;      ///< the value of code 0
  std::uint8_t qh[4];   ///< fifth bits, as in block_q5_0
  std::uint8_t qs[16];  ///< the low four bits, two a byte
};
static_assert(sizeof(ggml_block_q5_1) == 24);

/// `block_iq4_nl`: 32 values d * t[q], t a table of 16 integers from -127 to 113.
struct ggml_block_iq4_nl {
  std::uint16_t d;      ///< the scale
  std::uint8_t qs[16];  ///< two codes a byte
};
static_assert(sizeof(ggml_block_iq4_nl) == 18);

/// `block_iq4_xs`: 256 values in eight groups of 32, each d * (scale - 32) * t[q], t that of block_iq4_nl.
struct ggml_block_iq4_xs {
  std::uint16_t d;           ///< the scale
  std::uint16_t scales_h;    ///< the high two bits of each group's scale, group 0 lowest; no float16
  std::uint8_t scales_l[4];  ///< the low four, two groups a byte, the even one low
  std::uint8_t qs[128];      ///< two codes a byte, 16 bytes a group
};
static_assert(sizeof(ggml_block_iq4_xs) == 136);

/// `block_q2_K`: 256 values in 16 groups of 16, each d * scale * q - dmin * offset.
struct ggml_block_q2_k {
  std::uint8_t scales[16];  ///< of a group: the scale low, the offset high
  std::uint8_t qs[64];      ///< element 128 n + 32 k + j in bits 2 k and 2 k + 1 of byte 32 n + j
  std::uint16_t d;          ///< the scale of scales
  std::uint16_t dmin;       ///< the scale of offsets
};
static_assert(sizeof(ggml_block_q2_k) == 84);

/// `block_q3_K`: 256 values in 16 groups of 16, each d * (scale - 32) * (q - 4).
struct ggml_block_q3_k {
  std::uint8_t hmask[32];  ///< third bits: of element 32 i + j bit i of byte j
  std::uint8_t qs[64];     ///< the low two bits, as in block_q2_K
  /// Six bits a group: the low four of groups g and g + 8 in byte g, the high two of group g in byte
  /// 8 + g % 4.
  std::uint8_t scales[12];
  std::uint16_t d;  ///< the scale of scales
};
static_assert(sizeof(ggml_block_q3_k) == 110);

/// `block_q4_K`: 256 values in eight groups of 32, each d * scale * q - dmin * offset.
struct ggml_block_q4_k {
  std::uint16_t d;          ///< the scale of scales
  std::uint16_t dmin;       ///< the scale of offsets
  std::uint8_t scales[12];  ///< six bits for each scale and each offset
  /// Element 64 n + j in the low nibble of byte 32 n + j, element 64 n + 32 + j in the high one.
  std::uint8_t qs[128];
};
static_assert(sizeof(ggml_block_q4_k) == 144);

/// `block_q5_K`: 256 values in eight groups of 32, each d * scale * q - dmin * offset.
struct ggml_block_q5_k {
  std::uint16_t d;          ///< the scale of scales
  std::uint16_t dmin;       ///< the scale of offsets
  std::uint8_t scales[12];  ///< as in block_q4_K
  std::uint8_t qh[32];      ///< fifth bits: of element 32 i + j bit i of byte j
  std::uint8_t qs[128];     ///< the low four bits, as in block_q4_K
};
static_assert(sizeof(ggml_block_q5_k) == 176);

/// `block_q6_K`: 256 values in 16 groups of 16, each d * scale * (q - 32).
struct ggml_block_q6_k {
  /// Low four bits: element 128 n + j in the low nibble of byte 64 n + j, element 128 n + 64 + j in the
  /// high one.
  std::uint8_t ql[128];
  std::uint8_t qh[64];     ///< high two bits, as in block_q2_K
  std::int8_t scales[16];  ///< one a group
  std::uint16_t d;         ///< the scale of scales
};
static_assert(sizeof(ggml_block_q6_k) == 210);

namespace detail {

/// How many values a block has, and how many of them share a scale.
struct ggml_shape {
  std::size_t elements, group;
};
template <class G>
inline constexpr ggml_shape ggml_shape_of = {0, 0};
template <>
inline constexpr ggml_shape ggml_shape_of<ggml_block_q4_0> = {32, 32};
template <>
inline constexpr ggml_shape ggml_shape_of<ggml_block_q4_1> = {32, 32};
template <>
inline constexpr ggml_shape ggml_shape_of<ggml_block_q5_0> = {32, 32};
template <>
inline constexpr ggml_shape ggml_shape_of<ggml_block_q5_1> = {32, 32};
template <>
inline constexpr ggml_shape ggml_shape_of<ggml_block_q8_0> = {32, 32};
template <>
inline constexpr ggml_shape ggml_shape_of<ggml_block_iq4_nl> = {32, 32};
template <>
inline constexpr ggml_shape ggml_shape_of<ggml_block_iq4_xs> = {256, 32};
template <>
inline constexpr ggml_shape ggml_shape_of<ggml_block_mxfp4> = {32, 32};
template <>
inline constexpr ggml_shape ggml_shape_of<ggml_block_nvfp4> = {64, 16};
template <>
inline constexpr ggml_shape ggml_shape_of<ggml_block_q2_k> = {256, 16};
template <>
inline constexpr ggml_shape ggml_shape_of<ggml_block_q3_k> = {256, 16};
template <>
inline constexpr ggml_shape ggml_shape_of<ggml_block_q4_k> = {256, 32};
template <>
inline constexpr ggml_shape ggml_shape_of<ggml_block_q5_k> = {256, 32};
template <>
inline constexpr ggml_shape ggml_shape_of<ggml_block_q6_k> = {256, 16};

}  // namespace detail

/// A block of ggml whose values dequantize_ggml gives.
template <class G>
concept ggml_block = (detail::ggml_shape_of<G>.elements != 0);

/// Values in one block of ggml.
template <ggml_block G>
inline constexpr std::size_t ggml_block_elements = detail::ggml_shape_of<G>.elements;

}  // namespace narrowfp::inline v0
