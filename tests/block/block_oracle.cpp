#include "block_oracle.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace oracle {
namespace {

constexpr dyadic zero{0, 0};
constexpr dyadic one{1, 0};

bool is_zero(const dyadic& x) { return x.significand == 0; }

/// x rounded to `bits` significant bits, nearest even; ranges play no part.
dyadic rounded(const dyadic& x, int bits) {
  const int drop = bit_length(x.significand) - bits;
  if (drop <= 0) {
    return x;
  }
  u128 kept = x.significand >> drop;
  const u128 rest = x.significand - (kept << drop);
  const u128 half = u128{1} << (drop - 1);
  kept += rest > half || (rest == half && (kept & 1) != 0) ? 1 : 0;
  return {kept, x.exponent + drop};
}

/// 1 / x to `bits` significant bits, nearest even, by long division with a remainder that breaks no tie:
/// 1 / x is never a tie for an odd significand above 1, and exact for a power of two.
dyadic reciprocal(const dyadic& x, int bits) {
  const u128 dividend = u128{1} << 100;
  const u128 quotient = dividend / x.significand;
  const bool inexact = quotient * x.significand != dividend;
  return rounded({(quotient << 1) | (inexact ? 1 : 0), -101 - x.exponent}, bits);
}

/// Everything needed to decide on one block: |x| * multiplier is compared with boundaries * divisor.
struct ratio {
  dyadic multiplier;
  dyadic divisor;
};

/// How far an element lies on the grid: the magnitude at or below it, and whether it is that exactly.
struct position {
  std::size_t at;
  bool exact;
};

position locate(const std::vector<dyadic>& grid, const dyadic& scaled, const dyadic& divisor) {
  const auto above =
      std::partition_point(grid.begin(), grid.end(), [&](const dyadic& g) { return g * divisor <= scaled; });
  const auto at = static_cast<std::size_t>(above - grid.begin()) - 1;
  return {at, grid[at] * divisor == scaled};
}

bool rounds_up(const block_facts& facts, const position& p, const dyadic& scaled, const dyadic& divisor,
               block_rounding mode, bool negative, std::uint32_t random_bits) {
  const dyadic& low = facts.magnitude[p.at];
  const dyadic& high = facts.magnitude[p.at + 1];
  switch (mode) {
    case block_rounding::zero:
      return false;
    case block_rounding::positive:
      return !negative;
    case block_rounding::negative:
      return negative;
    case block_rounding::odd:
      return p.at % 2 == 0;
    case block_rounding::stochastic: {
      const dyadic rest = is_zero(low) ? scaled : scaled - low * divisor;
      const dyadic gap = (high - low) * divisor;
      const int shift = 32 + rest.exponent - gap.exponent;
      const u128 numerator = shift >= 0     ? rest.significand << shift
                             : shift > -128 ? rest.significand >> -shift
                                            : 0;
      return static_cast<std::uint64_t>(numerator / gap.significand) + random_bits >= std::uint64_t{1} << 32;
    }
    default: {
      const dyadic twice_middle = (low + high) * divisor;
      const auto order = compare(oracle::scaled(scaled, 1), twice_middle);
      return order > 0 || (order == 0 && (mode == block_rounding::away || p.at % 2 != 0));
    }
  }
}

std::uint32_t encode_element(const block_facts& facts, std::uint32_t x, const ratio& r, block_rounding mode,
                             std::uint32_t random_bits) {
  const bool negative = x >> 31 != 0;
  const dyadic scaled = float_magnitude(x) * r.multiplier;
  position p = locate(facts.magnitude, scaled, r.divisor);
  if (!p.exact && p.at + 1 < facts.magnitude.size() &&
      rounds_up(facts, p, scaled, r.divisor, mode, negative, random_bits)) {
    ++p.at;
  }
  const auto k = static_cast<std::uint32_t>(p.at);
  if (facts.twos_complement) {
    return negative ? (0U - k) & ((1U << facts.width) - 1) : k;
  }
  return k | (negative ? 1U << (facts.width - 1) : 0U);
}

dyadic largest_of(const std::vector<std::uint32_t>& x, std::size_t first, std::size_t count) {
  dyadic largest = zero;
  for (std::size_t i = first; i < first + count; ++i) {
    largest = std::max(largest, float_magnitude(x[i]));
  }
  return largest;
}

/// The block under a given scale.
plain_block with_scale(const block_facts& facts, const std::vector<std::uint32_t>& x, std::uint32_t code,
                       const block_request& request) {
  plain_block block;
  block.scale_code = code;
  block.codes.assign(x.size(), 0);
  for (const block_level& level : facts.levels) {
    block.bits.emplace_back(x.size() / static_cast<std::size_t>(level.group), 0);
  }
  const dyadic value = *scale_value(facts.scale, code);
  if (is_zero(value)) {
    return block;
  }
  const bool multiplies = facts.scale == block_scale::e6m2;
  const ratio base = multiplies ? ratio{bfloat16_reciprocal(value), one} : ratio{one, value};
  const auto bits_above = [&](std::size_t i, std::size_t below) {
    int bits = 0;
    for (std::size_t level = 0; level < below; ++level) {
      bits += block.bits[level][i / static_cast<std::size_t>(facts.levels[level].group)];
    }
    return bits;
  };
  for (std::size_t level = 0; level < facts.levels.size(); ++level) {
    const auto group = static_cast<std::size_t>(facts.levels[level].group);
    for (std::size_t g = 0; g < block.bits[level].size(); ++g) {
      const dyadic lhs = largest_of(x, g * group, group) * base.multiplier;
      const dyadic rhs = scaled(base.divisor, bits_above(g * group, level) + facts.levels[level].threshold);
      block.bits[level][g] = lhs >= rhs ? 1 : 0;
    }
  }
  const block_rounding mode = request.round;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const ratio r = {base.multiplier, scaled(base.divisor, bits_above(i, facts.levels.size()))};
    const std::uint32_t random = request.random_bits.empty() ? 0 : request.random_bits[i];
    block.codes[i] = encode_element(facts, x[i], r, mode, random);
  }
  return block;
}

