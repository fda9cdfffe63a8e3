#include "product_inputs.hpp"

#include <algorithm>
#include <map>

namespace products {

using oracle::kind;
using oracle::number;
using oracle::packed_type;

const char* name_of(inputs kind) {
  static constexpr const char* names[] = {"near",  "any", "low",      "high", "most",
                                          "zeros", "nan", "infinity", "raw"};
  return names[static_cast<std::size_t>(kind)];
}

// Codes.

std::size_t editor::code_bit(std::size_t i) const {
  return 8 * (i / type_.elements * type_.bytes() + type_.metadata_bytes()) +
         i % type_.elements * static_cast<std::size_t>(type_.width);
}

std::uint32_t editor::code(std::size_t i) const {
  std::uint32_t code = 0;
  for (std::size_t j = 0; j < static_cast<std::size_t>(type_.width); ++j) {
    const std::size_t at = code_bit(i) + j;
    code |= (std::uint32_t{array_[at / 8]} >> at % 8 & 1) << j;
  }
  return code;
}

void editor::set_code(std::size_t i, std::uint32_t code) {
  for (std::size_t j = 0; j < static_cast<std::size_t>(type_.width); ++j) {
    const std::size_t at = code_bit(i) + j;
    const auto bit = static_cast<std::uint8_t>(1U << at % 8);
    array_[at / 8] = static_cast<std::uint8_t>((code >> j & 1) != 0 ? array_[at / 8] | bit
                                                                    : array_[at / 8] & ~unsigned{bit});
  }
}

std::uint32_t editor::scale(std::size_t i) const {
  std::uint32_t code = 0;
  for (std::size_t byte = 0; byte < type_.scale_bytes; ++byte) {
    code |= std::uint32_t{array_[i / type_.elements * type_.bytes() + byte]} << 8 * byte;
  }
  return code;
}

void editor::set_scale(std::size_t i, std::uint32_t code) {
  for (std::size_t byte = 0; byte < type_.scale_bytes; ++byte) {
    array_[i / type_.elements * type_.bytes() + byte] = static_cast<std::uint8_t>(code >> 8 * byte);
  }
}

std::optional<std::uint32_t> negated(const packed_type& type, std::uint32_t code) {
  if (type.values.empty()) {
    return code ^ 0x80000000;
  }
  const number& x = type.values[code];
  for (const std::uint32_t candidate :
       {code ^ 1U << (type.width - 1), static_cast<std::uint32_t>(type.values.size() - code)}) {
    if (candidate < type.values.size()) {
      const number& y = type.values[candidate];
      if (x.kind == kind::finite && y.kind == kind::finite && x.numerator == y.numerator &&
          (x.negative != y.negative || is_zero(x))) {
        return candidate;
      }
    }
  }
  return is_zero(x) ? std::optional(code) : std::nullopt;
}

namespace {

/// What can be drawn of a list of values by code.
struct choices {
  std::vector<std::uint32_t> finite;  ///< ascending by magnitude
  std::vector<std::uint32_t> zero, infinite, nan;
};

choices choices_of(const std::vector<number>& values) {
  choices c;
  if (values.empty()) {  // floats
    c.zero = {0, 0x80000000};
    c.infinite = {0x7F800000, 0xFF800000};
    c.nan = {0x7FC00000, 0xFFC00001, 0x7F800001};
    return c;
  }
  for (std::uint32_t code = 0; code < values.size(); ++code) {
    const number& x = values[code];
    (x.kind == kind::nan ? c.nan : x.kind == kind::infinity ? c.infinite : c.finite).push_back(code);
    if (is_zero(x)) {
      c.zero.push_back(code);
    }
  }
  std::sort(c.finite.begin(), c.finite.end(),
            [&](std::uint32_t x, std::uint32_t y) { return values[x].numerator < values[y].numerator; });
  return c;
}

std::uint32_t one_of(const std::vector<std::uint32_t>& list, generator& random) {
  return list[below(list.size(), random)];
}

std::uint32_t float_of(int least_field, int fields, generator& random) {
  const auto field = static_cast<std::uint32_t>(least_field) +
                     static_cast<std::uint32_t>(below(static_cast<std::size_t>(fields), random));
  return field << 23 | static_cast<std::uint32_t>(random() & 0x807FFFFF);
}

/// A finite code; `at` is where in the order of magnitudes it may lie, in sixteenths.
std::uint32_t finite_code(const std::vector<number>& values, const choices& c, int from, int to,
                          generator& random) {
  if (values.empty()) {
    return float_of(255 * from / 16, std::max(255 * (to - from) / 16, 1), random);
  }
  const std::size_t first = c.finite.size() * static_cast<std::size_t>(from) / 16;
  const std::size_t last = std::max(c.finite.size() * static_cast<std::size_t>(to) / 16, first + 1);
  return c.finite[first + below(last - first, random)];
}

struct type_choices {
  choices code, scale;
};

const type_choices& choices_of(const packed_type& type) {
  static std::map<std::string, type_choices> made;
  const auto at = made.find(type.name);
  return at != made.end()
             ? at->second
             : made.emplace(type.name, type_choices{choices_of(type.values), choices_of(type.scales)})
                   .first->second;
}

/// Where scales lie in the order of their magnitudes, in sixteenths.
std::pair<int, int> range_of(inputs kind) {
  switch (kind) {
    case inputs::near:
    case inputs::most:
      return {7, 9};
    case inputs::low:
      return {0, 1};
    case inputs::high:
      return {15, 16};
    default:
      return {0, 16};
  }
}

}  // namespace

std::vector<std::uint8_t> make_array(const packed_type& type, inputs kind, std::size_t n, generator& random) {
  std::vector<std::uint8_t> array(type.bytes_of(n));
  for (std::uint8_t& byte : array) {
    byte = static_cast<std::uint8_t>(random());
  }
  if (kind == inputs::raw || n == 0) {
    return array;
  }
  const type_choices& c = choices_of(type);
  editor edit(type, array);
  const auto [from, to] = range_of(kind);
  // Elements from n on are left as they are, NaN codes included.
  for (std::size_t i = 0; i < n; ++i) {
    if (type.is_block()) {
      if (i % type.elements == 0) {
        edit.set_scale(i, finite_code(type.scales, c.scale, from, to, random));
      }
      edit.set_code(i, kind == inputs::most ? finite_code(type.values, c.code, 15, 16, random)
                                            : finite_code(type.values, c.code, 0, 16, random));
    } else {
      edit.set_code(i, finite_code(type.values, c.code, kind == inputs::most ? 15 : from,
                                   kind == inputs::most ? 16 : to, random));
    }
  }
  const std::size_t at = below(n, random);
  switch (kind) {
    case inputs::zeros:
      for (std::size_t i = 0; i < n; ++i) {
        const std::size_t block = i / type.elements;
        if (block % 3 == 1 && !c.code.zero.empty()) {
          edit.set_code(i, one_of(c.code.zero, random));
        }
        if (type.is_block() && block % 3 == 2 && !c.scale.zero.empty()) {
          edit.set_scale(i, one_of(c.scale.zero, random));
        }
      }
      break;
    case inputs::nan:
      if (!c.code.nan.empty() && (c.scale.nan.empty() || random() % 2 == 0)) {
        edit.set_code(at, one_of(c.code.nan, random));
      } else if (!c.scale.nan.empty()) {
        edit.set_scale(at, one_of(c.scale.nan, random));
      }
      break;
    case inputs::infinity:
      if (!c.code.infinite.empty() && (c.scale.infinite.empty() || random() % 2 == 0)) {
        edit.set_code(at, one_of(c.code.infinite, random));
      } else if (!c.scale.infinite.empty()) {
        edit.set_scale(at, one_of(c.scale.infinite, random));
      }
      break;
    default:
      break;
  }
  return array;
}

// Powers of two.

namespace {

struct power {
  std::uint32_t scale;
  std::array<std::optional<std::uint32_t>, 2> code;  ///< positive, negative
};

std::map<int, std::array<std::optional<std::uint32_t>, 2>> powers_of(const std::vector<number>& values) {
  std::map<int, std::array<std::optional<std::uint32_t>, 2>> made;
  if (values.empty()) {
    for (std::uint32_t field = 1; field < 255; ++field) {
      made[static_cast<int>(field) - 127] = {field << 23, field << 23 | 0x80000000};
    }
    return made;
  }
  for (std::uint32_t code = 0; code < values.size(); ++code) {
    const number& x = values[code];
    if (x.kind == kind::finite && !is_zero(x)) {
      const int exponent = binade_of(x.numerator);
      if (x.numerator == oracle::dyadic{1, exponent}) {
        made[exponent][x.negative ? 1 : 0] = code;
      }
    }
  }
  return made;
}

struct reachable {
  std::map<int, power> by_exponent;
  std::vector<int> exponents;
};

const reachable& reachable_of(const packed_type& type) {
  static std::map<std::string, reachable> made;
  reachable& r = made[type.name];
  if (r.by_exponent.empty()) {
    const auto codes = powers_of(type.values);
    const auto scales = type.is_block() ? powers_of(type.scales) : decltype(powers_of({})){{0, {0U, 0U}}};
    for (const auto& [scale_exponent, scale_codes] : scales) {
      for (const auto& [exponent, code] : codes) {
        if (scale_codes[0] && code[0]) {
          r.by_exponent[scale_exponent + exponent] = {*scale_codes[0], code};
        }
      }
    }
    for (const auto& entry : r.by_exponent) {
      r.exponents.push_back(entry.first);
    }
  }
  return r;
}

}  // namespace

bool set_power(const packed_type& type, std::vector<std::uint8_t>& array, std::size_t i, int exponent,
               bool negative) {
  const auto& table = reachable_of(type).by_exponent;
  const auto at = table.find(exponent);
  if (at == table.end() || !at->second.code[negative ? 1 : 0]) {
    return false;
  }
  editor edit(type, array);
  edit.set_scale(i, at->second.scale);
  edit.set_code(i, *at->second.code[negative ? 1 : 0]);
  return true;
}

const std::vector<int>& powers(const packed_type& type) { return reachable_of(type).exponents; }

// Factors.

std::uint32_t any_factor(generator& random) { return static_cast<std::uint32_t>(random() % 0x7F7FFFFF) + 1; }
std::uint32_t usual_factor(generator& random) {
  const std::uint32_t field = 117 + static_cast<std::uint32_t>(random() % 21);
  return field << 23 | static_cast<std::uint32_t>(random() & 0x7FFFFF);
}
std::uint32_t extreme_factor(generator& random) {
  static constexpr std::uint32_t extremes[] = {1, 3, 0x7FFFFF, 0x800000, 0x7F7FFFFF, 0x7F000000, 0x3F800001};
  return extremes[below(std::size(extremes), random)];
}

}  // namespace products
