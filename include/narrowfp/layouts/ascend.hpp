// HiF4 as the Ascend matrix engine and its quantizer lay it out: elements in one array, the 32 bits of
// metadata of each unit in another. Source: hicann/pto-isa, TMATMUL_MX_HIF4 and TQuant.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "../block/hif4.hpp"
#include "../detail/error.hpp"
#include "../detail/ranges.hpp"

namespace narrowfp::inline v0 {

/// A matrix of units: rows, and groups of 64 elements along the quantized dimension.
struct hif4_matrix_shape {
  std::size_t rows;    ///< of the matrix
  std::size_t groups;  ///< of 64 elements in a row
};

/// Elements [rows][groups][32 bytes], element 2 i in the low nibble, and scales in patches of 16 rows: to
/// read.
struct const_ascend_hif4 {
  std::span<const std::byte> elements;  ///< 32 bytes a unit
  std::span<const std::byte> scales;    ///< ascend_patch_bytes or ascend_contiguous_bytes

  /// Views two ranges of std::byte, unsigned char or std::uint8_t.
  template <detail::bytes_of<const std::byte> Elements, detail::bytes_of<const std::byte> Scales>
  constexpr const_ascend_hif4(Elements&& elements_of_all, Scales&& scales_of_all) noexcept
      : elements(detail::as_byte_span(elements_of_all)), scales(detail::as_byte_span(scales_of_all)) {}
};
/// The same to write to; converts to const_ascend_hif4.
struct ascend_hif4 {
  std::span<std::byte> elements;  ///< 32 bytes a unit
  std::span<std::byte> scales;    ///< ascend_patch_bytes or ascend_contiguous_bytes

