// ggml's MXFP4, NVFP4 and Q8_0 blocks: scales first, nibbles interleaved by halves of 16 elements. Source:
// ggml-org/ggml, src/ggml-common.h. What ggml's own arithmetic gives is recipe::ggml.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "../block/mx.hpp"
#include "../block/nvfp4.hpp"
#include "../block/q8_0.hpp"
#include "../detail/error.hpp"

namespace narrowfp::inline v0 {

/// `block_mxfp4`: 32 elements; element j in the low nibble of qs[j], element j + 16 in the high one.
struct ggml_block_mxfp4 {
  std::uint8_t e;       ///< the exponent, biased by 127
  std::uint8_t qs[16];  ///< two codes a byte
};
static_assert(sizeof(ggml_block_mxfp4) == 17);

/// `block_nvfp4`: four blocks of 16; element j of block s in the low nibble of qs[8 s + j], j + 8 in the high
/// one.
struct ggml_block_nvfp4 {
  std::uint8_t d[4];    ///< unsigned E4M3 scales, one for 16 elements
  std::uint8_t qs[32];  ///< two codes a byte
};
static_assert(sizeof(ggml_block_nvfp4) == 36);

/// `block_q8_0`: a float16 and 32 integers. A q8_0 has the same bytes as this has on a little-endian machine.
struct ggml_block_q8_0 {
  std::uint16_t d;     ///< the scale's float16, as its bit pattern
  std::int8_t qs[32];  ///< in order
};
static_assert(sizeof(ggml_block_q8_0) == 34);

namespace detail {
namespace {

/// Nibble i and nibble i + N / 2 share byte i.
template <class B>
constexpr void interleave_halves(const B& block, std::uint8_t* bytes) noexcept {
  constexpr std::size_t half = B::elements / 2;
  for (std::size_t i = 0; i < half; ++i) {
    bytes[i] = static_cast<std::uint8_t>(block.code(i) | block.code(i + half) << 4);
  }
}
template <class B>
constexpr void deinterleave_halves(const std::uint8_t* bytes, B& block) noexcept {
  constexpr std::size_t half = B::elements / 2;
  for (std::size_t i = 0; i < half; ++i) {
    block.set_code(i, bytes[i] & 15U);
    block.set_code(i + half, bytes[i] >> 4);
  }
}

}  // namespace
}  // namespace detail

namespace {

/// @{
/// One block of ggml, or back: only bytes move.
[[nodiscard]] constexpr ggml_block_mxfp4 to_ggml(const mxfp4& block) noexcept {
  ggml_block_mxfp4 out{block.bytes[0], {}};
  detail::interleave_halves(block, out.qs);
  return out;
}
[[nodiscard]] constexpr mxfp4 from_ggml(const ggml_block_mxfp4& in) noexcept {
  mxfp4 block;
  block.bytes[0] = in.e;
  detail::deinterleave_halves(in.qs, block);
  return block;
}

[[nodiscard]] constexpr ggml_block_nvfp4 to_ggml(std::span<const nvfp4, 4> blocks) noexcept {
  ggml_block_nvfp4 out{};
  for (std::size_t s = 0; s < 4; ++s) {
    out.d[s] = blocks[s].bytes[0];
    detail::interleave_halves(blocks[s], out.qs + 8 * s);
  }
  return out;
}
[[nodiscard]] constexpr std::array<nvfp4, 4> from_ggml(const ggml_block_nvfp4& in) noexcept {
  std::array<nvfp4, 4> blocks;
  for (std::size_t s = 0; s < 4; ++s) {
    blocks[s].bytes[0] = in.d[s];
    detail::deinterleave_halves(in.qs + 8 * s, blocks[s]);
  }
  return blocks;
}

[[nodiscard]] constexpr ggml_block_q8_0 to_ggml(const q8_0& block) noexcept {
  ggml_block_q8_0 out{static_cast<std::uint16_t>(block.scale_code(0, 0)), {}};
  for (std::size_t i = 0; i < q8_0::elements; ++i) {
    out.qs[i] = static_cast<std::int8_t>(static_cast<std::uint8_t>(block.code(i)));
  }
  return out;
}
[[nodiscard]] constexpr q8_0 from_ggml(const ggml_block_q8_0& in) noexcept {
  q8_0 block;
  block.set_scale_code(in.d);
  for (std::size_t i = 0; i < q8_0::elements; ++i) {
    block.set_code(i, static_cast<std::uint8_t>(in.qs[i]));
  }
  return block;
}
/// @}

/// @{
/// Whole arrays. Errors: out must have as many blocks as in, for nvfp4 a quarter: std::invalid_argument.
inline void to_ggml(std::span<const mxfp4> in, std::span<ggml_block_mxfp4> out) {
  detail::require_size("narrowfp::to_ggml", "out", out.size(), in.size(), "one for each block of in");
  for (std::size_t i = 0; i < in.size(); ++i) {
    out[i] = to_ggml(in[i]);
  }
}
inline void from_ggml(std::span<const ggml_block_mxfp4> in, std::span<mxfp4> out) {
  detail::require_size("narrowfp::from_ggml", "out", out.size(), in.size(), "one for each block of in");
  for (std::size_t i = 0; i < in.size(); ++i) {
    out[i] = from_ggml(in[i]);
  }
}
inline void to_ggml(std::span<const q8_0> in, std::span<ggml_block_q8_0> out) {
  detail::require_size("narrowfp::to_ggml", "out", out.size(), in.size(), "one for each block of in");
  for (std::size_t i = 0; i < in.size(); ++i) {
    out[i] = to_ggml(in[i]);
  }
}
inline void from_ggml(std::span<const ggml_block_q8_0> in, std::span<q8_0> out) {
  detail::require_size("narrowfp::from_ggml", "out", out.size(), in.size(), "one for each block of in");
  for (std::size_t i = 0; i < in.size(); ++i) {
    out[i] = from_ggml(in[i]);
  }
}
inline void to_ggml(std::span<const nvfp4> in, std::span<ggml_block_nvfp4> out) {
  if (in.size() % 4 != 0) {
    detail::fail("narrowfp::to_ggml", "in", "needs a multiple of 4 blocks: ggml keeps four together");
  }
  detail::require_size("narrowfp::to_ggml", "out", out.size(), in.size() / 4, "one for four blocks of in");
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = to_ggml(in.subspan(4 * i).first<4>());
  }
}
inline void from_ggml(std::span<const ggml_block_nvfp4> in, std::span<nvfp4> out) {
  if (out.size() % 4 != 0) {
    detail::fail("narrowfp::from_ggml", "out", "needs a multiple of 4 blocks: ggml keeps four together");
  }
  detail::require_size("narrowfp::from_ggml", "in", in.size(), out.size() / 4, "one for four blocks of out");
  for (std::size_t i = 0; i < in.size(); ++i) {
    const auto four = from_ggml(in[i]);
    for (std::size_t s = 0; s < 4; ++s) {
      out[4 * i + s] = four[s];
    }
  }
}
/// @}

}  // namespace

}  // namespace narrowfp::inline v0