std::uint32_t last_code(block_scale scale) {
  return scale == block_scale::e4m3 ? 0x7E : scale == block_scale::float16 ? 0x7BFF : 0xFE;
}

/// The first code that is not too small, or the last one.
template <class TooSmall>
std::uint32_t first_code(block_scale scale, TooSmall too_small) {
  std::uint32_t from = 0;
  std::uint32_t to = last_code(scale);
  while (from < to) {
    const std::uint32_t middle = (from + to) / 2;
    if (too_small(middle)) {
      from = middle + 1;
    } else {
      to = middle;
    }
  }
  return from;
}

/// The scale code nearest to numerator / denominator, ties to even codes, clamped.
std::uint32_t nearest_code(block_scale scale, const dyadic& numerator, const dyadic& denominator) {
  return first_code(scale, [&](std::uint32_t code) {
    const dyadic middle = (*scale_value(scale, code) + *scale_value(scale, code + 1)) * denominator;
    const auto order = compare(oracle::scaled(numerator, 1), middle);
    return order > 0 || (order == 0 && code % 2 != 0);
  });
}

/// The smallest scale code with numerator <= value * denominator, or the last one.
std::uint32_t covering_code(block_scale scale, const dyadic& numerator, const dyadic& denominator) {
  return first_code(scale,
                    [&](std::uint32_t code) { return numerator > *scale_value(scale, code) * denominator; });
}

std::uint32_t exponent_code(int exponent) {
  return static_cast<std::uint32_t>(std::clamp(exponent, -127, 127) + 127);
}

/// The smallest e with amax <= target * 2^e.
int covering_exponent(const dyadic& amax, const dyadic& target) {
  int e = binade_of(amax) - binade_of(target) - 1;
  while (scaled(target, e) < amax) {
    ++e;
  }
  return e;
}

std::uint32_t native_code(const block_facts& facts, const dyadic& amax) {
  switch (facts.scale) {
    case block_scale::exponent:
      return exponent_code(binade_of(amax) - binade_of(facts.largest()) -
                           static_cast<int>(facts.levels.size()));
    case block_scale::e4m3:
    case block_scale::float16:
      return nearest_code(facts.scale, amax, facts.largest());
    default: {
      const dyadic bf16_of_a_seventh{0x92, -10};  // 3e12: 0.142578125
      return nearest_code(facts.scale, rounded(amax * bf16_of_a_seventh, 8), one);
    }
  }
}

std::uint32_t code_by_rule(const block_facts& facts, const dyadic& amax, block_rule rule) {
  const int floor = binade_of(amax) - binade_of(facts.largest());
  switch (rule) {
    case block_rule::floor:
      return exponent_code(floor);
    case block_rule::ceil:
      return exponent_code(compare(amax, {1, binade_of(amax)}) == 0 ? floor : floor + 1);
    case block_rule::rceil:
      return facts.scale == block_scale::exponent ? exponent_code(covering_exponent(amax, facts.largest()))
                                                  : covering_code(facts.scale, amax, facts.largest());
    case block_rule::even: {
      // Half up to the element's fraction bits: add half of its last place.
      const dyadic half{1, binade_of(amax) - facts.fraction_bits - 1};
      return exponent_code(binade_of(amax + half) - binade_of(facts.largest()));
    }
    default:
      return native_code(facts, amax);
  }
}

