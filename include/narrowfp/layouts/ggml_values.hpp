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
#include "../core/codec.hpp"
#include "../core/real.hpp"
#include "../detail/error.hpp"
#include "../detail/ranges.hpp"
#include "../formats/fp16.hpp"
#include "ggml_types.hpp"
#include "parts.hpp"

#include "../detail/config.hpp"

namespace narrowfp::inline v0 {

namespace detail {

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

/// Elements that share a scale.
template <ggml_block G>
inline constexpr std::size_t ggml_group_elements = ggml_elements<G>;
template <>
inline constexpr std::size_t ggml_group_elements<ggml_block_iq4_xs> = 32;
template <>
inline constexpr std::size_t ggml_group_elements<ggml_block_nvfp4> = 16;
template <>
inline constexpr std::size_t ggml_group_elements<ggml_block_q2_k> = 16;
template <>
inline constexpr std::size_t ggml_group_elements<ggml_block_q3_k> = 16;
template <>
inline constexpr std::size_t ggml_group_elements<ggml_block_q4_k> = 32;
template <>
inline constexpr std::size_t ggml_group_elements<ggml_block_q5_k> = 32;
template <>
inline constexpr std::size_t ggml_group_elements<ggml_block_q6_k> = 16;

/// ggml's kvalues_iq4nl.
inline constexpr std::int8_t ggml_nonlinear[16] = {-127, -104, -83, -65, -49, -35, -22, -10,
                                                   1,    13,   25,  38,  53,  69,  89,  113};
/// ggml's kvalues_mxfp4: E2M1 doubled, without a negative zero; scales are halved in turn.
inline constexpr std::int8_t ggml_doubled_e2m1[16] = {0, 1,  2,  3,  4,  6,  8,  12,
                                                      0, -1, -2, -3, -4, -6, -8, -12};

template <class R>
concept ggml_source = contiguous_sized<R> && ggml_block<std::remove_const_t<element_of<R>>>;

// Internal linkage from here on: see docs/architecture.md, "Units with different flags".
namespace {

// Every type is integers q under scales: a value is scale * q, or scale * q + offset, rounded once to float.
// That is also what ggml's float arithmetic gives, one operation after the other: a float16 times integers of
// so few bits is exact in float (24 bits at most), and the sum is the only operation that rounds. So neither
// a fused multiply-add nor another order of the products changes a bit.

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
/// rounded; its sign is that of the factors, as a zero's would not be for a compiler that is told to ignore
/// it.
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
  constexpr std::size_t size = ggml_group_elements<G>;
  constexpr bool has_offset = has_ggml_offset<G>;
  std::int8_t q[ggml_elements<G>];
  read_integers(in, q);
  for (std::size_t group = 0; group < ggml_elements<G> / size; ++group) {
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
  constexpr std::size_t size = ggml_elements<G>;
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
  constexpr std::size_t size = detail::ggml_group_elements<G>;
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
/// Rounding  none but one: scale * integer is exact; where a type has an offset, the sum is rounded once,
/// nearest
///           even. Those are the bits of ggml, signs of zeros included; NaNs are quiet and keep no payload.
///           No flag of the compiler and no floating-point environment changes them.
/// Errors    a size that does not fit, `first` beyond the first block: std::invalid_argument before anything
/// is
///           written. Does not allocate. Every byte is valid in every place.
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

#include "../detail/undef.hpp"
