// Layer: block. A block format: an element format under a list of scale levels, and how it sits in memory.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "../core/arithmetic.hpp"
#include "../core/bit_packing.hpp"
#include "../core/bits.hpp"
#include "../core/codec.hpp"
#include "../core/real.hpp"
#include "../types/narrow_float.hpp"
#include "levels.hpp"
#include "scale_rule.hpp"

#include "../detail/config.hpp"

namespace narrowfp::inline v0 {

/// Where the levels and elements of a block lie, from their sizes alone.
template <scalar_format Element, scalar_format Scale, std::size_t... Groups>
struct block_layout {
  static constexpr std::size_t levels = sizeof...(Groups);  ///< the first scale's included
  /// Elements that share one scale or bit of a level; level 0 is the first.
  static constexpr std::array<std::size_t, levels> group_elements = {Groups...};
  static constexpr std::size_t elements = group_elements[0];  ///< of a block
  /// Whether the groups of each level divide those of the level above.
  static constexpr bool groups_nest = [] {
    for (std::size_t level = 1; level < levels; ++level) {
      if (group_elements[level - 1] % group_elements[level] != 0) {
        return false;
      }
    }
    return true;
  }();
  /// Of the first scale's code.
  static constexpr std::size_t scale_bytes = core::dense_size_bytes(1, Scale::width);
  /// The first byte of each level's codes.
  static constexpr std::array<std::size_t, levels + 1> offset = [] {
    std::array<std::size_t, levels + 1> at{};
    at[1] = scale_bytes;
    for (std::size_t level = 1; level < levels; ++level) {
      at[level + 1] = at[level] + core::dense_size_bytes(elements / group_elements[level], 1);
    }
    return at;
  }();
  static constexpr std::size_t metadata_bytes = offset[levels];  ///< of all levels
  /// Of the elements' codes.
  static constexpr std::size_t code_bytes = core::dense_size_bytes(elements, Element::width);
};

/// One block: the first scale's code, the bits of the levels below, then the elements.
///
/// Element   a value type. First: a shared_scale. Bits: shared_bit levels, from large groups to small.
/// Memory    the scale's code little-endian; each level's bits, group 0 in the lowest bit of its first
///           byte; the element codes as a dense little-endian bit stream. Levels and elements begin at a
///           byte; pad bits are 0. Alignment 1, no padding, trivially copyable.
/// Value     element * 2^(bits above it) * scale. A NaN scale makes all values NaN.
template <class Element, class First, class... Bits>
struct block_format {
  static_assert(narrow_value<Element>, "narrowfp: a block's element is a narrowfp value type");

  /// @{
  /// The facts that the template's arguments state.
  using element_type = Element;
  using element_format = typename Element::format;
  using scale_type = typename First::scale_type;
  using scale_format = typename First::format;
  using rule = typename First::rule;
  /// @}

  /// Where levels and elements lie.
  using layout = block_layout<element_format, scale_format, First::elements, Bits::elements...>;
  static_assert(layout::groups_nest, "narrowfp: the groups of a level must divide those of the level above");

  static constexpr std::size_t elements = layout::elements;             ///< of a block
  static constexpr std::size_t levels = layout::levels;                 ///< of scales
  static constexpr int bit_levels = static_cast<int>(sizeof...(Bits));  ///< those of one bit
  /// What a scale is derived from.
  using facts = scale_facts<element_format, scale_format, bit_levels>;

  /// A bit of a level is set where its group reaches 2^threshold[level]; level 0 has none.
  static constexpr std::array<int, levels> threshold = [] {
    std::array<int, levels> t = {0, Bits::threshold...};
    for (int level = 1; level <= bit_levels; ++level) {
      int& own = t[static_cast<std::size_t>(level)];
      if (own == usual_threshold) {
        own = core::binade_of(element_format::max_finite) + 1 + bit_levels - level;
      }
    }
    return t;
  }();

  static constexpr std::size_t metadata_bytes = layout::metadata_bytes;  ///< of the scales
  static constexpr std::size_t code_bytes = layout::code_bytes;          ///< of the elements
  /// Bits that an element takes, its share of the scales included.
  static constexpr double bits_per_element =
      8.0 * static_cast<double>(metadata_bytes + code_bytes) / static_cast<double>(elements);