double value_in_double(const block_facts& facts, const plain_block& block, std::size_t i) {
  const std::uint32_t code = block.codes[i];
  dyadic magnitude{};
  bool negative = code >> (facts.width - 1) != 0;
  if (facts.twos_complement) {
    magnitude = scaled({negative ? (1U << facts.width) - code : code, 0}, facts.magnitude[1].exponent);
  } else {
    magnitude = facts.magnitude[code & ((1U << (facts.width - 1)) - 1)];
  }
  dyadic value = magnitude * *scale_value(facts.scale, block.scale_code);
  for (std::size_t level = 0; level < facts.levels.size(); ++level) {
    value.exponent += block.bits[level][i / static_cast<std::size_t>(facts.levels[level].group)];
  }
  const double result =
      std::ldexp(static_cast<double>(static_cast<std::uint64_t>(value.significand)), value.exponent);
  return negative ? -result : result;
}

/// Exact, and in a program that flushes subnormal numbers as well.
double float_in_double(std::uint32_t bits) {
  const dyadic magnitude = float_magnitude(bits);
  const double value =
      std::ldexp(static_cast<double>(static_cast<std::uint64_t>(magnitude.significand)), magnitude.exponent);
  return (bits >> 31) != 0 ? -value : value;
}

/// The rule as stated, in double: built with -ffp-contract=off.
double squared_error(const block_facts& facts, const std::vector<std::uint32_t>& x,
                     const plain_block& block) {
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double error = float_in_double(x[i]) - value_in_double(facts, block, i);
    const double square = error * error;
    sum = sum + square;
  }
  return sum;
}

}  // namespace

std::optional<dyadic> scale_value(block_scale scale, std::uint32_t code) {
  switch (scale) {
    case block_scale::exponent:
      return code == 0xFF ? std::nullopt : std::optional(dyadic{1, static_cast<int>(code) - 127});
    case block_scale::e4m3: {
      const std::uint32_t exponent = code >> 3 & 15;
      const std::uint32_t fraction = code & 7;
      if ((code & 0x7F) == 0x7F) {
        return std::nullopt;
      }
      return exponent == 0 ? dyadic{fraction, -9} : dyadic{8 + fraction, static_cast<int>(exponent) - 10};
    }
    case block_scale::float16: {
      const std::uint32_t exponent = code >> 10 & 31;
      const std::uint32_t fraction = code & 0x3FF;
      if (exponent == 31) {
        return std::nullopt;
      }
      return exponent == 0 ? dyadic{fraction, -24}
                           : dyadic{0x400 + fraction, static_cast<int>(exponent) - 25};
    }
    default:
      return code == 0xFF ? std::nullopt
                          : std::optional(dyadic{4 + (code & 3), static_cast<int>(code >> 2) - 50});
  }
}

dyadic bfloat16_reciprocal(const dyadic& value) { return reciprocal(value, 8); }

dyadic float_magnitude(std::uint32_t bits) {
  const std::uint32_t exponent = bits >> 23 & 0xFF;
  const std::uint32_t fraction = bits & 0x7FFFFF;
  return exponent == 0 ? dyadic{fraction, -149}
                       : dyadic{fraction + 0x800000, static_cast<int>(exponent) - 150};
}

std::uint32_t nearest_float(const dyadic& x) {
  if (is_zero(x)) {
    return 0;
  }
  const int unit = std::max(binade_of(x), -126) - 23;
  const int drop = unit - x.exponent;
  u128 units = 0;
  if (drop <= 0) {
    units = x.significand << -drop;
  } else if (drop < 128) {
    units = x.significand >> drop;
    const u128 rest = x.significand - (units << drop);
    const u128 half = u128{1} << (drop - 1);
    units += rest > half || (rest == half && (units & 1) != 0) ? 1 : 0;
  }
  // A carry into the next binade, or out of the subnormals, is right as a pattern.
  const auto pattern = static_cast<std::uint32_t>(static_cast<std::uint32_t>(unit + 149) * 0x800000 +
                                                  static_cast<std::uint32_t>(units));
  return binade_of(x) > 127 || pattern >= 0x7F800000 ? 0x7F800000 : pattern;
}

