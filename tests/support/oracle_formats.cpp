// The formats as lists of values, from the formulas of their specifications: OCP OFP8 and Microscaling v1.0,
// ml_dtypes' README for the IEEE-style and FNUZ variants, arXiv 2409.16626 for HiF8 and 2602.11287 for
// HiF4's scale and element. The decode vectors in golden/decode confirm them.
#include <map>
#include <stdexcept>

#include "oracle.hpp"

namespace oracle {
namespace {

enum class special { ieee, fn, fnuz, none };

std::uint32_t ones(int n) { return (std::uint32_t{1} << n) - 1; }

std::uint32_t ieee_nan(const format& f, bool negative, std::uint64_t payload) {
  const std::uint32_t sign = negative ? std::uint32_t{1} << (f.width - 1) : 0;
  const std::uint32_t infinity = ones(f.width - 1) & ~ones(f.fraction_bits);
  const std::uint32_t quiet = std::uint32_t{1} << (f.fraction_bits - 1);
  const auto kept = static_cast<std::uint32_t>(payload >> (64 - f.fraction_bits));
  return sign | infinity | quiet | (f.width > 8 ? kept : 0);
}
std::uint32_t all_ones_nan(const format& f, bool negative, std::uint64_t) {
  return f.is_signed && !negative ? ones(f.width - 1) : ones(f.width);
}
std::uint32_t sign_only_nan(const format& f, bool, std::uint64_t) {
  return std::uint32_t{1} << (f.width - 1);
}

struct fields {
  int exponent_bits;
  int fraction_bits;
  int bias;
  special specials;
  bool is_signed = true;
  bool has_subnormals = true;
};

number value_of(const fields& l, std::uint32_t magnitude, bool negative) {
  const std::uint32_t top = ones(l.exponent_bits + l.fraction_bits);
  const std::uint32_t fraction = magnitude & ones(l.fraction_bits);
  const std::uint32_t exponent = magnitude >> l.fraction_bits;
  if (l.specials == special::ieee && exponent == ones(l.exponent_bits)) {
    // A NaN of 8 bits or fewer carries no payload.
    const bool has_payload = 1 + l.exponent_bits + l.fraction_bits > 8;
    return fraction == 0 ? infinity(negative)
                         : nan(negative, has_payload ? std::uint64_t{fraction} << (64 - l.fraction_bits) : 0);
  }
  if (l.specials == special::fn && magnitude == top) {
    return nan(negative);
  }
  if (l.specials == special::fnuz && magnitude == 0 && negative) {
    return nan();
  }
  const int unit = -l.bias - l.fraction_bits;
  if (exponent == 0 && l.has_subnormals) {
    return finite({fraction, unit + 1}, negative);
  }
  return finite({fraction + (std::uint32_t{1} << l.fraction_bits), unit + static_cast<int>(exponent)},
                negative);
}

format with_fields(const std::string& name, const fields& l) {
  format f;
  f.name = name;
  f.width = l.exponent_bits + l.fraction_bits + (l.is_signed ? 1 : 0);
  f.is_signed = l.is_signed;
  f.fraction_bits = l.fraction_bits;
  const std::uint32_t sign = std::uint32_t{1} << (l.exponent_bits + l.fraction_bits);
  for (std::uint32_t code = 0; code <= ones(f.width); ++code) {
    f.values.push_back(value_of(l, code & (sign - 1), (code & sign) != 0));
  }
  switch (l.specials) {
    case special::ieee:
      f.on_overflow = overflow_target::infinity;
      f.nan_code = ieee_nan;
      break;
    case special::fn:
      f.on_overflow = overflow_target::nan;
      f.nan_code = all_ones_nan;
      break;
    case special::fnuz:
      f.on_overflow = overflow_target::nan;
      f.nan_code = sign_only_nan;
      break;
    case special::none:
      break;
  }
  // The spacing at the largest value: the subnormals' or that of its exponent field.
  dyadic largest;
  for (const number& x : f.values) {
    if (x.kind == kind::finite && x.numerator > largest) {
      largest = x.numerator;
    }
  }
  const int lowest = (l.has_subnormals ? 1 : 0) - l.bias;
  const int binade = binade_of(largest) > lowest ? binade_of(largest) : lowest;
  f.beyond = largest + dyadic{1, binade - l.fraction_bits};
  f.index_values();
  return f;
}

/// HiF8, read as its definition says: a prefix code tells how many exponent bits follow.
number hif8_value(std::uint32_t code) {
  const bool negative = (code & 0x80) != 0;
  const std::uint32_t magnitude = code & 0x7F;
  if (magnitude == 0) {
    return negative ? nan() : finite({});
  }
  if (magnitude == 0x6F) {
    return infinity(negative);
  }
  struct group {
    std::uint32_t first;  // the codes of a group run up to the next one's first
    int exponent_bits;
    int fraction_bits;
  };
  static constexpr group groups[] = {{0x60, 4, 1}, {0x40, 3, 2}, {0x20, 2, 3}, {0x10, 1, 3}, {0x08, 0, 3}};
  for (const group& g : groups) {
    if (magnitude >= g.first) {
      const std::uint32_t fraction = magnitude & ones(g.fraction_bits);
      const std::uint32_t field = (magnitude >> g.fraction_bits) & ones(g.exponent_bits);
      int exponent = 0;
      if (g.exponent_bits > 0) {
        const std::uint32_t low = field & ones(g.exponent_bits - 1);
        exponent = static_cast<int>((1U << (g.exponent_bits - 1)) + low);
        exponent = (field >> (g.exponent_bits - 1)) != 0 ? -exponent : exponent;
      }
      return finite({(1U << g.fraction_bits) + fraction, exponent - g.fraction_bits}, negative);
    }
  }
  return finite({1, static_cast<int>(magnitude) - 23}, negative);
}

format hif8() {
  format f;
  f.name = "hif8";
  f.width = 8;
  f.native = mode::nearest_away;
  f.on_overflow = overflow_target::infinity;
  f.nan_code = sign_only_nan;
  for (std::uint32_t code = 0; code < 256; ++code) {
    f.values.push_back(hif8_value(code));
  }
  f.beyond = {3, 14};  // 49152, which the code of infinity would have been
  f.index_values();
  return f;
}

/// Two's complement in units of 2^-6; -128 decodes but nothing rounds to it.
format int8() {
  format f;
  f.name = "int8";
  f.width = 8;
  for (int code = 0; code < 256; ++code) {
    const int units = code < 128 ? code : code - 256;
    f.values.push_back(finite({static_cast<u128>(units < 0 ? -units : units), -6}, units < 0));
  }
  f.beyond = {128, -6};
  f.index_values();
  return f;
}

/// The rows of the formats with fields; hif8 and int8 have functions of their own.
struct row {
  const char* name;
  fields layout;
  mode native = mode::nearest_even;
};

constexpr auto ieee = special::ieee;
constexpr auto fn = special::fn;
constexpr auto fnuz = special::fnuz;
constexpr auto none = special::none;

constexpr row rows[] = {
    {"fp8_e4m3", {4, 3, 7, fn}},
    {"fp8_e5m2", {5, 2, 15, ieee}},
    {"fp8_e3m4", {3, 4, 3, ieee}},
    {"fp8_e4m3_ieee", {4, 3, 7, ieee}},
    {"fp8_e4m3fnuz", {4, 3, 8, fnuz}},
    {"fp8_e5m2fnuz", {5, 2, 16, fnuz}},
    {"fp8_e4m3b11fnuz", {4, 3, 11, fnuz}},
    {"fp6_e3m2", {3, 2, 3, none}},
    {"fp6_e2m3", {2, 3, 1, none}},
    {"fp4_e2m1", {2, 1, 1, none}},
    {"fp4_e1m2", {1, 2, 1, none}, mode::nearest_away},
    {"e8m0", {8, 0, 127, fn, false, false}, mode::nearest_away},
    {"ue4m3", {4, 3, 7, fn, false}},
    {"ue5m3", {5, 3, 15, fn, false}},
    {"e6m2", {6, 2, 48, fn, false, false}},
    {"bfloat16", {8, 7, 127, ieee}},
    {"float16", {5, 10, 15, ieee}},
    // What a user may declare: minifloat<E, M, bias, specials>.
    {"e3m3b3_fn", {3, 3, 3, fn}},
    {"e2m5b0_fnuz", {2, 5, 0, fnuz}},
    {"e0m7b0_none", {0, 7, 0, none}},
    {"e0m4b1_fn", {0, 4, 1, fn}},
    {"e0m3bm2_fnuz", {0, 3, -2, fnuz}},
    {"e5m0b15_none", {5, 0, 15, none}},
    {"e5m0b12_fn", {5, 0, 12, fn}},
    {"e4m0b8_fnuz", {4, 0, 8, fnuz}},
    {"e1m1b0_ieee", {1, 1, 0, ieee}},
    {"e1m0b0_none", {1, 0, 0, none}},
    {"e2m1b1_ieee", {2, 1, 1, ieee}},
    {"e4m3b200_fn", {4, 3, 200, fn}},
    {"e4m3bm200_ieee", {4, 3, -200, ieee}},
    {"e8m3b100_ieee", {8, 3, 100, ieee}},
    {"e10m5b511_none", {10, 5, 511, none}},
    {"e3m12b3_fnuz", {3, 12, 3, fnuz}},
    {"e6m9b31_ieee", {6, 9, 31, ieee}},
};

format make_format(const std::string& name) {
  if (name == "hif8") {
    return hif8();
  }
  if (name == "int8") {
    return int8();
  }
  for (const row& r : rows) {
    if (name == r.name) {
      format f = with_fields(name, r.layout);
      f.native = r.native;
      if (name == "e6m2") {
        f.on_overflow = overflow_target::largest;  // the conversion clamps; only NaN gives NaN
      }
      return f;
    }
  }
  throw std::invalid_argument("oracle: no format named " + name);
}

}  // namespace

const format& find_format(const std::string& name) {
  static std::map<std::string, format> made;
  const auto at = made.find(name);
  return at != made.end() ? at->second : made.emplace(name, make_format(name)).first->second;
}

}  // namespace oracle
