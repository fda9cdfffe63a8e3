// The worked examples of docs/kernels about arrays of values.
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include <narrowfp/core/bit_packing.hpp>
#include <narrowfp/core/philox.hpp>
#include <narrowfp/kernels/facts/decode_line.hpp>
#include <narrowfp/kernels/facts/dense.hpp>
#include <narrowfp/kernels/facts/half_rows.hpp>
#include <narrowfp/kernels/facts/linear_grid.hpp>
#include <narrowfp/kernels/facts/magic_rows.hpp>
#include <narrowfp/kernels/facts/rank_sums.hpp>
#include <narrowfp/kernels/facts/ranks.hpp>
#include <narrowfp/kernels/facts/scale_grid.hpp>
#include <narrowfp/kernels/facts/tapered_rows.hpp>
#include <narrowfp/kernels/facts/value_tables.hpp>
#include <narrowfp/kernels/facts/word_rows.hpp>
#include <narrowfp/kernels/scalar/arrays.hpp>
#include <narrowfp/types.hpp>

#include "kernel_steps.hpp"

namespace docs {

namespace {

namespace kernels = narrowfp::kernels;
namespace formats = narrowfp::formats;
using narrowfp::overflow;
using narrowfp::rounding;
using narrowfp::scalar_format;

pattern bits_of(float x) { return std::bit_cast<pattern>(x); }

std::string power_of_two(int exponent) { return "2^" + std::to_string(exponent); }

template <scalar_format F>
void finish(steps& way, const std::string& where, std::uint32_t code, pattern x, rounding mode,
            std::uint64_t draw = 0) {
  require_core(where, code, narrowfp::core::encode<F>(real_of(x), mode, overflow::native, draw));
  way.add("code", code_and_value<F>(code));
}

/// The leading 16 bits of a magnitude, rounded to odd.
std::uint32_t word_of(pattern x) {
  const pattern m = x & float_magnitude_bits;
  return m >> 16 | ((m & 0xFFFF) != 0 ? 1U : 0U);
}

template <int Parts>
std::uint32_t look_up(const kernels::chained_table<Parts>& table, std::uint32_t index) {
  std::uint32_t found = 0;
  for (std::uint32_t part = 0; part < Parts && 16 * part <= index; ++part) {
    found ^= table.part[part][(index - 16 * part) % 16];
  }
  return found;
}

// One float addition.

template <scalar_format F, rounding Mode>
example by_magic(const std::string& input, pattern x) {
  constexpr auto& facts = kernels::magic_rows_of<F, Mode, overflow::native>;
  static_assert(facts.exists);
  steps way;
  way.add("float", hex(x));
  way.add("exponent field, fraction",
          "`" + code_text(x >> 23, 8) + " " + code_text(x & float_fraction, 24) + "`");
  pattern m = x < facts.data.high ? x : facts.data.high;
  if constexpr (Mode == rounding::nearest_away) {
    m |= 1;
  }
  way.add("clamped magnitude a", hex(m));
  const pattern row = (m > facts.data.low ? m : facts.data.low) >> 23;
  way.add("row: exponent field", hex(row, 8));
  way.add("spacing there", power_of_two(facts.row_spacing[row]));
  way.add("offset k", std::to_string(facts.row_offset[row]));
  const pattern magic = facts.data.magic[row % kernels::magic_row_count];
  way.add("magic number", hex(magic));
  const pattern sum = float_sum(m, magic);
  way.add("sum, rounded once", hex(sum));
  std::uint32_t code = sum & 0xFF;
  way.add("low byte: the rank", hex(code, 8));
  if constexpr ((facts.flags & kernels::flag_mapped) != 0) {
    code = facts.data.codes[code & 0x7F];
  }
  finish<F>(way, "magic addition of " + input, code, x, Mode);
  return {input, way};
}

std::string magic_addition() {
  using e4m3 = formats::fp8_e4m3;
  return step_table({by_magic<e4m3, rounding::nearest_even>("0.3 to E4M3", bits_of(0.3F)),
                     by_magic<e4m3, rounding::nearest_even>("0.296875, a tie", bits_of(0.296875F)),
                     by_magic<e4m3, rounding::nearest_even>("0.001, subnormal", bits_of(0.001F)),
                     by_magic<e4m3, rounding::nearest_even>("500, too large", bits_of(500.0F)),
                     by_magic<formats::hif8, rounding::nearest_away>("0.3 to HiF8", bits_of(0.3F))});
}

// One fused addition.

template <scalar_format F, rounding Mode>
example by_fused_addition(const std::string& input, pattern x) {
  constexpr auto& facts = kernels::linear_of<F, Mode, overflow::native>;
  static_assert(facts.exists);
  constexpr int more_bits = 7 - facts.data.fraction_bits;
  steps way;
  way.add("float a", hex(x));
  const pattern m = x < facts.data.high ? x : facts.data.high;
  const pattern power = (m > facts.data.low ? m : facts.data.low) & 0x7F800000;
  way.add("power of two p", hex(power) + " = " + value_text(value_of(power)));
  const pattern factor = bits_of(facts.data.spacing_factor);
  way.add("spacing factor", hex(factor));
  const pattern sum = fused(power, factor, m);
  way.add("a + p * factor, rounded once", hex(sum));
  const auto exponent = static_cast<std::int32_t>(sum >> 16);
  const auto count = static_cast<std::int32_t>(static_cast<std::int16_t>(sum & 0xFFFF));
  way.add("upper half", std::to_string(exponent));
  way.add("lower half, signed", std::to_string(count));
  const auto ranks = static_cast<std::uint32_t>(exponent + count * (1 << more_bits));
  way.add("upper + lower * 2^" + std::to_string(more_bits), std::to_string(ranks));
  way.add("rank: that / 2^" + std::to_string(more_bits), std::to_string(ranks >> more_bits));
  finish<F>(way, "fused addition of " + input, ranks >> more_bits, x, Mode);
  return {input, way};
}

std::string fused_addition() {
  using e4m3 = formats::fp8_e4m3;
  return step_table({by_fused_addition<e4m3, rounding::nearest_even>("0.3 to E4M3", bits_of(0.3F)),
                     by_fused_addition<e4m3, rounding::nearest_even>("0.001, subnormal", bits_of(0.001F)),
                     by_fused_addition<e4m3, rounding::nearest_even>("0.999, a carry", bits_of(0.999F)),
                     by_fused_addition<e4m3, rounding::nearest_even>("500, too large", bits_of(500.0F))});
}

// Words.

template <scalar_format F, rounding Mode>
example by_words(const std::string& input, pattern x) {
  constexpr auto& facts = kernels::word_rows_of<F, Mode, overflow::native>;
  static_assert(facts.exists && (Mode == rounding::nearest_even || Mode == rounding::nearest_away));
  steps way;
  way.add("float", hex(x));
  const std::uint32_t word = word_of(x);
  way.add("word, rounded to odd", hex(word, 16));
  const std::uint32_t m = word < facts.data.high ? word : facts.data.high;
  const std::uint32_t row = m >> 7 < facts.data.base ? 0 : (m >> 7) - facts.data.base;
  way.add("row: exponent field less base", std::to_string(row));
  const std::uint32_t significand = (m & 0x7F) | 0x80;
  way.add("significand, 8 bits", "`" + bits_text(significand, 0, 8) + "`");
  const std::uint32_t factor = look_up(facts.data.factor, row);
  way.add("factor of the row", std::to_string(factor));
  const std::uint32_t count = significand * factor;
  way.add("count of spacings", "`" + bits_text(count, 8, 8) + "." + bits_text(count, 0, 8) + "`");
  const std::uint32_t half = Mode == rounding::nearest_even ? 0x7F + (count >> 8 & 1) : 0x80;
  const std::uint32_t rounded = (count + half) >> 8;
  way.add("rounded", std::to_string(rounded));
  const std::uint32_t offset = look_up(facts.data.offset, row);
  way.add("offset of the row", hex(offset, 8));
  std::uint32_t code = (rounded + offset) & 0xFF;
  way.add("rank", hex(code, 8));
  if constexpr ((facts.flags & kernels::flag_mapped) != 0) {
    code = look_up(facts.data.codes, code);
  }
  finish<F>(way, "words of " + input, code, x, Mode);
  return {input, way};
}

std::string words() {
  using e4m3 = formats::fp8_e4m3;
  return step_table({by_words<e4m3, rounding::nearest_even>("0.3 to E4M3", bits_of(0.3F)),
                     by_words<e4m3, rounding::nearest_even>("0.265625, a tie", bits_of(0.265625F)),
                     by_words<e4m3, rounding::nearest_even>("the next float", bits_of(0.265625F) + 1),
                     by_words<formats::hif8, rounding::nearest_away>("0.3 to HiF8", bits_of(0.3F))});
}

// Sums of maxima.

template <scalar_format F>
example by_rank_sum(const std::string& input, pattern x) {
  constexpr auto& facts = kernels::rank_sum_of<F, rounding::nearest_even, overflow::native>;
  static_assert(facts.exists);
  steps way;
  way.add("float", hex(x));
  const std::uint32_t word = word_of(x);
  way.add("word, rounded to odd", hex(word, 16));
  const std::uint32_t m = word < facts.data.high ? word : facts.data.high;
  way.add("not above `high`", hex(m, 16));
  std::uint32_t sum = 127;
  for (int i = 0; i < facts.binades; ++i) {
    const std::uint32_t start = facts.data.start[i];
    const bool is_last = i == facts.binades - 1;
    const std::uint32_t weight = is_last ? 1U : 1U << (facts.binades - 2 - i);
    const std::uint32_t above = m > start ? m - start : 0;
    way.add((is_last ? "above the word below " : "above ") +
                power_of_two(static_cast<int>((start + 1) >> 7) - 127) + ", times " + std::to_string(weight),
            std::to_string(above) + " * " + std::to_string(weight));
    sum += above * weight;
  }
  way.add("their sum + 127: 256 ranks", "`" + bits_text(sum, 8, 8) + "." + bits_text(sum, 0, 8) + "`");
  const kernels::rank_rounding by = kernels::rank_rounding_of(rounding::nearest_even);
  const std::uint32_t rank = (sum + by.plus + (sum >> 8 & by.to_even)) >> 8;
  way.add("rounded: the rank", hex(rank, 8));
  finish<F>(way, "a sum of maxima of " + input, rank, x, rounding::nearest_even);
  return {input, way};
}

std::string rank_sums() {
  using e4m3 = formats::fp8_e4m3;
  return step_table({by_rank_sum<e4m3>("0.3 to E4M3", bits_of(0.3F)),
                     by_rank_sum<e4m3>("0.0107, subnormal", bits_of(0.0107F)),
                     by_rank_sum<e4m3>("2^-10, a tie", bits_of(0.0009765625F)),
                     by_rank_sum<e4m3>("the next float", bits_of(0.0009765625F) + 1),
                     by_rank_sum<e4m3>("500, too large", bits_of(500.0F))});
}

// Tapered formats.

template <scalar_format F>
example by_tapered_rows(const std::string& input, pattern x) {
  constexpr auto& facts = kernels::tapered_of<F, rounding::nearest_away, overflow::native>;
  static_assert(facts.exists);
  steps way;
  way.add("float", hex(x));
  const std::uint32_t word = word_of(x);
  way.add("word, rounded to odd", hex(word, 16));
  const std::uint32_t m = word < facts.data.high ? word : facts.data.high;
  std::uint32_t row = m >> 7 < facts.data.base ? 0 : (m >> 7) - facts.data.base;
  way.add("row: exponent field less base", std::to_string(row));
  const std::uint32_t codes = look_up(facts.data.factor, row);
  way.add("codes in the row", std::to_string(codes));
  way.add("fraction, of 128", std::to_string(m & 0x7F));
  std::uint32_t count = ((m & 0x7F) * (codes << 8) + 0x4000) >> 15;  // vpmulhrsw
  way.add("fraction * codes / 128, rounded", std::to_string(count));
  if (count == codes) {
    ++row;
    count = 0;
  }
  way.add("row after the carry", std::to_string(row));
  const std::uint32_t first = look_up(facts.data.offset, row);
  way.add("first code of that row", hex(first, 8));
  finish<F>(way, "tapered rows of " + input, (first + count) & 0xFF, x, rounding::nearest_away);
  return {input, way};
}

std::string tapered() {
  return step_table({by_tapered_rows<formats::hif8>("0.3 to HiF8", bits_of(0.3F)),
                     by_tapered_rows<formats::hif8>("7.8, a carry", bits_of(7.8F)),
                     by_tapered_rows<formats::hif8>("100", bits_of(100.0F)),
                     by_tapered_rows<formats::hif8>("0.0001", bits_of(0.0001F))});
}

// 16-bit numbers.

template <scalar_format F>
example by_half_rows(const std::string& input, std::uint32_t word) {
  constexpr auto& facts =
      kernels::half_rows_of<F, rounding::nearest_even, overflow::native, formats::bfloat16>;
  static_assert(facts.exists);
  const auto high_half = [](std::uint32_t a, std::uint32_t b) { return (a * b + 0x4000) >> 15; };
  steps way;
  way.add("bfloat16", hex(word, 16));
  std::uint32_t field = word >> 7;
  field = field < facts.data.low ? facts.data.low : field > facts.data.high ? facts.data.high : field;
  way.add("exponent field, clamped", hex(field, 8));
  const std::uint32_t significand = (word << 7 & 0x3F80) | 0x4000;
  way.add("significand, leading bit at 14", hex(significand, 16));
  const std::uint32_t factor = facts.data.factor[field % 64];
  way.add("factor of the row", std::to_string(factor));
  const std::uint32_t up = high_half(significand, factor);
  const std::uint32_t down = high_half(significand - 1, factor);
  way.add("u: rounded half up", std::to_string(up));
  way.add("d: one unit less, likewise", std::to_string(down));
  const std::uint32_t count = up & (down | ~1U);
  way.add("u & (d \\| ~1)", std::to_string(count));
  way.add("offset of the row", hex(facts.data.offset[field % 64], 8));
  std::uint32_t code = (count + facts.data.offset[field % 64]) & 0xFF;
  code = code < facts.data.last ? code : facts.data.last;
  way.add("rank", hex(code, 8));
  if constexpr ((facts.flags & kernels::word_mapped) != 0) {
    code = facts.data.codes[code];
  }
  finish<F>(way, "half rows of " + input, code, word << 16, rounding::nearest_even);
  return {input, way};
}

std::string halves_to_codes() {
  using e4m3 = formats::fp8_e4m3;
  return step_table({by_half_rows<e4m3>("0.30078125", bits_of(0.30078125F) >> 16),
                     by_half_rows<e4m3>("0.296875, a tie to 0.3125", bits_of(0.296875F) >> 16),
                     by_half_rows<e4m3>("0.265625, a tie to 0.25", bits_of(0.265625F) >> 16),
                     by_half_rows<e4m3>("500, too large", bits_of(500.0F) >> 16)});
}

// Scales without zero.

template <scalar_format F>
example by_scale_grid(const std::string& input, pattern x) {
  constexpr rounding mode = F::native_rounding;
  constexpr auto& facts = kernels::scale_grid_of<F, mode, overflow::native>;
  static_assert(facts.exists && kernels::has_scale_words<F, mode, overflow::native>);
  constexpr int shift = facts.shift - 16;
  steps way;
  way.add("float", hex(x));
  std::uint32_t m = word_of(x);
  way.add("word, rounded to odd", hex(m, 16));
  m = m < facts.high >> 16 ? m : facts.high >> 16;
  m = m > facts.low >> 16 ? m : facts.low >> 16;
  if constexpr (facts.from_denormals) {
    const std::uint32_t stretched = (2 * m - 0x80) & 0xFFFF;
    m = m < stretched ? m : stretched;
  }
  way.add("clamped; if denormal, stretched", hex(m, 16));
  const std::uint32_t half =
      mode == rounding::nearest_even ? (1U << (shift - 1)) - 1 + (m >> shift & 1) : 1U << (shift - 1);
  const std::uint32_t origin = facts.rank_of_0 << shift;
  way.add("half a unit, in the last place", hex(half, 16));
  way.add("pattern of rank 0", hex(origin, 16));
  const std::uint32_t rank = (m + half - origin) >> shift;
  way.add("(word + half - pattern) >> " + std::to_string(shift), hex(rank, 8));
  finish<F>(way, "scale grid of " + input, rank, x, mode);
  return {input, way};
}

std::string scales() {
  return step_table({by_scale_grid<formats::e8m0>("0.3", bits_of(0.3F)),
                     by_scale_grid<formats::e8m0>("1.5, a tie", bits_of(1.5F)),
                     by_scale_grid<formats::e8m0>("2^-127, denormal", 0x00400000)}) +
         "\n" +
         step_table({by_scale_grid<formats::e6m2>("0.3 to E6M2", bits_of(0.3F)),
                     by_scale_grid<formats::e6m2>("1.125, a tie", bits_of(1.125F)),
                     by_scale_grid<formats::e6m2>("1.999", bits_of(1.999F))});
}

// Decoding.

template <scalar_format F>
example by_line(const std::string& input, std::uint32_t code) {
  constexpr auto& line = kernels::decode_line_of<F, float>;
  static_assert(line.exists && F::is_signed && F::width == 8);
  steps way;
  way.add("code", hex(code, 8));
  const std::uint32_t m = code & 0x7F;
  const std::uint32_t on_line = ((m << line.step) + line.offset) & 0xFFFF;
  way.add("(magnitude << " + std::to_string(line.step) + ") + " + code_text(line.offset, 16),
          hex(on_line, 16));
  std::uint32_t exception = 0;
  if (m < 16) {
    exception = std::uint32_t{line.first_high[m]} << 8 | line.first_low[m];
  } else if (m >= 112) {
    exception = std::uint32_t{line.last_high[m % 16]} << 8 | line.last_low[m % 16];
  }
  way.add("exception, looked up", hex(exception, 16));
  const std::uint32_t word = (on_line ^ exception) | (code & 0x80) << 8;
  way.add("exclusive or, with the sign", hex(word, 16));
  require_core("line of " + input, word << 16,
               pattern_of(narrowfp::core::decode<F>(static_cast<typename F::code_type>(code))));
  const double value = value_of(word << 16);
  way.add("float", hex(word << 16) + " = " + value_text(value));
  return {input, way};
}

std::string decoding() {
  using e4m3 = formats::fp8_e4m3;
  return step_table({by_line<e4m3>("`2A`", 0x2A), by_line<e4m3>("`AA`, negative", 0xAA),
                     by_line<e4m3>("`05`, subnormal", 0x05), by_line<e4m3>("`7F`, NaN", 0x7F)});
}

// Dense streams.

template <int Bits>
std::string joined_codes() {
  constexpr std::array<std::uint8_t, 8> codes = {0x01, 0x22, 0x13, 0x3F, 0x00, 0x15, 0x2A, 0x30};
  markdown_table table({"Step", "Bits"});
  const auto row_of = [&](const char* step, const std::vector<std::uint64_t>& parts, int width) {
    std::string bits;
    for (auto part = parts.rbegin(); part != parts.rend(); ++part) {  // as a number: the first code last
      bits += bits.empty() ? "`" : " ";
      for (int bit = width - 1; bit >= 0; --bit) {
        bits += (*part >> bit & 1) != 0 ? '1' : '0';
      }
    }
    table.add({step, bits + "`"});
  };
  std::vector<std::uint64_t> parts(codes.begin(), codes.end());
  row_of("eight codes, the first on the right", parts, Bits);
  int width = Bits;
  for (const char* step : {"two joined", "four joined", "eight joined"}) {
    std::vector<std::uint64_t> longer;
    for (std::size_t i = 0; i < parts.size(); i += 2) {
      longer.push_back(parts[i] | parts[i + 1] << width);
    }
    parts = longer;
    width *= 2;
    row_of(step, parts, width);
  }
  std::array<std::byte, std::size_t{Bits}> stream{};
  narrowfp::core::pack_dense<Bits>(codes.data(), stream.data(), codes.size());
  // Two equal groups of eight codes, as a vector holds them, moved together.
  std::string moved;
  const auto& moves = kernels::dense_moves_of<Bits>;
  for (std::size_t byte = 0; byte < std::size_t{2} * Bits; ++byte) {
    const std::size_t from = moves.to_stream[byte];
    const auto value = static_cast<std::uint32_t>(parts[0] >> 8 * (from % 8) & 0xFF);
    require_core("dense stream", value, std::to_integer<std::uint32_t>(stream[byte % Bits]));
    moved += (byte == 0 ? "`" : " ") + std::to_string(from);
  }
  table.add({"bytes of two groups that go to the stream", moved + "`"});
  std::string bytes;
  for (const std::byte byte : stream) {
    bytes += (bytes.empty() ? "`" : " ") + code_text(std::to_integer<std::uint32_t>(byte), 8);
  }
  table.add({"the stream's first bytes", bytes + "`"});
  return table.text();
}

// bfloat16 and float16.

template <scalar_format F>
example to_half(const std::string& input, pattern x) {
  constexpr int dropped = 23 - F::fraction_bits;
  constexpr int bias_difference = 127 - (1 - F::min_normal_binade);
  steps way;
  way.add("float", hex(x));
  const pattern m = x - (static_cast<pattern>(bias_difference) << 23);
  way.add("with the target's bias", hex(m));
  const pattern half = (1U << (dropped - 1)) - 1;
  way.add("just under half a unit", hex(half));
  const pattern odd = m >> dropped & 1;
  way.add("last place odd", std::to_string(odd));
  const std::uint32_t code = (m + half + odd) >> dropped;
  finish<F>(way, "16 bits of " + input, code, x, rounding::nearest_even);
  return {input, way};
}

std::string half_floats() {
  return step_table({to_half<formats::bfloat16>("0.3 to bfloat16", bits_of(0.3F)),
                     to_half<formats::bfloat16>("1.00390625, a tie", bits_of(1.00390625F)),
                     to_half<formats::float16>("0.3 to float16", bits_of(0.3F)),
                     to_half<formats::float16>("0.99999, a carry", bits_of(0.99999F))});
}

// Draws.

example by_draw(std::uint64_t index) {
  using F = formats::fp8_e4m3;
  constexpr auto& facts = kernels::magic_rows_of<F, rounding::stochastic, overflow::native>;
  const pattern x = bits_of(0.3F);
  steps way;
  way.add("float", hex(x));
  const pattern field = x >> 23;
  const std::int32_t left = static_cast<std::int32_t>(field) - facts.data.spacing[field % 64];
  const pattern significand = (x & float_fraction) | float_hidden;
  const std::uint32_t fraction = left >= 0 ? significand << left : significand >> -left;
  way.add("discarded fraction, 32 bits", hex(fraction));
  const std::uint32_t draw = narrowfp::core::draw(0, index);
  way.add("draw", hex(draw));
  const bool carries = std::uint64_t{fraction} + draw > 0xFFFFFFFF;
  way.add("sum carries", carries ? "yes" : "no");
  const pattern sum = float_sum(x, facts.data.magic[field % 64], rounding::toward_zero);
  way.add("low byte of a + magic toward zero", hex(sum & 0xFF, 8));
  finish<F>(way, "draw " + std::to_string(index), (sum & 0xFF) + (carries ? 1 : 0), x, rounding::stochastic,
            draw);
  return {"0.3, element " + std::to_string(index), way};
}

std::string draws() { return step_table({by_draw(0), by_draw(1), by_draw(2), by_draw(3)}); }

// Loops.

/// The passes of a loop over n elements, 32 at a time, to codes of `bits` bits at an address `beyond` bytes
/// behind a multiple of 32: as in vector/pack.hpp. It throws unless all elements are taken, in order.
std::string passes_of_loop(std::size_t n, int bits, std::size_t beyond, bool streams) {
  constexpr std::size_t group = 32;
  markdown_table table({"Pass", "Elements", "Stores"});
  std::size_t pass = 0;
  std::size_t taken = 0;
  const auto take = [&](std::size_t first, std::size_t end, const std::string& stores) {
    require_core("the loop's elements", first <= taken && end > taken && end <= n ? 1 : 0, 1);
    taken = end;
    ++pass;
    if (pass <= 3 || n - first < 2 * group) {
      table.add({std::to_string(pass), std::to_string(first) + " to " + std::to_string(end - 1), stores});
    } else if (pass == 4) {
      table.add({"...", "...", "..."});
    }
  };
  std::size_t done = 0;
  std::size_t step = streams && beyond % group != 0 ? group - beyond % group : group;
  bool past_caches = streams && step == group;
  while (n - done >= group) {
    require_core("the loop's address", past_caches ? (beyond + done) % group : 0, 0);
    take(done, done + group, past_caches ? "past the caches" : "as usual");
    done += step;
    step = group;
    past_caches = streams;
    if (bits == 8 && n != done && n - done < group) {
      done = n - group;
      past_caches = false;
    }
  }
  if (done < n) {
    take(done, n, "from a copy with " + std::to_string(group - (n - done)) + " zeros more");
  }
  require_core("the loop's end", taken, n);
  return table.text();
}

std::string loops() {
  return "75 codes of 8 bits:\n\n" + passes_of_loop(75, 8, 0, false) + "\n75 codes of 4 bits:\n\n" +
         passes_of_loop(75, 4, 0, false) +
         "\n2^25 + 7 codes of 8 bits, 20 bytes behind a multiple of 32:\n\n" +
         passes_of_loop((std::size_t{1} << 25) + 7, 8, 20, true);
}

// The scalar path.

template <scalar_format F>
example by_float_rows(const std::string& input, pattern x) {
  constexpr rounding mode = F::native_rounding;
  const kernels::binade_row& row = kernels::float_rows<F>[x >> 23];
  const auto& codes = kernels::codes_of_ranks<F, rounding::nearest_even, overflow::native>[0];
  const auto words = [](std::uint64_t w) {
    return "`" + code_text(static_cast<std::uint32_t>(w >> 32), 32) + "." +
           code_text(static_cast<std::uint32_t>(w), 32) + "`";
  };
  steps way;
  way.add("float m, as an integer", hex(x));
  way.add("row: exponent field", hex(x >> 23, 8));
  way.add("factor", hex(row.factor));
  way.add("origin", words(row.origin));
  const std::uint64_t exact = x * std::uint64_t{row.factor} + row.origin;
  way.add("m * factor + origin", words(exact));
  const std::uint64_t rank = kernels::scalar::rounded_rank<mode>(row, x, false, 0);
  way.add("rank, rounded", std::to_string(rank));
  finish<F>(way, "float rows of " + input, codes[static_cast<std::size_t>(rank)], x, mode);
  return {input, way};
}

std::string scalar_values() {
  return step_table({by_float_rows<formats::fp8_e4m3>("0.3 to E4M3", bits_of(0.3F)),
                     by_float_rows<formats::fp8_e4m3>("0.001, subnormal", bits_of(0.001F)),
                     by_float_rows<formats::hif8>("0.3 to HiF8", bits_of(0.3F))});
}

}  // namespace

std::string kernel_of_values(const std::string& page) {
  if (page == "magic_addition") {
    return magic_addition();
  }
  if (page == "fused_addition") {
    return fused_addition();
  }
  if (page == "rank_sums") {
    return rank_sums();
  }
  if (page == "words") {
    return words();
  }
  if (page == "tapered") {
    return tapered();
  }
  if (page == "sixteen_bit_sources") {
    return halves_to_codes();
  }
  if (page == "scale_formats") {
    return scales();
  }
  if (page == "decoding") {
    return decoding();
  }
  if (page == "dense_streams") {
    return joined_codes<6>();
  }
  if (page == "half_floats") {
    return half_floats();
  }
  if (page == "draws") {
    return draws();
  }
  if (page == "loops") {
    return loops();
  }
  if (page == "scalar_values") {
    return scalar_values();
  }
  return "";
}

}  // namespace docs