plain_block quantize(const block_facts& facts, const std::vector<std::uint32_t>& x,
                     const block_request& request) {
  const dyadic amax = largest_of(x, 0, x.size());
  if (is_zero(amax)) {
    return with_scale(facts, x, 0, request);
  }
  std::vector<std::uint32_t> candidates;
  if (request.rule == block_rule::search_mse) {
    const std::uint32_t native = native_code(facts, amax);
    candidates = {native, native - 1, native + 1};
  } else if (request.rule == block_rule::four_over_six) {
    const bool is_exponent = facts.scale == block_scale::exponent;
    for (const std::uint32_t target : {6U, 4U}) {
      candidates.push_back(is_exponent ? exponent_code(covering_exponent(amax, {target, 0}))
                                       : nearest_code(facts.scale, amax, {target, 0}));
    }
  } else {
    return with_scale(facts, x, code_by_rule(facts, amax, request.rule), request);
  }
  std::optional<plain_block> best;
  double smallest = 0;
  for (const std::uint32_t code : candidates) {
    if (code > last_code(facts.scale)) {
      continue;
    }
    const plain_block block = with_scale(facts, x, code, request);
    const double error = squared_error(facts, x, block);
    if (!best || error < smallest) {
      best = block;
      smallest = error;
    }
  }
  return *best;
}

std::vector<std::uint8_t> packed(const block_facts& facts, const plain_block& block) {
  std::vector<std::uint8_t> bytes = {static_cast<std::uint8_t>(block.scale_code)};
  if (facts.scale == block_scale::float16) {
    bytes.push_back(static_cast<std::uint8_t>(block.scale_code >> 8));
  }
  const auto append_bits = [&](std::size_t count, const auto& bit_at) {
    const std::size_t first = bytes.size();
    bytes.resize(first + (count + 7) / 8, 0);
    for (std::size_t i = 0; i < count; ++i) {
      if (bit_at(i)) {
        bytes[first + i / 8] = static_cast<std::uint8_t>(bytes[first + i / 8] | 1U << i % 8);
      }
    }
  };
  for (const auto& level : block.bits) {
    append_bits(level.size(), [&](std::size_t i) { return level[i] != 0; });
  }
  const auto width = static_cast<std::size_t>(facts.width);
  append_bits(block.codes.size() * width,
              [&](std::size_t i) { return (block.codes[i / width] >> i % width & 1) != 0; });
  return bytes;
}

std::vector<std::uint32_t> dequantize(const block_facts& facts, const std::vector<std::uint8_t>& bytes,
                                      std::uint32_t tensor_scale) {
  const bool is_half = facts.scale == block_scale::float16;
  std::size_t at = is_half ? 2 : 1;
  const std::uint32_t scale_code = bytes[0] | (is_half ? std::uint32_t{bytes[1]} << 8 : 0);
  const auto bit = [&](std::size_t first, std::size_t i) { return bytes[first + i / 8] >> i % 8 & 1; };
  std::vector<std::size_t> level_at;
  for (const block_level& level : facts.levels) {
    level_at.push_back(at);
    at += (static_cast<std::size_t>(facts.elements / level.group) + 7) / 8;
  }
  std::vector<std::uint32_t> values;
  const auto scale = scale_value(facts.scale, scale_code);
  const bool scale_negative =
      is_half ? scale_code >> 15 != 0 : facts.scale == block_scale::e4m3 && scale_code >> 7 != 0;
  const bool scale_infinite = is_half && (scale_code & 0x7FFF) == 0x7C00;
  for (std::size_t i = 0; i < static_cast<std::size_t>(facts.elements); ++i) {
    if (!scale && !scale_infinite) {
      values.push_back(scale_negative ? 0xFFC00000 : 0x7FC00000);
      continue;
    }
    std::uint32_t code = 0;
    for (std::size_t j = 0; j < static_cast<std::size_t>(facts.width); ++j) {
      code |= static_cast<std::uint32_t>(bit(at, i * static_cast<std::size_t>(facts.width) + j)) << j;
    }
    const bool negative = code >> (facts.width - 1) != 0;
    const std::uint32_t k = !facts.twos_complement ? code & ((1U << (facts.width - 1)) - 1)
                            : negative             ? (1U << facts.width) - code
                                                   : code;
    // Of two's complement the most negative code is one step beyond the list.
    dyadic value =
        k < facts.magnitude.size() ? facts.magnitude[k] : scaled(facts.magnitude[1], facts.width - 1);
    for (std::size_t level = 0; level < facts.levels.size(); ++level) {
      value = scaled(value, bit(level_at[level], i / static_cast<std::size_t>(facts.levels[level].group)));
    }
    if (scale_infinite && is_zero(value)) {
      values.push_back(0x7FC00000);
      continue;
    }
    const std::uint32_t pattern =
        scale_infinite ? 0x7F800000 : nearest_float(value * *scale * float_magnitude(tensor_scale));
    const bool sign = (negative && !(facts.twos_complement && k == 0)) != scale_negative;
    values.push_back(pattern | (sign ? 0x80000000U : 0U));
  }
  return values;
}

}  // namespace oracle