  /// Views two ranges of std::byte, unsigned char or std::uint8_t that can be written.
  template <detail::bytes_of<std::byte> Elements, detail::bytes_of<std::byte> Scales>
  constexpr ascend_hif4(Elements&& elements_of_all, Scales&& scales_of_all) noexcept
      : elements(detail::as_byte_span(elements_of_all)), scales(detail::as_byte_span(scales_of_all)) {}
  /// To read what was written.
  constexpr operator const_ascend_hif4() const noexcept { return {elements, scales}; }
};

/// Bytes of the patches: rows are padded to a multiple of 16.
[[nodiscard]] constexpr std::size_t ascend_patch_bytes(hif4_matrix_shape shape) noexcept {
  return (shape.rows + 15) / 16 * shape.groups * 64;
}

/// Bytes of the quantizer's order for n units, padded to a multiple of 16.
[[nodiscard]] constexpr std::size_t ascend_contiguous_bytes(std::size_t units) noexcept {
  return (units + 15) / 16 * 64;
}

namespace detail {
namespace {

/// Sixteen units share 64 bytes: level 1 and level 2 of each, then level 3 of each.
constexpr std::size_t ascend_offset(std::size_t patch, std::size_t unit, std::size_t metadata_byte) noexcept {
  return patch * 64 + (metadata_byte / 2) * 32 + unit * 2 + metadata_byte % 2;
}

/// Calls move(block index, byte of its metadata, offset) for all of a patch layout.
template <class Move>
void for_each_patch_byte(hif4_matrix_shape shape, Move move) {
  for (std::size_t row = 0; row < shape.rows; ++row) {
    for (std::size_t group = 0; group < shape.groups; ++group) {
      for (std::size_t byte = 0; byte < hif4::metadata_bytes; ++byte) {
        move(row * shape.groups + group, byte,
             ascend_offset(row / 16 * shape.groups + group, row % 16, byte));
      }
    }
  }
}
template <class Move>
void for_each_contiguous_byte(std::size_t units, Move move) {
  for (std::size_t unit = 0; unit < units; ++unit) {
    for (std::size_t byte = 0; byte < hif4::metadata_bytes; ++byte) {
      move(unit, byte, ascend_offset(unit / 16, unit % 16, byte));
    }
  }
}

inline void require_ascend(const char* function, std::size_t units, std::size_t elements, std::size_t scales,
                           std::size_t wanted_scales) {
  require_size(function, "elements", elements, units * hif4::code_bytes, "32 bytes for each unit");
  require_size(function, "scales", scales, wanted_scales, "64 bytes for each 16 units, padded");
}

inline void copy_elements(std::span<const hif4> in, std::byte* elements) {
  for (std::size_t i = 0; i < in.size(); ++i) {
    __builtin_memcpy(elements + i * hif4::code_bytes, in[i].bytes.data() + hif4::metadata_bytes,
                     hif4::code_bytes);
  }
}
inline void copy_elements(const std::byte* elements, std::span<hif4> out) {
  for (std::size_t i = 0; i < out.size(); ++i) {
    __builtin_memcpy(out[i].bytes.data() + hif4::metadata_bytes, elements + i * hif4::code_bytes,
                     hif4::code_bytes);
  }
}

}  // namespace
}  // namespace detail

namespace {

/// Row-major units to elements and patches [rows / 16][groups][2][16][2]; padding becomes 0. Errors: sizes
/// that do not fit: std::invalid_argument.
inline void to_ascend_patches(std::span<const hif4> in, hif4_matrix_shape shape, ascend_hif4 out) {
  constexpr const char* function = "narrowfp::to_ascend_patches";
  detail::require_size(function, "in", in.size(), shape.rows * shape.groups, "shape.rows * shape.groups");
  detail::require_ascend(function, in.size(), out.elements.size(), out.scales.size(),
                         ascend_patch_bytes(shape));
  for (std::byte& byte : out.scales) {
    byte = std::byte{0};
  }
  detail::copy_elements(in, out.elements.data());
  detail::for_each_patch_byte(shape, [&](std::size_t block, std::size_t byte, std::size_t offset) {
    out.scales[offset] = static_cast<std::byte>(in[block].bytes[byte]);
  });
}
/// Back again, byte for byte. Errors as to_ascend_patches.
inline void from_ascend_patches(const_ascend_hif4 in, hif4_matrix_shape shape, std::span<hif4> out) {
  constexpr const char* function = "narrowfp::from_ascend_patches";
  detail::require_size(function, "out", out.size(), shape.rows * shape.groups, "shape.rows * shape.groups");
  detail::require_ascend(function, out.size(), in.elements.size(), in.scales.size(),
                         ascend_patch_bytes(shape));
  detail::copy_elements(in.elements.data(), out);
  detail::for_each_patch_byte(shape, [&](std::size_t block, std::size_t byte, std::size_t offset) {
    out[block].bytes[byte] = static_cast<std::uint8_t>(in.scales[offset]);
  });
}

/// The quantizer's contiguous order: 32 bytes of level 1 and 2 of sixteen consecutive units, 32 bytes of
/// their level 3, and so on; padding becomes 0. Errors: sizes that do not fit: std::invalid_argument.
inline void to_ascend_contiguous(std::span<const hif4> in, ascend_hif4 out) {
  constexpr const char* function = "narrowfp::to_ascend_contiguous";
  detail::require_ascend(function, in.size(), out.elements.size(), out.scales.size(),
                         ascend_contiguous_bytes(in.size()));
  for (std::byte& byte : out.scales) {
    byte = std::byte{0};
  }
  detail::copy_elements(in, out.elements.data());
  detail::for_each_contiguous_byte(in.size(), [&](std::size_t block, std::size_t byte, std::size_t offset) {
    out.scales[offset] = static_cast<std::byte>(in[block].bytes[byte]);
  });
}
/// Back again, byte for byte. Errors as to_ascend_contiguous.
inline void from_ascend_contiguous(const_ascend_hif4 in, std::span<hif4> out) {
  constexpr const char* function = "narrowfp::from_ascend_contiguous";
  detail::require_ascend(function, out.size(), in.elements.size(), in.scales.size(),
                         ascend_contiguous_bytes(out.size()));
  detail::copy_elements(in.elements.data(), out);
  detail::for_each_contiguous_byte(out.size(), [&](std::size_t block, std::size_t byte, std::size_t offset) {
    out[block].bytes[byte] = static_cast<std::uint8_t>(in.scales[offset]);
  });
}

}  // namespace

}  // namespace narrowfp::inline v0
