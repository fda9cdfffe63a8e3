// Values of ggml's blocks, those of GGUF files, as ggml itself reads them: also of types that no block type
// here stands for. Sources: ggml-org/ggml, src/ggml-common.h, dequantize_row_* of src/ggml-quants.c; gguf
// 0.19.0, gguf/quants.py, with whose values the tests compare.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

#include "../block/float_bits.hpp"
#include "../core/arithmetic.hpp"
#include "../core/bits.hpp"
#include "../core/real.hpp"
#include "../detail/error.hpp"
#include "../detail/ranges.hpp"
#include "ggml_integers.hpp"
#include "ggml_scales.hpp"
#include "ggml_types.hpp"
#include "parts.hpp"

namespace narrowfp::inline v0 {

namespace detail {

template <class R>
concept ggml_source = contiguous_sized<R> && ggml_block<std::remove_const_t<element_of<R>>>;

// Internal linkage from here on: see docs/architecture.md, "Units with different flags".
namespace {

// Every type is integers q under scales: a value is scale * q, or scale * q + offset, rounded once to float.
// That is also what ggml's float arithmetic gives, one operation after the other: a float16 times integers of
// so few bits is exact in float (24 bits at most), and the sum is the only operation that rounds. So neither
// a fused multiply-add nor another order of the products changes a bit.

/// The definition of a value: its bits as a float.
template <bool HasOffset>
constexpr std::uint32_t ggml_value(const core::real& scale, const core::real& offset, int q) noexcept {
  const core::real product = core::multiply(scale, real_of_integer(q));
  return blocks::float_bits_of(HasOffset ? core::add(product, offset) : product);
}

/// Whether products and sums of float and double arithmetic are exact and no subnormal comes in: everything
/// but infinite and NaN scales, and exponents of block_mxfp4 near the ends.
constexpr bool is_usual(const core::real& x) noexcept {
  return core::is_zero(x) ||
         (x.kind == core::real_kind::finite && core::binade_of(x) >= -126 && core::binade_of(x) <= 119);
}

/// The bits of a usual number that is a float: an integer times a power of two, of which the product is
/// exact.
inline std::uint32_t exact_float_bits(const core::real& x) noexcept {
  const std::uint32_t sign = x.negative ? blocks::float_sign : 0;
  if (x.significand == 0) {
    return sign;
  }
  const auto power = core::bit_cast<float>(static_cast<std::uint32_t>(x.exponent + 127) << 23);
  return core::bit_cast<std::uint32_t>(static_cast<float>(static_cast<std::int32_t>(x.significand)) * power) |
         sign;
}

/// The values of a group whose scale is usual. The product is exact, in whatever direction floats are
/// rounded. Its sign is put there from the factors' signs, since a compiler may be told to ignore that of a
/// zero.
template <std::size_t N>
void multiply_exactly(std::uint32_t scale, const std::int8_t* __restrict q, float* __restrict out) noexcept {
  const float factor = core::bit_cast<float>(scale);
  for (std::size_t i = 0; i < N; ++i) {
    const auto product = core::bit_cast<std::uint32_t>(factor * static_cast<float>(q[i]));
    const auto sign = (scale ^ static_cast<std::uint32_t>(std::int32_t{q[i]})) & blocks::float_sign;
    out[i] = core::bit_cast<float>((product & blocks::float_magnitude) | sign);
  }
}

/// The same with an offset; no q is negative. The sum is exact in double: both terms are multiples of 2^-24
/// below 2^28. Its last 29 bits are rounded away on the pattern, half to even, so that the conversion to
/// float is exact as well; no result is subnormal.
template <std::size_t N>
void multiply_and_add(std::uint32_t scale, std::uint32_t offset, const std::int8_t* __restrict q,
                      float* __restrict out) noexcept {
  constexpr std::uint64_t magnitude = ~std::uint64_t{0} >> 1;
  constexpr std::uint64_t dropped = core::low_mask(29);
  const auto factor = static_cast<double>(core::bit_cast<float>(scale));
  const auto addend = static_cast<double>(core::bit_cast<float>(offset));
  const std::uint64_t sign_of_zero = std::uint64_t{scale & offset & blocks::float_sign} << 32;
  for (std::size_t i = 0; i < N; ++i) {
    auto sum = core::bit_cast<std::uint64_t>(factor * static_cast<double>(q[i]) + addend);
    sum = (sum + (dropped >> 1) + (sum >> 29 & 1)) & ~dropped;
    sum = (sum & magnitude) == 0 ? sign_of_zero : sum;
    out[i] = static_cast<float>(core::bit_cast<double>(sum));
  }
}

/// All values of one block.
template <ggml_block G>
void ggml_values(const G& in, float* out) noexcept {
  constexpr std::size_t size = ggml_shape_of<G>.group;
  constexpr bool has_offset = has_ggml_offset<G>;
  std::int8_t q[ggml_shape_of<G>.elements];
  read_integers(in, q);
  for (std::size_t group = 0; group < ggml_shape_of<G>.elements / size; ++group) {
    const std::size_t first = group * size;
    const core::real scale = group_scale(in, group);
    core::real offset{};
    if constexpr (has_offset) {
      offset = group_offset(in, group);
    }
    if (!is_usual(scale) || !is_usual(offset)) {
      for (std::size_t i = first; i < first + size; ++i) {
        out[i] = core::bit_cast<float>(ggml_value<has_offset>(scale, offset, q[i]));
      }
    } else if constexpr (has_offset) {
      multiply_and_add<size>(exact_float_bits(scale), exact_float_bits(offset), q + first, out + first);
    } else {
      multiply_exactly<size>(exact_float_bits(scale), q + first, out + first);
    }
  }
}

/// @{
/// Numbers of 16 bits lie in files with the low byte first.
constexpr void from_file_order([[maybe_unused]] std::uint16_t& number) noexcept {
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  number = static_cast<std::uint16_t>(number << 8 | number >> 8);
#endif
}
constexpr void from_file_order(std::uint8_t (&)[4]) noexcept {}  // block_nvfp4's d
/// @}

/// A block from its bytes in a file, at any address.
template <ggml_block G>
G ggml_block_at(const std::byte* bytes) noexcept {
  G block;
  __builtin_memcpy(&block, bytes, sizeof block);
  if constexpr (requires { block.d; }) {
    from_file_order(block.d);
  }
  if constexpr (requires { block.m; }) {
    from_file_order(block.m);
  }
  if constexpr (requires { block.dmin; }) {
    from_file_order(block.dmin);
  }
  if constexpr (requires { block.scales_h; }) {
    from_file_order(block.scales_h);
  }
  return block;
}

/// Values of the blocks that at(0), at(1) and so on give, from element `first` of the first one on.
template <ggml_block G, class At>
void ggml_values_of(At at, std::span<float> out, std::size_t first) noexcept {
  constexpr std::size_t size = ggml_shape_of<G>.elements;
  std::size_t done = 0;
  for (std::size_t block = 0; done < out.size(); ++block) {
    const std::size_t skipped = block == 0 ? first : 0;
    const std::size_t left = out.size() - done;
    const std::size_t count = left < size - skipped ? left : size - skipped;
    if (count == size) {
      ggml_values<G>(at(block), out.data() + done);
    } else {
      float values[size];
      ggml_values<G>(at(block), values);
      __builtin_memcpy(out.data() + done, values + skipped, count * sizeof(float));
    }
    done += count;
  }
}

}  // namespace

}  // namespace detail

namespace {

/// The values of one block; a constant expression. As the array form below.
template <ggml_block G>
[[nodiscard]] constexpr std::array<float, ggml_block_elements<G>> dequantize_ggml(const G& block) noexcept {
  constexpr std::size_t size = detail::ggml_shape_of<G>.group;
  constexpr bool has_offset = detail::has_ggml_offset<G>;
  std::int8_t q[ggml_block_elements<G>] = {};
  detail::read_integers(block, q);
  std::array<float, ggml_block_elements<G>> values{};
  for (std::size_t i = 0; i < values.size(); ++i) {
    core::real offset{};
    if constexpr (has_offset) {
      offset = detail::group_offset(block, i / size);
    }
    values[i] = core::bit_cast<float>(
        detail::ggml_value<has_offset>(detail::group_scale(block, i / size), offset, q[i]));
  }
  return values;
}

/// @{
/// Values of ggml's blocks, of which GGUF files are made: in blocks, or with the type of block given in the
/// bytes of a file, at any address and on any machine.
///
/// Shape     out: floats, from element `first` of the first block on; they may end inside the last block. in:
///           as many blocks, or bytes of blocks, as those lie in, exactly. first: less than the elements of a
///           block. in and out do not overlap.
/// Rounding  none but one: scale * integer is exact; where a type has an offset, the sum is rounded once, to
///           nearest even. Those are the bits of ggml, signs of zeros included; NaNs are quiet and keep no
///           payload. No flag of the compiler and no floating-point environment changes them.
/// Errors    a size that does not fit, `first` beyond the first block: std::invalid_argument before anything
///           is written. Does not allocate. Every byte is valid in every place.
/// Cost      one pass; the compiler's own vectors.
/// Source    ggml, commit d99724f2; gguf 0.19.0, `quants.dequantize`.
template <detail::ggml_source In, detail::float_target Out>
void dequantize_ggml(In&& in, Out&& out, std::size_t first = 0) {
  using G = std::remove_const_t<detail::element_of<In>>;
  constexpr const char* function = "narrowfp::dequantize_ggml";
  const std::span<float> target = detail::as_span(out);
  detail::require_first(function, first, ggml_block_elements<G>);
  detail::require_size(function, "in", std::size(in),
                       detail::blocks_of_part(first, target.size(), ggml_block_elements<G>),
                       "the blocks that out's elements lie in");
  const G* const blocks = std::data(in);
  detail::ggml_values_of<G>([blocks](std::size_t i) { return blocks[i]; }, target, first);
}
template <ggml_block G, detail::bytes_of<const std::byte> In, detail::float_target Out>
void dequantize_ggml(In&& in, Out&& out, std::size_t first = 0) {
  constexpr const char* function = "narrowfp::dequantize_ggml";
  const std::span<const std::byte> bytes = detail::as_byte_span(in);
  const std::span<float> target = detail::as_span(out);
  detail::require_first(function, first, ggml_block_elements<G>);
  detail::require_size(function, "in", bytes.size(),
                       detail::blocks_of_part(first, target.size(), ggml_block_elements<G>) * sizeof(G),
                       "the bytes of the blocks that out's elements lie in");
  detail::ggml_values_of<G>(
      [bytes](std::size_t i) { return detail::ggml_block_at<G>(bytes.data() + i * sizeof(G)); }, target,
      first);
}
/// @}

}  // namespace

}  // namespace narrowfp::inline v0
