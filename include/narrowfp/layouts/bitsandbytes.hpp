// bitsandbytes' 4-bit weights, to read: codes that index a table of 16 values, two a byte with the even
// element in the high nibble, and a scale for each block of the flattened tensor; scales may be codes of 8
// bits in turn. Source: bitsandbytes-foundation/bitsandbytes 0.50.2, bitsandbytes/functional.py,
// dequantize_4bit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <span>
#include <type_traits>

#include "../block/float_bits.hpp"
#include "../core/arithmetic.hpp"
#include "../core/bits.hpp"
#include "../core/real.hpp"
#include "../detail/error.hpp"
#include "../detail/ranges.hpp"
#include "parts.hpp"

namespace narrowfp::inline v0 {

namespace detail {

/// Floats to read.
template <class R>
concept float_source = (ordinary_range<R> && std::is_same_v<std::remove_const_t<element_of<R>>, float>);

// Internal linkage from here on: see docs/architecture.md, "Units with different flags".
namespace {

inline std::uint32_t float_bits_at(std::span<const float> floats, std::size_t i) noexcept {
  return core::bit_cast<std::uint32_t>(floats[i]);
}

/// x * y rounded once to float, nearest even, of any floats: the bit pattern.
constexpr std::uint32_t exact_product(std::uint32_t x, std::uint32_t y) noexcept {
  return blocks::float_bits_of(core::multiply(blocks::real_of(x), blocks::real_of(y)));
}

/// The same, quickly where the product of two normal floats is normal. It is that of the significands, 2^46
/// to 2^48, of which 24 bits are kept; a carry out of them goes to the exponent above.
inline std::uint32_t rounded_product(std::uint32_t x, std::uint32_t y) noexcept {
  constexpr std::uint32_t hidden_bit = 1U << 23;
  const std::uint32_t x_field = x >> 23 & 255, y_field = y >> 23 & 255;
  const std::uint32_t fields = x_field + y_field;
  // Bounds with a binade to spare at either end.
  if (x_field == 0 || x_field == 255 || y_field == 0 || y_field == 255 || fields < 129 || fields > 378) {
    return exact_product(x, y);
  }
  const std::uint64_t product =
      std::uint64_t{(x & (hidden_bit - 1)) | hidden_bit} * std::uint64_t{(y & (hidden_bit - 1)) | hidden_bit};
  const std::uint32_t carry = product >> 47 != 0 ? 1 : 0;
  const int dropped = carry != 0 ? 24 : 23;
  auto kept = static_cast<std::uint32_t>(product >> dropped);
  const std::uint64_t rest = product & core::low_mask(dropped);
  kept += rest + (kept & 1) > std::uint64_t{1} << (dropped - 1) ? 1U : 0U;
  return ((x ^ y) & blocks::float_sign) | ((fields - 128 + carry) * hidden_bit + kept);
}

/// A block's table: every entry times the block's scale, rounded once to float.
struct scaled_table {
  float value[16];