  /// All bytes zero. (Written out to be always inlined.)
  NARROWFP_INLINE constexpr block_format() noexcept {}

  /// @{
  /// The largest and the smallest positive value, without a tensor scale.
  static constexpr double max_finite() noexcept {
    return in_double(core::multiply(facts::largest, scale_format::max_finite));
  }
  static constexpr double min_positive() noexcept {
    return in_double(core::multiply(core::min_positive<element_format>, core::min_positive<scale_format>));
  }
  /// @}

  // Always inlined: g++ 12 folds equal functions of two formats into one, and then warns that the larger
  // of the blocks would be out of bounds.

  /// The code of group i of a level: level 0 is the first scale, i = 0; below it the groups' bits.
  [[nodiscard]] NARROWFP_INLINE constexpr std::uint32_t scale_code(std::size_t level,
                                                                   std::size_t i) const noexcept {
    if (level == 0) {
      std::uint32_t code = 0;
      for (std::size_t byte = 0; byte < layout::scale_bytes; ++byte) {
        code |= std::uint32_t{bytes[byte]} << 8 * byte;
      }
      return static_cast<std::uint32_t>(code & core::low_mask(scale_format::width));
    }
    return std::uint32_t{bytes[layout::offset[level] + i / 8]} >> i % 8 & 1U;
  }

  /// The code of element i.
  [[nodiscard]] NARROWFP_INLINE constexpr std::uint32_t code(std::size_t i) const noexcept {
    return core::load_dense<element_format::width>(bytes.data() + metadata_bytes, i);
  }

  /// The value of element i, rounded once to float.
  [[nodiscard]] NARROWFP_INLINE constexpr float operator[](std::size_t i) const noexcept {
    return core::from_real<float>(exact(i));
  }

  /// The exact value of element i.
  [[nodiscard]] NARROWFP_INLINE constexpr core::real exact(std::size_t i) const noexcept {
    return core::multiply(scale_of(i),
                          core::decode<element_format>(static_cast<typename Element::code_type>(code(i))));
  }

  /// The exact scale of element i, all levels together.
  [[nodiscard]] NARROWFP_INLINE constexpr core::real scale_of(std::size_t i) const noexcept {
    using code_type = typename scale_format::code_type;
    core::real scale = core::decode<scale_format>(static_cast<code_type>(scale_code(0, 0)));
    for (std::size_t level = 1; level < levels; ++level) {
      scale.exponent += static_cast<int>(scale_code(level, i / layout::group_elements[level]));
    }
    return scale;
  }

  /// Sets the first scale's code.
  NARROWFP_INLINE constexpr void set_scale_code(std::uint32_t code) noexcept {
    for (std::size_t byte = 0; byte < layout::scale_bytes; ++byte) {
      bytes[byte] = static_cast<std::uint8_t>(code >> 8 * byte & 0xFF);
    }
  }
  /// Sets group i's bit of a level below the first, which must be 0 so far.
  NARROWFP_INLINE constexpr void set_bit(std::size_t level, std::size_t i) noexcept {
    std::uint8_t& byte = bytes[layout::offset[level] + i / 8];
    byte = static_cast<std::uint8_t>(byte | 1U << i % 8);
  }
  /// Sets the code of element i, whose neighbours stay.
  NARROWFP_INLINE constexpr void set_code(std::size_t i, std::uint32_t code) noexcept {
    core::store_dense<element_format::width>(bytes.data() + metadata_bytes, i, code);
  }

  /// Whether all bytes are the same.
  friend constexpr bool operator==(const block_format&, const block_format&) noexcept = default;

  std::array<std::uint8_t, metadata_bytes + code_bytes> bytes{};  ///< the block as it lies in memory

 private:
  static constexpr double in_double(const core::real& x) noexcept { return core::from_real<double>(x); }
};

namespace detail {

template <class B>
inline constexpr bool is_block_format = false;
template <class... Parts>
inline constexpr bool is_block_format<block_format<Parts...>> = true;

}  // namespace detail

/// A block type of this library: some block_format<Element, levels...>.
template <class B>
concept block_type = detail::is_block_format<B>;

}  // namespace narrowfp::inline v0

#include "../detail/undef.hpp"
