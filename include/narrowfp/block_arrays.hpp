// Arrays of blocks: how many there are, and where scales and codes lie, together or apart.
#pragma once

#include <cstddef>
#include <cstdio>
#include <span>
#include <type_traits>

#include "block/block_format.hpp"
#include "detail/error.hpp"
#include "detail/ranges.hpp"
#include "kernels/block_job.hpp"

namespace narrowfp::inline v0 {

/// The blocks that n elements fill, the last one completed with zeros.
template <block_type B>
[[nodiscard]] constexpr std::size_t block_count(std::size_t n) noexcept {
  return n / B::elements + (n % B::elements != 0 ? 1 : 0);
}

/// Element codes and scales in two arrays, as many libraries store them: B::code_bytes and
/// B::metadata_bytes a block, each as they lie in a block.
struct const_split_blocks {
  std::span<const std::byte> codes;   ///< B::code_bytes a block
  std::span<const std::byte> scales;  ///< B::metadata_bytes a block

  /// Of no blocks.
  constexpr const_split_blocks() noexcept = default;
  /// Views two ranges of std::byte, unsigned char or std::uint8_t.
  template <detail::bytes_of<const std::byte> Codes, detail::bytes_of<const std::byte> Scales>
  constexpr const_split_blocks(Codes&& codes_of_all, Scales&& scales_of_all) noexcept
      : codes(detail::as_byte_span(codes_of_all)), scales(detail::as_byte_span(scales_of_all)) {}
};
/// The same to write to; converts to const_split_blocks.
struct split_blocks {
  std::span<std::byte> codes;   ///< B::code_bytes a block
  std::span<std::byte> scales;  ///< B::metadata_bytes a block

  /// Of no blocks.
  constexpr split_blocks() noexcept = default;
  /// Views two ranges of std::byte, unsigned char or std::uint8_t that can be written.
  template <detail::bytes_of<std::byte> Codes, detail::bytes_of<std::byte> Scales>
  constexpr split_blocks(Codes&& codes_of_all, Scales&& scales_of_all) noexcept
      : codes(detail::as_byte_span(codes_of_all)), scales(detail::as_byte_span(scales_of_all)) {}
  /// To read what was written.
  constexpr operator const_split_blocks() const noexcept { return {codes, scales}; }
};

namespace detail {

template <class R>
concept blocks_source = contiguous_sized<R> && block_type<std::remove_const_t<element_of<R>>>;
template <class R>
concept blocks_target = contiguous_sized<R> && block_type<element_of<R>> && !std::is_const_v<element_of<R>>;

// Internal linkage from here on: see docs/architecture.md, "Units with different flags".
namespace {

/// The codes of the first block; no blocks may be at a null address, which nothing may be added to.
template <block_type B, class Byte>
Byte* codes_of(Byte* bytes, std::size_t blocks) noexcept {
  return blocks == 0 ? bytes : bytes + B::metadata_bytes;
}

template <block_type B>
kernels::block_target places(std::span<B> blocks) noexcept {
  auto* bytes = reinterpret_cast<std::byte*>(blocks.data());
  return {bytes, codes_of<B>(bytes, blocks.size()), sizeof(B), sizeof(B)};
}
template <block_type B>
kernels::block_source places(std::span<const B> blocks) noexcept {
  const auto* bytes = reinterpret_cast<const std::byte*>(blocks.data());
  return {bytes, codes_of<B>(bytes, blocks.size()), sizeof(B), sizeof(B)};
}
template <block_type B>
kernels::block_target places(const split_blocks& split) noexcept {
  return {split.scales.data(), split.codes.data(), B::metadata_bytes, B::code_bytes};
}
template <block_type B>
kernels::block_source places(const const_split_blocks& split) noexcept {
  return {split.scales.data(), split.codes.data(), B::metadata_bytes, B::code_bytes};
}

[[noreturn]] inline void fail_bytes(const char* function, const char* argument, std::size_t got,
                                    std::size_t count, std::size_t size) {
  char problem[256];
  std::snprintf(problem, sizeof problem, "has %zu bytes, but %zu are needed: %zu for each of %zu blocks", got,
                count * size, size, count);
  fail(function, argument, problem);
}

inline void require_bytes(const char* function, const char* argument, std::size_t got, std::size_t count,
                          std::size_t size) {
  if (count > ~std::size_t{0} / size || got != count * size) {
    fail_bytes(function, argument, got, count, size);
  }
}

template <block_type B>
void require_split(const char* function, const const_split_blocks& split, std::size_t count) {
  require_bytes(function, "split.codes", split.codes.size(), count, B::code_bytes);
  require_bytes(function, "split.scales", split.scales.size(), count, B::metadata_bytes);
}

}  // namespace

}  // namespace detail

/// Views raw bytes, kept as std::byte, unsigned char or std::uint8_t, as blocks, without copying. Errors: a
/// size that is not a multiple of sizeof(B): std::invalid_argument.
template <block_type B, detail::byte_range R>
[[nodiscard]] auto as_blocks(R&& bytes) {
  using view = std::conditional_t<std::is_const_v<detail::element_of<R>>, const B, B>;
  const auto raw = detail::as_span(bytes);
  detail::require_viewable("narrowfp::as_blocks", raw.data(), raw.size(), sizeof(B), alignof(B));
  return std::span<view>(reinterpret_cast<view*>(raw.data()), raw.size() / sizeof(B));
}

}  // namespace narrowfp::inline v0
