#include "stack_transcriptions.hpp"

#include <algorithm>
#include <bit>
#include <cfloat>
#include <cmath>
#include <stdexcept>

namespace stacks {
namespace {

std::uint32_t bits_of(float x) { return std::bit_cast<std::uint32_t>(x); }

float largest_magnitude(const std::vector<float>& x) {
  float amax = 0;
  for (const float v : x) {
    amax = std::fmax(amax, std::fabs(v));
  }
  return amax;
}

/// The index of the value nearest to |x|, ties to even indices, saturating. Sums of two table values are
/// exact in double, and so is the comparison.
std::uint32_t nearest(const std::vector<float>& magnitudes, float x) {
  const double a = std::fabs(double{x});
  std::uint32_t best = 0;
  while (best + 1 < magnitudes.size()) {
    const double middle = (double{magnitudes[best]} + double{magnitudes[best + 1]}) / 2;
    if (a < middle || (a == middle && best % 2 == 0)) {
      break;
    }
    ++best;
  }
  return best;
}

std::vector<float> float_table(int fraction_bits, int bias, std::uint32_t count) {
  std::vector<float> table;
  for (std::uint32_t code = 0; code < count; ++code) {
    const std::uint32_t fraction = code & ((1U << fraction_bits) - 1);
    const int exponent = static_cast<int>(code >> fraction_bits);
    const int unit = std::max(exponent, 1) - bias - fraction_bits;
    table.push_back(
        std::ldexp(static_cast<float>(fraction + (exponent > 0 ? 1U << fraction_bits : 0U)), unit));
  }
  return table;
}

const std::vector<float>& e4m3_table() {
  static const std::vector<float> table = float_table(3, 7, 0x7F);
  return table;
}

/// The code of a value whose magnitude is in the table or is rounded to it; the sign bit is x's.
std::uint32_t cast(const element& e, float x) {
  const std::uint32_t index = nearest(e.magnitudes, x);
  if (e.exponent_bits == 0) {
    return (std::signbit(x) ? 0U - index : index) & 0xFF;
  }
  return index | (std::signbit(x) ? 1U << (e.exponent_bits + e.fraction_bits) : 0U);
}
std::uint32_t cast_e2m1(float x) { return cast(find_element("e2m1"), x); }

/// 2^(127 - byte).
float reciprocal_scale(std::uint32_t byte) { return std::ldexp(1.0F, 127 - static_cast<int>(byte)); }

/// Exponent of d rounded up; subnormals above 2^-127 give 1.
std::uint32_t round_up_exponent(float d) {
  const std::uint32_t exponent = bits_of(d) >> 23;
  const std::uint32_t mantissa = bits_of(d) & 0x7FFFFF;
  if (mantissa > 0 && exponent != 0xFE && !(exponent == 0 && mantissa <= 0x400000)) {
    return exponent + 1;
  }
  return exponent;
}

}  // namespace

const element& find_element(const std::string& name) {
  static const std::vector<element> list = [] {
    std::vector<float> units;
    for (int k = 0; k < 128; ++k) {
      units.push_back(static_cast<float>(k) / 64);
    }
    return std::vector<element>{
        {"e2m1", 2, 1, 2, 6, float_table(1, 1, 8)},          {"e2m3", 2, 3, 2, 7.5F, float_table(3, 1, 32)},
        {"e3m2", 3, 2, 4, 28, float_table(2, 3, 32)},        {"e4m3", 4, 3, 8, 448, float_table(3, 7, 0x7F)},
        {"e5m2", 5, 2, 15, 57344, float_table(2, 15, 0x7C)}, {"int8", 0, 6, 0, 127.0F / 64, units}};
  }();
  for (const element& e : list) {
    if (e.name == name) {
      return e;
    }
  }
  throw std::invalid_argument("no element " + name);
}

coded_block torchao_mx(const element& e, const std::vector<float>& x, mx_rule rule) {
  const float amax = largest_magnitude(x);
  std::uint32_t byte = 0;
  if (rule == mx_rule::rceil) {
    byte = round_up_exponent(amax * (1.0F / e.largest));
  } else {
    std::uint32_t pattern = bits_of(amax);
    if (rule == mx_rule::even) {
      pattern += 1U << (23 - e.fraction_bits - 1);
    }
    if (!std::isfinite(std::bit_cast<float>(pattern))) {
      return {0xFF, std::vector<std::uint32_t>(x.size(), 0)};  // the library's NaN block
    }
    int exponent = static_cast<int>(pattern >> 23) - 127 - e.emax;
    if (rule == mx_rule::ceil && (pattern & 0x7FFFFF) != 0) {
      ++exponent;
    }
    byte = static_cast<std::uint32_t>(std::clamp(exponent, -127, 128) + 127);
  }
  coded_block block{byte, {}};
  for (const float v : x) {
    const float scaled = v * reciprocal_scale(byte);
    block.codes.push_back(cast(e, std::fmin(std::fmax(scaled, -e.largest), e.largest)));
  }
  return block;
}

coded_block transformer_engine_mx(const element& e, const std::vector<float>& x) {
  const std::uint32_t byte = round_up_exponent(largest_magnitude(x) * (1.0F / e.largest));
  coded_block block{byte, {}};
  for (const float v : x) {
    block.codes.push_back(cast(e, v * reciprocal_scale(byte)));
  }
  return block;
}

coded_block microxcaling(const element& e, const std::vector<float>& x, bool half_even) {
  const float amax = largest_magnitude(x);
  float shared = std::floor(std::log2(amax + (amax == 0 ? FLT_MIN : 0.0F)));
  shared -= static_cast<float>(e.emax);
  if (shared > 127) {
    return {0xFF, std::vector<std::uint32_t>(x.size(), 0)};
  }
  shared = std::fmax(shared, -127.0F);
  coded_block block{static_cast<std::uint32_t>(shared + 127), {}};
  for (const float v : x) {
    const float a = v / std::exp2(shared);
    const int mantissa = e.fraction_bits;
    float private_exponent = 0;
    if (e.exponent_bits != 0) {
      private_exponent = std::floor(std::log2(std::fabs(a) + (a == 0 ? 1.0F : 0.0F)));
      private_exponent = std::fmax(private_exponent, static_cast<float>(-(1 << (e.exponent_bits - 1)) + 2));
    }
    const float lifted = a / std::exp2(private_exponent) * static_cast<float>(1 << mantissa);
    float rounded = std::floor(std::fabs(lifted) + 0.5F);
    if (half_even && std::fmod(std::fabs(lifted) - 0.5F, 2.0F) == 0) {
      rounded -= 1;
    }
    const auto sign = static_cast<float>((a > 0) - (a < 0));  // torch.sign: +0 of -0
    float out = sign * rounded / static_cast<float>(1 << mantissa) * std::exp2(private_exponent);
    out = std::fmin(std::fmax(out, -e.largest), e.largest);
    block.codes.push_back(cast(e, out));
  }
  return block;
}

namespace {

constexpr int doubled_e2m1[16] = {0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12};

std::uint32_t best_index(float x, float half_scale) {
  std::uint32_t best = 0;
  float best_error = std::fabs(static_cast<float>(doubled_e2m1[0]) * half_scale - x);
  for (std::uint32_t i = 1; i < 16; ++i) {
    const float error = std::fabs(static_cast<float>(doubled_e2m1[i]) * half_scale - x);
    if (error < best_error) {
      best = i;
      best_error = error;
    }
  }
  return best;
}

std::uint32_t ggml_ue4m3(float x) {
  if (!(x > 0)) {
    return 0;
  }
  x = std::fmin(x, 448.0F);
  const std::uint32_t pattern = bits_of(x);
  int exponent = static_cast<int>(pattern >> 23 & 0xFF) - 127 + 7;
  int mantissa = static_cast<int>(pattern >> 20 & 7);
  if (exponent <= 0) {
    mantissa = static_cast<int>(x * 512.0F + 0.5F);
    return static_cast<std::uint32_t>(std::min(mantissa, 7));
  }
  if (exponent >= 15) {
    return 0x7E;
  }
  mantissa += static_cast<int>(pattern >> 19 & 1);
  if (mantissa > 7) {
    mantissa = 0;
    ++exponent;
    if (exponent >= 15) {
      return 0x7E;
    }
  }
  return static_cast<std::uint32_t>(exponent << 3 | mantissa);
}

}  // namespace

coded_block ggml_mxfp4(const std::vector<float>& x) {
  const float amax = largest_magnitude(x);
  const float field = amax > 0 ? std::floor(std::log2(amax)) - 2 + 127 : 0.0F;
  const auto byte = static_cast<std::uint32_t>(std::fmax(field, 0.0F));  // negative: undefined in ggml
  const float half_scale = std::ldexp(1.0F, static_cast<int>(byte) - 128);
  coded_block block{byte, {}};
  for (const float v : x) {
    block.codes.push_back(best_index(v, half_scale));
  }
  return block;
}

coded_block ggml_nvfp4(const std::vector<float>& x) {
  const std::uint32_t byte = ggml_ue4m3(largest_magnitude(x) / 6.0F);
  const float half_scale = byte == 0 ? 0.0F : e4m3_table()[byte] * 0.5F;
  coded_block block{byte, {}};
  for (const float v : x) {
    block.codes.push_back(best_index(v, half_scale));
  }
  return block;
}

coded_block transformer_engine_nvfp4(const std::vector<float>& x, float S) {
  const float wanted = largest_magnitude(x) * (S * (1.0F / 6.0F));
  const std::uint32_t byte = nearest(e4m3_table(), wanted);
  const float factor = std::fmin(1.0F / (e4m3_table()[byte] * (1.0F / S)), FLT_MAX);
  coded_block block{byte, {}};
  for (const float v : x) {
    block.codes.push_back(cast_e2m1(std::fmin(std::fmax(v * factor, -6.0F), 6.0F)));
  }
  return block;
}

coded_block model_optimizer_nvfp4(const std::vector<float>& x, float t) {
  float wanted = largest_magnitude(x) / (6.0F * t);
  wanted = wanted == 0 ? 1.0F : wanted;
  const std::uint32_t byte = nearest(e4m3_table(), std::fmin(std::fmax(wanted, 0x1p-9F), 448.0F));
  const float scale = e4m3_table()[byte] * t;
  coded_block block{byte, {}};
  for (const float v : x) {
    // searchsorted over the thresholds, those that a tie reaches given their own way.
    static constexpr float thresholds[] = {0.25F, 0.75F, 1.25F, 1.75F, 2.5F, 3.5F, 5.0F};
    const float scaled = v / scale;
    const float magnitude = std::fabs(scaled);
    std::uint32_t code = 0;
    for (std::uint32_t i = 0; i < 7; ++i) {
      code += magnitude > thresholds[i] || (magnitude == thresholds[i] && i % 2 == 1) ? 1 : 0;
    }
    block.codes.push_back(code | (scaled < 0 ? 8U : 0U));
  }
  return block;
}

coded_block torchao_nvfp4(const std::vector<float>& x, float t) {
  const float wanted = (largest_magnitude(x) / 6.0F) / t;
  const std::uint32_t byte = nearest(e4m3_table(), std::fmin(std::fmax(wanted, 0x1p-6F), 448.0F));
  const float factor = (1.0F / t) / e4m3_table()[byte];
  coded_block block{byte, {}};
  for (const float v : x) {
    block.codes.push_back(cast_e2m1(std::fmin(std::fmax(v * factor, -6.0F), 6.0F)));
  }
  return block;
}

namespace {

/// Nearest bfloat16, ties to even, of a finite float; the largest where it would overflow.
float bf16(float x) {
  const std::uint32_t pattern = bits_of(x);
  const std::uint32_t rounded = (pattern + 0x7FFF + (pattern >> 16 & 1)) & 0xFFFF0000;
  return std::bit_cast<float>((rounded & 0x7FFFFFFF) >= 0x7F800000 ? (rounded & 0x80000000) | 0x7F7F0000
                                                                   : rounded);
}

}  // namespace

coded_hif4 hif4_in_bfloat16(const std::vector<float>& input) {
  std::vector<float> x;
  for (const float v : input) {
    x.push_back(bf16(v));
  }
  const float scale_factor = bf16(largest_magnitude(x) * 0.142578125F);
  const float clamped = std::fmin(std::fmax(scale_factor, 0x1p-48F), 49152.0F);
  // Round the significand to two bits, ties to even, as a bit pattern; 2^-48 has code 0.
  const std::uint32_t pattern = bits_of(clamped);
  const std::uint32_t rounded = (pattern + 0xFFFFF + (pattern >> 21 & 1)) >> 21;
  const std::uint32_t code = rounded - ((127 - 48) << 2);
  const float value = std::bit_cast<float>(rounded << 21);
  static constexpr std::uint32_t fraction_of_reciprocal[] = {0, 77, 43, 18};
  const int exponent = static_cast<int>(code >> 2) - 48;
  const std::uint32_t m = code & 3;
  const float reciprocal = std::ldexp(1.0F + static_cast<float>(fraction_of_reciprocal[m]) / 128,
                                      m == 0 ? -exponent : -exponent - 1);
  if (bf16(1.0F / value) != reciprocal) {
    throw std::logic_error("the table of reciprocals is wrong");
  }
  coded_hif4 block{code, 0, 0, {}};
  const auto largest_of = [&](std::size_t first, std::size_t count) {
    return largest_magnitude({x.begin() + static_cast<std::ptrdiff_t>(first),
                              x.begin() + static_cast<std::ptrdiff_t>(first + count)});
  };
  for (std::size_t j = 0; j < 8; ++j) {
    block.bits1 |= bf16(largest_of(8 * j, 8) * reciprocal) >= 4 ? 1U << j : 0U;
  }
  for (std::size_t k = 0; k < 16; ++k) {
    const float half = (block.bits1 >> k / 2 & 1) != 0 ? 0.5F : 1.0F;
    block.bits2 |= bf16(largest_of(4 * k, 4) * reciprocal) * half >= 2 ? 1U << k : 0U;
  }
  for (std::size_t i = 0; i < 64; ++i) {
    const int bits = static_cast<int>((block.bits1 >> i / 8 & 1) + (block.bits2 >> i / 4 & 1));
    const float y = bf16(x[i] * bf16(std::ldexp(reciprocal, -bits)));
    const double units = std::fabs(double{y}) * 4;
    double magnitude = std::floor(units);
    const double rest = units - magnitude;
    magnitude += rest > 0.5 || (rest == 0.5 && std::fmod(magnitude, 2) == 1) ? 1 : 0;
    block.codes.push_back(static_cast<std::uint32_t>(std::fmin(magnitude, 7)) | (x[i] < 0 ? 8U : 0U));
  }
  return block;
}

}  // namespace stacks
