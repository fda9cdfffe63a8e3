#include "exact_dot.hpp"

#include <map>
#include <stdexcept>
#include <utility>

namespace oracle {

// The integer.

void exact_dot::add_shifted(u128 magnitude, int exponent, bool negative) {
  if (magnitude == 0) {
    return;
  }
  const int at = exponent - unit_;
  // The topmost words are left for carries and for factors.
  if (at < 0 || static_cast<std::size_t>(at) / 32 + 16 > words) {
    throw std::overflow_error("oracle::exact_dot: a term lies outside of the sum");
  }
  const std::size_t word = static_cast<std::size_t>(at) / 32;
  const int shift = at % 32;
  std::array<std::uint32_t, 5> digits{};
  for (std::size_t i = 0; i < 4; ++i) {
    const auto digit = static_cast<std::uint64_t>(magnitude & 0xFFFFFFFF) << shift;
    digits[i] |= static_cast<std::uint32_t>(digit);
    digits[i + 1] |= static_cast<std::uint32_t>(digit >> 32);
    magnitude = magnitude >> 32;
  }
  std::uint64_t carry = 0;
  for (std::size_t i = 0; word + i < words && (i < digits.size() || carry != 0); ++i) {
    const std::uint64_t digit = (i < digits.size() ? digits[i] : 0) + carry;
    const std::uint64_t old = words_[word + i];
    const std::uint64_t next = negative ? old - digit : old + digit;
    words_[word + i] = static_cast<std::uint32_t>(next);
    carry = negative ? (next >> 32 != 0 ? 1 : 0) : next >> 32;
  }
}

void exact_dot::negate() {
  std::uint64_t carry = 1;
  for (std::uint32_t& word : words_) {
    carry += std::uint32_t{~word};
    word = static_cast<std::uint32_t>(carry);
    carry >>= 32;
  }
}

void exact_dot::shift_left(int n) {
  for (; n > 0; n -= 16) {
    multiply(finite({u128{1} << (n < 16 ? n : 16), n < 16 ? -n : -16}));
  }
}

void exact_dot::multiply(const number& factor) {
  if (factor.kind != kind::finite || factor.negative || factor.denominator != dyadic{1, 0} ||
      bit_length(factor.numerator.significand) > 32) {
    throw std::invalid_argument("oracle::exact_dot: a factor must be positive and of at most 32 bits");
  }
  const bool negative = is_negative();
  if (negative) {
    negate();
  }
  const auto digit = static_cast<std::uint64_t>(factor.numerator.significand);
  std::uint64_t carry = 0;
  for (std::uint32_t& word : words_) {
    carry += digit * word;
    word = static_cast<std::uint32_t>(carry);
    carry >>= 32;
  }
  if (carry != 0 || is_negative()) {
    throw std::overflow_error("oracle::exact_dot: the product does not fit");
  }
  unit_ += factor.numerator.exponent;
  if (negative) {
    negate();
  }
}

// What is added.

number exact_product(const number& a, const number& b) {
  if (a.kind == kind::nan || b.kind == kind::nan) {
    return nan();
  }
  const bool negative = a.negative != b.negative;
  if (a.kind == kind::infinity || b.kind == kind::infinity) {
    return is_zero(a) || is_zero(b) ? nan() : infinity(negative);
  }
  return finite(a.numerator * b.numerator, negative);
}

void exact_dot::add_product(const number& a, const number& b) { add(exact_product(a, b)); }

void exact_dot::add(const number& term) {
  if (term.kind == kind::nan) {
    nan_ = true;
  } else if (term.kind == kind::infinity) {
    infinity_[term.negative ? 1 : 0] = true;
  } else if (!is_zero(term)) {
    shift_left(unit_ - term.numerator.exponent);
    add_shifted(term.numerator.significand, term.numerator.exponent, term.negative);
  }
}

std::uint64_t exact_dot::rounded(const source_layout& out) const {
  if (nan_ || (infinity_[0] && infinity_[1])) {
    return out.infinity() | std::uint64_t{1} << (out.fraction_bits - 1);
  }
  if (infinity_[0] || infinity_[1]) {
    return out.infinity() | (infinity_[1] ? out.sign_bit() : 0);
  }
  exact_dot magnitude = *this;
  const std::uint64_t sign = is_negative() ? out.sign_bit() : 0;
  if (is_negative()) {
    magnitude.negate();
  }
  const auto bit = [&](int i) -> std::uint64_t {
    const auto at = static_cast<std::size_t>(i);
    return i < 0 || at >= 32 * words ? 0 : magnitude.words_[at / 32] >> at % 32 & 1;
  };
  std::size_t used = words;
  while (used > 0 && magnitude.words_[used - 1] == 0) {
    --used;
  }
  int top = 32 * static_cast<int>(used) - 1;
  while (top >= 0 && bit(top) == 0) {
    --top;
  }
  if (top < 0) {
    return 0;
  }
  const int bias = (1 << (out.exponent_bits - 1)) - 1;
  const int binade = top + unit_;
  if (binade > bias) {
    return sign | out.infinity();
  }
  // The bit of the last place, and the exponent field less one, which the leading bit makes good.
  const int field = binade < 1 - bias ? 0 : binade - 1 + bias;
  const int last = field + 1 - bias - out.fraction_bits - unit_;
  std::uint64_t kept = 0;
  for (int i = top; i >= last; --i) {
    kept = kept << 1 | bit(i);
  }
  if (bit(last - 1) != 0) {
    bool above_half = (kept & 1) != 0;
    for (int i = last - 2; i >= 0 && !above_half; --i) {
      above_half = bit(i) != 0;
    }
    kept += above_half ? 1 : 0;
  }
  return sign | ((static_cast<std::uint64_t>(field) << out.fraction_bits) + kept);
}

// Types.

namespace {

number as_number(std::uint32_t float_bits) { return binary32.decode(float_bits); }

std::uint32_t little_endian(std::span<const std::uint8_t> bytes, std::size_t first, std::size_t count) {
  std::uint32_t word = 0;
  for (std::size_t i = 0; i < count; ++i) {
    word |= std::uint32_t{bytes[first + i]} << 8 * i;
  }
  return word;
}

/// `width` bits from a bit on.
std::uint32_t bits_at(std::span<const std::uint8_t> bytes, std::size_t first, int width) {
  std::uint32_t code = 0;
  for (int j = 0; j < width; ++j) {
    const std::size_t at = first + static_cast<std::size_t>(j);
    code |= (std::uint32_t{bytes[at / 8]} >> at % 8 & 1) << j;
  }
  return code;
}

std::uint32_t low_bits(int n) { return n == 32 ? ~std::uint32_t{0} : (std::uint32_t{1} << n) - 1; }

/// Sign and magnitude: k * 2^unit.
std::vector<number> signed_magnitudes(int width, int unit) {
  std::vector<number> values;
  for (std::uint32_t code = 0; code <= low_bits(width); ++code) {
    values.push_back(finite({code & low_bits(width - 1), unit}, code >> (width - 1) != 0));
  }
  return values;
}

/// Bytes in two's complement: k * 2^unit.
std::vector<number> signed_bytes(int unit) {
  std::vector<number> values;
  for (std::uint32_t code = 0; code < 256; ++code) {
    values.push_back(finite({code < 128 ? code : 256 - code, unit}, code >= 128));
  }
  return values;
}

packed_type value_type(const std::string& name) {
  if (name == "float") {
    return {.name = name, .width = 32};
  }
  const format& f = find_format(name);
  return {.name = name, .width = f.width, .values = f.values};
}

packed_type integer_block(const std::string& name, std::vector<number> values, int width,
                          const std::string& scale, std::size_t elements,
                          std::vector<std::size_t> bit_groups = {}) {
  packed_type type = block_type(name, "int8", scale, elements, std::move(bit_groups));
  type.width = width;
  type.values = std::move(values);
  return type;
}

/// Sign and m bits, the largest just below 2.
packed_type fixed_point_block(const std::string& name, int m, const std::string& scale, std::size_t elements,
                              std::vector<std::size_t> bit_groups = {}) {
  return integer_block(name, signed_magnitudes(m + 1, 1 - m), m + 1, scale, elements, std::move(bit_groups));
}

/// How a block is made of its name: at its first use, as some have large tables.
struct block_row {
  const char* name;
  packed_type (*make)(const char* name);
};

constexpr block_row block_rows[] = {
    {"mxfp8_e4m3", [](const char* name) { return block_type(name, "fp8_e4m3", "e8m0", 32); }},
    {"mxfp8_e5m2", [](const char* name) { return block_type(name, "fp8_e5m2", "e8m0", 32); }},
    {"mxfp6_e3m2", [](const char* name) { return block_type(name, "fp6_e3m2", "e8m0", 32); }},
    {"mxfp6_e2m3", [](const char* name) { return block_type(name, "fp6_e2m3", "e8m0", 32); }},
    {"mxfp4", [](const char* name) { return block_type(name, "fp4_e2m1", "e8m0", 32); }},
    {"mxint8", [](const char* name) { return integer_block(name, signed_bytes(-6), 8, "e8m0", 32); }},
    {"nvfp4", [](const char* name) { return block_type(name, "fp4_e2m1", "fp8_e4m3", 16); }},
    {"q8_0", [](const char* name) { return integer_block(name, signed_bytes(0), 8, "float16", 32); }},
    {"hif4",
     [](const char* name) {
       return integer_block(name, signed_magnitudes(4, -2), 4, "e6m2", 64, {8, 4});
     }},
    {"hif5",
     [](const char* name) {
       return integer_block(name, signed_magnitudes(5, -3), 5, "e6m2", 64, {8, 4});
     }},
    {"mx9", [](const char* name) { return fixed_point_block(name, 7, "e8m0", 16, {2}); }},
    {"mx6", [](const char* name) { return fixed_point_block(name, 4, "e8m0", 16, {2}); }},
    {"mx4", [](const char* name) { return fixed_point_block(name, 2, "e8m0", 16, {2}); }},
    {"bfp<3,16>", [](const char* name) { return fixed_point_block(name, 3, "e8m0", 16); }},
    {"bfp<7,16>", [](const char* name) { return fixed_point_block(name, 7, "e8m0", 16); }},
    {"bfp<1,8>", [](const char* name) { return fixed_point_block(name, 1, "e8m0", 8); }},
    {"bfp<15,64>", [](const char* name) { return fixed_point_block(name, 15, "e8m0", 64); }},
    {"fp8_per_128", [](const char* name) { return block_type(name, "fp8_e4m3", "float", 128); }},
    {"hif8_per_128", [](const char* name) { return block_type(name, "hif8", "float", 128); }},
    {"fp6_per_64", [](const char* name) { return block_type(name, "fp6_e3m2", "bfloat16", 64); }},
    {"e5m2_per_32", [](const char* name) { return block_type(name, "fp8_e5m2", "float16", 32); }},
    {"half_per_16", [](const char* name) { return block_type(name, "float16", "float", 16); }},
    {"e3m3_per_24", [](const char* name) { return block_type(name, "e3m3b3_fn", "ue5m3", 24); }},
    {"fp4_bits", [](const char* name) { return block_type(name, "fp4_e2m1", "fp8_e4m3", 16, {4}); }},
    {"e2m3_per_5", [](const char* name) { return block_type(name, "fp6_e2m3", "e8m0", 5); }},
};

packed_type make_type(const std::string& name) {
  for (const block_row& row : block_rows) {
    if (name == row.name) {
      return row.make(row.name);
    }
  }
  return value_type(name);
}

}  // namespace

packed_type block_type(const std::string& name, const std::string& element, const std::string& scale,
                       std::size_t elements, std::vector<std::size_t> bit_groups) {
  packed_type type = value_type(element);
  const packed_type of_scale = value_type(scale);
  type.name = name;
  type.elements = elements;
  type.scale_width = of_scale.width;
  type.scale_bytes = static_cast<std::size_t>(of_scale.width + 7) / 8;
  type.scales = of_scale.values;
  type.bit_groups = std::move(bit_groups);
  return type;
}

std::size_t packed_type::metadata_bytes() const {
  std::size_t bytes = scale_bytes;
  for (const std::size_t group : bit_groups) {
    bytes += (elements / group + 7) / 8;
  }
  return bytes;
}

std::size_t packed_type::bytes() const {
  return metadata_bytes() + (elements * static_cast<std::size_t>(width) + 7) / 8;
}

number packed_type::value(std::span<const std::uint8_t> array, std::size_t i) const {
  const std::span<const std::uint8_t> block = array.subspan(i / elements * bytes(), bytes());
  if (!is_block()) {
    const std::uint32_t code = little_endian(block, 0, bytes()) & low_bits(width);
    return values.empty() ? as_number(code) : values[code];
  }
  const std::size_t at = i % elements;
  const std::uint32_t scale_code = little_endian(block, 0, scale_bytes) & low_bits(scale_width);
  number scale = scales.empty() ? as_number(scale_code) : scales[scale_code];
  std::size_t level = scale_bytes;
  for (const std::size_t group : bit_groups) {
    const std::size_t g = at / group;
    scale.numerator.exponent += block[level + g / 8] >> g % 8 & 1;
    level += (elements / group + 7) / 8;
  }
  const auto first = 8 * metadata_bytes() + at * static_cast<std::size_t>(width);
  return exact_product(values[bits_at(block, first, width)], scale);
}

number packed_type::dense_value(std::span<const std::uint8_t> stream, std::size_t i) const {
  return values[bits_at(stream, i * static_cast<std::size_t>(width), width)];
}

const packed_type& find_packed_type(const std::string& name) {
  static std::map<std::string, packed_type> made;
  const auto at = made.find(name);
  return at != made.end() ? at->second : made.emplace(name, make_type(name)).first->second;
}

exact_dot sum_of_products(const packed_type& a, std::span<const std::uint8_t> a_bytes, const packed_type& b,
                          std::span<const std::uint8_t> b_bytes, std::size_t n) {
  exact_dot sum;
  for (std::size_t i = 0; i < n; ++i) {
    sum.add_product(a.value(a_bytes, i), b.value(b_bytes, i));
  }
  return sum;
}

const source_layout& find_result_type(const std::string& name) {
  for (const source_layout* type : {&binary32, &binary64, &binary16, &brain16}) {
    if (name == type->name) {
      return *type;
    }
  }
  throw std::invalid_argument("oracle: no type of results named " + name);
}

}  // namespace oracle
