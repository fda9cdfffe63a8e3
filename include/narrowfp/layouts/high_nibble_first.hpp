// 4-bit codes with the even element in the high nibble: older torchao, bitsandbytes, some image models. This
// library, torch, CUDA and OCP have it in the low one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

#include "../block/block_format.hpp"
#include "../detail/error.hpp"
#include "../detail/ranges.hpp"
#include "../pack.hpp"
#include "../packed.hpp"
#include "../quantize.hpp"
#include "separate.hpp"

namespace narrowfp::inline v0 {

/// Blocks whose codes are pairs of nibbles: mxfp4, nvfp4, hif4 and one's own.
template <class B>
concept nibble_block = block_type<B> && B::element_format::width == 4 && B::elements % 2 == 0;

namespace detail {

template <class P>
concept packed_nibbles = packed_range<P> && std::remove_const_t<packed_value<P>>::format::width == 4;
template <class P>
concept packed_nibbles_target = packed_nibbles<P> && packed_target<P>;

// Internal linkage from here on: see docs/architecture.md, "Units with different flags".
namespace {

/// Lets the nibbles of n bytes change places; in and out are the same array or do not overlap.
inline void swap_nibbles(const std::byte* in, std::byte* out, std::size_t n) noexcept {
  constexpr std::uint64_t low_nibbles = 0x0F0F0F0F0F0F0F0F;
  std::size_t i = 0;
  for (; n - i >= 8; i += 8) {
    std::uint64_t word;
    __builtin_memcpy(&word, in + i, 8);
    word = (word & low_nibbles) << 4 | (word >> 4 & low_nibbles);
    __builtin_memcpy(out + i, &word, 8);
  }
  for (; i < n; ++i) {
    out[i] = in[i] << 4 | in[i] >> 4;
  }
}

inline void swap_nibbles(const char* function, std::span<const std::byte> in, std::span<std::byte> out) {
  require_size(function, "out", out.size(), in.size(), "one byte for each of in");
  swap_nibbles(in.data(), out.data(), in.size());
}

}  // namespace

}  // namespace detail

namespace {

/// @{
/// Bytes of two codes each, or of packed_span and packed_vector of 4-bit values, to the high nibble first, or
/// back: the nibbles of each byte change places.
///
/// Shape     in and out: as many bytes of any byte type, or packed values that fill as many. They are the
///           same array or do not overlap. Of an odd number of elements the last byte's other nibble goes
///           along; in packed values it becomes 0.
/// Errors    sizes that do not fit: std::invalid_argument before anything is written.
template <detail::bytes_of<const std::byte> In, detail::bytes_of<std::byte> Out>
void to_high_nibble_first(In&& in, Out&& out) {
  detail::swap_nibbles("narrowfp::to_high_nibble_first", detail::as_byte_span(in), detail::as_byte_span(out));
}
template <detail::bytes_of<const std::byte> In, detail::bytes_of<std::byte> Out>
void from_high_nibble_first(In&& in, Out&& out) {
  detail::swap_nibbles("narrowfp::from_high_nibble_first", detail::as_byte_span(in),
                       detail::as_byte_span(out));
}
template <detail::packed_nibbles In, detail::bytes_of<std::byte> Out>
void to_high_nibble_first(In&& in, Out&& out) {
  const packed_span<const std::remove_const_t<detail::packed_value<In>>> source = in;
  detail::swap_nibbles("narrowfp::to_high_nibble_first", source.bytes(), detail::as_byte_span(out));
}
template <detail::bytes_of<const std::byte> In, detail::packed_nibbles_target Out>
void from_high_nibble_first(In&& in, Out&& out) {
  const packed_span<detail::packed_value<Out>> target = out;
  detail::swap_nibbles("narrowfp::from_high_nibble_first", detail::as_byte_span(in), target.bytes());
  if (target.size() % 2 != 0) {
    target.bytes().back() &= std::byte{0x0F};
  }
}
/// @}

/// @{
/// Blocks to separate arrays with the high nibble of the codes first, or back; scales as split has them.
/// Errors: sizes that do not fit: std::invalid_argument before anything is written.
template <nibble_block B>
void to_high_nibble_first(std::span<const B> in, split_blocks out) {
  constexpr const char* function = "narrowfp::to_high_nibble_first";
  split<B>(in, out, function);
  detail::swap_nibbles(out.codes.data(), out.codes.data(), out.codes.size());
}
template <nibble_block B>
void from_high_nibble_first(const_split_blocks in, std::span<B> out) {
  join<B>(in, out, "narrowfp::from_high_nibble_first");
  for (B& block : out) {
    auto* const codes = reinterpret_cast<std::byte*>(block.bytes.data()) + B::metadata_bytes;
    detail::swap_nibbles(codes, codes, B::code_bytes);
  }
}
template <detail::blocks_source In>
requires nibble_block<std::remove_const_t<detail::element_of<In>>>
void to_high_nibble_first(In&& in, split_blocks out) {
  to_high_nibble_first<std::remove_const_t<detail::element_of<In>>>(detail::as_const_span(in), out);
}
template <detail::blocks_target Out>
requires nibble_block<detail::element_of<Out>>
void from_high_nibble_first(const_split_blocks in, Out&& out) {
  from_high_nibble_first<detail::element_of<Out>>(in, detail::as_span(out));
}
/// @}

}  // namespace

}  // namespace narrowfp::inline v0