  void fill(std::span<const float> table, std::uint32_t scale) noexcept {
    for (std::size_t code = 0; code < 16; ++code) {
      value[code] = core::bit_cast<float>(rounded_product(float_bits_at(table, code), scale));
    }
  }
};

}  // namespace

}  // namespace detail

namespace {

/// Values of codes of four bits, NF4 or FP4, in blocks under one scale each.
///
/// Shape     out: floats, any number, the elements of the flattened tensor from `first` of a block on.
///           codes: bytes of two elements each, the even one high, from the byte of out's first element on to
///           that of its last: `(first % 2 + out.size() + 1) / 2`. table: 16 floats by code, the checkpoint's
///           `quant_map`. absmax: the floats of the blocks that out lies in. block: elements of a block,
///           even. first: less than block. Nothing overlaps out. A whole tensor has first 0, as many absmax
///           as there are blocks, the last of which may be short, and a low nibble that is not read where the
///           number of elements is odd.
/// Rounding  table[code] * absmax, once, to nearest even: the bits of bitsandbytes' dequantize_4bit to
///           float32. It rounds those to the tensor's type: pack does. NaNs are quiet. No flag of the
///           compiler and no floating-point environment changes a bit, and a scale or an entry may be any
///           float.
/// Errors    sizes that do not fit, a block that is odd or 0, `first` beyond the first block:
///           std::invalid_argument before anything is written. Does not allocate.
/// Cost      16 products a block, and a look into them for each element.
/// Source    bitsandbytes 0.50.2. (Its own CPU back end has the tables built in and does not look at
///           quant_map.)
template <detail::bytes_of<const std::byte> Codes, detail::float_source Table, detail::float_source Scales,
          detail::float_target Out>
void dequantize_bitsandbytes(Codes&& codes, Table&& table, Scales&& absmax, Out&& out, std::size_t block = 64,
                             std::size_t first = 0) {
  constexpr const char* function = "narrowfp::dequantize_bitsandbytes";
  const std::span<const std::byte> bytes = detail::as_byte_span(codes);
  const std::span<const float> values = detail::as_const_span(table);
  const std::span<const float> scales = detail::as_const_span(absmax);
  const std::span<float> target = detail::as_span(out);
  if (block == 0 || block % 2 != 0) {
    char problem[96];
    std::snprintf(problem, sizeof problem, "is %zu, but must be even and positive", block);
    detail::fail(function, "block", problem);
  }
  detail::require_first(function, first, block);
  const std::size_t skipped = first % 2;
  detail::require_size(function, "codes", bytes.size(),
                       target.empty() ? 0 : (skipped + target.size() + 1) / 2,
                       "a byte for the two elements that it holds");
  detail::require_size(function, "table", values.size(), 16, "a value for each code");
  detail::require_size(function, "absmax", scales.size(), detail::blocks_of_part(first, target.size(), block),
                       "one for each block that out lies in");
  detail::scaled_table of_block{};
  std::size_t i = 0;
  for (std::size_t b = 0; b < scales.size(); ++b) {
    of_block.fill(values, detail::float_bits_at(scales, b));
    const std::size_t length = b == 0 ? block - first : block;
    const std::size_t end = target.size() - i < length ? target.size() : i + length;
    // The first element of a piece may be a low nibble and its last a high one; the rest are whole bytes.
    if (i < end && (skipped + i) % 2 != 0) {
      target[i] = of_block.value[std::to_integer<unsigned>(bytes[(skipped + i) / 2]) & 15U];
      ++i;
    }
    for (; end - i >= 2; i += 2) {
      const auto pair = std::to_integer<unsigned>(bytes[(skipped + i) / 2]);
      target[i] = of_block.value[pair >> 4];
      target[i + 1] = of_block.value[pair & 15U];
    }
    if (i < end) {
      target[i] = of_block.value[std::to_integer<unsigned>(bytes[(skipped + i) / 2]) >> 4];
      ++i;
    }
  }
}

/// Scales that are codes of eight bits themselves ("double quantization"), as floats.
///
/// Shape     out: floats, the scales from `first` of a block of scales on. codes: as many bytes, the
///           checkpoint's `absmax` in U8. table: 256 floats by code, `nested_quant_map`. nested_absmax: the
///           floats of the blocks that out lies in. offset: `nested_offset`. block: scales of a block,
///           `nested_blocksize`, positive. first: less than block. Nothing overlaps out.
/// Rounding  table[code] * nested_absmax rounded to float, then + offset rounded again, each to nearest even:
///           the bits of bitsandbytes, for any floats. NaNs are quiet.
/// Errors    sizes that do not fit, a block of 0, `first` beyond the first block: std::invalid_argument
///           before anything is written. Does not allocate.
/// Source    bitsandbytes 0.50.2.
template <detail::bytes_of<const std::byte> Codes, detail::float_source Table, detail::float_source Scales,
          detail::float_target Out>
void bitsandbytes_absmax(Codes&& codes, Table&& table, Scales&& nested_absmax, float offset, Out&& out,
                         std::size_t block = 256, std::size_t first = 0) {
  constexpr const char* function = "narrowfp::bitsandbytes_absmax";
  const std::span<const std::byte> bytes = detail::as_byte_span(codes);
  const std::span<const float> values = detail::as_const_span(table);
  const std::span<const float> scales = detail::as_const_span(nested_absmax);
  const std::span<float> target = detail::as_span(out);
  if (block == 0) {
    detail::fail(function, "block", "is 0, but must be positive");
  }
  detail::require_first(function, first, block);
  detail::require_size(function, "codes", bytes.size(), target.size(), "one for each element of out");
  detail::require_size(function, "table", values.size(), 256, "a value for each code");
  detail::require_size(function, "nested_absmax", scales.size(),
                       detail::blocks_of_part(first, target.size(), block),
                       "one for each block that out lies in");
  const core::real addend = blocks::real_of(core::bit_cast<std::uint32_t>(offset));
  std::size_t left = block - first;
  std::size_t b = 0;
  for (std::size_t i = 0; i < target.size(); ++i) {
    if (left == 0) {
      left = block;
      ++b;
    }
    --left;
    const std::uint32_t product =
        detail::rounded_product(detail::float_bits_at(values, std::to_integer<std::size_t>(bytes[i])),
                                detail::float_bits_at(scales, b));
    target[i] = core::bit_cast<float>(blocks::float_bits_of(core::add(blocks::real_of(product), addend)));
  }
}

}  // namespace

}  // namespace narrowfp::inline v0
