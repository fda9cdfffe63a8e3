// The integers in ggml's blocks, each less what its type takes off. Source: ggml-org/ggml, src/ggml-common.h,
// dequantize_row_* of src/ggml-quants.c.
#pragma once

#include <cstddef>
#include <cstdint>

#include "ggml_types.hpp"

#include "../detail/config.hpp"

namespace narrowfp::inline v0::detail {

/// ggml's kvalues_iq4nl.
inline constexpr std::int8_t ggml_nonlinear[16] = {-127, -104, -83, -65, -49, -35, -22, -10,
                                                   1,    13,   25,  38,  53,  69,  89,  113};
/// ggml's kvalues_mxfp4: E2M1 doubled, without a negative zero; scales are halved in turn.
inline constexpr std::int8_t ggml_doubled_e2m1[16] = {0, 1,  2,  3,  4,  6,  8,  12,
                                                      0, -1, -2, -3, -4, -6, -8, -12};

// Internal linkage from here on: see docs/architecture.md, "Units with different flags".
namespace {

/// Calls set(i, code) with 4-bit codes of which the low nibbles of n bytes are the first n, the high ones the
/// rest.
template <class Set>
NARROWFP_INLINE constexpr void for_halves(const std::uint8_t* bytes, std::size_t n, Set set) noexcept {
  for (std::size_t i = 0; i < n; ++i) {
    set(i, bytes[i] & 15);
    set(i + n, bytes[i] >> 4);
  }
}

// Other integers are taken from their bits eight at a time, one to each byte of a word.

inline constexpr std::uint64_t each_byte = 0x0101'0101'0101'0101;

/// Eight bytes, the first lowest: one load where that is the machine's order.
NARROWFP_INLINE constexpr std::uint64_t word_at(const std::uint8_t* bytes) noexcept {
  return std::uint64_t{bytes[0]} | std::uint64_t{bytes[1]} << 8 | std::uint64_t{bytes[2]} << 16 |
         std::uint64_t{bytes[3]} << 24 | std::uint64_t{bytes[4]} << 32 | std::uint64_t{bytes[5]} << 40 |
         std::uint64_t{bytes[6]} << 48 | std::uint64_t{bytes[7]} << 56;
}

/// Writes n integers, less `bias`: of_eight(i) holds those from element i on, each below 128.
template <class OfEight>
NARROWFP_INLINE constexpr void write_integers(std::int8_t* q, std::size_t n, std::uint64_t bias,
                                              OfEight of_eight) noexcept {
  for (std::size_t i = 0; i < n; i += 8) {
    constexpr std::uint64_t high = 0x80 * each_byte;
    const std::uint64_t word = ((of_eight(i) | high) - bias * each_byte) ^ high;
    for (std::size_t j = 0; j < 8; ++j) {
      q[i + j] = static_cast<std::int8_t>(static_cast<std::uint8_t>(word >> 8 * j));
    }
  }
}

/// @{
/// Bits of eight elements from i on, a multiple of 8. Nibbles, the first n low ones.
NARROWFP_INLINE constexpr std::uint64_t halves_of(const std::uint8_t* bytes, std::size_t n,
                                                  std::size_t i) noexcept {
  return word_at(bytes + i % n) >> (i / n * 4) & 0x0F * each_byte;
}
/// The fifth bits of block_q5_0, in their place: a byte is given to all eight, of which each keeps its bit
/// and carries it to the top.
NARROWFP_INLINE constexpr std::uint64_t fifth_bits_of(const std::uint8_t* qh, std::size_t i) noexcept {
  const std::uint64_t own = qh[i / 8] * each_byte & 0x8040'2010'0804'0201;
  return (own + 0x7F * each_byte) >> 3 & 0x10 * each_byte;
}
/// Where the bit of element 32 i + j is bit i of byte j.
NARROWFP_INLINE constexpr std::uint64_t bits_of(const std::uint8_t* bytes, std::size_t i) noexcept {
  return word_at(bytes + i % 32) >> (i / 32) & each_byte;
}
/// Two bits in the order of block_q2_K.
NARROWFP_INLINE constexpr std::uint64_t pairs_of(const std::uint8_t* bytes, std::size_t i) noexcept {
  return word_at(bytes + i / 128 * 32 + i % 32) >> (i % 128 / 32 * 2) & 0x03 * each_byte;
}
/// Four bits in the order of block_q4_K.
NARROWFP_INLINE constexpr std::uint64_t fours_of(const std::uint8_t* bytes, std::size_t i) noexcept {
  return word_at(bytes + i / 64 * 32 + i % 32) >> (i % 64 / 32 * 4) & 0x0F * each_byte;
}
/// @}

/// @{
/// The integers of a block, each less what its type takes off.
NARROWFP_INLINE constexpr void read_integers(const ggml_block_q4_0& in, std::int8_t* q) noexcept {
  write_integers(q, 32, 8, [&](std::size_t i) { return halves_of(in.qs, 16, i); });
}
NARROWFP_INLINE constexpr void read_integers(const ggml_block_q4_1& in, std::int8_t* q) noexcept {
  write_integers(q, 32, 0, [&](std::size_t i) { return halves_of(in.qs, 16, i); });
}
NARROWFP_INLINE constexpr void read_integers(const ggml_block_q5_0& in, std::int8_t* q) noexcept {
  write_integers(q, 32, 16, [&](std::size_t i) { return halves_of(in.qs, 16, i) | fifth_bits_of(in.qh, i); });
}
NARROWFP_INLINE constexpr void read_integers(const ggml_block_q5_1& in, std::int8_t* q) noexcept {
  write_integers(q, 32, 0, [&](std::size_t i) { return halves_of(in.qs, 16, i) | fifth_bits_of(in.qh, i); });
}
NARROWFP_INLINE constexpr void read_integers(const ggml_block_q8_0& in, std::int8_t* q) noexcept {
  for (std::size_t i = 0; i < 32; ++i) {
    q[i] = in.qs[i];
  }
}
NARROWFP_INLINE constexpr void read_integers(const ggml_block_iq4_nl& in, std::int8_t* q) noexcept {
  for_halves(in.qs, 16, [q](std::size_t i, int code) { q[i] = ggml_nonlinear[code]; });
}
NARROWFP_INLINE constexpr void read_integers(const ggml_block_iq4_xs& in, std::int8_t* q) noexcept {
  for (std::size_t group = 0; group < 8; ++group) {
    for_halves(in.qs + 16 * group, 16,
               [&](std::size_t i, int code) { q[32 * group + i] = ggml_nonlinear[code]; });
  }
}
NARROWFP_INLINE constexpr void read_integers(const ggml_block_mxfp4& in, std::int8_t* q) noexcept {
  for_halves(in.qs, 16, [q](std::size_t i, int code) { q[i] = ggml_doubled_e2m1[code]; });
}
NARROWFP_INLINE constexpr void read_integers(const ggml_block_nvfp4& in, std::int8_t* q) noexcept {
  for (std::size_t group = 0; group < 4; ++group) {
    for_halves(in.qs + 8 * group, 8,
               [&](std::size_t i, int code) { q[16 * group + i] = ggml_doubled_e2m1[code]; });
  }
}
NARROWFP_INLINE constexpr void read_integers(const ggml_block_q2_k& in, std::int8_t* q) noexcept {
  write_integers(q, 256, 0, [&](std::size_t i) { return pairs_of(in.qs, i); });
}
NARROWFP_INLINE constexpr void read_integers(const ggml_block_q3_k& in, std::int8_t* q) noexcept {
  write_integers(q, 256, 4, [&](std::size_t i) { return pairs_of(in.qs, i) | bits_of(in.hmask, i) << 2; });
}
NARROWFP_INLINE constexpr void read_integers(const ggml_block_q4_k& in, std::int8_t* q) noexcept {
  write_integers(q, 256, 0, [&](std::size_t i) { return fours_of(in.qs, i); });
}
NARROWFP_INLINE constexpr void read_integers(const ggml_block_q5_k& in, std::int8_t* q) noexcept {
  write_integers(q, 256, 0, [&](std::size_t i) { return fours_of(in.qs, i) | bits_of(in.qh, i) << 4; });
}
NARROWFP_INLINE constexpr void read_integers(const ggml_block_q6_k& in, std::int8_t* q) noexcept {
  write_integers(q, 256, 32, [&](std::size_t i) {
    return halves_of(in.ql + i / 128 * 64, 64, i % 128) | pairs_of(in.qh, i) << 4;
  });
}
/// @}

}  // namespace

}  // namespace narrowfp::inline v0::detail

#include "../detail/undef.hpp"
